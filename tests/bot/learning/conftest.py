"""A log that residents wrote, with the staff's tables beside it, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from bot.learning.conversations import Conversations
from bot.learning.review_marks import ReviewMarks
from bot.logbook.database import open_engine
from bot.logbook.models import StoredTurn
from bot.logbook.store import Logbook
from bot.logbook.turns import Turn
from bot.settings import TOKYO
from bot.staff import schema

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
WINDOW = {"id": "ikiiki_support", "office": None, "phone": "0466-25-1111"}

Write = Callable[..., None]


class Log:
    """The log and the ways into it."""

    def __init__(self, url: str, spool: Path) -> None:
        self.book = Logbook(url, spool)
        self.book.open()
        self.engine: Engine = open_engine(url)
        schema.upgrade(self.engine)
        self.conversations = Conversations(self.engine, TOKYO)
        self.marks = ReviewMarks(self.engine, lambda: AT)
        self._minutes = 0

    def write(
        self,
        conversation: str,
        text: str = "母のもの忘れが心配です",
        *areas: tuple[str, float],
        kind: str = "route",
        district: str | None = None,
        crisis: str = "none",
        **changes: Any,
    ) -> None:
        """A turn a minute after the last one; areas as (id, score), dementia by default."""
        asserted = areas or (("dementia", 0.9),)
        triage = {
            "areas": [{"id": id, "score": score, "evidence": ["もの忘れ"]} for id, score in asserted],
            "crisis": crisis,
            "out_of_scope": kind == "out_of_scope",
            "place": {"district": district, "town": None, "candidates": [district]} if district else None,
            "windows": [WINDOW],
            **changes,
        }
        reply = {"kind": kind, "messages": [{"text": "話せます", "buttons": []}], "triage": triage, "model": "m"}
        self._minutes += 1
        self.book.write(Turn(conversation, text, reply, AT + timedelta(minutes=self._minutes), 40))

    def turns(self, conversation: str) -> list[str]:
        """The ids of a conversation's turns in order."""
        with self.engine.connect() as connection:
            query = select(StoredTurn.id).where(StoredTurn.conversation_id == conversation)
            return list(connection.scalars(query.order_by(StoredTurn.number)))

    def close(self) -> None:
        self.engine.dispose()
        self.book.close()


@pytest.fixture
def log(url: str, tmp_path: Path) -> Iterator[Log]:
    """An empty log."""
    opened = Log(url, tmp_path / "waiting.spool")
    yield opened
    opened.close()
