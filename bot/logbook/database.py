"""The way to the logbook's database: quick to give up, because a resident waits for the answer."""

from __future__ import annotations

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_MS = 250
_CONNECT_S = 2
_STATEMENT_MS = 2000


def open_engine(url: str) -> Engine:
    """SQLite (WAL, busy timeout 250 ms, deleted text overwritten) or PostgreSQL (gives up within 2 s).

    Nothing is connected yet. Raises sqlalchemy.exc.ArgumentError for a URL that cannot be read.
    """
    if make_url(url).get_backend_name() != "sqlite":
        options = f"-c statement_timeout={_STATEMENT_MS} -c lock_timeout={BUSY_MS}"
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": _CONNECT_S, "options": options})
    engine = create_engine(url, connect_args={"timeout": BUSY_MS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY_MS}", "foreign_keys=ON", "journal_mode=WAL", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
