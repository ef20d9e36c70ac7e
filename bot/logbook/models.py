"""The conversation log as typed tables. Nothing here identifies a person: text is masked before it comes this far."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

Id = String(64)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in, aware UTC datetimes out, also on SQLite, which keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Naive values are refused with ValueError: nobody could tell later which clock they were read from."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC whatever the database returned."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables of the logbook."""


class Conversation(Base):
    """One conversation; `district` is the last one that was certain, `source` where it began."""

    __tablename__ = "log_conversation"
    __table_args__ = (Index("ix_log_conversation_last_activity", "last_activity"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    started: Mapped[datetime] = mapped_column(UtcDateTime)
    last_activity: Mapped[datetime] = mapped_column(UtcDateTime)
    district: Mapped[str | None] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(String(16))


class StoredTurn(Base):
    """One message and its answer; `number` counts from 1 within the conversation."""

    __tablename__ = "log_turn"
    __table_args__ = (
        Index("ix_log_turn_conversation_number", "conversation_id", "number", unique=True),
        Index("ix_log_turn_at", "at"),
        Index("ix_log_turn_crisis_at", "crisis", "at"),
        Index("ix_log_turn_kind_at", "kind", "at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey(Conversation.id, ondelete="CASCADE"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)
    areas: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    crisis: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(32))
    out_of_scope: Mapped[bool]
    windows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    place: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    acts: Mapped[list[Any]] = mapped_column(JSON)
    messages: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    model: Mapped[str] = mapped_column(Text)
    duration_ms: Mapped[int]
    degraded: Mapped[bool]


class StoredSession(Base):
    """The engine's state of a conversation (slots, acts, last triage), with a version against lost updates."""

    __tablename__ = "log_session"
    __table_args__ = (Index("ix_log_session_updated", "updated"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int]
    updated: Mapped[datetime] = mapped_column(UtcDateTime)


class Facet(Base):
    """Something that operators look for, and a conversation that has it (bot.logbook.facets)."""

    __tablename__ = "log_facet"
    __table_args__ = (Index("ix_log_facet_newest", "facet", "last_activity", "conversation_id"),)

    conversation_id: Mapped[str] = mapped_column(ForeignKey(Conversation.id, ondelete="CASCADE"), primary_key=True)
    facet: Mapped[str] = mapped_column(String(64), primary_key=True)
    last_activity: Mapped[datetime] = mapped_column(UtcDateTime)


class Feedback(Base):
    """What the resident said about an answer: it helped or it did not."""

    __tablename__ = "log_feedback"

    turn_id: Mapped[str] = mapped_column(ForeignKey(StoredTurn.id, ondelete="CASCADE"), primary_key=True)
    helpful: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Review(Base):
    """What operators noted about a conversation; it goes when the conversation goes. `reviewed_by`: account name."""

    __tablename__ = "log_review"

    conversation_id: Mapped[str] = mapped_column(ForeignKey(Conversation.id, ondelete="CASCADE"), primary_key=True)
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reviewed_by: Mapped[str | None] = mapped_column(String(32))
    saved: Mapped[bool] = mapped_column(default=False)
    tags: Mapped[list[str]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text)


class Label(Base):
    """What one operator says would have been right for a turn. Rows are added, never changed: the last one stands."""

    __tablename__ = "log_label"
    __table_args__ = (Index("ix_log_label_turn", "turn_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    turn_id: Mapped[str] = mapped_column(ForeignKey(StoredTurn.id, ondelete="CASCADE"))
    who: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    areas: Mapped[list[str]] = mapped_column(JSON)
    act: Mapped[str] = mapped_column(String(32))
    crisis: Mapped[str] = mapped_column(String(32))
    out_of_scope: Mapped[bool]
    district: Mapped[str | None] = mapped_column(String(32))
    window: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)


class StaffTriage(Base):
    """What a clerk made of a conversation, where it is not what the assistant made of it. `who`: account name.

    `areas` and `windows` are ids, as the handoff sheet with this number has them; of words there are none.
    """

    __tablename__ = "log_staff_triage"
    __table_args__ = (Index("ix_log_staff_triage_conversation", "conversation_id"),)

    handoff: Mapped[str] = mapped_column(String(16), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey(Conversation.id, ondelete="CASCADE"))
    who: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    areas: Mapped[list[str]] = mapped_column(JSON)
    windows: Mapped[list[str]] = mapped_column(JSON)
