"""Where a clerk came to another result than the assistant: with the conversation, and gone with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from bot.logbook import facets
from bot.logbook.database import open_engine
from bot.logbook.models import Facet
from bot.logbook.staff_triage import Differing, drop, keep, of_conversation
from bot.logbook.store import Logbook
from bot.logbook.turns import Turn

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
FIRST = Differing("abcd2345", "aoki", AT, ["housing"], ["sumai"])
SECOND = Differing("wxyz6789", "ueda", AT + timedelta(minutes=5), ["poverty", "debt"], [])


@pytest.fixture
def log(url: str, tmp_path: Path) -> Iterator[tuple[Logbook, Engine]]:
    """A log with one conversation."""
    book, engine = Logbook(url, tmp_path / "waiting.spool"), open_engine(url)
    book.open()
    reply = {"kind": "route", "messages": [], "triage": None, "model": "m"}
    book.write(Turn("c1", "家賃がはらえない", reply, AT, 40))
    yield book, engine
    book.close()
    engine.dispose()


def marks(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(select(Facet.facet).where(Facet.conversation_id == "c1")))


def test_the_conversation_is_marked_as_long_as_any_sheet_differs(log: tuple[Logbook, Engine]) -> None:
    _, engine = log
    keep(engine, "c1", FIRST)
    keep(engine, "c1", SECOND)
    assert of_conversation(engine, "c1") == [FIRST, SECOND]
    assert facets.STAFF_DIFFERS in marks(engine)
    drop(engine, FIRST.handoff)
    assert facets.STAFF_DIFFERS in marks(engine)
    drop(engine, SECOND.handoff)
    assert of_conversation(engine, "c1") == []
    assert facets.STAFF_DIFFERS not in marks(engine)


def test_a_sheet_that_is_saved_again_says_its_newer_word_and_is_looked_at_again(log: tuple[Logbook, Engine]) -> None:
    _, engine = log
    keep(engine, "c1", FIRST)
    with engine.begin() as connection:
        facets.remove(connection, "c1", facets.UNREVIEWED)
    newer = Differing(FIRST.handoff, "aoki", AT, ["housing", "debt"], [])
    keep(engine, "c1", newer)
    assert of_conversation(engine, "c1") == [newer]
    assert facets.UNREVIEWED in marks(engine)


def test_it_goes_with_the_conversation_and_does_not_come_back(log: tuple[Logbook, Engine]) -> None:
    book, engine = log
    keep(engine, "c1", FIRST)
    book.erase("c1")
    assert of_conversation(engine, "c1") == []
    keep(engine, "c1", SECOND)
    drop(engine, "unknown")
    assert of_conversation(engine, "c1") == []
