"""What operators write down about a conversation: seen, saved, tags, a note, and what would have been right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from bot.learning.filters import TAGS
from bot.logbook import facets
from bot.logbook.masking import mask
from bot.logbook.models import Conversation, Label, Review, StoredTurn
from bot.logbook.upsert import insert_into
from bot.staff.clock import Clock, now

#: Letters of a note or a reason.
LONGEST_NOTE = 2000


class Gone(LookupError):
    """The conversation or turn is not (any more) in the log."""


class ReasonNeeded(ValueError):
    """Somebody else decided otherwise: the new decision needs a reason."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What would have been right. `areas`: best first; `district`, `window`: None where nothing is said about them."""

    areas: tuple[str, ...]
    act: str
    crisis: str
    out_of_scope: bool
    district: str | None = None
    window: str | None = None
    reason: str = ""

    def agrees(self, label: Label) -> bool:
        """Whether it says the same as an earlier label; the best area counts, the order of the others does not."""
        return (
            self.areas[:1] == tuple(label.areas[:1])
            and set(self.areas) == set(label.areas)
            and (self.act, self.crisis, self.out_of_scope) == (label.act, label.crisis, label.out_of_scope)
            and self.district in {label.district, None}
            and self.window in {label.window, None}
        )


class ReviewMarks:
    """Safe to share between threads. Methods raise Gone, and SQLAlchemyError when the database does not answer."""

    def __init__(self, engine: Engine, clock: Clock = now) -> None:
        """`engine`: the log database."""
        self._engine = engine
        self._clock = clock

    def set_reviewed(self, conversation: str, who: str, reviewed: bool) -> None:
        """Seen to the end, or not. New activity makes a conversation unreviewed again (bot.logbook.facets)."""
        at = self._clock() if reviewed else None
        with self._engine.begin() as connection:
            self._change(connection, conversation, reviewed_at=at, reviewed_by=who if reviewed else None)
            _switch(connection, conversation, facets.UNREVIEWED, not reviewed)

    def set_saved(self, conversation: str, saved: bool) -> None:
        """Kept for later, by anybody who looks."""
        with self._engine.begin() as connection:
            self._change(connection, conversation, saved=saved)
            _switch(connection, conversation, facets.SAVED, saved)

    def set_tags(self, conversation: str, tags: Sequence[str]) -> None:
        """`tags`: all of them, of TAGS; ValueError otherwise."""
        if not set(tags) <= set(TAGS):
            raise ValueError("unknown tag")
        kept = [tag for tag in TAGS if tag in tags]
        with self._engine.begin() as connection:
            self._change(connection, conversation, tags=kept)
            facets.remove(connection, conversation, *(f"tag:{tag}" for tag in TAGS if tag not in kept))
            if kept:
                facets.add(connection, conversation, *(f"tag:{tag}" for tag in kept))

    def set_note(self, conversation: str, note: str) -> str:
        """Masked like a resident's words; returns what was kept."""
        kept = mask(note.strip()[:LONGEST_NOTE])
        with self._engine.begin() as connection:
            self._change(connection, conversation, note=kept)
        return kept

    def decide(self, turn: str, who: str, decision: Decision) -> bool:
        """Add a label to a turn; it stands from now on. Returns whether somebody else had decided otherwise.

        What the same person decided last, decided once more, adds nothing.

        Raises ReasonNeeded where that is so and `decision` gives no reason.
        """
        with self._engine.begin() as connection:
            conversation = connection.scalar(select(StoredTurn.conversation_id).where(StoredTurn.id == turn))
            if conversation is None:
                raise Gone(turn)
            # Two people who press at once: the second waits here and is measured against the first.
            connection.execute(
                update(Conversation)
                .where(Conversation.id == conversation)
                .values(last_activity=Conversation.last_activity)
            )
            earlier = [
                Label(**row._mapping)
                for row in connection.execute(select(Label).where(Label.turn_id == turn).order_by(Label.id))
            ]
            reason = mask(decision.reason.strip()[:LONGEST_NOTE])
            if earlier and earlier[-1].who == who and _same(decision, earlier[-1]) and not reason:
                return False
            others = {label.who: label for label in earlier if label.who != who}
            disagrees = any(not decision.agrees(label) for label in others.values())
            if disagrees and not reason:
                raise ReasonNeeded(turn)
            connection.execute(
                insert(Label).values(
                    turn_id=turn,
                    who=who,
                    at=self._clock(),
                    areas=list(decision.areas),
                    act=decision.act,
                    crisis=decision.crisis,
                    out_of_scope=decision.out_of_scope,
                    district=decision.district,
                    window=decision.window,
                    reason=reason,
                )
            )
            facets.add(connection, conversation, facets.LABELLED, *([facets.DISAGREED] if disagrees else []))
        return disagrees

    def _change(self, connection: Connection, conversation: str, **values: Any) -> None:
        if connection.scalar(select(Conversation.id).where(Conversation.id == conversation)) is None:
            raise Gone(conversation)
        empty: dict[str, datetime | str | bool | list[str] | None] = {"saved": False, "tags": [], "note": ""}
        row = insert_into(connection, Review).values(conversation_id=conversation, **{**empty, **values})
        connection.execute(row.on_conflict_do_update(index_elements=[Review.conversation_id], set_=values))


def _switch(connection: Connection, conversation: str, facet: str, on: bool) -> None:
    (facets.add if on else facets.remove)(connection, conversation, facet)


def _same(decision: Decision, label: Label) -> bool:
    place_and_window = (decision.district, decision.window) == (label.district, label.window)
    return list(decision.areas) == label.areas and place_and_window and decision.agrees(label)
