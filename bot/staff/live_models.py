"""Live conversations as typed tables: who waits for a person, who answers, and what was written, masked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.logbook.models import UtcDateTime
from bot.staff.models import Base, Id


class LiveTalk(Base):
    """A conversation that waits for a person, has one, or had one.

    `id` is what the staff's side calls it: the conversation's own id opens it for writing and stays with the resident.
    No foreign key to the log: while the log's turns wait in the spool, the queue must not.
    """

    __tablename__ = "live_talk"
    __table_args__ = (Index("ix_live_talk_state", "state", "asked_at"), Index("ix_live_talk_taken_by", "taken_by"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    conversation: Mapped[str] = mapped_column(Id, unique=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(16))
    crisis: Mapped[str] = mapped_column(String(32))
    triage: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    state: Mapped[str] = mapped_column(String(16))
    taken_by: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int]


class LiveMessage(Base):
    """What somebody wrote while a person answered (masked), or the name of what happened (sender `system`).

    `key`: chosen by the sender's page, so that a message sent twice over a bad line is kept once.
    """

    __tablename__ = "live_message"
    __table_args__ = (UniqueConstraint("talk", "number"), UniqueConstraint("talk", "key"))

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    talk: Mapped[str] = mapped_column(ForeignKey(LiveTalk.id, ondelete="CASCADE"))
    number: Mapped[int]
    sender: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    crisis: Mapped[str] = mapped_column(String(32))
    key: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class LiveTick(Base):
    """One row that counts every change, so that looking whether there is news costs one small read."""

    __tablename__ = "live_tick"

    id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


class Presence(Base):
    """A page of the queue that is open somewhere, and when it was last heard from."""

    __tablename__ = "presence"

    page: Mapped[str] = mapped_column(Id, primary_key=True)
    account_id: Mapped[str] = mapped_column(String(64))
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
