"""A conversation with the trained model, at a fixed moment: Tuesday 2026-11-24, 10:00."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from bot.engine.agent import TriageAgent

JSON = dict[str, Any]
Say = Callable[..., JSON]

MOMENT = "2026-11-24T10:00"
WANDERING = "父が夜中に何度も出ていこうとする。湘南台に住んでいます"
WANDERING_NOWHERE = "母のもの忘れがひどくなって、同じものを何度も買ってきます"


@pytest.fixture
def say(agent: TriageAgent) -> Say:
    """Says one thing after another in one conversation; returns each reply."""
    conversation = uuid4().hex

    def one(text: str, at: str = MOMENT) -> JSON:
        return asyncio.run(agent.turn(conversation, text, {"at": at}))

    return one


def areas(reply: JSON) -> list[str]:
    """Issue areas of a reply, best first."""
    return [area["id"] for area in reply["triage"]["areas"]]


def windows(reply: JSON) -> list[str]:
    """Window ids of a reply, best first."""
    return [window["id"] for window in reply["triage"]["windows"]]


def text(reply: JSON) -> str:
    """All that is said."""
    return "\n".join(message["text"] for message in reply["messages"])


def buttons(reply: JSON) -> list[str]:
    """What every button sends."""
    return [button["payload"] for message in reply["messages"] for button in message["buttons"]]
