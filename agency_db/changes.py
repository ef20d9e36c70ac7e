"""Changes by hand: each is kept with what was there before, and can be undone as long as nothing came after it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import Engine, inspect, select, update
from sqlalchemy.orm import Session

from agency_db.models import Base, Change, Revision
from agency_db.session import DirectorySession
from agency_db.tables import BY_NAME, IN_ORDER, aware, key_of

_Row = TypeVar("_Row", bound=Base)
_Values = dict[str, Any]
_Recorded = tuple[str, str, _Values | None, _Values | None]


class Overtaken(RuntimeError):
    """Somebody else changed the fact in the meantime; nothing was changed."""


class NoSuchChange(LookupError):
    """There is no such change, it was undone already, or it is not this person's to undo."""


@dataclass(frozen=True, slots=True)
class Editor:
    """Who changes something: `account` for the record, `name` as colleagues know them."""

    account: str
    name: str


@dataclass(frozen=True, slots=True)
class Done:
    """A change as it is kept. `rows`: table, key, values before and after (None: no such row)."""

    id: int
    at: datetime
    editor: Editor
    kind: str
    subject: str
    rows: tuple[_Recorded, ...]
    undone_at: datetime | None
    undone_by: str | None


class Editing:
    """The rows of one change. Everything that is changed goes through it, so that what was before is kept."""

    def __init__(self, session: DirectorySession) -> None:
        """`session`: in a transaction; changes by hand are made one after the other from here on."""
        self.session = session
        self._before: dict[tuple[str, str], _Values | None] = {}
        # The first statement writes: two people who look and then change cannot both have looked before either changed.
        session.execute(update(Revision).values(number=Revision.number + 1))

    def row(self, model: type[_Row], key: str) -> _Row | None:
        """A row that may be changed from now on; None if there is none."""
        found = self.session.get(model, key)
        self._before.setdefault((model.__tablename__, key), _values(found))
        return found

    def add(self, row: Base) -> None:
        """Add a row, or replace the one with its key."""
        self.row(type(row), key_of(row))
        self.session.merge(row)
        self.session.flush()

    def remove(self, row: Base) -> None:
        """Delete a row."""
        self.row(type(row), key_of(row))
        self.session.delete(row)
        self.session.flush()

    def keep(self, editor: Editor, at: datetime, kind: str, subject: str) -> int:
        """Record the change; returns its number."""
        self.session.flush()
        rows = [
            [table, key, before, _values(self.session.get(BY_NAME[table], key))]
            for (table, key), before in self._before.items()
        ]
        change = Change(
            at=at.astimezone(UTC),
            account=editor.account,
            by=editor.name,
            kind=kind,
            subject=subject,
            rows=json.dumps([row for row in rows if row[2] != row[3]], ensure_ascii=False),
        )
        self.session.add(change)
        self.session.flush()
        return change.id


def undo(engine: Engine, id: int, editor: Editor, at: datetime, *, only_own: bool) -> str:
    """Put back what was there before a change; returns its subject.

    `only_own`: changes of other accounts are none of this person's business. Raises NoSuchChange, and Overtaken when
    one of its rows was changed again since.
    """
    with DirectorySession(engine) as session, session.begin():
        editing = Editing(session)
        change = session.get(Change, id)
        if change is None or change.undone_at is not None or (only_own and change.account != editor.account):
            raise NoSuchChange(id)
        rows = sorted(_recorded(change), key=lambda row: IN_ORDER.index(row[0]))
        for table, key, _, after in rows:
            if _values(editing.row(BY_NAME[table], key)) != after:
                raise Overtaken(change.subject)
        for table, _, before, _ in rows:
            if before is not None:
                session.merge(BY_NAME[table](**_decoded(BY_NAME[table], before)))
                session.flush()
        for table, key, before, _ in reversed(rows):
            if before is None and (row := session.get(BY_NAME[table], key)) is not None:
                session.delete(row)
                session.flush()
        change.undone_at, change.undone_by = at.astimezone(UTC), editor.name
        return change.subject


def changes(engine: Engine, limit: int = 50) -> Sequence[Done]:
    """The newest changes first, undone ones too."""
    with Session(engine) as session:
        return [
            Done(
                row.id,
                aware(row.at),
                Editor(row.account, row.by),
                row.kind,
                row.subject,
                tuple(_recorded(row)),
                aware(row.undone_at) if row.undone_at else None,
                row.undone_by,
            )
            for row in session.scalars(select(Change).order_by(Change.id.desc()).limit(limit))
        ]


def _recorded(change: Change) -> list[_Recorded]:
    return [(table, key, before, after) for table, key, before, after in json.loads(change.rows)]


def _values(row: Base | None) -> _Values | None:
    if row is None:
        return None
    values = {column.key: getattr(row, column.key) for column in inspect(row).mapper.column_attrs}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _decoded(model: type[Base], values: _Values) -> _Values:
    columns = model.__table__.columns
    return {
        name: date.fromisoformat(value) if value is not None and columns[name].type.python_type is date else value
        for name, value in values.items()
    }
