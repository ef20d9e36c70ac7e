"""Training jobs, models, switches, and what a model in shadow answered differently."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "learning_models"
down_revision = "0001"
branch_labels = None
depends_on = None

_WHEN = sa.DateTime(timezone=True)
_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_NAME = sa.String(64)


def upgrade() -> None:
    """Create the four tables."""
    op.create_table(
        "learning_job",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("active", sa.Integer, unique=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("stop", sa.Boolean, nullable=False),
        sa.Column("who", sa.String(32), nullable=False),
        sa.Column("model", _NAME, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("started", _WHEN, nullable=False),
        sa.Column("seen", _WHEN, nullable=False),
        sa.Column("ended", _WHEN),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "learning_model",
        sa.Column("name", _NAME, primary_key=True),
        sa.Column("made", _WHEN, nullable=False),
        sa.Column("who", sa.String(32), nullable=False),
        sa.Column("base", sa.String(16), nullable=False),
        sa.Column("sentences", sa.Integer, nullable=False),
        sa.Column("reviewed", sa.Integer, nullable=False),
        sa.Column("figures", sa.JSON),
        sa.Column("against", _NAME),
        sa.Column("summary", sa.JSON),
        sa.Column("comparison", sa.JSON),
        sa.Column("gone", sa.Boolean, nullable=False),
    )
    op.create_table(
        "learning_switch",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("at", _WHEN, nullable=False),
        sa.Column("who", sa.String(32), nullable=False),
        sa.Column("how", sa.String(16), nullable=False),
        sa.Column("model", _NAME, nullable=False),
        sa.Column("before", _NAME, nullable=False),
    )
    op.create_table(
        "learning_disagreement",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("at", _WHEN, nullable=False),
        sa.Column("turn_id", _NAME, nullable=False),
        sa.Column("model", _NAME, nullable=False),
        sa.Column("shadow", _NAME, nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("said", sa.JSON, nullable=False),
        sa.Column("shadow_said", sa.JSON, nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("judged_by", sa.String(32)),
    )
    op.create_index("ix_learning_disagreement_shadow", "learning_disagreement", ["shadow", "id"])
    op.create_index("ix_learning_disagreement_turn", "learning_disagreement", ["turn_id"])


def downgrade() -> None:
    """Drop them."""
    for table in ("learning_disagreement", "learning_switch", "learning_model", "learning_job"):
        op.drop_table(table)
