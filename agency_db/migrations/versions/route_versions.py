"""The routes of an area as operators left them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "route_versions"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "route_version",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("area", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("steps", sa.JSON, nullable=False),
        sa.UniqueConstraint("area", "number"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("route_version")
