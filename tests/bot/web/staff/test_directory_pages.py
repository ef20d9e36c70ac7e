"""The directory in a real browser: opened, copied, confirmed, put right, without the mouse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy.orm import Session

from agency_db.changes import Editor, undo
from agency_db.lookup import AreaScore, Query, look_up
from agency_db.models import Change
from agency_db.session import open_engine
from agency_db.snapshot import read_directory
from bot.commands.db import prepare_databases
from bot.staff.roles import Role
from tests.agency_db.conftest import TUESDAY
from tests.bot.web.staff.conftest import PASSWORD, StaffPage, StaffSite
from tests.bot.web.staff.test_pages import barriers, end_sessions

pytestmark = pytest.mark.browser

PATH = "/staff/directory"
NUMBER = "0466-50-3526"


@pytest.fixture(autouse=True)
def seeded(staff_site: StaffSite) -> Iterator[None]:
    """The packaged directory, as new for each test: what a test changed by hand goes."""
    url = staff_site.site.settings.directory_url
    prepare_databases(staff_site.site.settings)
    yield
    engine = open_engine(url)
    with Session(engine) as session:
        left = [change.id for change in session.query(Change).order_by(Change.id.desc()) if change.undone_at is None]
    for id in left:
        undo(engine, id, Editor("test", "試験"), TUESDAY, only_own=False)
    engine.dispose()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tuesday, 24 November 2026, 10:00."""
    monkeypatch.setattr("bot.web.staff.directory.now", lambda: TUESDAY)
    monkeypatch.setattr("bot.web.staff.directory_facts.now", lambda: TUESDAY)


def names(page: Page) -> list[str]:
    page.wait_for_timeout(50)
    return page.locator("#results .name").all_inner_texts()


def opened(staff_page: StaffPage, role: Role = Role.STAFF, path: str = PATH, **size: int) -> Page:
    page = staff_page(role, path, **size)
    page.locator("#results li").first.wait_for()
    return page


def residents_see(site: StaffSite) -> str:
    engine = open_engine(site.site.settings.directory_url)
    directory = read_directory(engine)
    engine.dispose()
    areas = [area for area, steps in directory.routes.items() if any(s.window == "hoiku_concierge" for s in steps)]
    return str(look_up(directory, Query(tuple(AreaScore(area, 0.9, ()) for area in areas), TUESDAY)).windows)


def test_searching_opening_and_copying_take_the_keyboard_only(staff_page: StaffPage) -> None:
    page = opened(staff_page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    expect(page.get_by_label("窓口をさがす")).to_be_focused()
    page.keyboard.type("こころ")
    first = names(page)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#card h2")).to_have_text(first[1])
    page.keyboard.press("ArrowUp")
    expect(page.locator("#card h2")).to_have_text(first[0])
    page.keyboard.press("Alt+c")
    expect(page.get_by_role("status")).to_contain_text("コピーしました")
    page.keyboard.press("/")
    assert page.locator("#query").input_value() == "こころ/"
    page.locator("#query").fill("かわうそ")
    page.keyboard.press("Enter")
    page.keyboard.press("c")
    expect(page.get_by_role("status")).to_have_text("コピーしました: 0466-54-9020")
    assert page.evaluate("navigator.clipboard.readText()") == "0466-54-9020"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("c")
    assert page.evaluate("navigator.clipboard.readText()") == "0466-54-9021"
    page.keyboard.press("Escape")
    expect(page.get_by_label("窓口をさがす")).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    page.keyboard.type("よりそい")
    assert page.locator("#query").input_value() == "よりそい"


def test_where_the_browser_has_no_clipboard_the_number_is_copied_all_the_same(staff_page: StaffPage) -> None:
    page = opened(staff_page)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.evaluate("document.execCommand = (what) => { window.copied = [what, document.activeElement.value]; }")
    page.keyboard.type("かわうそ")
    page.keyboard.press("Alt+c")
    expect(page.get_by_role("status")).to_contain_text("0466-54-9020")
    assert page.evaluate("window.copied") == ["copy", "0466-54-9020"]
    expect(page.get_by_label("窓口をさがす")).to_be_focused()


def test_confirming_shows_date_and_name_and_opens_the_number_to_residents(
    staff_page: StaffPage, staff_site: StaffSite, at: None
) -> None:
    page = opened(staff_page)
    page.keyboard.type("保育コンシェルジュ")
    fact = page.locator(".fact", has_text=NUMBER)
    expect(fact).to_contain_text("要確認")
    assert NUMBER not in residents_see(staff_site)
    page.keyboard.press("Enter")
    page.keyboard.press("v")
    expect(fact).to_contain_text("2026-11-24 窓口の 青木 確認")
    expect(fact).not_to_contain_text("要確認")
    expect(fact).to_be_focused()
    assert NUMBER in residents_see(staff_site)
    page.keyboard.press("u")
    expect(fact).to_contain_text("要確認")
    assert NUMBER not in residents_see(staff_site)


def test_what_is_wrong_goes_to_the_operators_who_mend_it(
    staff_page: StaffPage, staff_site: StaffSite, at: None
) -> None:
    page = opened(staff_page)
    page.keyboard.type("保育コンシェルジュ")
    page.keyboard.press("Enter")
    page.keyboard.press("x")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("何が違っていますか")).to_be_focused()
    assert barriers(page) == []
    page.keyboard.type("番号が変わったそうです")
    page.reload()
    page.locator("#results li").first.wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("x")
    assert dialog.get_by_label("何が違っていますか").input_value() == "番号が変わったそうです"
    dialog.get_by_label("正しい電話番号").fill("0466-50-0001")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_have_text("運用の人に知らせました。")
    expect(dialog).to_have_count(0)

    operator = opened(staff_page, Role.OPERATOR)
    operator.get_by_role("link", name="違っているという知らせ").click()
    operator.wait_for_url("**/staff/directory/notes")
    item = operator.locator("#waiting li", has_text="番号が変わったそうです")
    expect(item).to_contain_text("0466-50-0001")
    expect(item).to_contain_text("窓口の 青木")
    assert barriers(operator) == []
    item.get_by_role("link", name="直しに行く").click()
    form = operator.get_by_role("dialog")
    expect(form).to_contain_text("保育コンシェルジュの電話番号を直す")
    assert barriers(operator) == []
    form.get_by_label("電話番号", exact=False).first.fill("0466-50-0001")
    form.get_by_role("button", name="書きかえる").click()
    expect(form.get_by_role("alert")).to_contain_text("出典")
    form.get_by_label("出典ページ", exact=False).fill("市のページ")
    form.get_by_label("出典の日付").fill("2026-11-20")
    operator.keyboard.press("Control+Enter")
    expect(form).to_have_count(0)
    expect(operator.locator(".fact", has_text="0466-50-0001")).to_contain_text("信頼度 A")
    assert "0466-50-0001" in residents_see(staff_site)

    operator.goto(f"{staff_site.url}/staff/directory/notes")
    operator.locator("#waiting li", has_text="番号が変わったそうです").get_by_role("button", name="直した").click()
    expect(operator.locator("#closed")).to_contain_text("番号が変わったそうです")
    change = operator.locator("#changes tr", has_text="0466-50-0001").first
    expect(change).to_contain_text(f"{NUMBER} → 0466-50-0001")
    change.get_by_role("button").click()
    expect(operator.locator("#changes tr", has_text="0466-50-0001").first).to_contain_text("取り消しました")
    assert "0466-50-0001" not in residents_see(staff_site)


def test_the_desk_cannot_edit_and_does_not_see_the_operators_list(staff_page: StaffPage) -> None:
    page = opened(staff_page)
    expect(page.get_by_role("button", name="直す")).to_have_count(0)
    expect(page.get_by_role("link", name="違っているという知らせ")).to_have_count(0)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("e")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="キーの一覧")
    for words in ("さがすことばを書く", "電話番号をコピーする", "確認した", "違っている（運用へ知らせる）"):
        expect(keys).to_contain_text(words)
    expect(keys).not_to_contain_text("直す")


def test_two_clerks_see_each_others_changes(staff_page: StaffPage, at: None) -> None:
    """Whoever comes second is told, and sees the new value at once."""
    clerk, operator = opened(staff_page), opened(staff_page, Role.OPERATOR)
    for page in (clerk, operator):
        page.locator("#query").fill("保育コンシェルジュ")
        page.locator("#query").press("Enter")
    operator.keyboard.press("e")
    form = operator.get_by_role("dialog")
    form.locator("#value").fill("0466-50-0001")
    form.locator("#source").fill("市のページ")
    form.locator("#source-date").fill("2026-11-20")
    operator.keyboard.press("Control+Enter")
    expect(form).to_have_count(0)
    clerk.keyboard.press("v")
    expect(clerk.get_by_role("alert")).to_contain_text("ほかの人が先に変えました")
    expect(clerk.locator(".fact", has_text="0466-50-0001")).to_be_visible()


def test_a_dropped_connection_is_said_and_searching_goes_on(staff_page: StaffPage) -> None:
    page = opened(staff_page)
    page.locator("#query").fill("保育コンシェルジュ")

    def cut(route: Route) -> None:
        route.abort()

    page.route("**/*", cut)
    page.locator("#query").press("Enter")
    page.keyboard.press("v")
    expect(page.get_by_role("alert").first).to_contain_text("つながっていません")
    page.keyboard.press("Escape")
    page.locator("#query").fill("よりそい")
    assert names(page)[0] == "よりそいホットライン"
    page.unroute("**/*", cut)


def test_a_session_that_ran_out_is_taken_up_again_where_it_was(staff_page: StaffPage, staff_site: StaffSite) -> None:
    page = opened(staff_page)
    page.locator("#query").fill("保育コンシェルジュ")
    page.locator("#query").press("Enter")
    end_sessions(staff_site, Role.STAFF)
    page.keyboard.press("v")
    expect(page.get_by_role("alert").filter(has_text="もう一度サインインしてください")).to_be_visible()
    page.keyboard.press("Alt+s")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".fact", has_text=NUMBER)).to_contain_text("確認")
    assert page.locator("#query").input_value() == "保育コンシェルジュ"


def test_what_was_searched_for_is_there_after_a_reload(staff_page: StaffPage) -> None:
    page = opened(staff_page)
    page.locator("#query").fill("せんたー")
    page.get_by_label("地区").select_option("善行")
    page.get_by_label("分野").select_option("dementia")
    before = names(page)
    page.reload()
    page.locator("#results li").first.wait_for()
    assert names(page) == before
    assert "せんたー" not in page.url


@pytest.mark.parametrize("width", [768, 1366])
@pytest.mark.parametrize("path", [PATH, f"{PATH}#hoiku_concierge", f"{PATH}#chiku_fukushi", f"{PATH}#emergency.119"])
def test_axe_finds_nothing_and_nothing_sticks_out(staff_page: StaffPage, path: str, width: int) -> None:
    page = opened(staff_page, Role.OPERATOR, path, width=width, height=1024 if width == 768 else 768)
    page.locator("#card h2").wait_for()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
