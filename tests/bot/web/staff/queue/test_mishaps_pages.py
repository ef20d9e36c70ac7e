"""In real browsers: pages that close, lines that drop, sessions that end, residents who go."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from bot.staff.roles import Role
from tests.bot.web.conftest import say
from tests.bot.web.staff.conftest import PASSWORD, StaffPage, StaffSite
from tests.bot.web.staff.queue.play import (
    ASK,
    OpenPhone,
    desk,
    take,
    tell,
    waiting,
    write,
)

pytestmark = pytest.mark.browser


@pytest.mark.usefixtures("quick_lease")
def test_a_clerk_whose_page_closes_releases_the_resident(staff_page: StaffPage, phone: OpenPhone) -> None:
    first, second, page = desk(staff_page), desk(staff_page, Role.OPERATOR), phone()
    say(page, ASK)
    take(first)
    expect(page.locator(".talk > .live.taken")).to_be_visible()
    first.close()
    expect(waiting(second)).to_have_count(1)
    expect(page.locator(".event").last).to_contain_text("ほかの職員を待っています")
    say(page, "電話番号は?")
    expect(page.locator(".reply").last).to_contain_text("市役所代表 0466-25-1111")
    take(second)
    write(second, "かわりました")
    expect(page.locator(".person")).to_contain_text("かわりました")


@pytest.mark.usefixtures("quick_lease")
def test_a_reload_in_the_middle_keeps_the_talk_and_what_was_being_written(
    staff_page: StaffPage, phone: OpenPhone
) -> None:
    clerk, page = desk(staff_page), phone()
    say(page, ASK)
    take(clerk)
    clerk.get_by_label("相手に書く").fill("書きかけのこ")
    clerk.reload()
    expect(clerk.get_by_label("相手に書く")).to_have_value("書きかけのこ")
    clerk.get_by_label("相手に書く").press_sequentially("とば")
    clerk.keyboard.press("Enter")
    page.reload()
    expect(page.locator(".person")).to_contain_text("書きかけのことば")
    expect(page.locator(".talk > .live.taken")).to_be_visible()


def test_a_dropped_connection_loses_and_doubles_nothing(staff_page: StaffPage, phone: OpenPhone) -> None:
    clerk, page = desk(staff_page), phone()
    say(page, ASK)
    take(clerk)
    expect(page.locator(".talk > .live.taken")).to_be_visible()
    clerk.context.set_offline(True)
    clerk.get_by_label("相手に書く").fill("とどきますか")
    clerk.keyboard.press("Enter")
    expect(clerk.get_by_role("alert").filter(has_text="つながっていません").first).to_be_visible()
    expect(clerk.get_by_label("相手に書く")).to_have_value("とどきますか")
    clerk.context.set_offline(False)
    expect(clerk.locator(".banner")).to_have_count(0)
    clerk.get_by_label("相手に書く").press("Enter")
    expect(page.locator(".person")).to_contain_text("とどきますか")

    page.context.set_offline(True)
    write(clerk, "つづきです")
    page.context.set_offline(False)
    expect(page.locator(".person").nth(1)).to_contain_text("つづきです")
    expect(page.locator(".person")).to_have_count(2)


def test_an_answer_that_got_lost_on_the_way_is_not_sent_twice(staff_page: StaffPage, phone: OpenPhone) -> None:
    clerk, page = desk(staff_page), phone()
    say(page, ASK)
    take(clerk)
    lost: list[str] = []

    def arrives_but_answer_is_lost(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.url)
        route.fetch()
        route.abort()

    clerk.route("**/queue/say", arrives_but_answer_is_lost)
    clerk.get_by_label("相手に書く").fill("一度だけ")
    clerk.keyboard.press("Enter")
    expect(page.locator(".person")).to_contain_text("一度だけ")
    expect(clerk.get_by_label("相手に書く")).to_have_value("一度だけ")
    clerk.get_by_label("相手に書く").press("Enter")
    expect(clerk.get_by_label("相手に書く")).to_have_value("")
    expect(clerk.locator(".queue-line.staff")).to_have_count(1)
    expect(page.locator(".person")).to_have_count(1)


def test_a_session_that_runs_out_keeps_the_words_and_goes_on_after_signing_in(
    staff_page: StaffPage, phone: OpenPhone, staff_site: StaffSite
) -> None:
    clerk, page = desk(staff_page, Role.ADMIN), phone()
    say(page, ASK)
    take(clerk)
    clerk.get_by_label("相手に書く").fill("そのまま残ることば")
    staff_site.register.sessions.end_all(staff_site.accounts[Role.ADMIN])
    clerk.keyboard.press("Enter")
    expect(clerk.get_by_role("alert").filter(has_text="もう一度サインイン")).to_be_visible()
    clerk.keyboard.press("Alt+s")
    clerk.get_by_label("パスワード").fill(PASSWORD)
    clerk.keyboard.press("Enter")
    expect(page.locator(".person")).to_contain_text("そのまま残ることば")
    expect(clerk.get_by_label("相手に書く")).to_have_value("")


def test_the_resident_erases_and_the_clerk_sees_it_gone(staff_page: StaffPage, phone: OpenPhone) -> None:
    clerk, page = desk(staff_page), phone()
    say(page, ASK)
    take(clerk)
    tell(page, "消したいこと")
    expect(clerk.locator("#queue-lines")).to_contain_text("消したいこと")
    page.get_by_role("button", name="消す", exact=True).click()
    page.get_by_role("button", name="すべて消す").click()
    expect(clerk.locator("#queue-lines")).to_contain_text("相談した人が消しました")
    expect(clerk.locator("#queue-lines")).not_to_contain_text("消したいこと")
    expect(clerk.locator("#queue-empty")).to_be_visible()
    expect(page.locator(".talk > .live")).to_be_hidden()


def test_a_resident_who_leaves_quickly_is_not_waited_for(staff_page: StaffPage, phone: OpenPhone) -> None:
    clerk, page = desk(staff_page), phone()
    page.route("https://www.jma.go.jp/**", lambda route: route.fulfill(body="天気"))
    say(page, ASK)
    expect(waiting(clerk)).to_have_count(1)
    page.get_by_role("link", name="すぐに閉じる").click()
    expect(clerk.locator("#queue-empty")).to_be_visible()
