"""Accounts, sessions and the audit log as typed tables. Nothing of a resident is in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.logbook.models import UtcDateTime

Id = String(64)


class Base(DeclarativeBase):
    """All tables of the staff's side."""


class StaffAccount(Base):
    """Somebody who may sign in. Accounts are disabled, never deleted: the audit log speaks of them for years."""

    __tablename__ = "staff_account"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(32), unique=True)
    display_name: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    password: Mapped[str] = mapped_column(Text)
    disabled: Mapped[bool]
    created: Mapped[datetime] = mapped_column(UtcDateTime)
    password_changed: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffSession(Base):
    """A browser that is signed in; `id` is the SHA-256 of its token, which is stored nowhere."""

    __tablename__ = "staff_session"
    __table_args__ = (Index("ix_staff_session_account", "account_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey(StaffAccount.id, ondelete="CASCADE"))
    started: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditEntry(Base):
    """Who did what to which record, and when. Triggers of the database refuse every change and deletion."""

    __tablename__ = "staff_audit"
    __table_args__ = (
        Index("ix_staff_audit_at", "at"),
        Index("ix_staff_audit_who", "who", "id"),
        Index("ix_staff_audit_action", "action", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str] = mapped_column(String(32))
    action: Mapped[str] = mapped_column(String(48))
    kind: Mapped[str] = mapped_column(String(32))
    what: Mapped[str] = mapped_column(String(64))
