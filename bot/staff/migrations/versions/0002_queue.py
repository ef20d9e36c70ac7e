"""Live conversations: the queue, its messages, a counter of changes, and whose page is open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "queue"
down_revision = "0001"
branch_labels = None
depends_on = None

_WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the four tables; the counter gets its only row."""
    op.create_table(
        "live_talk",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("conversation", sa.String(64), nullable=False, unique=True),
        sa.Column("asked_at", _WHEN, nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("crisis", sa.String(32), nullable=False),
        sa.Column("triage", sa.JSON),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("taken_by", sa.String(64)),
        sa.Column("lease_until", _WHEN),
        sa.Column("seen_at", _WHEN, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_live_talk_state", "live_talk", ["state", "asked_at"])
    op.create_index("ix_live_talk_taken_by", "live_talk", ["taken_by"])
    op.create_table(
        "live_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("talk", sa.String(64), sa.ForeignKey("live_talk.id", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("sender", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("crisis", sa.String(32), nullable=False),
        sa.Column("key", sa.String(64)),
        sa.Column("at", _WHEN, nullable=False),
        sa.UniqueConstraint("talk", "number"),
        sa.UniqueConstraint("talk", "key"),
    )
    tick = op.create_table(
        "live_tick",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(tick, [{"id": 1, "value": 1}])
    op.create_table(
        "presence",
        sa.Column("page", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("seen_at", _WHEN, nullable=False),
    )


def downgrade() -> None:
    """Drop the four tables."""
    for table in ("presence", "live_tick", "live_message", "live_talk"):
        op.drop_table(table)
