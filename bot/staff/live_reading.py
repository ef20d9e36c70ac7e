"""What clerks see of the queue: the list, and one talk from its first word on. All of it is masked text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine, case, func, select

from bot.logbook.models import Conversation, StoredTurn
from bot.staff.live_models import LiveMessage, LiveTalk
from bot.staff.live_talk import State, Talk
from bot.staff.models import StaffAccount

#: The model's name of turns that a person answered: they stand in the talk's own messages.
PERSON = "person"


@dataclass(frozen=True, slots=True)
class Entry:
    """A talk in the list. `last`: what the resident wrote last, masked; `clerk`: who has it."""

    talk: Talk
    district: str | None
    last: str
    clerk: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was said. `sender` "system": `text` is an Event's name. `crisis`: "none" or its kind."""

    sender: Literal["resident", "bot", "staff", "system"]
    text: str
    crisis: str
    at: datetime


def entries(engine: Engine) -> Sequence[Entry]:
    """Who waits or talks: danger first, then who has waited longest. Raises SQLAlchemyError."""
    columns = [getattr(LiveTalk, name) for name in Talk.__slots__]
    query = (
        select(*columns, Conversation.district, StaffAccount.display_name)
        .outerjoin(Conversation, Conversation.id == LiveTalk.conversation)
        .outerjoin(StaffAccount, StaffAccount.id == LiveTalk.taken_by)
        .where(LiveTalk.state.in_((State.WAITING, State.TAKEN)))
        .order_by(case((LiveTalk.reason == "crisis", 0), else_=1), LiveTalk.asked_at, LiveTalk.id)
    )
    with engine.connect() as connection:
        rows = connection.execute(query).all()
        last = _last_words(connection, [row.conversation for row in rows])
    return [Entry(_talk(row), row.district, last.get(row.conversation, ""), row.display_name) for row in rows]


def one(engine: Engine, id: str) -> tuple[Talk, Sequence[Line]] | None:
    """A talk and everything said in it, in order; None when it is gone (erased by the resident, or too old)."""
    columns = [getattr(LiveTalk, name) for name in Talk.__slots__]
    with engine.connect() as connection:
        row = connection.execute(select(*columns).where(LiveTalk.id == id)).one_or_none()
        if row is None:
            return None
        talk = _talk(row)
        return talk, _lines(connection, talk)


def _talk(row: Any) -> Talk:
    values = {name: getattr(row, name) for name in Talk.__slots__}
    return Talk(**{**values, "state": State(row.state)})


def _lines(connection: Connection, talk: Talk) -> Sequence[Line]:
    turns = (
        select(StoredTurn.text, StoredTurn.messages, StoredTurn.kind, StoredTurn.crisis, StoredTurn.at)
        .where(StoredTurn.conversation_id == talk.conversation, StoredTurn.model != PERSON)
        .order_by(StoredTurn.number)
    )
    lines: list[Line] = []
    for turn in connection.execute(turns):
        # A follow-up repeats the crisis of an earlier turn; marked is the message that told of it.
        crisis = turn.crisis if turn.kind == "crisis" else "none"
        lines.append(Line("resident", turn.text, crisis, turn.at))
        lines += [Line("bot", message["text"], "none", turn.at) for message in turn.messages]
    said = select(LiveMessage.__table__).where(LiveMessage.talk == talk.id).order_by(LiveMessage.number)
    lines += [Line(row.sender, row.text, row.crisis, row.at) for row in connection.execute(said)]
    # Stable: what the bot answered stays behind what was asked.
    lines.sort(key=lambda line: line.at)
    if talk.state in (State.ENDED, State.LEFT):
        # What the resident goes on writing to the bot is nobody's business here.
        while lines and lines[-1].sender != "system":
            lines.pop()
    return lines


def _last_words(connection: Connection, conversations: Sequence[str]) -> dict[str, str]:
    """The last turn's text of each conversation: while a person answers, turns are logged as well.

    Asking for a person says nothing about the worry: what was written before is shown, where there is anything.
    """
    if not conversations:
        return {}
    asking = (StoredTurn.kind == "human") & (StoredTurn.model != PERSON)
    telling = func.max(case((asking, None), else_=StoredTurn.number))
    newest: Any = (
        select(StoredTurn.conversation_id, func.coalesce(telling, func.max(StoredTurn.number)).label("number"))
        .where(StoredTurn.conversation_id.in_(conversations))
        .group_by(StoredTurn.conversation_id)
        .subquery()
    )
    query = select(StoredTurn.conversation_id, StoredTurn.text).join(
        newest, (newest.c.conversation_id == StoredTurn.conversation_id) & (newest.c.number == StoredTurn.number)
    )
    return {row.conversation_id: row.text for row in connection.execute(query)}
