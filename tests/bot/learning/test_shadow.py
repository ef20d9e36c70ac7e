"""The shadow disturbs nobody, follows a conversation from its first turn or not at all, and notes what differs."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.engine.client import EngineUnavailable
from bot.learning.shadow import Shadow, difference, essence


def reply(area: str | None = "dementia", crisis: str = "none", window: str = "ikiiki", **triage: Any) -> dict[str, Any]:
    areas = [{"id": area, "score": 0.8}] if area else []
    found = {"areas": areas, "crisis": crisis, "out_of_scope": False, "windows": [{"id": window}]}
    return {"kind": "route", "triage": found | triage, "model": "one", "messages": []}


class Engine:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.go = asyncio.Event()
        self.broken = False

    @property
    def shadow_client(self) -> Any:
        return self

    async def turn(self, conversation: str, text: str) -> dict[str, Any]:
        self.heard.append(text)
        await self.go.wait()
        if self.broken:
            raise EngineUnavailable("gone")
        return reply()


class Noted:
    def __init__(self) -> None:
        self.turns: list[str] = []

    def add(self, turn: str, said: Any, shadow_said: Any) -> None:
        self.turns.append(turn)


async def test_a_conversation_with_a_gap_is_not_followed_any_further() -> None:
    """What came while it was busy it has not heard: its next answer would differ for that reason alone."""
    engine, noted = Engine(), Noted()
    shadow = Shadow(engine, noted, lambda: False)  # type: ignore[arg-type]
    shadow.offer("a", "1", "first of a", reply(), fresh=True)
    await asyncio.sleep(0)
    shadow.offer("b", "2", "first of b", reply(), fresh=True)
    engine.go.set()
    await shadow.idle()
    for number, conversation in enumerate("abc", start=3):
        shadow.offer(conversation, str(number), f"second of {conversation}", reply(), fresh=False)
        await shadow.idle()
    assert engine.heard == ["first of a", "second of a"]
    assert noted.turns == ["1", "3"]


async def test_a_broken_shadow_and_turns_without_the_engine_are_left_out() -> None:
    engine, noted = Engine(), Noted()
    engine.go.set()
    engine.broken = True
    shadow = Shadow(engine, noted, lambda: False)  # type: ignore[arg-type]
    shadow.offer("a", "1", "first", reply(), fresh=True)
    await shadow.idle()
    shadow.offer("a", "2", "second", reply(), fresh=False)
    shadow.offer("b", "3", "answered by the rules", None, fresh=True)
    assert engine.heard == ["first"]
    assert noted.turns == []


async def test_its_time_is_over_one_day() -> None:
    engine = Engine()
    shadow = Shadow(engine, Noted(), lambda: True)  # type: ignore[arg-type]
    shadow.offer("a", "1", "first", reply(), fresh=True)
    assert engine.heard == []


@pytest.mark.parametrize(
    ("other", "what"),
    [
        (reply(), None),
        (reply(crisis="violence", area="isolation"), "crisis"),
        (reply(area=None, out_of_scope=True), "scope"),
        (reply(area="isolation", window="other"), "area"),
        (reply(window="other"), "window"),
    ],
)
def test_the_most_important_difference_is_named(other: dict[str, Any], what: str | None) -> None:
    assert difference(essence(reply()), essence(other)) == what
