"""The staff's own triage of a conversation, where it came out differently."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "log_staff_triage",
        sa.Column("handoff", sa.String(16), primary_key=True),
        sa.Column(
            "conversation_id",
            sa.String(64),
            sa.ForeignKey("log_conversation.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("who", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("areas", sa.JSON, nullable=False),
        sa.Column("windows", sa.JSON, nullable=False),
    )
    op.create_index("ix_log_staff_triage_conversation", "log_staff_triage", ["conversation_id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("log_staff_triage")
