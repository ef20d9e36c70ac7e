"""The audit log: appended to and read, nothing else. There is no function that edits it, and the database refuses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, Engine, insert, select

from bot.staff.clock import Clock, now
from bot.staff.models import AuditEntry

#: Who, when a command of the terminal did it.
TERMINAL: Final = "terminal"
#: Who, when nobody was signed in yet.
NOBODY: Final = "-"

# Identifiers only: a sentence, a name with blanks or a phone number with a plus sign cannot get in.
_ACTION = re.compile(r"[a-z_]{1,20}\.[a-z_]{1,27}")
_KIND = re.compile(r"[a-z_]{0,32}")
_WHAT = re.compile(r"[A-Za-z0-9_.:-]{0,64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """`action` is "area.verb" (`handoff.print`); `kind` and `what` name the record (`conversation`, its id), if any."""

    id: int
    at: datetime
    who: str
    action: str
    kind: str
    what: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What to read; everything may be left out. `since` is included, `until` is not (both aware)."""

    since: datetime | None = None
    until: datetime | None = None
    who: str | None = None
    action: str | None = None


class AuditLog:
    """Safe to share between threads. Every method raises SQLAlchemyError when the database does not answer:

    what cannot be recorded must not be done or shown.
    """

    def __init__(self, engine: Engine, clock: Clock = now) -> None:
        """`engine`: the log database with the staff's tables."""
        self._engine = engine
        self._clock = clock

    def write(self, who: str, action: str, kind: str = "", what: str = "") -> None:
        """Append an entry. Identifiers only: ValueError for anything that could be a text about a person."""
        with self._engine.begin() as connection:
            self.write_with(connection, who, action, kind, what)

    def write_with(self, connection: Connection, who: str, action: str, kind: str = "", what: str = "") -> None:
        """The same in the transaction of the change that it tells of: both are there afterwards, or neither."""
        if not (_ACTION.fullmatch(action) and _KIND.fullmatch(kind) and _WHAT.fullmatch(what)):
            raise ValueError("the audit log takes identifiers only")
        connection.execute(insert(AuditEntry).values(at=self._clock(), who=who, action=action, kind=kind, what=what))

    def read(self, wanted: Filter = Filter(), *, limit: int = 100, before: int | None = None) -> Sequence[Entry]:
        """The newest entries first; `before`: the id from which to go on to older ones."""
        query = select(AuditEntry.__table__).order_by(AuditEntry.id.desc()).limit(limit)
        if wanted.since is not None:
            query = query.where(AuditEntry.at >= wanted.since)
        if wanted.until is not None:
            query = query.where(AuditEntry.at < wanted.until)
        if wanted.who is not None:
            query = query.where(AuditEntry.who == wanted.who)
        if wanted.action is not None:
            query = query.where(AuditEntry.action == wanted.action)
        if before is not None:
            query = query.where(AuditEntry.id < before)
        with self._engine.connect() as connection:
            return [
                Entry(row.id, row.at.astimezone(UTC), row.who, row.action, row.kind, row.what)
                for row in connection.execute(query)
            ]

    def actions(self) -> list[str]:
        """The actions that occur, for a list to choose from."""
        with self._engine.connect() as connection:
            return list(connection.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)))
