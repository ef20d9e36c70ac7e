"""Handoffs: written once, followed up until somebody confirms that the person arrived."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Engine, Row, case, insert, select, update

from bot.staff.clock import Clock, now
from bot.staff.handoff_models import StaffHandoff, StaffHandoffStep

#: So many are listed at once.
LISTED: Final = 200
#: A handoff that nobody confirmed for so long asks for a call.
OVERDUE: Final = timedelta(days=7)
# Letters and digits that nobody mistakes for each other when the code is read out on the phone.
_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH: Final = 8


class State(StrEnum):
    """What became of a handoff."""

    GIVEN = "given"
    ARRIVED = "arrived"
    RETURNED = "returned"

    @property
    def label(self) -> str:
        """As people read it."""
        return _LABELS[self]


_LABELS = {State.GIVEN: "渡した", State.ARRIVED: "つながった", State.RETURNED: "戻ってきた"}


class HandoffRefused(ValueError):
    """There is no such handoff, it is somebody else's, or somebody changed it meanwhile."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is kept of a sheet. `concern` and `reason` are masked; `areas` {"id", "label"}, `windows` {"id", "name"}."""

    concern: str
    reason: str
    areas: list[dict[str, Any]]
    windows: list[dict[str, Any]]
    crisis: str
    multi_agency: bool
    district: str | None
    age: str
    household: list[str]
    situation: list[str]
    consent: str


@dataclass(frozen=True, slots=True)
class Handoff:
    """A kept handoff. `since`: the day of its present state; `version` grows with each change."""

    code: str
    created: datetime
    made_by: str
    content: Content
    state: State
    since: date
    version: int

    def overdue(self, today: date) -> bool:
        """Nobody confirmed it for more than a week."""
        return self.state is not State.ARRIVED and today - self.since > OVERDUE


@dataclass(frozen=True, slots=True)
class Step:
    """`at`: when it was noted; `on_day`: when it happened."""

    at: datetime
    who: str
    state: State
    on_day: date


@dataclass(frozen=True, slots=True)
class Filter:
    """Which to list; None: whatever."""

    state: State | None = None
    made_by: str | None = None
    district: str | None = None


def new_code() -> str:
    """A fresh code: forty random bits. It opens nothing for who is not signed in."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def is_code(text: str) -> bool:
    """Whether this could be a code."""
    return len(text) == _LENGTH and set(text) <= set(_LETTERS)


class Handoffs:
    """Safe to share between threads. Every method raises SQLAlchemyError when the database does not answer."""

    def __init__(self, engine: Engine, clock: Clock = now) -> None:
        """`engine`: the log database with the staff's tables."""
        self._engine = engine
        self._clock = clock

    def save(self, code: str, content: Content, who: str, today: date) -> Handoff:
        """Keep a sheet under its code; once more by the same person replaces it, until somebody followed it up.

        So the page may send it twice without harm. HandoffRefused else. `today`: the day where the desk is.
        """
        at = self._clock()
        handoff = StaffHandoff
        with self._engine.begin() as connection:
            row = connection.execute(
                select(handoff.__table__).where(handoff.code == code).with_for_update()
            ).one_or_none()
            if row is None:
                first = {"state": State.GIVEN.value, "since": today, "version": 1}
                connection.execute(
                    insert(handoff).values(code=code, created=at, made_by=who, **asdict(content), **first)
                )
                connection.execute(_step(code, at, who, State.GIVEN, today))
            elif row.made_by != who or row.version != 1:
                raise HandoffRefused(code)
            else:
                connection.execute(update(handoff).where(handoff.code == code).values(**asdict(content)))
            return _handoff(connection.execute(select(handoff.__table__).where(handoff.code == code)).one())

    def get(self, code: str) -> Handoff:
        """HandoffRefused if there is none."""
        with self._engine.connect() as connection:
            row = connection.execute(select(StaffHandoff.__table__).where(StaffHandoff.code == code)).one_or_none()
        if row is None:
            raise HandoffRefused(code)
        return _handoff(row)

    def steps(self, code: str) -> Sequence[Step]:
        """What became of it, the oldest first."""
        step = StaffHandoffStep
        with self._engine.connect() as connection:
            rows = connection.execute(select(step.__table__).where(step.code == code).order_by(step.id))
            return [Step(row.at.astimezone(UTC), row.who, State(row.state), row.on_day) for row in rows]

    def follow_up(self, code: str, state: State, on_day: date, version: int, who: str) -> Handoff:
        """Note what became of it. HandoffRefused when it is not `version` any more: somebody else was quicker."""
        handoff = StaffHandoff
        with self._engine.begin() as connection:
            changed = connection.execute(
                update(handoff)
                .where(handoff.code == code, handoff.version == version)
                .values(state=state.value, since=on_day, version=version + 1)
            ).rowcount
            if not changed:
                raise HandoffRefused(code)
            connection.execute(_step(code, self._clock(), who, state, on_day))
            return _handoff(connection.execute(select(handoff.__table__).where(handoff.code == code)).one())

    def list(self, wanted: Filter = Filter(), limit: int = LISTED) -> Sequence[Handoff]:
        """Those that nobody confirmed first, the longest waiting on top; then the others, the newest first."""
        handoff = StaffHandoff
        open_first = case((handoff.state == State.ARRIVED.value, 1), else_=0)
        waiting = case((handoff.state == State.ARRIVED.value, None), else_=handoff.since)
        query = select(handoff.__table__).order_by(open_first, waiting, handoff.created.desc()).limit(limit)
        if wanted.state is not None:
            query = query.where(handoff.state == wanted.state.value)
        if wanted.made_by is not None:
            query = query.where(handoff.made_by == wanted.made_by)
        if wanted.district is not None:
            query = query.where(handoff.district == wanted.district)
        with self._engine.connect() as connection:
            return [_handoff(row) for row in connection.execute(query)]


def _step(code: str, at: datetime, who: str, state: State, on_day: date) -> Any:
    return insert(StaffHandoffStep).values(code=code, at=at, who=who, state=state.value, on_day=on_day)


def _handoff(row: Row[Any]) -> Handoff:
    content = Content(**{name: getattr(row, name) for name in Content.__dataclass_fields__})
    return Handoff(
        row.code, row.created.astimezone(UTC), row.made_by, content, State(row.state), row.since, row.version
    )
