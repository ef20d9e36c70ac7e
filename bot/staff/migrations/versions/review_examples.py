"""Reviewed examples and the versions of their file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "review_examples"
down_revision = "0001"
branch_labels = None
depends_on = None

_WHEN = sa.DateTime(timezone=True)
_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "review_example",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("turn_id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("own_words", sa.Boolean, nullable=False),
        sa.Column("areas", sa.JSON, nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("crisis", sa.String(32), nullable=False),
        sa.Column("out_of_scope", sa.Boolean, nullable=False),
        sa.Column("who", sa.String(32), nullable=False),
        sa.Column("at", _WHEN, nullable=False),
        sa.Column("withdrawn_by", sa.String(32)),
        sa.Column("withdrawn_at", _WHEN),
    )
    op.create_index("ix_review_example_turn", "review_example", ["turn_id"])
    op.create_index("ix_review_example_conversation", "review_example", ["conversation_id"])
    op.create_table(
        "review_version",
        sa.Column("number", _ID, primary_key=True),
        sa.Column("at", _WHEN, nullable=False),
        sa.Column("who", sa.String(32), nullable=False),
        sa.Column("examples", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("review_version")
    op.drop_table("review_example")
