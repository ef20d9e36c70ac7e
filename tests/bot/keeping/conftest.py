"""A service with something in every room, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import MetaData, create_engine, inspect, select

from bot.commands.db import prepare_databases
from bot.keeping import schemas
from bot.logbook.sessions import SessionStore
from bot.logbook.store import Logbook
from bot.settings import Settings
from bot.staff.passwords import Passwords
from bot.staff.register import StaffRegister
from bot.staff.roles import Role
from bot.web.conversations import Conversations
from tests.bot.conftest import emptied
from tests.bot.logbook.material import REPLY
from tests.bot.logbook.material import turn as a_turn
from tests.bot.staff.conftest import unrecorded

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PORT = 9


@pytest.fixture
def settings(url: str, tmp_path: Path) -> Settings:
    """A service on each kind of database in turn, nothing in it yet."""
    return settings_on(url, tmp_path / "var")


def settings_on(url: str, data: Path) -> Settings:
    """SQLite in the data folder, or the one PostgreSQL database. Nothing listens on the port."""
    return Settings(data=data, port=PORT, database=None if url.startswith("sqlite") else url)


def turn_at(days_ago: float, words: str, conversation: str, **changes: Any) -> Any:
    """A turn that somebody wrote some days ago."""
    made = a_turn(words, conversation, reply={**REPLY, **changes})
    return type(made)(conversation, words, made.reply, datetime.now(UTC) - timedelta(days=days_ago), 42)


@pytest.fixture
def lived_in(settings: Settings) -> Settings:
    """Conversations, a session, an account, an audit entry, an edited directory, a model, examples, the key."""
    prepare_databases(settings)
    fill_log(settings)
    register = StaffRegister(settings.log_url, passwords=Passwords(QUICK))
    register.accounts.add("ueda", "むらさきの海をわたる小さな舟", Role.ADMIN, "上田", unrecorded)
    register.audit.write("ueda", "audit.view")
    register.close()
    sessions = SessionStore(settings.log_url)
    sessions.save("c1", {"slots": {"place": None}, "acts": []}, 0)
    sessions.close()
    Conversations.of(settings.data)
    for name, content in (("models/tsunagu-abc.tar.gz", b"model"), ("nlu/reviewed.yml", b"nlu: []")):
        (settings.data / name).parent.mkdir(exist_ok=True)
        (settings.data / name).write_bytes(content)
    (settings.data / "evaluations").mkdir()
    (settings.data / "evaluations" / "old.json").write_text("{}")
    return settings


def fill_log(settings: Settings) -> None:
    """One conversation of today, one of a hundred days ago."""
    logbook = Logbook(settings.log_url, settings.data / "spool")
    logbook.open()
    logbook.write(turn_at(0, "母が夜に出ていく", "c1"))
    logbook.write(turn_at(0, "湘南台です", "c1", triage=None, kind="smalltalk"))
    logbook.write(turn_at(100, "前に書いたこと", "old"))
    logbook.close()


@pytest.fixture
def destroy() -> Callable[[Settings], None]:
    """The disk is gone, and so is the database server's."""

    def everything(settings: Settings) -> None:
        shutil.rmtree(settings.data)
        if settings.database is not None:
            emptied(settings.database)

    return everything


def content(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours, and every file of the data folder."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for url in {settings.directory_url, settings.log_url}:
        engine = create_engine(url)
        with engine.connect() as connection:
            metadata = MetaData()
            metadata.reflect(connection)
            names = set(inspect(connection).get_table_names()) & schemas.tables()
            for name in sorted(names):
                table = metadata.tables[name]
                rows = connection.execute(select(table).order_by(*table.primary_key.columns))
                found[name] = [tuple(_same(value) for value in row) for row in rows]
        engine.dispose()
    files = [path for path in sorted(settings.data.rglob("*")) if path.is_file() and ".db" not in path.name]
    found["files"] = [(path.relative_to(settings.data).as_posix(), path.read_bytes()) for path in files]
    return found


def _same(value: Any) -> Any:
    """SQLite gives back times without their zone."""
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) and value.tzinfo else value
