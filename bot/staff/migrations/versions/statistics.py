"""Counts of finished days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "statistics"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "statistic",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("area", sa.String(64), primary_key=True),
        sa.Column("district", sa.String(32), primary_key=True),
        sa.Column("detail", sa.String(160), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_index("ix_statistic_kind_day", "statistic", ["kind", "day"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("statistic")
