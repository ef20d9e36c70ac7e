"""What a conversation is about is written in the background, and nothing of it is lost on the way."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from sqlalchemy.exc import OperationalError

from bot.engine import agent  # noqa: F401 - sets the environment that Rasa is imported in
from bot.engine.state import ConversationStore


class Sessions:
    """Keeps states; `away`: as if the database did not answer; `gate`: each save waits for it."""

    def __init__(self) -> None:
        self.saved: dict[str, tuple[Any, int]] = {}
        self.away = False
        self.gate = threading.Event()
        self.gate.set()

    def save(self, conversation: str, state: Any, version: int) -> None:
        self.gate.wait(5)
        if self.away:
            raise OperationalError("", {}, Exception())
        self.saved[conversation] = (state, version + 1)


async def test_what_cannot_be_written_now_is_written_later() -> None:
    sessions = Sessions()
    store = ConversationStore(None, sessions)
    store._dirty |= {"one": {"n": 1}, "two": {"n": 1}}
    sessions.away = True
    assert not await store.flush()
    sessions.away = False
    assert await store.flush()
    assert sessions.saved == {"one": ({"n": 1}, 1), "two": ({"n": 1}, 1)}


async def test_a_turn_that_comes_while_its_conversation_is_written_is_written_next() -> None:
    """An engine that leaves may say that everything is saved only when it is."""
    sessions = Sessions()
    store = ConversationStore(None, sessions)
    sessions.gate.clear()
    store._dirty["one"] = {"n": 1}
    writing = asyncio.create_task(store.flush())
    await asyncio.sleep(0.05)
    store._dirty["one"] = {"n": 2}
    leaving = asyncio.create_task(store.flush())
    await asyncio.sleep(0.05)
    assert not leaving.done()
    sessions.gate.set()
    assert await writing
    assert await leaving
    assert sessions.saved == {"one": ({"n": 2}, 2)}


async def test_stopped_in_the_middle_of_writing_the_rest_is_still_written() -> None:
    sessions = Sessions()
    store = ConversationStore(None, sessions)
    sessions.gate.clear()
    store._dirty |= {f"conversation-{number}": {"n": number} for number in range(3)}
    background = asyncio.create_task(store.write_behind())
    await asyncio.sleep(0.4)
    background.cancel()
    await asyncio.sleep(0.05)
    sessions.gate.set()
    await asyncio.wait({background})
    assert set(sessions.saved) == {f"conversation-{number}" for number in range(3)}
