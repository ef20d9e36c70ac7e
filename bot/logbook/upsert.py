"""INSERT … ON CONFLICT for both databases."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase


def insert_into(connection: Connection, table: type[DeclarativeBase]) -> sqlite.Insert:
    """An INSERT that knows ON CONFLICT; both databases spell it alike."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)  # type: ignore[return-value]
    return sqlite.insert(table)
