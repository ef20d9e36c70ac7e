"""The triage console in a real browser, without a mouse where a clerk would not use one."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from bot.commands.db import prepare_databases
from bot.staff.roles import Role
from tests.bot.web.conftest import PATIENCE_MS
from tests.bot.web.staff.conftest import PASSWORD, StaffPage, StaffSite

pytestmark = pytest.mark.browser

TEXT = "父が夜中に出ていく。湘南台に住んでいます"


@pytest.fixture
def console(staff_page: StaffPage, staff_site: StaffSite) -> Page:
    """The console on the screen of a front desk, with a seeded directory behind it."""
    prepare_databases(staff_site.site.settings)
    return staff_page(Role.STAFF)


def windows(page: Page) -> list[str]:
    shown: list[str] = page.locator("#co-windows > li").evaluate_all("all => all.map(one => one.dataset.window)")
    return shown


def hear(page: Page, text: str = TEXT) -> None:
    """Type a text and wait for its answer."""
    page.keyboard.press("Alt+t")
    page.locator("#co-text").fill("")
    page.keyboard.type(text)
    expect(page.locator("#co-state")).to_contain_text("の答え")
    expect(page.locator("#co-answer")).not_to_have_class("co-answer old")


def chip(page: Page, id: str) -> str | None:
    return page.locator(f"#co-areas [data-id={id}]").get_attribute("aria-pressed")


def test_a_worry_is_typed_and_windows_and_marked_evidence_appear(console: Page) -> None:
    expect(console.locator("#co-text")).to_be_focused()
    hear(console)
    assert windows(console)[0] == "ikiiki_support"
    first = console.locator("#co-windows > li").first
    expect(first).to_contain_text("0466-25-1111")
    expect(first).to_contain_text("「認知症」の1番目の窓口")
    expect(first).to_contain_text("出典")
    expect(console.locator("#co-mirror mark")).to_have_text(["夜中に"])
    assert console.locator("#co-mirror").text_content() == f"{TEXT}\u200b"
    expect(console.locator("#co-place-read")).to_contain_text("湘南台地区")


def test_what_is_typed_is_never_read_as_markup(console: Page) -> None:
    hear(console, "夜中に <img src=x onerror=alert(1)> <b>")
    expect(console.locator("#co-mirror img, #co-mirror b")).to_have_count(0)
    expect(console.locator("#co-mirror mark")).to_have_text(["夜中に"])


def test_the_marks_stand_exactly_under_the_words(console: Page) -> None:
    sizes = console.evaluate(
        """() => ["co-text", "co-mirror"].map(id => {
            const style = getComputedStyle(document.getElementById(id));
            const box = document.getElementById(id);
            return [style.fontSize, style.fontFamily, style.lineHeight, style.padding, style.letterSpacing,
                box.clientWidth, box.clientHeight].join("|");
        })"""
    )
    assert sizes[0] == sizes[1]
    hear(console, "夜中に" + "\n長い話が続きます" * 30)
    console.evaluate("document.querySelector('#co-text').scrollTop = 90")
    console.wait_for_function("document.querySelector('#co-mirror').scrollTop === 90")


def test_a_mark_is_as_wide_as_its_words_also_that_of_a_danger(console: Page) -> None:
    hear(console, "夜中に、父が息をしていません")
    expect(console.locator("#co-mirror mark.danger")).to_have_count(1)
    width = """mark => {
        const range = document.createRange();
        range.selectNodeContents(mark);
        return [range.getBoundingClientRect().width, mark.getBoundingClientRect().width].map(Math.round);
    }"""
    for mark in console.locator("#co-mirror mark").all():
        words, shown = mark.evaluate(width)
        assert words == shown, mark.inner_text()


def test_an_area_is_switched_off_and_on_by_its_key_while_typing(console: Page) -> None:
    hear(console)
    assert chip(console, "dementia") == "true"
    console.keyboard.press("Alt+1")
    expect(console.locator("#co-windows > li").first).to_have_attribute("data-window", "fukushi_sogo")
    assert chip(console, "dementia") == "false"
    expect(console.locator("#co-mirror mark")).to_have_count(0)
    expect(console.locator("#co-text")).to_be_focused()
    console.keyboard.press("Alt+1")
    expect(console.locator("#co-windows > li").first).to_have_attribute("data-window", "ikiiki_support")


def test_an_area_that_was_not_heard_is_added_and_stays_while_more_is_typed(console: Page) -> None:
    hear(console)
    console.keyboard.press("Alt+a")
    expect(console.locator("#co-area")).to_be_focused()
    console.locator("#co-area").select_option("nursery")
    expect(console.locator("#co-windows")).to_contain_text("保育コンシェルジュ")
    hear(console, TEXT + "。保育園も")
    expect(console.locator("#co-windows")).to_contain_text("保育コンシェルジュ")
    assert chip(console, "nursery") == "true"


def test_district_age_and_household_change_the_ranking_at_once_and_ask_no_engine(
    console: Page, staff_site: StaffSite
) -> None:
    hear(console, "夜中に出ていく")
    asked = len(staff_site.site.engine.triaged)
    expect(console.locator("#co-place-read")).to_contain_text("地区がわかると")
    console.keyboard.press("Alt+p")
    console.keyboard.type("善行地区")
    expect(console.locator("#co-place-read")).to_contain_text("善行地区として")
    console.locator("#co-place").fill("ありえない町")
    expect(console.locator("#co-place-read")).to_contain_text("見つかりません")
    console.locator("#co-area").select_option("daily_support")
    expect(console.locator("[data-window=seikatsu_coordinator]")).to_have_count(0)
    console.keyboard.press("Alt+k")
    for _ in range(2):
        console.keyboard.press("Tab")
    console.keyboard.press("Space")
    expect(console.locator("#co-household [data-id=older]")).to_have_attribute("aria-pressed", "true")
    expect(console.locator("#co-windows > [data-window=seikatsu_coordinator]")).to_have_count(1)
    assert len(staff_site.site.engine.triaged) == asked


def test_a_crisis_stands_on_top_with_what_to_do_and_whom_to_call(console: Page) -> None:
    hear(console, "父が息をしていません")
    crisis = console.locator("#co-crisis [data-crisis=medical_emergency]")
    expect(crisis).to_be_visible()
    expect(crisis).to_contain_text("119")
    expect(crisis).to_contain_text("切らずに")
    box, desk = crisis.bounding_box(), console.locator(".co-desk").bounding_box()
    assert box is not None
    assert desk is not None
    assert box["y"] < desk["y"]
    assert box["y"] + box["height"] < 768


def several(page: Page) -> None:
    hear(page)
    for area in ("poverty", "parenting"):
        page.locator("#co-area").select_option(area)
    expect(page.locator(".co-joint")).to_be_visible()


def test_a_complex_case_shows_the_way_with_and_without_consent(console: Page) -> None:
    several(console)
    expect(console.locator("#co-coordinators > li")).to_have_count(2)
    expect(console.locator("#co-coordinators")).to_contain_text("バックアップふじさわ社協")
    expect(console.locator("#co-partners")).to_contain_text("基幹型地域包括支援センター")
    joint = console.locator(".co-joint")
    expect(joint).to_contain_text("同意がまだです")
    console.keyboard.press("Alt+c")
    console.locator("#co-consent").select_option("yes")
    expect(console.locator(".co-meeting b")).to_have_text(["重層的支援会議"])
    console.locator("#co-consent").select_option("no")
    expect(console.locator(".co-meeting b")).to_have_text(["支援会議"])
    expect(joint).to_contain_text("守秘義務")


def test_for_somebody_who_will_not_be_met_outreach_is_offered(console: Page) -> None:
    hear(console)
    expect(console.get_by_label("アウトリーチ")).to_have_count(0)
    console.keyboard.press("Alt+y")
    console.keyboard.press("Space")
    expect(console.get_by_label("アウトリーチ")).to_contain_text("認知症初期集中支援チーム")


def test_a_reload_loses_nothing_and_the_next_person_starts_empty(console: Page, staff_site: StaffSite) -> None:
    several(console)
    console.locator("#co-place").fill("善行地区")
    console.reload()
    expect(console.locator("#co-text")).to_have_value(TEXT)
    expect(console.locator("#co-place")).to_have_value("善行地区")
    expect(console.locator(".co-joint")).to_be_visible()
    assert "夜中" not in console.evaluate("JSON.stringify(localStorage)")
    console.keyboard.press("Alt+r")
    expect(console.locator("#co-text")).to_have_value("")
    expect(console.locator("#co-windows > li")).to_have_count(0)
    console.reload()
    expect(console.locator("#co-text")).to_have_value("")
    assert "夜中" not in console.evaluate("JSON.stringify(sessionStorage)")


def test_a_late_answer_to_an_older_text_is_not_shown(console: Page) -> None:
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    console.route("**/api/v1/staff/understand", hold_the_first)
    console.locator("#co-text").fill("父が息をしていません")
    for _ in range(PATIENCE_MS // 100):
        if held:
            break
        console.wait_for_timeout(100)
    assert held
    console.locator("#co-text").fill(TEXT)
    expect(console.locator("#co-windows > li").first).to_have_attribute("data-window", "ikiiki_support")
    expect(console.locator("#co-crisis section")).to_have_count(0)


def test_a_dropped_connection_keeps_the_text_and_goes_on_by_itself(console: Page) -> None:
    console.context.set_offline(True)
    console.locator("#co-text").fill(TEXT)
    expect(console.locator("#banners")).to_contain_text("つながっていません")
    expect(console.locator("#co-text")).to_have_value(TEXT)
    console.context.set_offline(False)
    expect(console.locator("#co-windows > li").first).to_have_attribute("data-window", "ikiiki_support")


def test_after_an_expired_session_the_answer_comes_once_signed_in_again(console: Page, staff_site: StaffSite) -> None:
    staff_site.register.sessions.end_all(staff_site.accounts[Role.STAFF])
    console.locator("#co-text").fill(TEXT)
    expect(console.locator("#banners")).to_contain_text("もう一度サインイン")
    console.keyboard.press("Alt+s")
    console.locator("#password-again").fill(PASSWORD)
    console.keyboard.press("Enter")
    expect(console.locator("#co-windows > li").first).to_have_attribute("data-window", "ikiiki_support")
    expect(console.locator("#co-text")).to_have_value(TEXT)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (820, 1180)])
def test_axe_finds_nothing_and_nothing_sticks_out(
    console: Page, staff_page: StaffPage, width: int, height: int
) -> None:
    page = staff_page(Role.STAFF, width=width, height=height)
    several(page)
    found = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
