"""One tap says whether the answer helped; it is kept with the answer and with nothing else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, select

from bot.logbook.models import Facet, Feedback, StoredTurn
from tests.bot.web.conftest import Service, Site, say

WORRY = "父が夜中に何度も出ていこうとする"


def kept(url: str) -> list[tuple[str, bool]]:
    """(text, helpful) of all feedback."""
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(select(StoredTurn.text, Feedback.helpful).join(Feedback)).all()
    engine.dispose()
    return [(row.text, row.helpful) for row in rows]


async def tap(service: Service, conversation: object, helpful: object) -> tuple[int, dict[str, object]]:
    body = {"conversation": conversation, "helpful": helpful}
    async with service.client.post("/api/v1/feedback", json=body) as response:
        return response.status, await response.json()


async def test_the_tap_is_kept_with_the_last_answer_that_named_windows_and_may_be_changed(service: Service) -> None:
    reply = await service.say(WORRY)
    conversation = reply["conversation"]
    assert await tap(service, conversation, False) == (200, {"kept": True})
    assert kept(service.settings.log_url) == [(WORRY, False)]
    await tap(service, conversation, True)
    assert kept(service.settings.log_url) == [(WORRY, True)]
    engine = create_engine(service.settings.log_url)
    with engine.connect() as connection:
        facets = set(connection.scalars(select(Facet.facet)))
    engine.dispose()
    assert "thumbs_up" in facets
    assert "thumbs_down" not in facets


@pytest.mark.parametrize("conversation", [None, 3, "made-up", "x" * 33])
async def test_a_conversation_that_is_not_ours_keeps_nothing(service: Service, conversation: object) -> None:
    assert await tap(service, conversation, True) == (200, {"kept": False})


@pytest.mark.parametrize("helpful", [None, "yes", 1])
async def test_anything_but_yes_or_no_is_refused(service: Service, helpful: object) -> None:
    status, _ = await tap(service, "x", helpful)
    assert status == 400


@pytest.mark.browser
def test_the_resident_is_asked_once_under_the_newest_answer(page: Page, site: Site) -> None:
    say(page, WORRY)
    say(page, "もの忘れもひどい")
    asked = page.get_by_role("group", name="この案内は役に立ちましたか")
    expect(asked).to_have_count(1)
    asked.get_by_role("button", name="立たなかった").click()
    expect(asked).to_contain_text("ありがとうございます")
    assert ("もの忘れもひどい", False) in kept(site.settings.log_url)
    page.reload()
    page.wait_for_selector("article.reply")
    expect(page.get_by_role("group", name="この案内は役に立ちましたか")).to_have_count(0)


@pytest.mark.browser
def test_nobody_is_asked_in_a_crisis_or_when_we_only_asked_back(page: Page) -> None:
    say(page, "父が息をしていない")
    say(page, "どうしよう")
    expect(page.get_by_role("group", name="この案内は役に立ちましたか")).to_have_count(0)
