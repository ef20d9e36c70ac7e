"""Live conversations in real browsers: residents on phones, clerks at their desks, at the same time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from bot.settings import TOKYO
from bot.staff import live
from bot.staff.live_models import LiveTalk, Presence
from bot.staff.roles import Role
from bot.web.live import bell, resident
from bot.web.staff import queue
from tests.bot.web.conftest import say
from tests.bot.web.staff.conftest import PASSWORD, StaffPage, StaffSite
from tests.bot.web.staff.test_pages import barriers

pytestmark = pytest.mark.browser

ASK = "人と話したい"
WORRY = "父が夜中に何度も出ていこうとする。湘南台に住んでいます"
OpenPhone = Callable[[], Page]


@pytest.fixture(autouse=True)
def nobody_waits(staff_site: StaffSite) -> Iterator[None]:
    """All tests share a site: what one left in the queue must not be seen by the next."""
    yield
    with staff_site.register.engine.begin() as connection:
        connection.execute(LiveTalk.__table__.delete())  # type: ignore[attr-defined]
        connection.execute(Presence.__table__.delete())  # type: ignore[attr-defined]


@pytest.fixture
def phone(browser: Browser, staff_site: StaffSite) -> Iterator[OpenPhone]:
    """Residents, each with a phone of their own."""
    pages: list[Page] = []
    errors: list[str] = []

    def opened() -> Page:
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, locale="ja-JP", timezone_id="Asia/Tokyo", reduced_motion="reduce"
        )
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(staff_site.url)
        page.wait_for_selector("textarea")
        pages.append(page)
        return page

    yield opened
    for page in pages:
        page.context.close()
    assert errors == []


@pytest.fixture
def quick_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds instead of three quarters of a minute."""
    monkeypatch.setattr(live, "LEASE", timedelta(seconds=3))
    monkeypatch.setattr(queue, "HOLD", 0.8)


def desk(staff_page: StaffPage, role: Role = Role.STAFF, **size: int) -> Page:
    """The queue as a clerk opens it; the page never rests, so it is ready when its first answer is there."""
    page = staff_page(role, "/staff/", **size)
    page.goto(page.url + "queue")
    expect(page.locator("#queue-empty:visible, .queue-item").first).to_be_visible()
    return page


def waiting(page: Page) -> Locator:
    return page.locator(".queue-item[data-state=waiting]")


def take(page: Page) -> None:
    waiting(page).first.click()
    page.get_by_role("button", name="引き受ける").click()
    expect(page.get_by_label("相手に書く")).to_be_visible()


def write(page: Page, text: str) -> None:
    page.get_by_label("相手に書く").fill(text)
    page.keyboard.press("Enter")
    expect(page.get_by_label("相手に書く")).to_have_value("")


def tell(page: Page, text: str) -> None:
    """A resident writes to a person: no answer is waited for."""
    page.get_by_label("困っていること").fill(text)
    page.get_by_role("button", name="送る", exact=True).click()


def test_a_resident_asks_for_a_person_and_talks_with_one_while_the_bot_is_silent(
    staff_page: StaffPage, phone: OpenPhone, staff_site: StaffSite
) -> None:
    clerk, page = desk(staff_page), phone()
    say(page, WORRY)
    expect(waiting(clerk)).to_have_count(0)
    say(page, ASK)
    expect(page.locator(".reply").last.locator(".live")).to_contain_text("職員に知らせました")
    expect(page.locator("#chat")).not_to_contain_text(re.compile("分以内|すぐに来"))
    expect(waiting(clerk)).to_have_count(1)
    expect(waiting(clerk)).to_contain_text("人と話したい")
    expect(waiting(clerk)).to_contain_text(re.compile("湘南台.*認知症"))
    expect(clerk).to_have_title(re.compile(r"^\(1\) 順番待ち"))

    take(clerk)
    expect(clerk.locator("#queue-lines")).to_contain_text("父が夜中に何度も出ていこうとする")
    expect(clerk.locator("#queue-about")).to_contain_text("認知症")
    expect(page.locator(".talk > .live.taken")).to_contain_text("職員（人）が書いています")
    expect(page.locator(".event")).to_contain_text("職員（人）が来ました")
    expect(clerk).to_have_title(re.compile("^順番待ち"))
    write(clerk, "こんにちは、青木です。お父さんは、いまはどうされていますか。")
    said = page.locator(".person")
    expect(said).to_contain_text("職員（人）が書いています")
    expect(said).to_contain_text("青木です。お父さんは")

    heard = len(staff_site.site.engine.heard)
    tell(page, "いまは寝ています。わたしは田中です。電話は090-1234-5678です")
    expect(clerk.locator(".queue-line.resident").last).to_contain_text("いまは寝ています")
    expect(clerk.locator(".queue-line.resident").last).to_contain_text("〔名前〕です。電話は〔電話〕です")
    expect(page.locator(".reply")).to_have_count(2)
    assert len(staff_site.site.engine.heard) == heard

    clerk.get_by_role("button", name="つなぐに戻す").click()
    expect(page.locator(".event").last).to_contain_text("つなぐ（自動の案内）が答えます")
    expect(page.locator(".talk > .live")).to_be_hidden()
    say(page, "電話番号は?")
    expect(page.locator(".reply").last).to_contain_text("市役所代表 0466-25-1111")
    expect(clerk.locator("#queue-lines")).not_to_contain_text("電話番号は?")
    page.reload()
    expect(page.locator(".person")).to_contain_text("青木です。お父さんは")
