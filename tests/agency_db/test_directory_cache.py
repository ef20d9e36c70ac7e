"""One snapshot a process: new edits are seen, and a database that is gone does not silence the guide."""

from __future__ import annotations

import sqlite3

import pytest

from agency_db.cache import DirectoryCache, DirectoryUnavailable
from agency_db.importers.seed import seed
from agency_db.models import Service
from agency_db.schema import upgrade
from agency_db.session import DirectorySession, open_engine
from tests.clock import Clock


def test_an_operators_edit_is_seen_a_second_later(seeded):
    clock = Clock()
    cache = DirectoryCache(seeded, clock=clock)
    assert cache.get().windows["backup"].reason != "変えました"
    with DirectorySession(seeded) as session, session.begin():
        session.get(Service, "backup").reason = "変えました"
    clock.now += 1.1
    assert cache.get().windows["backup"].reason == "変えました"


def test_an_unchanged_directory_is_not_read_again(seeded):
    clock = Clock()
    cache = DirectoryCache(seeded, clock=clock)
    first = cache.get()
    clock.now += 10
    assert cache.get() is first


def test_the_last_snapshot_answers_while_the_database_is_gone(tmp_path, hotlines):
    file = tmp_path / "directory.db"
    engine = open_engine(f"sqlite:///{file}")
    upgrade(engine)
    seed(engine, hotlines)
    clock = Clock()
    cache = DirectoryCache(engine, clock=clock)
    first = cache.get()
    engine.dispose()
    kept = file.rename(tmp_path / "elsewhere.db")
    for leftover in tmp_path.glob("directory.db*"):
        leftover.unlink()
    clock.now += 2
    assert cache.get() is first
    engine.dispose()
    file.unlink(missing_ok=True)
    kept.rename(file)
    with DirectorySession(engine) as session, session.begin():
        session.get(Service, "backup").reason = "変えました"
    clock.now += 6
    assert cache.get().windows["backup"].reason == "変えました"


def test_a_writer_does_not_keep_readers_waiting(tmp_path, hotlines):
    """SQLite in WAL: an operator's open transaction does not stop a reader."""
    file = tmp_path / "directory.db"
    engine = open_engine(f"sqlite:///{file}")
    upgrade(engine)
    seed(engine, hotlines)
    writer = sqlite3.connect(file, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE service SET reason = '途中'")
    cache = DirectoryCache(engine)
    assert cache.get().windows["backup"].reason != "途中"
    writer.execute("ROLLBACK")
    writer.close()


def test_without_any_directory_it_says_so(tmp_path):
    cache = DirectoryCache(open_engine(f"sqlite:///{tmp_path / 'empty.db'}"))
    with pytest.raises(DirectoryUnavailable, match="台帳"):
        cache.get()
