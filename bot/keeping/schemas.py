"""The three chains of migrations: which tables are ours, and how to bring a database to a recorded state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, create_engine, inspect, text


@dataclass(frozen=True, slots=True)
class Chain:
    """Migrations of one package. `version_table` also names the chain in a backup."""

    package: str
    version_table: str


DIRECTORY: Final = Chain("agency_db", "directory_version")
LOG: Final = (Chain("bot.logbook", "log_version"), Chain("bot.staff", "staff_version"))
CHAINS: Final = (DIRECTORY, *LOG)


# The functions that triggers of these tables call; quoted by PostgreSQL itself.
_GUARDS = text(
    "SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
    "WHERE NOT tgisinternal AND relname = ANY(:names) AND relnamespace = current_schema()::regnamespace"
)


class UnknownRevision(ValueError):
    """A backup was made by a newer release."""


def databases(directory_url: str, log_url: str) -> list[tuple[str, tuple[Chain, ...]]]:
    """Each database once, with the chains that live in it: two files on SQLite, one database on PostgreSQL."""
    if directory_url == log_url:
        return [(log_url, CHAINS)]
    return [(directory_url, (DIRECTORY,)), (log_url, LOG)]


def present(connection: Connection, chain: Chain) -> tuple[str, ...]:
    """The revisions that a database has; empty where the chain's tables were never made."""
    context = MigrationContext.configure(connection, opts={"version_table": chain.version_table})
    return context.get_current_heads()


def upgrade(connection: Connection, chain: Chain, revisions: Sequence[str] = ("heads",)) -> None:
    """Bring the chain's tables to these revisions, within the connection's transaction. UnknownRevision if not ours."""
    with as_file(files(chain.package) / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes["connection"] = connection
        if revisions != ("heads",):
            known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
            if not known.issuperset(revisions):
                raise UnknownRevision(", ".join(sorted(set(revisions) - known)))
        for revision in revisions:
            command.upgrade(config, revision)


def drop(connection: Connection) -> None:
    """Take all our tables away again, with what guards them (PostgreSQL), within the connection's transaction."""
    names = tables() | {chain.version_table for chain in CHAINS}
    guards = connection.scalars(_GUARDS, {"names": list(names)}).all()
    metadata = MetaData()
    metadata.reflect(connection, only=lambda name, _: name in names)
    metadata.drop_all(connection)
    for guard in guards:
        connection.execute(text(f"DROP FUNCTION {guard}"))


@cache
def tables() -> frozenset[str]:
    """The names of all our tables, without those that keep revisions: others may live in the same database."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        for chain in CHAINS:
            upgrade(connection, chain)
        names = set(inspect(connection).get_table_names())
    engine.dispose()
    return frozenset(names - {chain.version_table for chain in CHAINS})
