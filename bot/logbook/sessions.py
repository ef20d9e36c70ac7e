"""The engine's conversation state, kept so that a restart or another engine process can go on with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.logbook.database import open_engine
from bot.logbook.models import StoredSession

JSON = dict[str, Any]


class StaleSession(Exception):
    """Somebody else saved this conversation since it was loaded; the newer state stands."""


class SessionStore:
    """States by conversation id. It stores what it is given: the caller leaves the resident's words out.

    Safe to share between threads. Every method raises sqlalchemy.exc.SQLAlchemyError when the database does not answer.
    """

    def __init__(self, url: str) -> None:
        """`url`: the logbook's database, its tables already there (bot.logbook.schema.upgrade)."""
        self._engine = open_engine(url)

    def save(self, conversation: str, state: JSON, version: int) -> None:
        """Store `state` over version `version` (0: there was none); it becomes version + 1. Raises StaleSession."""
        now = datetime.now(UTC)
        with self._engine.begin() as connection:
            if version == 0:
                row = insert(StoredSession).values(id=conversation, state=state, version=1, updated=now)
                try:
                    connection.execute(row)
                except IntegrityError as error:
                    raise StaleSession(conversation) from error
                return
            changed = connection.execute(
                update(StoredSession)
                .where(StoredSession.id == conversation, StoredSession.version == version)
                .values(state=state, version=version + 1, updated=now)
            )
            if changed.rowcount == 0:
                raise StaleSession(conversation)

    def load(self, conversation: str) -> tuple[JSON, int] | None:
        """The state and its version, or None."""
        with self._engine.connect() as connection:
            row = connection.execute(
                select(StoredSession.state, StoredSession.version).where(StoredSession.id == conversation)
            ).one_or_none()
        return None if row is None else (row.state, row.version)

    def delete(self, conversation: str) -> None:
        """Forget a conversation; nothing happens where there is none."""
        with self._engine.begin() as connection:
            connection.execute(delete(StoredSession).where(StoredSession.id == conversation))

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()
