"""The way to the logbook's database: quick to give up where a resident waits for the answer."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_MS = 250
#: For staff and jobs, whose writing has no spool to fall back on.
PATIENT_MS = 3000
_CONNECT_S = 2
_STATEMENT_MS = 2000


def open_engine(url: str, busy_ms: int = BUSY_MS) -> Engine:
    """SQLite (WAL, deleted text overwritten) or PostgreSQL (gives up within 2 s, or `busy_ms` if that is longer).

    `busy_ms`: how long a lock is waited for.

    Nothing is connected yet. Raises sqlalchemy.exc.ArgumentError for a URL that cannot be read.
    """
    if make_url(url).get_backend_name() != "sqlite":
        options = f"-c statement_timeout={max(_STATEMENT_MS, busy_ms)} -c lock_timeout={busy_ms}"
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": _CONNECT_S, "options": options})
    engine = create_engine(url, connect_args={"timeout": busy_ms / 1000})
    event.listen(engine, "connect", partial(_prepare_sqlite, busy_ms))
    return engine


def _prepare_sqlite(busy_ms: int, connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={busy_ms}", "foreign_keys=ON", "journal_mode=WAL", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
