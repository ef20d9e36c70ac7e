"""The conversation log: every turn is kept, masked, before its answer goes out, whatever the database does."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, make_url, select
from sqlalchemy.exc import SQLAlchemyError

from bot.logbook import facets, schema
from bot.logbook.database import open_engine
from bot.logbook.models import Conversation, StoredSession, StoredTurn
from bot.logbook.spool import Spool
from bot.logbook.turns import Turn
from bot.logbook.upsert import insert_into

JSON = dict[str, Any]

#: After a failure the database is left alone this long (seconds): no resident waits for it in the meantime.
COOL_DOWN = 3.0

_BATCH = 200
_log = logging.getLogger(__name__)


class Logbook:
    """Writes turns to the database, or to the spool while there is none. Safe to share between threads."""

    def __init__(self, url: str, spool: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        """`url`: database; `spool`: file for turns that wait (8 MiB are reserved); `clock`: seconds."""
        self._engine = open_engine(url)
        self._file = _sqlite_file(url)
        self._inode: int | None = None
        self._spool_path = spool
        self._spool: Spool | None = None
        self._unwritten: list[JSON] = []
        self._clock = clock
        self._rest_until = 0.0
        self._draining = threading.Lock()

    def open(self) -> None:
        """Reserve the spool, bring the tables up to date and store what waits. A database that is away is no error.

        Raises OSError when the spool's space cannot be reserved: the service must not start without it.
        """
        self._spool = Spool(self._spool_path)
        self.drain()

    def close(self) -> None:
        """Close database and spool; what waits in memory gets a last chance."""
        if self._unwritten:
            self.drain()
        self._engine.dispose()
        if self._spool is not None:
            self._spool.close()
            self._spool = None

    def write(self, turn: Turn) -> None:
        """Keep a turn; never raises for a broken database or a full disk.

        A database that fails costs one writer in a cool-down its patience (SQLite 250 ms, PostgreSQL out of reach 2 s).
        """
        record = turn.record()
        if self._clock() >= self._rest_until and not self._unwritten and not self._waiting.read(1):
            try:
                self._store([record])
                return
            except (SQLAlchemyError, OSError) as error:
                self._rest(error)
        self._keep_waiting(record)

    def drain(self) -> int:
        """Store the waiting turns in order, each exactly once; returns how many. 0 while the database rests."""
        stored = 0
        with self._draining:
            if self._clock() < self._rest_until:
                return 0
            try:
                self._prepare()
                self._unwritten, memory = [], self._unwritten
                for record in memory:
                    self._keep_waiting(record)
                while batch := self._waiting.read(_BATCH):
                    self._store(batch)
                    self._waiting.drop(partial(_is_among, {record["id"] for record in batch}))
                    stored += sum("erase" not in record for record in batch)
            except (SQLAlchemyError, OSError) as error:
                self._rest(error)
        return stored

    def erase(self, conversation: str) -> int:
        """Delete a conversation, its turns (waiting ones too) and its session; returns how many turns went.

        While the database is away the wish itself waits in the spool and is carried out by `drain`.
        """
        with self._draining:
            self._unwritten = [record for record in self._unwritten if record.get("conversation") != conversation]
            gone = self._waiting.drop(lambda record: record.get("conversation") == conversation)
            try:
                with self._engine.begin() as connection:
                    return gone + _erase(connection, conversation)
            except (SQLAlchemyError, OSError) as error:
                self._rest(error)
                self._keep_waiting({"id": uuid.uuid4().hex, "erase": conversation})
                return gone

    def expire(self, before: datetime) -> int:
        """Delete conversations without activity since `before` (aware) with their turns, and as old sessions.

        Returns the number of conversations. Raises SQLAlchemyError when the database does not answer.
        """
        with self._engine.begin() as connection:
            connection.execute(delete(StoredSession).where(StoredSession.updated < before))
            old = select(Conversation.id).where(Conversation.last_activity < before)
            connection.execute(delete(StoredTurn).where(StoredTurn.conversation_id.in_(old)))
            return connection.execute(delete(Conversation).where(Conversation.last_activity < before)).rowcount

    def pending(self) -> int:
        """How many turns and erasures wait to be stored."""
        return len(self._waiting) + len(self._unwritten)

    @property
    def _waiting(self) -> Spool:
        if self._spool is None:
            raise RuntimeError("the logbook is not open")
        return self._spool

    def _keep_waiting(self, record: JSON) -> None:
        try:
            self._waiting.append(record)
        except OSError:
            # The reserve and the disk are full: memory is the last place left, as long as this process lives.
            self._unwritten.append(record)
            _log.exception("No space left for waiting turns; %d kept in memory", len(self._unwritten))

    def _rest(self, error: Exception) -> None:
        if self._rest_until <= self._clock():
            # The class only: a database error may quote the row.
            _log.warning("Logbook database does not answer (%s); turns wait in the spool", type(error).__name__)
        self._rest_until = self._clock() + COOL_DOWN
        self._inode = None

    def _prepare(self) -> None:
        """Tables in place; a database file that was removed or replaced under us is opened afresh."""
        inode = self._file.stat().st_ino if self._file is not None and self._file.exists() else 0
        if inode and inode == self._inode:
            return
        self._engine.dispose()
        schema.upgrade(self._engine)
        self._inode = self._file.stat().st_ino if self._file is not None else 0

    def _store(self, records: Sequence[JSON]) -> None:
        self._prepare()
        with self._engine.begin() as connection:
            for record in records:
                if "erase" in record:
                    _erase(connection, record["erase"])
                else:
                    _insert(connection, record)


def _insert(connection: Connection, record: JSON) -> None:
    """Store one record; one that is there already changes nothing."""
    at = datetime.fromisoformat(record["at"])
    place = record["place"] or {}
    if connection.scalar(select(StoredTurn.id).where(StoredTurn.id == record["id"])) is not None:
        return
    new = insert_into(connection, Conversation).values(
        id=record["conversation"],
        started=at,
        last_activity=at,
        district=place.get("district"),
        source=record["source"],
    )
    # Updating also locks the row, so that two processes cannot give two turns the same number.
    connection.execute(
        new.on_conflict_do_update(
            index_elements=[Conversation.id],
            set_={
                "last_activity": at,
                "district": func.coalesce(new.excluded.district, Conversation.district),
            },
        )
    )
    number = select(func.coalesce(func.max(StoredTurn.number), 0) + 1).where(
        StoredTurn.conversation_id == record["conversation"]
    )
    columns = {name: value for name, value in record.items() if name not in ("conversation", "source", "at")}
    row = insert_into(connection, StoredTurn).values(
        **columns, conversation_id=record["conversation"], at=at, number=number.scalar_subquery()
    )
    connection.execute(row.on_conflict_do_nothing(index_elements=[StoredTurn.id]))
    facets.write_turn(connection, record, at)


def _erase(connection: Connection, conversation: str) -> int:
    turns = connection.execute(delete(StoredTurn).where(StoredTurn.conversation_id == conversation)).rowcount
    connection.execute(delete(Conversation).where(Conversation.id == conversation))
    connection.execute(delete(StoredSession).where(StoredSession.id == conversation))
    return turns


def _is_among(ids: set[str], record: JSON) -> bool:
    return record["id"] in ids


def _sqlite_file(url: str) -> Path | None:
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None
