"""From the console to the paper and on to the list, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Dialog, Page, expect
from sqlalchemy import text as sql

from bot.commands.db import prepare_databases
from bot.staff.roles import Role
from tests.bot.web.staff import paper
from tests.bot.web.staff.conftest import PASSWORD, StaffPage, StaffSite

pytestmark = pytest.mark.browser

TEXT = "父が夜中に出ていく。湘南台に住んでいます。鯨岡です"
PERSON = {"name": "鯨岡 みなと", "kana": "くじらおか", "address": "藤沢市鵠沼海岸9-98-7", "phone": "0466-99-8877"}
BIRTHDAY = "昭和22年2月3日"


@pytest.fixture
def sheet(staff_page: StaffPage, staff_site: StaffSite) -> Page:
    """A sheet opened from the console by key, with the person typed in for the paper."""
    prepare_databases(staff_site.site.settings)
    page = staff_page(Role.STAFF)
    page.locator("#co-text").fill(TEXT)
    expect(page.locator("#co-windows > li").first).to_have_attribute("data-window", "ikiiki_support")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/staff/handoffs/new")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#ho-name")).to_be_focused()
    for field, words in {**PERSON, "birthday": BIRTHDAY}.items():
        page.locator(f"#ho-{field}").fill(words)
    return page


def barriers(page: Page) -> list[str]:
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in Axe().run(page).response["violations"]]


def code_of(page: Page) -> str:
    return page.locator("#ho-code").inner_text()


def saved(page: Page) -> None:
    expect(page.locator("#ho-saved")).to_contain_text("保存しました")


def test_the_sheet_comes_filled_in_from_the_console(sheet: Page) -> None:
    expect(sheet.locator("#ho-concern")).to_have_value(TEXT)
    expect(sheet.locator("#ho-areas input:checked")).to_have_count(1)
    expect(sheet.locator("#ho-district")).to_have_value("湘南台")
    expect(sheet.locator("#ho-windows input:checked")).to_have_value("ikiiki_support")
    expect(sheet.locator("#ho-reason")).to_have_value(
        "いきいきサポートセンター: 認知症やもの忘れのことを、ご本人がいなくても相談できます"
    )
    paper_shown = sheet.locator(".ho-sheet")
    for words in (PERSON["name"], TEXT, "湘南台地区", "0466-25-1111"):
        expect(paper_shown).to_contain_text(words)
    expect(paper_shown.locator(".ho-boxes .on")).to_have_text(["認知症"])


def test_it_prints_on_one_a4_page_even_when_every_field_is_full(sheet: Page) -> None:
    for field, words in (
        ("concern", "困" * 500),
        ("tried", "話\n" * 90),
        ("wishes", "願" * 200),
        ("reason", "理\n" * 100),
    ):
        sheet.locator(f"#ho-{field}").fill(words)
    sheet.emulate_media(media="print")
    printed = sheet.pdf(prefer_css_page_size=True)
    assert paper.pages(printed) == 1
    assert sheet.locator("#ho-form").is_hidden()
    box = sheet.locator(".ho-sheet").bounding_box()
    assert box is not None
    millimetre = 96 / 25.4
    assert (round(box["width"] / millimetre), round(box["height"] / millimetre)) == (186, 271)


def test_the_key_saves_first_and_then_prints(sheet: Page) -> None:
    sheet.evaluate("window.print = () => { window.printed = document.querySelector('#ho-saved').textContent; }")
    sheet.keyboard.press("Control+p")
    sheet.wait_for_function("() => window.printed?.includes('保存しました')")


def test_the_pdf_holds_the_person_and_neither_database_log_nor_browser_keeps_them(
    sheet: Page, staff_site: StaffSite, tmp_path: Path
) -> None:
    with sheet.expect_download() as download:
        sheet.keyboard.press("Control+s")
    saved(sheet)
    file = tmp_path / "sheet.pdf"
    download.value.save_as(file)
    made = file.read_bytes()
    assert paper.pages(made) == 1
    for words in (*PERSON.values(), BIRTHDAY, "夜中に出ていく"):
        assert words in paper.text(made).replace("\n", "")
    assert "鯨" not in download.value.suggested_filename
    folder = staff_site.site.settings.data
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    storage = sheet.evaluate("JSON.stringify(sessionStorage) + JSON.stringify(localStorage) + document.cookie")
    for words in (*PERSON.values(), BIRTHDAY, "鯨岡"):
        assert words.encode() not in kept, words
    for words in (*PERSON.values(), BIRTHDAY):
        assert words not in storage, words
    with staff_site.register.engine.connect() as connection:
        concern = connection.execute(
            sql("SELECT concern FROM staff_handoff WHERE code = :code"), {"code": code_of(sheet)}
        ).scalar_one()
    assert concern == "父が夜中に出ていく。湘南台に住んでいます。〔名前〕です"


def test_a_reload_keeps_the_draft_and_the_number_but_not_the_person(sheet: Page) -> None:
    code = code_of(sheet)
    sheet.locator("#ho-wishes").fill("家で暮らしたい")
    sheet.locator("#ho-concern").fill("なおした言葉")
    sheet.on("dialog", lambda dialog: dialog.accept())
    sheet.reload()
    expect(sheet.locator("#ho-wishes")).to_have_value("家で暮らしたい")
    expect(sheet.locator("#ho-concern")).to_have_value("なおした言葉")
    expect(sheet.locator("#ho-name")).to_have_value("")
    assert code_of(sheet) == code


def test_going_back_to_the_console_brings_the_new_triage_and_keeps_the_rest(sheet: Page) -> None:
    code = code_of(sheet)
    sheet.locator("#ho-wishes").fill("家で暮らしたい")
    sheet.on("dialog", lambda dialog: dialog.accept())
    sheet.keyboard.press("Alt+b")
    sheet.wait_for_url("**/staff/")
    sheet.locator("#co-area").select_option("nursery")
    expect(sheet.locator("#co-windows")).to_contain_text("保育コンシェルジュ")
    sheet.keyboard.press("Control+Enter")
    sheet.wait_for_url("**/new")
    expect(sheet.locator("#ho-areas input:checked")).to_have_count(2)
    expect(sheet.locator("#ho-wishes")).to_have_value("家で暮らしたい")
    assert code_of(sheet) == code


def test_the_person_is_not_lost_without_a_question_until_the_paper_is_made(sheet: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    sheet.on("dialog", stay)
    sheet.keyboard.press("Alt+b")
    sheet.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(sheet.locator("#ho-name")).to_have_value(PERSON["name"])
    sheet.evaluate("window.print = () => {}")
    sheet.keyboard.press("Control+p")
    saved(sheet)
    sheet.keyboard.press("Alt+b")
    sheet.wait_for_url("**/staff/")
    assert asked == ["beforeunload"]


def test_in_a_complex_case_whom_the_plan_calls_in_can_be_ticked_too(
    staff_page: StaffPage, staff_site: StaffSite
) -> None:
    prepare_databases(staff_site.site.settings)
    page = staff_page(Role.STAFF)
    page.locator("#co-text").fill(TEXT)
    expect(page.locator("#co-windows > li").first).to_be_visible()
    for area in ("poverty", "school"):
        page.locator("#co-area").select_option(area)
    expect(page.locator(".co-joint")).to_be_visible()
    partners = page.locator("#co-partners li").evaluate_all("all => all.map(one => one.dataset.window)")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/new")
    offered = page.locator("#ho-windows input").evaluate_all("all => all.map(one => one.value)")
    assert set(partners) <= set(offered)
    assert len(offered) == len(set(offered))
    expect(page.locator("#ho-windows input:checked")).to_have_count(2)


def test_done_leaves_nothing_for_the_next_person(sheet: Page) -> None:
    sheet.keyboard.press("Control+Enter")
    sheet.wait_for_url("**/staff/")
    expect(sheet.locator("#co-text")).to_have_value("")
    assert "夜中" not in sheet.evaluate("JSON.stringify(sessionStorage)")


def test_saving_over_a_dropped_connection_makes_one_handoff(sheet: Page) -> None:
    sheet.evaluate("window.print = () => {}")
    sheet.context.set_offline(True)
    sheet.keyboard.press("Control+p")
    expect(sheet.locator("#banners")).to_contain_text("つながっていません")
    sheet.context.set_offline(False)
    expect(sheet.locator("#ho-saved")).to_contain_text("保存しました")
    expect(sheet.locator("#ho-name")).to_have_value(PERSON["name"])


def test_saving_after_an_expired_session_goes_on_once_signed_in(sheet: Page, staff_site: StaffSite) -> None:
    staff_site.register.sessions.end_all(staff_site.accounts[Role.STAFF])
    sheet.evaluate("window.print = () => {}")
    sheet.keyboard.press("Control+p")
    expect(sheet.locator("#banners")).to_contain_text("もう一度サインイン")
    sheet.keyboard.press("Alt+s")
    sheet.locator("#password-again").fill(PASSWORD)
    sheet.keyboard.press("Enter")
    saved(sheet)


def test_the_list_shows_what_nobody_confirmed_and_is_changed_by_key(sheet: Page, staff_site: StaffSite) -> None:
    code = code_of(sheet)
    sheet.evaluate("window.print = () => {}")
    sheet.keyboard.press("Control+p")
    saved(sheet)
    with staff_site.register.engine.begin() as connection:
        connection.execute(sql("UPDATE staff_handoff SET since = '2026-01-05' WHERE code = :code"), {"code": code})
    sheet.goto(f"{staff_site.url}/staff/handoffs")
    row = sheet.locator(f"tr[data-code='{code}']")
    expect(row).to_have_class("ho-late")
    assert sheet.locator("#ho-list tbody tr").first.get_attribute("data-code") == code
    assert barriers(sheet) == []
    sheet.keyboard.press("j")
    expect(row).to_be_focused()
    sheet.keyboard.press("t")
    expect(row.locator(".ho-state")).to_have_text("つながった")
    expect(row).not_to_have_class("ho-late")
    sheet.keyboard.press("o")
    sheet.wait_for_url(f"**/staff/handoffs/{code}")
    expect(sheet.locator("main")).to_contain_text("つながった（窓口の 青木）")
    assert barriers(sheet) == []
    sheet.keyboard.press("m")
    expect(sheet.locator(".ho-state")).to_have_text("戻ってきた")


def test_two_clerks_who_change_the_same_handoff_do_not_overwrite_each_other(
    sheet: Page, staff_page: StaffPage, staff_site: StaffSite
) -> None:
    code = code_of(sheet)
    sheet.evaluate("window.print = () => {}")
    sheet.keyboard.press("Control+p")
    saved(sheet)
    pages = [staff_page(role, f"/staff/handoffs/{code}") for role in (Role.STAFF, Role.OPERATOR)]
    pages[0].get_by_role("button", name="つながった").click()
    expect(pages[0].locator(".ho-state")).to_have_text("つながった")
    pages[1].get_by_role("button", name="戻ってきた").click()
    expect(pages[1].locator("#ho-trouble")).to_contain_text("ほかの人が先に変えました")


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (820, 1180)])
def test_axe_finds_nothing_on_the_sheet(sheet: Page, width: int, height: int) -> None:
    sheet.set_viewport_size({"width": width, "height": height})
    assert barriers(sheet) == []
    assert sheet.evaluate("document.documentElement.scrollWidth") <= width
