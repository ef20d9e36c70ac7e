"""Residents with phones beside the clerks of the staff's pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page

from bot.staff import live
from bot.staff.live_models import LiveTalk, Presence
from bot.web.staff import queue
from tests.bot.web.staff.conftest import StaffSite
from tests.bot.web.staff.queue.play import OpenPhone


@pytest.fixture
def nobody_waits(staff_site: StaffSite) -> Iterator[None]:
    """All tests share a site: what one left in the queue must not be seen by the next."""
    yield
    with staff_site.register.engine.begin() as connection:
        connection.execute(LiveTalk.__table__.delete())  # type: ignore[attr-defined]
        connection.execute(Presence.__table__.delete())  # type: ignore[attr-defined]


@pytest.fixture
def phone(browser: Browser, staff_site: StaffSite, nobody_waits: None) -> Iterator[OpenPhone]:
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
    monkeypatch.setattr(live, "LEASE", timedelta(seconds=6))
    monkeypatch.setattr(queue, "HOLD", 0.8)
