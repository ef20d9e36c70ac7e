"""Alembic's entry: runs the migrations on the connection that agency_db.schema hands over."""

from __future__ import annotations

from alembic import context

from agency_db.models import Base
from agency_db.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
