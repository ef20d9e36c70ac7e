"""What goes when its time is over: every text of a resident, wherever it is kept. Statistics stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Engine,
    MetaData,
    Table,
    delete,
    func,
    inspect,
    or_,
    select,
    update,
)

from agency_db.terms import TOKYO
from bot.logbook.models import Conversation, StoredSession, StoredTurn
from bot.logbook.store import Logbook


@dataclass(frozen=True, slots=True)
class Words:
    """A table of the desk in which a resident's masked words may stand. Tables that are not there are passed over.

    `when`: the column that says how old a row is. `blank`: these columns are emptied and the row stays; without them
    the row goes.
    """

    label: str
    table: str
    when: str
    blank: tuple[str, ...] = ()


DESK: Final = (
    Words("職員との文字のやりとり", "live_talk", "seen_at"),
    Words("引き継ぎシートの文", "staff_handoff", "since", blank=("concern", "reason")),
)


def due(engine: Engine, before: datetime) -> dict[str, int]:
    """What `expire` would take away now, by Japanese label. Raises sqlalchemy.exc.SQLAlchemyError."""
    old = select(Conversation.id).where(Conversation.last_activity < before)
    with engine.connect() as connection:
        counts = {
            "会話": _count(connection, Conversation.__table__, Conversation.last_activity < before),
            "発言": _count(connection, StoredTurn.__table__, StoredTurn.conversation_id.in_(old)),
            "会話の途中の覚え": _count(connection, StoredSession.__table__, StoredSession.updated < before),
        }
        for words, table in _desk(connection):
            counts[words.label] = _count(connection, table, _old(words, table, before))
    return counts


def expire(engine: Engine, logbook: Logbook, before: datetime) -> dict[str, int]:
    """Delete or blank everything older than `before` (aware); returns what went. SQLAlchemyError: nothing is lost."""
    counts = due(engine, before)
    logbook.expire(before)
    with engine.begin() as connection:
        for words, table in _desk(connection):
            _forget(connection, words, table, _old(words, table, before))
    return counts


def _desk(connection: Connection) -> list[tuple[Words, Table]]:
    there = set(inspect(connection).get_table_names())
    metadata = MetaData()
    return [(words, Table(words.table, metadata, autoload_with=connection)) for words in DESK if words.table in there]


def _old(words: Words, table: Table, before: datetime) -> ColumnElement[bool]:
    column = table.c[words.when]
    limit: date | datetime = before.astimezone(TOKYO).date() if isinstance(column.type, Date) else before
    if words.blank:
        return (column < limit) & or_(*(table.c[name] != "" for name in words.blank))
    return column < limit


def _forget(connection: Connection, words: Words, table: Table, which: ColumnElement[bool]) -> None:
    if words.blank:
        connection.execute(update(table).where(which).values(dict.fromkeys(words.blank, "")))
    else:
        connection.execute(delete(table).where(which))


def _count(connection: Connection, table: Any, which: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(which)) or 0
