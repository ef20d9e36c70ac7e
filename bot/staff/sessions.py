"""Who is signed in. A stolen copy of the database opens nothing: it holds hashes of the tokens, not the tokens."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import Engine, delete, insert, or_, select, update

from bot.staff.accounts import Account, account_of
from bot.staff.clock import Clock, now
from bot.staff.models import StaffAccount, StaffSession

#: A desk that was left alone is locked; a day's work ends.
IDLE: Final = timedelta(minutes=60)
LONGEST: Final = timedelta(hours=12)
# Being seen is written down at most this often: a keystroke should not cost a write.
_TOUCH = timedelta(seconds=60)


class Sessions:
    """Sessions by token. Safe to share between threads; raises SQLAlchemyError when the database does not answer.

    A change of password or role and disabling an account end its sessions (bot.staff.accounts).
    """

    def __init__(self, engine: Engine, clock: Clock = now) -> None:
        """`engine`: the log database with the staff's tables."""
        self._engine = engine
        self._clock = clock

    def start(self, account: Account) -> str:
        """A new session; returns its token (256 random bits, safe in a cookie). Sessions that ran out are forgotten."""
        token = secrets.token_urlsafe(32)
        at = self._clock()
        with self._engine.begin() as connection:
            connection.execute(
                delete(StaffSession).where(
                    or_(StaffSession.last_seen <= at - IDLE, StaffSession.started <= at - LONGEST)
                )
            )
            connection.execute(
                insert(StaffSession).values(id=_hash(token), account_id=account.id, started=at, last_seen=at)
            )
        return token

    def find(self, token: str, *, at_work: bool = True) -> Account | None:
        """The account that is signed in with this token; None when the session ended, ran out or never was.

        `at_work`: somebody did something; False for what a page asks by itself, else a desk left alone never locks.
        """
        at = self._clock()
        key = _hash(token)
        query = (
            select(StaffAccount.__table__, StaffSession.last_seen)
            .join_from(StaffSession, StaffAccount)
            .where(
                StaffSession.id == key,
                StaffSession.last_seen > at - IDLE,
                StaffSession.started > at - LONGEST,
                StaffAccount.disabled.is_(False),
            )
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        if at_work and at - row.last_seen >= _TOUCH:
            with self._engine.begin() as connection:
                connection.execute(update(StaffSession).where(StaffSession.id == key).values(last_seen=at))
        return account_of(row)

    def end(self, token: str) -> None:
        """Sign out here; nothing happens where nobody is signed in."""
        with self._engine.begin() as connection:
            connection.execute(delete(StaffSession).where(StaffSession.id == _hash(token)))

    def end_all(self, account: Account) -> int:
        """Sign out everywhere; returns how many sessions ended."""
        with self._engine.begin() as connection:
            return connection.execute(delete(StaffSession).where(StaffSession.account_id == account.id)).rowcount


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
