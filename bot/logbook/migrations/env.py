"""Alembic's entry: runs the migrations on the connection that bot.logbook.schema hands over."""

from __future__ import annotations

from alembic import context

from bot.logbook.models import Base
from bot.logbook.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
