"""Facets of conversations, feedback of residents, and what operators note and label."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_WHEN = sa.DateTime(timezone=True)
_BATCH = 1000


def upgrade() -> None:
    """Create the tables and give the conversations that are there their facets."""
    op.create_table(
        "log_facet",
        sa.Column("conversation_id", sa.String(64), sa.ForeignKey("log_conversation.id", ondelete="CASCADE")),
        sa.Column("facet", sa.String(64)),
        sa.Column("last_activity", _WHEN, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "facet"),
    )
    op.create_table(
        "log_feedback",
        sa.Column("turn_id", sa.String(64), sa.ForeignKey("log_turn.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("helpful", sa.Boolean, nullable=False),
        sa.Column("at", _WHEN, nullable=False),
    )
    op.create_table(
        "log_review",
        sa.Column(
            "conversation_id",
            sa.String(64),
            sa.ForeignKey("log_conversation.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("reviewed_at", _WHEN),
        sa.Column("reviewed_by", sa.String(32)),
        sa.Column("saved", sa.Boolean, nullable=False),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_table(
        "log_label",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("turn_id", sa.String(64), sa.ForeignKey("log_turn.id", ondelete="CASCADE"), nullable=False),
        sa.Column("who", sa.String(32), nullable=False),
        sa.Column("at", _WHEN, nullable=False),
        sa.Column("areas", sa.JSON, nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("crisis", sa.String(32), nullable=False),
        sa.Column("out_of_scope", sa.Boolean, nullable=False),
        sa.Column("district", sa.String(32)),
        sa.Column("window", sa.String(64)),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("ix_log_label_turn", "log_label", ["turn_id", "id"])
    _fill()
    op.create_index("ix_log_facet_newest", "log_facet", ["facet", "last_activity", "conversation_id"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("log_label", "log_review", "log_feedback", "log_facet"):
        op.drop_table(table)


def _fill() -> None:
    """The facets as they were defined when this revision was made; later turns bring their own."""
    connection = op.get_bind()
    turn = sa.table(
        "log_turn",
        *(sa.column(name, sa.String) for name in ("conversation_id", "crisis", "kind")),
        *(sa.column(name, sa.JSON) for name in ("areas", "windows")),
        sa.column("number", sa.Integer),
        sa.column("out_of_scope", sa.Boolean),
    )
    talk = sa.table("log_conversation", sa.column("id"), sa.column("last_activity", _WHEN), sa.column("district"))
    facet = sa.table("log_facet", sa.column("conversation_id"), sa.column("facet"), sa.column("last_activity", _WHEN))
    after = ""
    while True:
        query = sa.select(talk).where(talk.c.id > after).order_by(talk.c.id).limit(_BATCH)
        talks = {row.id: row for row in connection.execute(query)}
        if not talks:
            return
        after = max(talks)
        found: dict[str, list[str]] = {id: ["unreviewed"] for id in talks}
        for row in connection.execute(sa.select(turn).where(turn.c.conversation_id.in_(list(talks)))):
            found[row.conversation_id] += _facets(row)
        rows = [
            {"conversation_id": id, "facet": name, "last_activity": talks[id].last_activity}
            for id, names in found.items()
            for name in {*names, *_whole(names, talks[id].district)}
        ]
        connection.execute(sa.insert(facet), rows)


def _facets(turn: Any) -> list[str]:
    areas = turn.areas
    return [
        f"kind:{turn.kind}",
        *(f"area:{area['id']}" for area in areas),
        *(["low"] if areas and max(area["score"] for area in areas) < 0.5 else []),
        *(["no_window"] if areas and not turn.windows else []),
        *(["crisis"] if turn.crisis != "none" else []),
        *(["out_of_scope"] if turn.out_of_scope else []),
    ]


def _whole(names: list[str], district: str | None) -> set[str]:
    twice = {"asked_twice"} if names.count("kind:clarify") > 1 else set()
    return twice | ({f"district:{district}"} if district else set())
