"""The staff's tables, brought up to date by Alembic migrations of their own."""

from __future__ import annotations

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

#: A version table of our own: the logbook, and on PostgreSQL the directory, live in the same database.
VERSION_TABLE = "staff_version"


def upgrade(engine: Engine) -> None:
    """Create or migrate the tables to the newest revisions. Raises sqlalchemy.exc.SQLAlchemyError when it cannot.

    `heads`, not `head`: the parts of the desk are independent of each other, and each migration hangs on what it needs.
    """
    with as_file(files("bot.staff") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "heads")
