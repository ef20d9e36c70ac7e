"""Reading the log: conversations by their newest activity, and one conversation with all that operators noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, func, literal, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from bot.learning.filters import Filter
from bot.logbook.models import Conversation, Facet, Feedback, Label, Review, StoredTurn

JSON = dict[str, Any]

PAGE: Final = 50
# Facets are counted up to here to find the rarest; beyond it any of them will do.
_COUNTED = 20_000


class BadCursor(ValueError):
    """A place in the list that the list did not give out."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the list: between this conversation and the next older one."""

    at: datetime
    id: str

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """From `str(cursor)`. Raises BadCursor."""
        number, _, id = text.partition("~")
        if not (number.isascii() and number.isdigit() and len(number) < 18 and 0 < len(id) <= 64):
            raise BadCursor(text)
        try:
            return cls(datetime.fromtimestamp(int(number) // 1_000_000, UTC).replace(microsecond=int(number[-6:])), id)
        except (OverflowError, ValueError, OSError) as error:
            raise BadCursor(text) from error

    def __str__(self) -> str:
        return f"{int(self.at.replace(microsecond=0).timestamp())}{self.at.microsecond:06d}~{self.id}"


@dataclass(frozen=True, slots=True)
class Said:
    """As much of a turn as a list shows; `areas` as stored."""

    text: str
    kind: str
    areas: list[JSON]


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation in the list. `turn`: the newest turn that carried a worry, else the newest one."""

    id: str
    last_activity: datetime
    district: str | None
    turns: int
    turn: Said
    facets: frozenset[str]

    @property
    def cursor(self) -> Cursor:
        """The place after this row."""
        return Cursor(self.last_activity, self.id)


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation as stored. `labels` and `feedback` by turn id, labels oldest first: the last one stands."""

    conversation: Conversation
    turns: list[StoredTurn]
    labels: dict[str, list[Label]]
    feedback: dict[str, bool]
    review: Review | None
    facets: frozenset[str]


class Conversations:
    """Safe to share between threads. Methods raise SQLAlchemyError when the database does not answer."""

    def __init__(self, engine: Engine, zone: tzinfo) -> None:
        """`engine`: the log database; `zone`: whose days the filters mean."""
        self._engine = engine
        self._zone = zone

    def page(self, wanted: Filter, *, before: Cursor | None = None, limit: int = PAGE) -> list[Row]:
        """The newest conversations, from `before` on to older ones."""
        with self._engine.connect() as connection:
            found = self._find(connection, wanted, limit, before=before)
            return _rows(connection, found)

    def beside(self, wanted: Filter, cursor: Cursor) -> tuple[str | None, str | None]:
        """The ids of the next newer and the next older conversation of a filter, from a place in its list."""
        with self._engine.connect() as connection:
            newer = self._find(connection, wanted, 1, after=cursor)
            older = self._find(connection, wanted, 1, before=cursor)
        return (newer[0].id if newer else None, older[0].id if older else None)

    def open(self, id: str) -> Talk | None:
        """A whole conversation; None where there is none."""
        with self._engine.connect() as connection:
            conversation = _one(connection, Conversation, Conversation.id == id)
            if conversation is None:
                return None
            turns = _all(connection, select(StoredTurn).where(StoredTurn.conversation_id == id), StoredTurn.number)
            labels: dict[str, list[Label]] = {}
            of_talk = select(StoredTurn.id).where(StoredTurn.conversation_id == id)
            for label in _all(connection, select(Label).where(Label.turn_id.in_(of_talk)), Label.id):
                labels.setdefault(label.turn_id, []).append(label)
            said = connection.execute(
                select(Feedback.turn_id, Feedback.helpful).where(Feedback.turn_id.in_(of_talk))
            ).all()
            return Talk(
                conversation=conversation,
                turns=turns,
                labels=labels,
                feedback={row.turn_id: row.helpful for row in said},
                review=_one(connection, Review, Review.conversation_id == id),
                facets=frozenset(connection.scalars(select(Facet.facet).where(Facet.conversation_id == id))),
            )

    def turn(self, id: str) -> tuple[StoredTurn, list[Label]] | None:
        """One turn with its labels, oldest first."""
        with self._engine.connect() as connection:
            turn = _one(connection, StoredTurn, StoredTurn.id == id)
            if turn is None:
                return None
            return turn, _all(connection, select(Label).where(Label.turn_id == id), Label.id)

    def _find(
        self,
        connection: Connection,
        wanted: Filter,
        limit: int,
        *,
        before: Cursor | None = None,
        after: Cursor | None = None,
    ) -> Sequence[Any]:
        """(id, at) of conversations, newest first from `before` on, or oldest first from `after` on."""
        names = self._rarest_first(connection, wanted)
        id: InstrumentedAttribute[str] = Conversation.id
        at: InstrumentedAttribute[datetime] = Conversation.last_activity
        condition: ColumnElement[bool] = true()
        if names:
            first = aliased(Facet)
            id, at = first.conversation_id, first.last_activity
            condition = first.facet == names[0]
        query = select(id.label("id"), at.label("at")).where(condition)
        for name in names[1:]:
            other = aliased(Facet)
            same = and_(other.facet == name, other.last_activity == at, other.conversation_id == id)
            # A scalar subquery, not EXISTS: PostgreSQL would join two whole facets for it, and stop at 50 only then.
            query = query.where(select(literal(1)).where(same).limit(1).scalar_subquery().is_not(None))
        since, until = wanted.span(self._zone)
        if since is not None:
            query = query.where(at >= since)
        if until is not None:
            query = query.where(at < until)
        if before is not None:
            query = query.where(at <= before.at, or_(at < before.at, id < before.id))
        if after is not None:
            query = query.where(at >= after.at, or_(at > after.at, id > after.id)).order_by(at, id)
        else:
            query = query.order_by(at.desc(), id.desc())
        return connection.execute(query.limit(limit)).all()

    def _rarest_first(self, connection: Connection, wanted: Filter) -> list[str]:
        """The list is read along the rarest facet; the others are looked up for each of its conversations."""
        names = wanted.facets
        if len(names) < 2:
            return list(names)
        since, until = wanted.span(self._zone)

        def count(name: str) -> int:
            query = select(Facet.facet).where(Facet.facet == name)
            if since is not None:
                query = query.where(Facet.last_activity >= since)
            if until is not None:
                query = query.where(Facet.last_activity < until)
            return connection.scalar(select(func.count()).select_from(query.limit(_COUNTED).subquery())) or 0

        return sorted(names, key=count)


def _rows(connection: Connection, found: Sequence[Any]) -> list[Row]:
    ids = [row.id for row in found]
    if not ids:
        return []
    districts = dict(
        connection.execute(select(Conversation.id, Conversation.district).where(Conversation.id.in_(ids)))
        .tuples()
        .all()
    )
    # Only the columns that are shown: the answers' JSON is most of a turn.
    shown = select(StoredTurn.conversation_id, StoredTurn.text, StoredTurn.kind, StoredTurn.areas)
    turns: dict[str, list[Said]] = {}
    for row in connection.execute(shown.where(StoredTurn.conversation_id.in_(ids)).order_by(StoredTurn.number)):
        turns.setdefault(row.conversation_id, []).append(Said(row.text, row.kind, row.areas))
    facets: dict[str, set[str]] = {}
    for id, facet in connection.execute(
        select(Facet.conversation_id, Facet.facet).where(Facet.conversation_id.in_(ids))
    ).tuples():
        facets.setdefault(id, set()).add(facet)
    # A conversation that was erased while the list was read is left out.
    return [
        Row(
            row.id,
            row.at,
            districts.get(row.id),
            len(turns[row.id]),
            _telling(turns[row.id]),
            frozenset(facets.get(row.id, ())),
        )
        for row in found
        if row.id in turns
    ]


def _telling(turns: list[Said]) -> Said:
    """The turn that says most of what it was about."""
    worries = [turn for turn in turns if turn.kind in {"route", "crisis", "correct", "ask_place"}]
    return worries[-1] if worries else turns[-1]


def _all(connection: Connection, query: Select[Any], *order: Any) -> list[Any]:
    """Rows of one table as objects of its class, detached."""
    table = query.column_descriptions[0]["entity"]
    return [table(**row._mapping) for row in connection.execute(query.order_by(*order))]


def _one(connection: Connection, table: type[Any], condition: Any) -> Any:
    found = _all(connection, select(table).where(condition))
    return found[0] if found else None
