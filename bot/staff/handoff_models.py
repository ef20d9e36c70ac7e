"""Handoffs as typed tables: the triage that was handed over, and what became of it. No name, address or number."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.logbook.models import UtcDateTime
from bot.staff.models import Base


class StaffHandoff(Base):
    """A handoff sheet without what was typed for printing only. `state` and `since` are those of its last step."""

    __tablename__ = "staff_handoff"
    __table_args__ = (Index("ix_staff_handoff_state", "state", "created"), Index("ix_staff_handoff_created", "created"))

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(32))
    concern: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    areas: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    windows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    crisis: Mapped[str] = mapped_column(String(32))
    multi_agency: Mapped[bool]
    district: Mapped[str | None] = mapped_column(String(32))
    age: Mapped[str] = mapped_column(String(16))
    household: Mapped[list[str]] = mapped_column(JSON)
    situation: Mapped[list[str]] = mapped_column(JSON)
    consent: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    since: Mapped[date] = mapped_column(Date)
    version: Mapped[int]


class StaffHandoffStep(Base):
    """What became of a handoff: who said so when, and on which day it happened."""

    __tablename__ = "staff_handoff_step"
    __table_args__ = (Index("ix_staff_handoff_step_code", "code", "id"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey(StaffHandoff.code, ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    on_day: Mapped[date] = mapped_column(Date)
