"""Saved state holds what was understood, never what was written."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.engine.agent import TriageAgent
from bot.logbook.database import open_engine
from bot.logbook.sessions import SessionStore
from bot.settings import Settings

pytestmark = pytest.mark.slow

SECRET = "妻のさちこはもの忘れがひどく、夜中に出ていこうとします。わたしの番号は0466-99-9999です"


def test_no_word_of_the_resident_is_saved(settings: Settings, model: Path) -> None:
    """Slots, acts and the last triage are there; the sentence, the name and even the evidence words are not."""

    async def talk() -> None:
        agent = await TriageAgent.load(model, SessionStore(settings.log_url))
        await agent.turn("quiet", SECRET)
        await agent.store.flush()
        tracker = await agent.store.retrieve("quiet")
        assert tracker is not None
        assert all(SECRET not in str(event.as_dict()) for event in tracker.events)

    asyncio.run(talk())
    with open_engine(settings.log_url).connect() as connection:
        saved = connection.execute(text("SELECT state FROM log_session WHERE id = 'quiet'")).scalar_one()
    state = json.loads(saved) if isinstance(saved, str) else saved
    assert state["slots"]["worries"][0]["id"] == "dementia"
    for words in ("さちこ", "0466-99-9999", "出ていこう"):
        assert words not in json.dumps(state, ensure_ascii=False)


def test_a_text_triaged_at_the_desk_leaves_nothing_for_the_next_one(settings: Settings, model: Path) -> None:
    """Another person's worry, crisis or place must not turn up in the next person's triage, nor in the database."""
    store = SessionStore(settings.log_url)

    async def triages() -> list[dict[str, object]]:
        agent = await TriageAgent.load(model, store)
        answers = []
        for words in ("母を叩いてしまいそう。もう死にたいです。湘南台です", "赤ちゃんの夜泣きがつらいです"):
            answers.append((await agent.once(words, {"audience": "staff"}))["triage"])
            await agent.store.flush()
        return answers

    first, second = asyncio.run(triages())
    assert first["crisis"] != "none"
    assert second["crisis"] == "none"
    assert second["place"] is None
    assert "suicide" not in str(second["areas"])
    assert store.load("once") is None
