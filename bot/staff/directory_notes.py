"""What the desk found wrong in the directory, for the operators to mend."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import Engine, Index, String, Text, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.logbook.models import UtcDateTime
from bot.staff.accounts import Account
from bot.staff.clock import Clock, now
from bot.staff.models import Base, Id

State = Literal["open", "mended", "kept"]
OPEN: Final = "open"
#: How an operator closes a note: the directory was mended, or stays as it is.
CLOSED: Final = frozenset({"mended", "kept"})


class DirectoryNote(Base):
    """「違っている」: `subject` names the fact (`phone:<id>`), `shown` what it said then, `text` is masked.

    `correct`: the office's public number, address or hours, where the clerk knows them.
    """

    __tablename__ = "staff_directory_note"
    __table_args__ = (Index("ix_staff_directory_note_state", "state", "at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    account: Mapped[str] = mapped_column(String(32))
    by: Mapped[str] = mapped_column(String(64))
    card: Mapped[str] = mapped_column(String(96))
    name: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(String(128))
    shown: Mapped[str] = mapped_column(Text)
    correct: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(String(64))


@dataclass(frozen=True, slots=True)
class Finding:
    """What a clerk says about a fact: `card` and `name` of the entry, the rest as in DirectoryNote."""

    card: str
    name: str
    subject: str
    shown: str
    correct: str
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A finding as the operators read it."""

    id: str
    at: datetime
    by: str
    finding: Finding
    state: str
    closed_at: datetime | None
    closed_by: str | None


class DirectoryNotes:
    """Safe to share between threads. Every method raises SQLAlchemyError when the database does not answer."""

    def __init__(self, engine: Engine, clock: Clock = now) -> None:
        """`engine`: the log database with the staff's tables."""
        self._engine = engine
        self._clock = clock

    def add(self, finding: Finding, who: Account) -> str:
        """Returns the note's id. The text must be masked already."""
        id = uuid.uuid4().hex
        row = insert(DirectoryNote).values(
            id=id,
            at=self._clock(),
            account=who.name,
            by=who.display_name,
            card=finding.card,
            name=finding.name,
            subject=finding.subject,
            shown=finding.shown,
            correct=finding.correct,
            text=finding.text,
            state=OPEN,
        )
        with self._engine.begin() as connection:
            connection.execute(row)
        return id

    def waiting(self) -> Sequence[Note]:
        """Open notes, the oldest first."""
        return self._read(DirectoryNote.state == OPEN, DirectoryNote.at.asc(), 500)

    def closed(self, limit: int = 30) -> Sequence[Note]:
        """Closed notes, the one closed last first."""
        return self._read(DirectoryNote.state != OPEN, DirectoryNote.closed_at.desc(), limit)

    def count(self) -> int:
        """How many are open."""
        with self._engine.connect() as connection:
            query = select(func.count()).select_from(DirectoryNote).where(DirectoryNote.state == OPEN)
            return connection.execute(query).scalar_one()

    def close(self, id: str, state: State, who: Account) -> bool:
        """Close an open note; False if there is none of this id that is open (somebody else was faster)."""
        with self._engine.begin() as connection:
            changed = connection.execute(
                update(DirectoryNote)
                .where(DirectoryNote.id == id, DirectoryNote.state == OPEN)
                .values(state=state, closed_at=self._clock(), closed_by=who.display_name)
            )
            return changed.rowcount == 1

    def _read(self, where: object, order: object, limit: int) -> Sequence[Note]:
        query = select(DirectoryNote.__table__).where(where).order_by(order).limit(limit)  # type: ignore[arg-type]
        with self._engine.connect() as connection:
            return [
                Note(
                    row.id,
                    row.at,
                    row.by,
                    Finding(row.card, row.name, row.subject, row.shown, row.correct, row.text),
                    row.state,
                    row.closed_at,
                    row.closed_by,
                )
                for row in connection.execute(query)
            ]
