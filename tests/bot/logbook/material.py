"""Turns as residents have them, and what is stored of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import create_engine, select

from bot.logbook.models import StoredTurn
from bot.logbook.turns import Turn

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

REPLY: dict[str, Any] = {
    "kind": "route",
    "messages": [{"text": "いきいきサポートセンターに相談できます", "buttons": []}],
    "triage": {
        "areas": [{"id": "dementia", "label": "認知症", "score": 0.93, "evidence": ["夜中に", "田中さん"]}],
        "crisis": "none",
        "out_of_scope": False,
        "place": {"district": "湘南台", "town": None, "candidates": ["湘南台"]},
        "windows": [{"id": "ikiiki_support", "office": None, "phone": "0466-25-1111", "name": "いきいき…"}],
        "engawa": [],
        "multi_agency": False,
    },
    "model": "m1",
}


def turn(words: str, conversation: str = "c1", **changes: Any) -> Turn:
    """A turn in which somebody wrote `words`."""
    return Turn(conversation, words, changes.pop("reply", REPLY), AT, 42, **changes)


def stored_words(url: str, conversation: str = "c1") -> list[str]:
    """The stored texts of a conversation in the order of their numbers; numbers must run from 1."""
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(
            select(StoredTurn.number, StoredTurn.text)
            .where(StoredTurn.conversation_id == conversation)
            .order_by(StoredTurn.number)
        ).all()
    engine.dispose()
    assert [number for number, _ in rows] == list(range(1, len(rows) + 1))
    return [words for _, words in rows]
