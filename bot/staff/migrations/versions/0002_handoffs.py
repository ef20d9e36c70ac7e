"""Handoffs and what became of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "handoffs"
down_revision = "0001"
branch_labels = None
depends_on = None

_WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the two tables."""
    op.create_table(
        "staff_handoff",
        sa.Column("code", sa.String(16), primary_key=True),
        sa.Column("created", _WHEN, nullable=False),
        sa.Column("made_by", sa.String(32), nullable=False),
        sa.Column("concern", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("areas", sa.JSON, nullable=False),
        sa.Column("windows", sa.JSON, nullable=False),
        sa.Column("crisis", sa.String(32), nullable=False),
        sa.Column("multi_agency", sa.Boolean, nullable=False),
        sa.Column("district", sa.String(32)),
        sa.Column("age", sa.String(16), nullable=False),
        sa.Column("household", sa.JSON, nullable=False),
        sa.Column("situation", sa.JSON, nullable=False),
        sa.Column("consent", sa.String(8), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_staff_handoff_state", "staff_handoff", ["state", "created"])
    op.create_index("ix_staff_handoff_created", "staff_handoff", ["created"])
    op.create_table(
        "staff_handoff_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("code", sa.String(16), sa.ForeignKey("staff_handoff.code", ondelete="CASCADE"), nullable=False),
        sa.Column("at", _WHEN, nullable=False),
        sa.Column("who", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("on_day", sa.Date, nullable=False),
    )
    op.create_index("ix_staff_handoff_step_code", "staff_handoff_step", ["code", "id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("staff_handoff_step")
    op.drop_table("staff_handoff")
