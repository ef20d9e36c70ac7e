"""Whether an answer helped, in the resident's own judgement."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select

from bot.logbook import facets
from bot.logbook.models import Feedback, StoredTurn
from bot.logbook.upsert import insert_into


def keep(engine: Engine, conversation: str, helpful: bool, at: datetime) -> bool:
    """Keep what the resident says about the newest answer that named windows; the last word counts.

    False where there is no such answer in the log (erased, or still waiting to be stored). `at`: aware.
    Raises SQLAlchemyError when the database does not answer.
    """
    with engine.begin() as connection:
        newest = select(StoredTurn.id, StoredTurn.windows).where(StoredTurn.conversation_id == conversation)
        turns = connection.execute(newest.order_by(StoredTurn.number.desc())).all()
        turn = next((turn.id for turn in turns if turn.windows), None)
        if turn is None:
            return False
        row = insert_into(connection, Feedback).values(turn_id=turn, helpful=helpful, at=at)
        connection.execute(
            row.on_conflict_do_update(index_elements=[Feedback.turn_id], set_={"helpful": helpful, "at": at})
        )
        of_talk = select(Feedback.helpful).join(StoredTurn).where(StoredTurn.conversation_id == conversation)
        said = set(connection.scalars(of_talk))
        for facet, value in ((facets.THUMBS_UP, True), (facets.THUMBS_DOWN, False)):
            (facets.add if value in said else facets.remove)(connection, conversation, facet)
    return True
