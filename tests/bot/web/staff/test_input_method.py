"""Japanese is typed with an input method: its keys belong to it until the characters are chosen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from bot.commands.db import prepare_databases
from bot.staff.roles import Role
from tests.bot.web.conftest import say
from tests.bot.web.staff.conftest import StaffPage, StaffSite
from tests.bot.web.staff.queue.conftest import nobody_waits, phone
from tests.bot.web.staff.queue.play import ASK, OpenPhone, desk, take

pytestmark = pytest.mark.browser

__all__ = ["nobody_waits", "phone"]

# As browsers say that the input method has the key: most by a flag, Safari and every first key by the number only.
OF_THE_INPUT_METHOD = ({"isComposing": True}, {"keyCode": 229})


def choosing(page: Page, letters: str) -> CDPSession:
    """Half a word, underlined, in the field with the focus, as the input method leaves it until Enter."""
    method = page.context.new_cdp_session(page)
    method.send("Input.imeSetComposition", {"text": letters, "selectionStart": 2, "selectionEnd": 2})
    return method


def press(field: Locator, **key: object) -> None:
    """The key as the page sees it while characters are chosen, in both ways of saying so."""
    for said in OF_THE_INPUT_METHOD:
        field.dispatch_event("keydown", {"bubbles": True, "cancelable": True, **key, **said})


@pytest.fixture
def seeded(staff_site: StaffSite) -> None:
    prepare_databases(staff_site.site.settings)


def test_enter_that_only_chooses_characters_sends_nothing_to_the_resident(
    staff_page: StaffPage, phone: OpenPhone
) -> None:
    clerk, page = desk(staff_page), phone()
    say(page, ASK)
    take(clerk)
    field = clerk.get_by_label("相手に書く")
    field.focus()
    method = choosing(clerk, "こんにちは")
    expect(field).to_have_value("こんにちは")
    press(field, key="Enter")
    # Neither do the keys that hand the talk back or end it.
    press(field, key="b", code="KeyB", altKey=True)
    press(field, key="w", code="KeyW", altKey=True)
    expect(field).to_have_value("こんにちは")
    expect(clerk.locator(".queue-line.staff")).to_have_count(0)
    method.send("Input.insertText", {"text": "今日は"})
    expect(field).to_have_value("今日は")
    clerk.keyboard.press("Enter")
    expect(page.locator(".person")).to_contain_text("今日は")
    expect(page.locator(".talk > .live.taken")).to_be_visible()


@pytest.mark.usefixtures("seeded")
def test_the_console_waits_for_the_characters_and_takes_no_shortcut_meanwhile(staff_page: StaffPage) -> None:
    page = staff_page(Role.STAFF)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "understand" in request.url else None)
    field = page.locator("#co-text")
    method = choosing(page, "ちちがよなかに")
    expect(field).to_have_value("ちちがよなかに")
    press(field, key="Enter", ctrlKey=True)
    press(field, key="1", code="Digit1", altKey=True)
    press(field, key="r", code="KeyR", altKey=True)
    expect(field).to_have_value("ちちがよなかに")
    assert asked == []
    method.send("Input.insertText", {"text": "父が夜中に"})
    expect(page.locator("#co-windows > li").first).to_have_attribute("data-window", "ikiiki_support")
    assert len(asked) == 1


@pytest.mark.usefixtures("seeded")
def test_the_directory_is_searched_while_characters_are_chosen_and_enter_stays_in_the_field(
    staff_page: StaffPage,
) -> None:
    page = staff_page(Role.STAFF, "/staff/directory")
    field = page.locator("#query")
    field.focus()
    choosing(page, "ほいくこんしぇ")
    expect(page.locator("#results .name").first).to_contain_text("保育コンシェルジュ")
    press(field, key="Enter")
    press(field, key="ArrowDown")
    expect(field).to_be_focused()
    expect(page.locator("#results li").first).to_have_attribute("aria-selected", "true")


def test_a_single_letter_of_the_input_method_is_no_shortcut(staff_page: StaffPage) -> None:
    page = staff_page(Role.STAFF, "/staff/account")
    body = page.locator("body")
    press(body, key="?")
    press(body, key="Process", code="KeyG")
    press(body, key="Process", code="Digit1")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(re.compile("/staff/account$"))
