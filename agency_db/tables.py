"""The directory's tables by name, and what holds for the rows of all of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import inspect

from agency_db.models import Base

BY_NAME: Final = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
#: Their names, those that others refer to first.
IN_ORDER: Final = [table.name for table in Base.metadata.sorted_tables]


def key_of(row: Base) -> str:
    """A row's key as text: every table that is seeded or edited by hand has one column for it."""
    return str(inspect(row).mapper.primary_key_from_instance(row)[0])


def aware(at: datetime) -> datetime:
    """A stored moment with its time zone, which SQLite does not keep: everything that is stored is UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)
