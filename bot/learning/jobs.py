"""Training jobs as rows: begun by the web tier, carried on by a process of its own, seen by whoever asks.

Nothing depends on the web tier that began a job: after a restart the next one reads on in the same row. A job whose
process gives no sign of life any more is said to have stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import Engine, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.learning.model_records import LearningJob
from bot.staff.clock import Clock, now

Kind = Literal["train", "compare"]
End = Literal["done", "failed", "cancelled"]

#: Without a sign of life for so long, the process is taken for dead.
SILENCE: Final = timedelta(seconds=45)
LOST: Final = "途中で止まりました(機械の再起動などで、学習していたプロセスがなくなりました)。もう一度始めてください。"
#: The stages in their order, in plain words.
STAGES: Final = {
    "start": "準備しています",
    "read": "例文を読んで、ことばを調べています",
    "TextFeaturizer": "ことばの数え方を学んでいます",
    "IssueAreaClassifier": "相談分野を学んでいます",
    "CrisisDetector": "危機を学んでいます",
    "DialogueActClassifier": "話のしかたを学んでいます",
    "MemoizationPolicy": "会話の流れを学んでいます",
    "RulePolicy": "会話の流れを学んでいます",
    "compare": "ためしの文で、いまのモデルとくらべています",
    "end": "終わりました",
}


class Busy(Exception):
    """Another job is running."""


@dataclass(frozen=True, slots=True)
class Job:
    """`state`: running, done, failed, cancelled. `done`: percent. `problem`: why it failed, in Japanese."""

    id: int
    kind: str
    state: str
    stage: str
    done: int
    stop: bool
    who: str
    model: str
    problem: str
    started: datetime
    ended: datetime | None

    @property
    def running(self) -> bool:
        """Whether somebody still works on it."""
        return self.state == "running"

    @property
    def words(self) -> str:
        """The stage as people read it."""
        return STAGES.get(self.stage, self.stage)


class Jobs:
    """Safe to share between threads and processes. Methods raise SQLAlchemyError when the database does not answer."""

    def __init__(self, engine: Engine, clock: Clock = now) -> None:
        """`engine`: the log database."""
        self._engine = engine
        self._clock = clock

    def begin(self, kind: Kind, who: str, model: str = "") -> int:
        """A new job; returns its id. Raises Busy while another one is running."""
        self.latest()
        at = self._clock()
        row = insert(LearningJob).values(
            active=1, kind=kind, state="running", stage="start", done=0, stop=False,
            who=who, model=model, problem="", started=at, seen=at,
        ).returning(LearningJob.id)  # fmt: skip
        try:
            with self._engine.begin() as connection:
                return connection.execute(row).scalar_one()
        except IntegrityError as error:
            raise Busy from error

    def alive(self, id: int) -> bool:
        """A sign of life of its process; False: it was cancelled or given up, and must stop."""
        with self._engine.begin() as connection:
            mine = LearningJob.id == id, LearningJob.active == 1
            connection.execute(update(LearningJob).where(*mine).values(seen=self._clock()))
            stop = connection.scalar(select(LearningJob.stop).where(*mine))
        return stop is False

    def progress(self, id: int, stage: str, done: int) -> None:
        """How far it is: one of STAGES, percent."""
        self._change(id, stage=stage, done=max(0, min(100, done)))

    def end(self, id: int, state: End, *, model: str = "", problem: str = "") -> None:
        """The job is over. Whoever comes second changes nothing."""
        values = {"model": model} if model else {}
        if state == "done":
            values |= {"stage": "end"}
        self._change(id, active=None, state=state, problem=problem, ended=self._clock(), **values)

    def cancel(self, id: int) -> bool:
        """Ask its process to stop; False when it is over already."""
        return self._change(id, stop=True)

    def latest(self) -> Job | None:
        """The newest job. One that has fallen silent is marked as failed first."""
        silent = LearningJob.active == 1, LearningJob.seen < self._clock() - SILENCE
        with self._engine.begin() as connection:
            lost = {"active": None, "state": "failed", "problem": LOST, "ended": self._clock()}
            if connection.scalar(select(LearningJob.id).where(*silent)) is not None:
                connection.execute(update(LearningJob).where(*silent).values(lost))
            row = connection.execute(select(LearningJob.__table__).order_by(LearningJob.id.desc()).limit(1)).first()
        return None if row is None else _job(row)

    def usual(self, kind: Kind) -> float | None:
        """Seconds that the last finished job of a kind took."""
        query = (
            select(LearningJob.started, LearningJob.ended)
            .where(LearningJob.kind == kind, LearningJob.state == "done")
            .order_by(LearningJob.id.desc())
            .limit(1)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return None if row is None or row.ended is None else (row.ended - row.started).total_seconds()

    def _change(self, id: int, **values: object) -> bool:
        mine = LearningJob.id == id, LearningJob.active == 1
        with self._engine.begin() as connection:
            return connection.execute(update(LearningJob).where(*mine).values(values)).rowcount > 0


def _job(row: Row[tuple[object, ...]]) -> Job:
    return Job(**{name: getattr(row, name) for name in Job.__dataclass_fields__})
