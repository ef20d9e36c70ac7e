"""The staff's pages in a real browser: keyboard only, for everybody's eyes, and nothing typed gets lost."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from bot.staff.roles import Role
from tests.bot.staff.conftest import unrecorded
from tests.bot.web.staff.conftest import PASSWORD, StaffPage, StaffSite

pytestmark = pytest.mark.browser


def barriers(page: Page) -> list[str]:
    """Everything that axe-core finds, not only what is serious."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:90]}" for one in found]


def end_sessions(site: StaffSite, role: Role) -> None:
    site.register.sessions.end_all(site.accounts[role])


def call(page: Page, script: str) -> None:
    """Start a call with staff-api.js (`api`) and keep its outcome in `window.outcome`."""
    page.evaluate(
        """async (script) => {
            const folder = document.querySelector("script[src*=staff-frame]").src.replace("staff-frame.js", "");
            const api = await import(folder + "staff-api.js");
            window.outcome = "waiting";
            const calls = {
                get: () => api.get("/api/v1/staff/me"),
                post: () => api.post("/api/v1/triage", { text: "父が夜中に出ていく" }),
            };
            const keep = (outcome) => { window.outcome = outcome; };
            calls[script]().then(keep, (error) => keep(error.message));
        }""",
        script,
    )


def sign_in_with_keys(page: Page, name: str, password: str) -> None:
    expect(page.get_by_label("名前")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def test_signing_in_with_the_keyboard_leads_to_where_one_wanted_to_go(staff_page: StaffPage) -> None:
    page = staff_page(None, "/staff/account?a=1")
    assert "/staff/sign-in?next=" in page.url
    sign_in_with_keys(page, "madoguchi", PASSWORD)
    page.wait_for_url("**/staff/account?a=1")
    expect(page.get_by_role("heading", name="自分のアカウント")).to_be_visible()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/staff/", "/\\evil.example", "/", "javascript:1"]
)
def test_nobody_is_led_to_another_site_after_signing_in(
    staff_page: StaffPage, staff_site: StaffSite, target: str
) -> None:
    page = staff_page(None, f"/staff/sign-in?next={target}")
    sign_in_with_keys(page, "madoguchi", PASSWORD)
    page.wait_for_url(f"{staff_site.url}/staff/")


def test_a_wrong_password_is_said_and_the_name_stays(staff_page: StaffPage) -> None:
    page = staff_page(None, "/staff/sign-in")
    sign_in_with_keys(page, "unyo", "wrong")
    expect(page.get_by_role("alert")).to_have_text("名前かパスワードが違います。もう一度入力してください。")
    assert page.get_by_label("名前").input_value() == "unyo"
    expect(page.get_by_label("パスワード")).to_be_focused()
    assert barriers(page) == []
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/")


def test_who_is_signed_in_does_not_see_the_form_again(staff_page: StaffPage, staff_site: StaffSite) -> None:
    page = staff_page(Role.STAFF, "/staff/sign-in?next=/staff/account")
    page.wait_for_url(f"{staff_site.url}/staff/account")


@pytest.mark.parametrize("width", [768, 1366])
@pytest.mark.parametrize(
    ("role", "path"),
    [(None, "/staff/sign-in"), (Role.STAFF, "/staff/"), (Role.STAFF, "/staff/account"), (Role.STAFF, "/staff/audit"),
     (Role.ADMIN, "/staff/accounts"), (Role.OPERATOR, "/staff/audit")],
)  # fmt: skip
def test_axe_finds_nothing_and_nothing_sticks_out(
    staff_page: StaffPage, role: Role | None, path: str, width: int
) -> None:
    page = staff_page(role, path, width=width)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_keys_are_listed_and_lead_to_the_pages(staff_page: StaffPage) -> None:
    page = staff_page(Role.OPERATOR, "/staff/account")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="キーの一覧")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("「記録」へ")
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.get_by_label("いまのパスワード").focus()
    page.keyboard.type("?g1")
    expect(dialog).to_have_count(0)
    assert page.get_by_label("いまのパスワード").input_value() == "?g1"
    page.keyboard.press("Alt+/")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("1")
    page.wait_for_url("**/staff/")


def test_everything_of_the_frame_is_reached_with_tab(staff_page: StaffPage) -> None:
    page = staff_page(Role.ADMIN, "/staff/account")
    reached: list[str] = []
    while reached[-1:] != ["サインアウト"] and len(reached) < 30:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", reached[-1]
    assert reached[0] == "本文へ"
    assert {"窓口", "記録", "職員", "サインアウト"} <= set(reached)


def test_a_session_that_ends_in_the_middle_of_the_work_loses_nothing(
    staff_page: StaffPage, staff_site: StaffSite
) -> None:
    page = staff_page(Role.OPERATOR, "/staff/account")
    page.get_by_label("いまのパスワード").fill("書きかけ")
    end_sessions(staff_site, Role.OPERATOR)
    call(page, "post")
    banner = page.get_by_role("alert").filter(has_text="もう一度サインインしてください")
    expect(banner).to_be_visible()
    assert page.evaluate("window.outcome") == "waiting"
    assert barriers(page) == []
    page.get_by_label("いまのパスワード").focus()
    page.keyboard.press("Alt+s")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("unyo")
    assert barriers(page) == []
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("パスワードが違います")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(banner).to_have_count(0)
    page.wait_for_function("() => window.outcome.kind")
    assert page.get_by_label("いまのパスワード").input_value() == "書きかけ"
    expect(page.get_by_label("いまのパスワード")).to_be_focused()


def test_signing_in_again_in_another_tab_is_enough(staff_page: StaffPage, staff_site: StaffSite) -> None:
    page = staff_page(Role.OPERATOR, "/staff/")
    end_sessions(staff_site, Role.OPERATOR)
    call(page, "get")
    expect(page.get_by_role("alert")).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{staff_site.url}/staff/sign-in")
    sign_in_with_keys(other, "unyo", PASSWORD)
    other.wait_for_url("**/staff/")
    page.wait_for_function("() => window.outcome.name === 'unyo'")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_without_a_connection_a_banner_says_so_and_the_call_is_repeated_when_it_is_back(staff_page: StaffPage) -> None:
    page = staff_page(Role.STAFF, "/staff/")
    page.context.set_offline(True)
    call(page, "get")
    banner = page.get_by_role("alert").filter(has_text="つながっていません")
    expect(banner).to_be_visible()
    page.context.set_offline(False)
    expect(banner).to_have_count(0)
    page.wait_for_function("() => window.outcome.name === 'madoguchi'")


def test_what_changes_something_is_not_repeated_unasked(staff_page: StaffPage) -> None:
    page = staff_page(Role.STAFF, "/staff/")
    sent: list[str] = []

    def lose(route: Route) -> None:
        sent.append(route.request.url)
        route.abort()

    page.route("**/api/v1/triage", lose)
    call(page, "post")
    page.wait_for_function("() => window.outcome.startsWith?.('つながっていません')")
    page.wait_for_timeout(100)
    assert len(sent) == 1


def test_drafts_survive_a_reload_and_go_when_signing_out(staff_page: StaffPage) -> None:
    page = staff_page(Role.STAFF, "/staff/")
    page.evaluate(
        """async () => {
            const folder = document.querySelector("script[src*=staff-frame]").src.replace("staff-frame.js", "");
            const { draft } = await import(folder + "staff-draft.js");
            draft("triage").save({ text: "書きかけ" });
        }"""
    )
    page.reload()
    assert "書きかけ" in page.evaluate("JSON.stringify(sessionStorage)")
    assert "書きかけ" not in page.evaluate("JSON.stringify(localStorage)")
    page.get_by_role("button", name="サインアウト").click()
    page.wait_for_url("**/staff/sign-in")
    assert page.evaluate("sessionStorage.length") == 0


def test_the_back_button_shows_nothing_after_signing_out(staff_page: StaffPage, staff_site: StaffSite) -> None:
    page = staff_page(Role.OPERATOR, "/staff/audit")
    page.goto(f"{staff_site.url}/staff/account")
    page.get_by_role("button", name="サインアウト", exact=True).click()
    page.wait_for_url("**/staff/sign-in")
    for _ in range(2):
        page.go_back(wait_until="commit")
        expect(page.get_by_role("heading", name="職員サインイン")).to_be_visible()


def test_an_administrator_adds_changes_and_disables_somebody(staff_page: StaffPage, staff_site: StaffSite) -> None:
    page = staff_page(Role.ADMIN, "/staff/accounts")
    page.get_by_label("サインインの名前").fill("hayashi")
    page.get_by_label("表示名").fill("林")
    page.get_by_label("はじめのパスワード").fill("short")
    page.get_by_role("button", name="加える", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("12文字以上")
    page.get_by_label("はじめのパスワード").fill("みどりの丘にのぼる大きな月")
    page.get_by_role("button", name="加える", exact=True).click()
    row = page.get_by_role("row", name="hayashi")
    expect(row).to_be_visible()
    page.get_by_label("hayashi の役割", exact=True).select_option("operator")
    page.get_by_role("button", name="hayashi の役割を変える").click()
    page.wait_for_function("() => document.querySelector('[data-name=hayashi] select').dataset.now === 'operator'")
    page.get_by_role("button", name="hayashi のパスワードを新しくする").click()
    page.get_by_role("dialog").get_by_label("新しいパスワード").fill("しろい雲をおいかける小さな鳥")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="hayashi を使えなくする").click()
    expect(page.get_by_role("button", name="hayashi をまた使えるようにする")).to_be_visible()
    page.get_by_role("button", name="kanri を使えなくする").click()
    expect(page.get_by_role("alert")).to_contain_text("管理者がひとりも")
    assert staff_site.register.accounts.check("hayashi", "しろい雲をおいかける小さな鳥") is None


def test_the_own_password_is_changed_on_the_page(staff_page: StaffPage, staff_site: StaffSite) -> None:
    account = staff_site.register.accounts.add("mori", PASSWORD, Role.STAFF, "森", unrecorded)
    page = staff_page(None, "/staff/sign-in?next=/staff/account")
    sign_in_with_keys(page, "mori", PASSWORD)
    page.wait_for_url("**/staff/account")
    page.get_by_label("いまのパスワード").fill(PASSWORD)
    page.get_by_label("新しいパスワード", exact=True).fill("みどりの丘にのぼる大きな月")
    page.get_by_label("新しいパスワードをもういちど").fill("ちがうもの")
    page.get_by_role("button", name="変える").click()
    expect(page.get_by_role("alert")).to_contain_text("2回同じではありません")
    page.get_by_label("新しいパスワードをもういちど").fill("みどりの丘にのぼる大きな月")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="変えました")).to_be_visible()
    assert staff_site.register.accounts.check("mori", "みどりの丘にのぼる大きな月") == account
    page.get_by_role("button", name="すべての端末でサインアウトする").click()
    page.wait_for_url("**/staff/sign-in")


def test_the_record_is_filtered_on_the_page(staff_page: StaffPage, staff_site: StaffSite) -> None:
    staff_site.register.audit.write("kanri", "account.add", "account", "somebody")
    page = staff_page(Role.OPERATOR, "/staff/audit")
    page.get_by_label("何を").select_option("account.add")
    page.get_by_role("button", name="しぼる").click()
    page.wait_for_url("**action=account.add**")
    expect(page.get_by_role("cell", name="somebody")).to_be_visible()
    assert page.get_by_label("何を").input_value() == "account.add"
