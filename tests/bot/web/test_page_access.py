"""The page for everybody: small screens, keyboards, screen readers, weak eyes, slow networks."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from bot.web import content
from tests.bot.web.conftest import Site, say

pytestmark = pytest.mark.browser

WORRY = "父が夜中に何度も出ていこうとする。湘南台に住んでいます"
SERIOUS = {"serious", "critical"}


def serious(page: Page) -> list[str]:
    """What axe-core finds that keeps people out."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:90]}" for one in found if one["impact"] in SERIOUS]


def test_letters_can_be_made_larger_and_stay_so(page: Page) -> None:
    size = "parseFloat(getComputedStyle(document.querySelector('textarea')).fontSize)"
    before = page.evaluate(size)
    assert before >= 18
    page.get_by_role("button", name="文字を大きく").click()
    assert page.evaluate(size) > before
    page.reload()
    page.wait_for_selector("textarea")
    assert page.evaluate(size) > before


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_sticks_out_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    say(page, WORRY)
    say(page, "父が息をしていない")
    page.get_by_role("button", name="文字を大きく").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_must_be_hit_with_a_finger_is_big_enough(page: Page) -> None:
    say(page, WORRY)
    for target in page.locator("button:visible, .call:visible, .exit:visible, .line:visible").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 36, target.inner_text()


def test_everything_can_be_reached_with_the_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id"))
    assert {"すぐに閉じる", "送る", "消す", "はじめから", "tsunagu-text", content.EXAMPLES[0]} <= reached


def test_the_whole_page_weighs_less_than_60_kilobytes(page: Page) -> None:
    sizes: dict[str, int] = {}
    page.on("response", lambda response: sizes.__setitem__(response.url, len(response.body())))
    page.reload()
    page.wait_for_selector("textarea")
    page.wait_for_load_state("networkidle")
    assert len(sizes) > 5
    assert sum(sizes.values()) < 60_000, sizes


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_no_serious_barrier(page: Page, scheme: str, width: int) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 800})
    assert serious(page) == []
    say(page, WORRY)
    page.get_by_text("くわしく").first.click()
    say(page, "父が息をしていない")
    page.route("**/api/v1/chat", lambda route: route.fulfill(status=503, json={}))
    say(page, "もしもし")
    page.get_by_role("button", name="消す", exact=True).click()
    assert serious(page) == []


def test_axe_finds_no_serious_barrier_on_an_error_page(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/nothing")
    assert serious(page) == []
