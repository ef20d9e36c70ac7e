"""Where a clerk's own triage differs from the assistant's: kept with the conversation, for operators to learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, select

from bot.logbook import facets
from bot.logbook.models import Conversation, StaffTriage


@dataclass(frozen=True, slots=True)
class Differing:
    """Ids only. `handoff`: number of the sheet; `who`: account name; `at`: aware."""

    handoff: str
    who: str
    at: datetime
    areas: Sequence[str]
    windows: Sequence[str]


def keep(engine: Engine, conversation: str, differing: Differing) -> None:
    """Keep it, in place of what the same sheet said before; the conversation is to be looked at (again).

    A conversation that is not in the log (erased, or waiting to be stored) is no error. SQLAlchemyError as usual.
    """
    with engine.begin() as connection:
        _drop(connection, differing.handoff)
        if connection.scalar(select(Conversation.id).where(Conversation.id == conversation)) is None:
            return
        connection.execute(
            insert(StaffTriage).values(
                handoff=differing.handoff,
                conversation_id=conversation,
                who=differing.who,
                at=differing.at,
                areas=list(differing.areas),
                windows=list(differing.windows),
            )
        )
        facets.add(connection, conversation, facets.STAFF_DIFFERS, facets.UNREVIEWED)


def drop(engine: Engine, handoff: str) -> None:
    """The sheet agrees with the assistant after all; nothing happens where it never differed."""
    with engine.begin() as connection:
        _drop(connection, handoff)


def of_conversation(engine: Engine, conversation: str) -> list[Differing]:
    """What clerks made of it, the oldest first."""
    query = select(StaffTriage.__table__).where(StaffTriage.conversation_id == conversation).order_by(StaffTriage.at)
    with engine.connect() as connection:
        return [Differing(row.handoff, row.who, row.at, row.areas, row.windows) for row in connection.execute(query)]


def _drop(connection: Connection, handoff: str) -> None:
    conversation = connection.scalar(select(StaffTriage.conversation_id).where(StaffTriage.handoff == handoff))
    if conversation is None:
        return
    connection.execute(delete(StaffTriage).where(StaffTriage.handoff == handoff))
    if (
        connection.scalar(select(StaffTriage.handoff).where(StaffTriage.conversation_id == conversation).limit(1))
        is None
    ):
        facets.remove(connection, conversation, facets.STAFF_DIFFERS)
