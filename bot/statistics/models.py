"""Counts of finished days as a typed table: what stays when the words are gone."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.staff.models import Base


class Statistic(Base):
    """How often something was met on one day (Asia/Tokyo); `bot.statistics.counting.Kind` says what.

    The unit is the talk: one conversation on one day, however many messages it had. "" stands for "does not apply",
    in `district` for "not known".
    """

    __tablename__ = "statistic"
    __table_args__ = (Index("ix_statistic_kind_day", "kind", "day"),)

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    area: Mapped[str] = mapped_column(String(64), primary_key=True)
    district: Mapped[str] = mapped_column(String(32), primary_key=True)
    detail: Mapped[str] = mapped_column(String(160), primary_key=True)
    count: Mapped[int]
