"""INSERT … ON CONFLICT for both databases."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase


def insert_into(connection: Connection, table: type[DeclarativeBase]) -> sqlite.Insert:
    """An INSERT that knows ON CONFLICT; both databases spell it alike."""
    if connection.dialect.name == "postgresql":
        return cast(sqlite.Insert, postgresql.insert(table))
    return sqlite.insert(table)
