"""What the desk found wrong in the directory."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "directory_notes"
down_revision = "0001"
branch_labels = None
depends_on = None

_WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "staff_directory_note",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("at", _WHEN, nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("card", sa.String(96), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("correct", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("closed_at", _WHEN, nullable=True),
        sa.Column("closed_by", sa.String(64), nullable=True),
    )
    op.create_index("ix_staff_directory_note_state", "staff_directory_note", ["state", "at"])
