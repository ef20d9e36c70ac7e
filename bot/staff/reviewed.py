"""Reviewed examples and the versions of their file as typed tables: who and when stand here, never in the file.

They live among the staff's tables, apart from the log:
a conversation is forgotten after 90 days, what was learnt stays.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.logbook.models import UtcDateTime
from bot.staff.models import Base

_Id = BigInteger().with_variant(Integer, "sqlite")


class ReviewedExample(Base):
    """A sentence that an operator made from a turn. `own_words`: rephrased, not the resident's masked words.

    `turn_id` and `conversation_id` are no foreign keys: the turn may be gone.
    """

    __tablename__ = "review_example"
    __table_args__ = (
        Index("ix_review_example_turn", "turn_id"),
        Index("ix_review_example_conversation", "conversation_id"),
    )

    id: Mapped[int] = mapped_column(_Id, primary_key=True)
    turn_id: Mapped[str] = mapped_column(String(64))
    conversation_id: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    own_words: Mapped[bool]
    areas: Mapped[list[str]] = mapped_column(JSON)
    act: Mapped[str] = mapped_column(String(32))
    crisis: Mapped[str] = mapped_column(String(32))
    out_of_scope: Mapped[bool]
    who: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str | None] = mapped_column(String(32))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReviewedVersion(Base):
    """One writing of the file. `sha256`: of its content."""

    __tablename__ = "review_version"

    number: Mapped[int] = mapped_column(_Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str] = mapped_column(String(32))
    examples: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
