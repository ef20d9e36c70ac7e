"""Alembic's entry: runs the migrations on the connection that bot.staff.schema hands over."""

from __future__ import annotations

from alembic import context

from bot.staff import directory_notes  # noqa: F401 - its table belongs to Base
from bot.staff.models import Base
from bot.staff.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
