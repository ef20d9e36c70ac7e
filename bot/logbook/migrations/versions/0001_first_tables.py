"""Conversations, turns and sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the three tables and the indexes of an operator's lists."""
    op.create_table(
        "log_conversation",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("started", _WHEN, nullable=False),
        sa.Column("last_activity", _WHEN, nullable=False),
        sa.Column("district", sa.String(32)),
        sa.Column("source", sa.String(16), nullable=False),
    )
    op.create_index("ix_log_conversation_last_activity", "log_conversation", ["last_activity"])
    op.create_table(
        "log_turn",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column(
            "conversation_id",
            sa.String(64),
            sa.ForeignKey("log_conversation.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", _WHEN, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("areas", sa.JSON, nullable=False),
        sa.Column("crisis", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("out_of_scope", sa.Boolean, nullable=False),
        sa.Column("windows", sa.JSON, nullable=False),
        sa.Column("place", sa.JSON),
        sa.Column("acts", sa.JSON, nullable=False),
        sa.Column("messages", sa.JSON, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("duration_ms", sa.Integer, nullable=False),
        sa.Column("degraded", sa.Boolean, nullable=False),
    )
    op.create_index("ix_log_turn_conversation_number", "log_turn", ["conversation_id", "number"], unique=True)
    op.create_index("ix_log_turn_at", "log_turn", ["at"])
    op.create_index("ix_log_turn_crisis_at", "log_turn", ["crisis", "at"])
    op.create_index("ix_log_turn_kind_at", "log_turn", ["kind", "at"])
    op.create_table(
        "log_session",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("state", sa.JSON, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated", _WHEN, nullable=False),
    )
    op.create_index("ix_log_session_updated", "log_session", ["updated"])


def downgrade() -> None:
    """Drop everything that the first revision made."""
    for table in ("log_session", "log_turn", "log_conversation"):
        op.drop_table(table)
