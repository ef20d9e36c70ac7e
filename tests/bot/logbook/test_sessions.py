"""The state of a talk survives a restart of the engine, and two engines do not overwrite each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import create_engine, inspect

from bot.logbook import schema
from bot.logbook.database import open_engine
from bot.logbook.models import Base
from bot.logbook.sessions import SessionStore, StaleSession
from bot.logbook.store import Logbook


@pytest.fixture
def sessions(url: str, open_logbook: Callable[[str], Logbook]) -> SessionStore:
    """A session store on a prepared database."""
    open_logbook(url)
    return SessionStore(url)


def test_the_district_once_given_is_still_known_after_a_restart(url: str, sessions: SessionStore) -> None:
    """What one engine saved, the next one loads."""
    sessions.save("c1", {"slots": {"district": "湘南台"}}, 0)
    sessions.close()
    assert SessionStore(url).load("c1") == ({"slots": {"district": "湘南台"}}, 1)


def test_versions_count_up(sessions: SessionStore) -> None:
    """Every save raises the version by one."""
    sessions.save("c1", {"turn": 1}, 0)
    sessions.save("c1", {"turn": 2}, 1)
    assert sessions.load("c1") == ({"turn": 2}, 2)


@pytest.mark.parametrize("version", [0, 1, 7])
def test_an_outdated_state_does_not_overwrite_a_newer_one(sessions: SessionStore, version: int) -> None:
    """Two engines answered one conversation: the later save from an older state is refused."""
    sessions.save("c1", {"turn": 1}, 0)
    sessions.save("c1", {"turn": 2}, 1)
    with pytest.raises(StaleSession):
        sessions.save("c1", {"turn": "old"}, version)
    assert sessions.load("c1") == ({"turn": 2}, 2)


def test_forgotten_is_forgotten(sessions: SessionStore) -> None:
    """A deleted session is unknown, may be deleted again, and may start anew."""
    sessions.save("c1", {}, 0)
    sessions.delete("c1")
    sessions.delete("c1")
    assert sessions.load("c1") is None
    sessions.save("c1", {}, 0)
    assert sessions.load("c1") == ({}, 1)


def test_the_migrations_make_exactly_the_tables_of_the_models(url: str) -> None:
    """Migrated database and models agree in tables, columns and indexes, beside another version table."""
    engine = open_engine(url)
    schema.upgrade(engine)
    schema.upgrade(engine)
    found = inspect(engine)
    assert set(found.get_table_names()) == {*Base.metadata.tables, "log_version"}
    for name, table in Base.metadata.tables.items():
        assert {column["name"]: column["nullable"] for column in found.get_columns(name)} == {
            column.name: column.nullable for column in table.columns
        }
        assert {index["name"] for index in found.get_indexes(name)} == {index.name for index in table.indexes}
    engine.dispose()


def test_both_logs_may_live_in_one_database(url: str) -> None:
    """Somebody else's Alembic table in the same database is left alone."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE directory_version (version_num VARCHAR(32))")
    schema.upgrade(engine)
    assert "directory_version" in inspect(engine).get_table_names()
    engine.dispose()
