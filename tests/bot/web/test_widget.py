"""The widget on another site: there where the city allows it, without cookies, without loosening the host's policy."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.bot.web.conftest import Site

pytestmark = pytest.mark.browser

WORRY = "父が夜中に何度も出ていこうとする。湘南台に住んでいます"


@pytest.fixture
def host(context: BrowserContext, site: Site) -> Page:
    """A listed site that embeds the widget; whatever its policy blocks is noted in `window.blocked`."""
    page = context.new_page()
    page.add_init_script(
        "window.blocked = [];"
        "addEventListener('securitypolicyviolation', (event) => blocked.push(event.violatedDirective));"
    )
    page.goto(site.origin_allowed)
    return page


def test_a_listed_site_carries_the_conversation(host: Page) -> None:
    host.get_by_role("button", name="困りごとはこちら").click()
    host.get_by_label("困っていること").fill(WORRY)
    host.get_by_role("button", name="送る", exact=True).click()
    expect(host.locator(".card.first")).to_contain_text("いきいきサポートセンター")


def test_it_is_dressed_although_the_host_forbids_inline_style(host: Page) -> None:
    opener = host.get_by_role("button", name="困りごとはこちら")
    expect(opener).to_have_css("position", "fixed")
    opener.click()
    expect(host.get_by_role("dialog")).to_have_css("position", "fixed")
    assert host.evaluate("window.blocked") == []


def test_the_numbers_and_the_exit_are_in_the_widget_too(host: Page) -> None:
    host.get_by_role("button", name="困りごとはこちら").click()
    panel = host.get_by_role("dialog")
    for number in ("119", "110", "0120-279-338", "0466-25-1111"):
        expect(panel.get_by_text(number, exact=True)).to_be_visible()
    expect(panel.get_by_role("button", name="すぐに閉じる")).to_be_visible()


def test_it_sets_no_cookie_anywhere(host: Page, context: BrowserContext) -> None:
    host.get_by_role("button", name="困りごとはこちら").click()
    host.get_by_label("困っていること").fill(WORRY)
    host.keyboard.press("Enter")
    host.locator(".card.first").wait_for()
    assert context.cookies() == []


def test_it_can_be_folded_away_and_opened_again(host: Page) -> None:
    opener = host.get_by_role("button", name="困りごとはこちら")
    opener.click()
    host.get_by_role("button", name="たたむ").click()
    expect(host.get_by_role("dialog")).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    expect(host.get_by_role("dialog")).to_be_visible()


def test_a_site_that_is_not_listed_is_refused_and_leads_to_the_citys_page(context: BrowserContext, site: Site) -> None:
    page = context.new_page()
    page.goto(site.origin_refused)
    status = page.evaluate(
        """async (url) => {
            const headers = {"Content-Type": "application/json"};
            try { return (await fetch(url, {method: "POST", headers, body: "{}"})).status; }
            catch (error) { return "refused"; }
        }""",
        f"{site.url}/api/v1/chat",
    )
    assert status == "refused"
    page.get_by_role("button", name="困りごとはこちら").click()
    page.wait_for_url(re.compile(re.escape(site.url)))


def test_axe_finds_no_serious_barrier_in_the_widget(host: Page) -> None:
    host.get_by_role("button", name="困りごとはこちら").click()
    host.get_by_label("困っていること").fill(WORRY)
    host.keyboard.press("Enter")
    host.locator(".card.first").wait_for()
    found = Axe().run(host, context="tsunagu-chat").response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
