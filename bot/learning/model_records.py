"""Training jobs, models, switches and what a model in shadow answered differently, as typed tables.

No sentence of a resident is in them: a disagreement names its turn; the masked text stands in the log alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.logbook.models import UtcDateTime
from bot.staff.models import Base

_Id = BigInteger().with_variant(Integer, "sqlite")
_Name = String(64)


class LearningJob(Base):
    """One training (or comparing). `active` is 1 while it runs, else NULL: unique, so that there is one at a time.

    `done`: percent; `seen`: when its process last gave a sign of life; `stop`: somebody cancelled it.
    """

    __tablename__ = "learning_job"

    id: Mapped[int] = mapped_column(_Id, primary_key=True)
    active: Mapped[int | None] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    stage: Mapped[str] = mapped_column(String(32))
    done: Mapped[int]
    stop: Mapped[bool]
    who: Mapped[str] = mapped_column(String(32))
    model: Mapped[str] = mapped_column(_Name)
    problem: Mapped[str] = mapped_column(Text)
    started: Mapped[datetime] = mapped_column(UtcDateTime)
    seen: Mapped[datetime] = mapped_column(UtcDateTime)
    ended: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LearntModel(Base):
    """A trained model: of what, by whom, how good, and against which other one it was compared.

    `base`: hash of the release's data and code; `sentences` and `reviewed`: how many it learnt from; `figures`: set →
    figure → value with interval; `comparison`: bot.learning.comparing. `gone`: its archive was removed.
    """

    __tablename__ = "learning_model"

    name: Mapped[str] = mapped_column(_Name, primary_key=True)
    made: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str] = mapped_column(String(32))
    base: Mapped[str] = mapped_column(String(16))
    sentences: Mapped[int]
    reviewed: Mapped[int]
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    against: Mapped[str | None] = mapped_column(_Name)
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    comparison: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    gone: Mapped[bool]


class ModelSwitch(Base):
    """When which model went into service, in whose place, and who did it. `how`: switch, back, start."""

    __tablename__ = "learning_switch"

    id: Mapped[int] = mapped_column(_Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str] = mapped_column(String(32))
    how: Mapped[str] = mapped_column(String(16))
    model: Mapped[str] = mapped_column(_Name)
    before: Mapped[str] = mapped_column(_Name)


class Disagreement(Base):
    """A live turn that the model in shadow answered differently. `what`: the most important difference.

    `said` and `shadow_said`: {"areas", "crisis", "out_of_scope", "window", "kind"} of the two. `turn_id` is no foreign
    key: the turn may still wait to be stored, or be gone.
    """

    __tablename__ = "learning_disagreement"
    __table_args__ = (
        Index("ix_learning_disagreement_shadow", "shadow", "id"),
        Index("ix_learning_disagreement_turn", "turn_id"),
    )

    id: Mapped[int] = mapped_column(_Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    turn_id: Mapped[str] = mapped_column(_Name)
    model: Mapped[str] = mapped_column(_Name)
    shadow: Mapped[str] = mapped_column(_Name)
    what: Mapped[str] = mapped_column(String(16))
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    shadow_said: Mapped[dict[str, Any]] = mapped_column(JSON)
    verdict: Mapped[str] = mapped_column(String(16))
    judged_by: Mapped[str | None] = mapped_column(String(32))
