"""The way to the database: one engine a process, sessions that keep the directory's revision number."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url, update
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, UOWTransaction
from sqlalchemy.pool import ConnectionPoolEntry

from agency_db.models import Revision, SeedRecord

_BUSY_MS = 250
_CONNECT_S = 2
_STATEMENT_MS = 5000


def open_engine(url: str) -> Engine:
    """Open SQLite (WAL, foreign keys, busy timeout 250 ms) or PostgreSQL (connect within 2 s, statements within 5 s).

    Nothing is connected yet. Raises sqlalchemy.exc.ArgumentError for a URL that cannot be read.
    """
    if make_url(url).get_backend_name() != "sqlite":
        options = f"-c statement_timeout={_STATEMENT_MS}"
        arguments = {"connect_timeout": _CONNECT_S, "options": options}
        return create_engine(url, pool_pre_ping=True, connect_args=arguments)
    engine = create_engine(url, connect_args={"timeout": _BUSY_MS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


class DirectorySession(Session):
    """A session for changing the directory: every flush that changes a row raises the revision number."""


@event.listens_for(DirectorySession, "before_flush")
def _raise_revision(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    changed = [*session.new, *(row for row in session.dirty if session.is_modified(row)), *session.deleted]
    if any(not isinstance(row, SeedRecord) for row in changed):
        session.execute(update(Revision).values(number=Revision.number + 1, changed_at=datetime.now(UTC)))
