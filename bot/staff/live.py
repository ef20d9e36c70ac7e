"""Live conversations: who waits for a person, who answers whom.

The state is in the database, for any number of web processes; nobody holds a talk by being connected to one of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Connection, Engine, Row, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.logbook import facets
from bot.logbook.models import Conversation
from bot.staff.clock import Clock, now
from bot.staff.live_models import LiveMessage, LiveTalk, LiveTick, Presence
from bot.staff.live_talk import Event, Message, Sender, State, Talk

JSON = dict[str, Any]

#: A clerk of whom nothing was heard for so long has vanished: others may take over. The page is heard every 12 s.
LEASE: Final = timedelta(seconds=45)
#: A resident's page that waits is heard every 25 s. So long without a sign, and it is taken for closed …
RESIDENT_AWAY: Final = timedelta(seconds=70)
#: … and after this nobody waits any more.
GIVEN_UP: Final = timedelta(minutes=30)
# The log may lie in the spool for a while; a talk that it does not know after this has been erased or has expired.
_LOG_BEHIND: Final = timedelta(hours=1)


class LiveQueue:
    """Safe to share between threads and processes. Every method raises SQLAlchemyError when the database is away."""

    def __init__(self, engine: Engine, clock: Clock = now) -> None:
        """`engine`: the log database with the staff's tables."""
        self._engine = engine
        self._clock = clock

    # The resident's side

    def ask(self, conversation: str, crisis: str, triage: JSON | None) -> Talk:
        """Somebody asks for a person or is in danger (`crisis` not "none"): the talk waits, from now on if it did not.

        While it waits already it keeps its place. A crisis stays the reason once there was one.
        """
        at = self._clock()
        values: JSON = {"triage": triage, "seen_at": at}
        if crisis != "none":
            values |= {"reason": "crisis", "crisis": crisis}
        again = {"state": State.WAITING, "asked_at": at, "taken_by": None, "lease_until": None}
        fresh = {"reason": "human", "crisis": "none"}
        over = LiveTalk.state.in_((State.ENDED, State.LEFT))
        while True:
            # Two passes for a conversation that is new: the first finds nothing, the second what was inserted, by this
            # process or by another that was quicker.
            with self._engine.begin() as connection:
                talk = _change(connection, LiveTalk.conversation == conversation, over, **fresh | again | values)
                talk = talk or _change(connection, LiveTalk.conversation == conversation, **values)
                if talk is not None:
                    return talk
            row = fresh | again | values | {"id": uuid.uuid4().hex, "conversation": conversation, "version": 1}
            with suppress(IntegrityError), self._engine.begin() as connection:
                connection.execute(insert(LiveTalk).values(row))

    def keep(self, conversation: str, triage: JSON | None) -> None:
        """The bot went on talking with somebody who waits: the newest triage is what a clerk will see."""
        with self._engine.begin() as connection:
            waiting = LiveTalk.state == State.WAITING
            _change(connection, LiveTalk.conversation == conversation, waiting, triage=triage, seen_at=self._clock())

    def find(self, conversation: str) -> Talk | None:
        """The talk of a conversation; None if nobody ever waited in it."""
        with self._engine.connect() as connection:
            row = connection.execute(_talks().where(LiveTalk.conversation == conversation)).one_or_none()
        return None if row is None else _talk(row)

    def hear(self, conversation: str, text: str, crisis: str) -> Talk | None:
        """What the resident writes to the person who answers (masked). None when no person does: the bot shall."""
        at = self._clock()
        with self._engine.begin() as connection:
            mine = (LiveTalk.conversation == conversation, LiveTalk.state == State.TAKEN, LiveTalk.lease_until > at)
            values: JSON = {"seen_at": at} | ({} if crisis == "none" else {"crisis": crisis, "reason": "crisis"})
            talk = _change(connection, *mine, **values)
            if talk is not None:
                _add(connection, talk.id, "resident", text, at, crisis=crisis)
            return talk

    def seen(self, conversation: str) -> None:
        """The resident's page is there. No news for anybody, so it is not counted as a change."""
        with self._engine.begin() as connection:
            connection.execute(
                update(LiveTalk).where(LiveTalk.conversation == conversation).values(seen_at=self._clock())
            )

    def leave(self, conversation: str) -> None:
        """The resident went away, or began anew."""
        with self._engine.begin() as connection:
            here = LiveTalk.state.in_((State.WAITING, State.TAKEN))
            gone: JSON = {"state": State.LEFT, "taken_by": None, "lease_until": None}
            self._step(connection, Event.RESIDENT_LEFT, LiveTalk.conversation == conversation, here, **gone)

    def forget(self, conversation: str) -> None:
        """Delete a talk with all its messages."""
        with self._engine.begin() as connection:
            connection.execute(delete(LiveTalk).where(LiveTalk.conversation == conversation))
            _count(connection)

    # The clerk's side

    def take(self, id: str, account: str) -> bool:
        """Take over. Of all who try at once exactly one gets True; who has it already gets True again."""
        with self._engine.begin() as connection:
            values: JSON = {"state": State.TAKEN, "taken_by": account, "lease_until": self._clock() + LEASE}
            waiting = LiveTalk.state == State.WAITING
            if self._step(connection, Event.JOINED, LiveTalk.id == id, waiting, **values):
                # So that operators can look for talks that a person took over.
                conversation = connection.scalar(select(LiveTalk.conversation).where(LiveTalk.id == id))
                facets.add(connection, str(conversation), facets.TAKEN_OVER)
                return True
        return self.held(id, account)

    def held(self, id: str, account: str) -> bool:
        """Whether this account answers in this talk."""
        with self._engine.connect() as connection:
            query = select(LiveTalk.id).where(LiveTalk.id == id, *_held_by(account))
            return connection.execute(query).one_or_none() is not None

    def say(self, id: str, account: str, text: str, key: str) -> bool:
        """What the clerk writes (masked); the same `key` twice is one message. False when the talk is not theirs."""
        try:
            with self._engine.begin() as connection:
                talk = _change(connection, LiveTalk.id == id, *_held_by(account))
                if talk is not None:
                    _add(connection, id, "staff", text, self._clock(), key=key)
                return talk is not None
        except IntegrityError:
            return True

    def close(self, id: str, account: str, event: Literal[Event.HANDED_BACK, Event.ENDED]) -> bool:
        """Hand back to the bot, or end. False when the talk is not theirs (any more)."""
        with self._engine.begin() as connection:
            over: JSON = {"state": State.ENDED, "taken_by": None, "lease_until": None}
            return self._step(connection, event, LiveTalk.id == id, *_held_by(account), **over)

    def beat(self, page: str, account: str) -> None:
        """A page of the queue is open: its owner is there and goes on holding what was taken."""
        at = self._clock()
        with self._engine.begin() as connection:
            here = update(Presence).where(Presence.page == page).values(seen_at=at, account_id=account)
            if connection.execute(here).rowcount == 0:
                connection.execute(delete(Presence).where(Presence.seen_at < at - LEASE))
                connection.execute(insert(Presence).values(page=page, account_id=account, seen_at=at))
            connection.execute(update(LiveTalk).where(*_held_by(account)).values(lease_until=at + LEASE))

    def away(self, page: str) -> None:
        """A page was closed. What its owner holds is released when no other page of theirs is heard either."""
        with self._engine.begin() as connection:
            connection.execute(delete(Presence).where(Presence.page == page))

    # For everybody

    def staffed(self) -> bool:
        """Whether at least one clerk has the queue open."""
        with self._engine.connect() as connection:
            query = select(Presence.page).where(Presence.seen_at > self._clock() - LEASE).limit(1)
            return connection.execute(query).one_or_none() is not None

    def messages(self, id: str, after: int = 0) -> Sequence[Message]:
        """The messages of a talk behind number `after`, in order."""
        query = (
            select(LiveMessage.__table__)
            .where(LiveMessage.talk == id, LiveMessage.number > after)
            .order_by(LiveMessage.number)
        )
        with self._engine.connect() as connection:
            return [Message(row.number, row.sender, row.text, row.crisis, row.at) for row in connection.execute(query)]

    def tick(self) -> int:
        """The number of changes so far; whose clerk vanished waits again, whose resident vanished does not any more."""
        at = self._clock()
        vanished = (LiveTalk.state == State.TAKEN, LiveTalk.lease_until <= at)
        gone = (LiveTalk.state == State.WAITING, LiveTalk.seen_at <= at - GIVEN_UP)
        with self._engine.connect() as connection:
            query = select(LiveTalk.id, LiveTalk.state).where(or_(vanished[0] & vanished[1], gone[0] & gone[1]))
            overdue = connection.execute(query.order_by(LiveTalk.id)).all()
        for id, state in overdue:
            free: JSON = {"taken_by": None, "lease_until": None}
            with self._engine.begin() as connection:
                if state == State.TAKEN:
                    waiting = free | {"state": State.WAITING}
                    self._step(connection, Event.VANISHED, LiveTalk.id == id, *vanished, **waiting)
                else:
                    self._step(connection, Event.RESIDENT_LEFT, LiveTalk.id == id, *gone, **free, state=State.LEFT)
        with self._engine.connect() as connection:
            return connection.execute(select(LiveTick.value)).scalar_one()

    def expire(self, before: datetime) -> int:
        """Delete talks that nobody used since `before`, and those whose conversation the log has deleted; how many."""
        at = self._clock()
        unknown = LiveTalk.conversation.not_in(select(Conversation.id)) & (LiveTalk.seen_at < at - _LOG_BEHIND)
        with self._engine.begin() as connection:
            connection.execute(delete(Presence).where(Presence.seen_at < at - LEASE))
            return connection.execute(delete(LiveTalk).where(or_(LiveTalk.seen_at < before, unknown))).rowcount

    def _step(self, connection: Connection, event: Event, *conditions: Any, **values: Any) -> bool:
        talk = _change(connection, *conditions, **values)
        if talk is not None:
            _add(connection, talk.id, "system", event, self._clock())
        return talk is not None


_COLUMNS = [getattr(LiveTalk, name) for name in Talk.__slots__]


def _talks() -> Any:
    return select(*_COLUMNS)


def _talk(row: Row[Any]) -> Talk:
    values = row._asdict()
    return Talk(**{**values, "state": State(values["state"])})


def _held_by(account: str) -> tuple[Any, ...]:
    return LiveTalk.state == State.TAKEN, LiveTalk.taken_by == account


def _change(connection: Connection, *conditions: Any, **values: Any) -> Talk | None:
    """Change the one talk for which all conditions hold, in one statement that no other can come between."""
    changed = update(LiveTalk).where(*conditions).values(**values, version=LiveTalk.version + 1).returning(*_COLUMNS)
    row = connection.execute(changed).one_or_none()
    if row is None:
        return None
    _count(connection)
    return _talk(row)


def _add(
    connection: Connection,
    talk: str,
    sender: Sender,
    text: str,
    at: datetime,
    *,
    crisis: str = "none",
    key: str | None = None,
) -> None:
    """The talk's row was changed before and is locked: two messages cannot get the same number."""
    last = select(func.coalesce(func.max(LiveMessage.number), 0)).where(LiveMessage.talk == talk).scalar_subquery()
    values = {"talk": talk, "number": last + 1, "sender": sender, "text": str(text), "crisis": crisis, "key": key}
    connection.execute(insert(LiveMessage).values(**values, at=at))


def _count(connection: Connection) -> None:
    connection.execute(update(LiveTick).values(value=LiveTick.value + 1))
