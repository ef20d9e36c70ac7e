"""From a resident's conversation to the console and the handoff sheet, in a real browser, without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from bot.commands.db import prepare_databases
from bot.logbook.models import StaffTriage
from bot.staff.handoff_models import StaffHandoff
from bot.staff.roles import Role
from tests.bot.web.conftest import say
from tests.bot.web.staff.conftest import StaffPage, StaffSite
from tests.bot.web.staff.queue.play import ASK, WORRY, OpenPhone, desk, take, waiting

pytestmark = pytest.mark.browser


@pytest.fixture
def console(staff_page: StaffPage, staff_site: StaffSite, phone: OpenPhone) -> tuple[Page, Page, Page]:
    """A resident, the clerk who took the conversation, and the console that was opened from it by key."""
    prepare_databases(staff_site.site.settings)
    clerk, page = desk(staff_page), phone()
    say(page, WORRY)
    say(page, ASK)
    take(clerk)
    with clerk.context.expect_page() as opened:
        clerk.keyboard.press("Alt+h")
    return page, clerk, opened.value


def test_the_words_and_what_the_resident_was_told_are_there_and_the_talk_goes_on(
    console: tuple[Page, Page, Page],
) -> None:
    page, clerk, opened = console
    expect(opened.locator("#co-text")).to_have_value(f"{WORRY}\n{ASK}")
    expect(opened.locator("#co-areas [aria-pressed=true]")).to_have_text("1認知症93%")
    expect(opened.locator("#co-windows > li").first).to_have_attribute("data-window", "ikiiki_support")
    expect(opened.locator("#co-state")).to_contain_text("順番待ちの会話")
    assert "talk" not in opened.url
    expect(clerk.get_by_label("相手に書く")).to_be_visible()
    expect(page.locator(".talk > .live.taken")).to_be_visible()
    opened.reload()
    expect(opened.locator("#co-text")).to_have_value(f"{WORRY}\n{ASK}")
    opened.keyboard.press("Alt+r")
    expect(opened.locator("#co-text")).to_have_value("")
    opened.reload()
    expect(opened.locator("#co-text")).to_have_value("")


def test_a_sheet_with_other_areas_than_the_assistant_named_is_found_by_the_operators(
    console: tuple[Page, Page, Page], staff_page: StaffPage, staff_site: StaffSite
) -> None:
    _, _, opened = console
    expect(opened.locator("#co-state")).to_contain_text("順番待ちの会話")
    opened.locator("#co-area").select_option("poverty")
    expect(opened.locator("#co-areas [aria-pressed=true]")).to_have_count(2)
    opened.keyboard.press("Control+Enter")
    opened.wait_for_url("**/staff/handoffs/new")
    expect(opened.locator("#ho-concern")).to_have_value(f"{WORRY}\n{ASK}")
    expect(opened.locator("#ho-learn")).to_contain_text("ここには残りません")
    code = opened.locator("#ho-code").inner_text()
    opened.keyboard.press("Control+Enter")
    opened.wait_for_url("**/staff/")
    with staff_site.register.engine.connect() as connection:
        concern = connection.scalar(select(StaffHandoff.concern).where(StaffHandoff.code == code))
        areas = connection.scalar(select(StaffTriage.areas).where(StaffTriage.handoff == code))
    assert concern == ""
    assert areas == ["dementia", "poverty"]
    operator = staff_page(Role.OPERATOR, "/staff/review?mark=staff_differs")
    operator.get_by_role("link", name=WORRY).first.click()
    expect(operator.get_by_role("region", name="職員の見立て")).to_contain_text("認知症・生活困窮")


def test_a_half_written_case_is_not_thrown_away_for_a_conversation(
    staff_page: StaffPage, staff_site: StaffSite, phone: OpenPhone
) -> None:
    prepare_databases(staff_site.site.settings)
    clerk, page = desk(staff_page), phone()
    say(page, ASK)
    waiting(clerk).first.click()
    expect(clerk.locator("#queue-case")).to_be_visible()
    address = clerk.locator("#queue-case").get_attribute("href")
    other = staff_page(Role.STAFF)
    other.locator("#co-text").fill("書きかけの相談")
    other.goto(f"{staff_site.url}{address}")
    expect(other.locator("#co-state")).to_contain_text("会話を写していません")
    expect(other.locator("#co-text")).to_have_value("書きかけの相談")
