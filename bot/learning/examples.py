"""Reviewed examples: from a decision and a sentence without anybody in it to the training file of this installation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import ColumnElement, Connection, Engine, delete, insert, select, update

from bot.evaluation.heldout import SETS
from bot.learning.review_file import LONGEST, ExampleFile, one_line
from bot.learning.review_marks import Decision, Gone
from bot.learning.similar import Index, TrainingSentences, trigrams
from bot.logbook import masking
from bot.logbook.models import StoredTurn
from bot.staff.audit import NOBODY
from bot.staff.clock import Clock, now
from bot.staff.reviewed import ReviewedExample, ReviewedVersion

Problem = Literal["empty", "too_long", "mask_left", "person", "held_out", "known", "no_area"]

#: As in the tests of the training data: a held-out sentence as close as this no longer measures anything.
_LEAKED = 0.6
_FEW_LETTERS = 5
_MARK = "〔"


class NotFit(ValueError):
    """The sentence may not become an example; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Sources:
    """`trained`: the sentences that the model learns from; `held_out`: the folder of those that measure it."""

    trained: TrainingSentences
    held_out: Path


class Examples:
    """Safe to share between threads and processes of one machine; the database is what counts, the file follows it."""

    def __init__(self, engine: Engine, file: Path, sources: Sources, clock: Clock = now) -> None:
        """`engine`: the log database; `file`: `<data folder>/nlu/reviewed.yml`."""
        self._engine = engine
        self._file = ExampleFile(file)
        self._sources = sources
        self._clock = clock
        self._held_out: Index | None = None

    def check(self, text: str, places: Sequence[tuple[int, int]]) -> None:
        """Raise NotFit where `text` could tell who wrote it, or is not new. `places`: ranges of its place words."""
        plain = one_line(text)
        if not plain:
            raise NotFit("empty")
        if len(plain) > LONGEST:
            raise NotFit("too_long")
        if _MARK in plain:
            raise NotFit("mask_left")
        if masking.spans(text, places):
            raise NotFit("person")
        if self._leaks(plain):
            raise NotFit("held_out")

    def add(self, turn: str, who: str, text: str, decision: Decision, places: Sequence[tuple[int, int]]) -> int:
        """Make an example of a turn; returns its id. Raises NotFit, Gone, and OSError when the file cannot be written.

        `text` has been checked here, with its place words `places`.
        """
        self.check(text, places)
        plain = one_line(text)
        if decision.act in {"worry", "crisis"} and not decision.areas and not decision.out_of_scope:
            raise NotFit("no_area")
        with self._engine.begin() as connection:
            stored = connection.execute(
                select(StoredTurn.conversation_id, StoredTurn.text).where(StoredTurn.id == turn)
            ).one_or_none()
            if stored is None:
                raise Gone(turn)
            known = ReviewedExample.text == plain, ReviewedExample.withdrawn_at.is_(None)
            if connection.scalar(select(ReviewedExample.id).where(*known)) is not None:
                raise NotFit("known")
            id = self._insert(connection, turn, stored.conversation_id, who, plain, decision, stored.text)
        self._publish(who)
        return id

    def withdraw(self, id: int, who: str) -> None:
        """Take an example out of the file; the row stays, with who and when. Raises Gone, OSError."""
        with self._engine.begin() as connection:
            if not self._withdraw(connection, who, ReviewedExample.id == id):
                raise Gone(str(id))
        self._publish(who)

    def follow(self, turn: str, who: str, decision: Decision) -> None:
        """A turn was decided anew: its examples teach what stands now."""
        with self._engine.begin() as connection:
            mine = ReviewedExample.turn_id == turn, ReviewedExample.withdrawn_at.is_(None)
            rows = connection.execute(select(ReviewedExample.__table__).where(*mine)).all()
            stale = [row for row in rows if _label(row) != _label(decision)]
            for row in stale:
                self._withdraw(connection, who, ReviewedExample.id == row.id)
                source = "" if row.own_words else row.text
                self._insert(connection, turn, row.conversation_id, who, row.text, decision, source)
        if stale:
            self._publish(who)

    def forget(self, conversation: str) -> int:
        """A resident took the words back: examples in those very words go for good, out of the table as well."""
        with self._engine.begin() as connection:
            theirs = ReviewedExample.conversation_id == conversation, ReviewedExample.own_words.is_(False)
            gone = connection.execute(delete(ReviewedExample).where(*theirs)).rowcount
        if gone:
            self._file.drop_earlier()
            self._publish(NOBODY)
        return gone

    def list(self, *, turn: str | None = None) -> list[ReviewedExample]:
        """The examples in the file, newest first; of one turn if `turn` is given."""
        query = select(ReviewedExample.__table__).where(ReviewedExample.withdrawn_at.is_(None))
        if turn is not None:
            query = query.where(ReviewedExample.turn_id == turn)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(ReviewedExample.id.desc()))
            return [ReviewedExample(**row._mapping) for row in rows]

    def versions(self, limit: int = 10) -> Sequence[ReviewedVersion]:
        """The newest versions of the file first."""
        query = select(ReviewedVersion.__table__).order_by(ReviewedVersion.number.desc()).limit(limit)
        with self._engine.connect() as connection:
            return [ReviewedVersion(**row._mapping) for row in connection.execute(query)]

    def _insert(
        self,
        connection: Connection,
        turn: str,
        conversation: str,
        who: str,
        text: str,
        decision: Decision,
        source: str,
    ) -> int:
        row = insert(ReviewedExample).values(
            turn_id=turn,
            conversation_id=conversation,
            text=text,
            own_words=one_line(source) != text,
            areas=list(decision.areas),
            act=decision.act,
            crisis=decision.crisis,
            out_of_scope=decision.out_of_scope,
            who=who,
            at=self._clock(),
        )
        [id] = connection.execute(row).inserted_primary_key or [0]
        return int(id)

    def _withdraw(self, connection: Connection, who: str, condition: ColumnElement[bool]) -> int:
        change = update(ReviewedExample).where(condition, ReviewedExample.withdrawn_at.is_(None))
        return connection.execute(change.values(withdrawn_by=who, withdrawn_at=self._clock())).rowcount

    def _publish(self, who: str) -> None:
        """Write the file as the table says now; one at a time, each writing with a number of its own."""
        with self._file.held():
            examples = self.list()[::-1]
            with self._engine.begin() as connection:
                version = insert(ReviewedVersion).values(
                    at=self._clock(), who=who, examples=len(examples), sha256=self._file.digest(examples)
                )
                [number] = connection.execute(version).inserted_primary_key or [0]
            self._file.write(examples, int(number))

    def _leaks(self, text: str) -> bool:
        if len(text) <= _FEW_LETTERS:
            return False
        if self._held_out is None:
            self._held_out = Index(_held_out_texts(self._sources.held_out))
        scores = self._held_out.scores(trigrams(text))
        return bool(scores.size and scores.max() >= _LEAKED)


def _held_out_texts(folder: Path) -> list[str]:
    """The sentences alone; without the folder there is nothing that could leak."""
    files = [folder / f"{name}.txt" for name in SETS]
    lines = [line for file in files if file.exists() for line in file.read_text(encoding="utf-8").splitlines()]
    return [line.rpartition("|")[2].replace("\\n", "\n") for line in lines if line.strip()]


def _label(labelled: object) -> tuple[object, ...]:
    areas, act, crisis, outside = (getattr(labelled, name) for name in ("areas", "act", "crisis", "out_of_scope"))
    return tuple(areas), act, crisis, outside
