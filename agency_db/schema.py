"""The directory's tables, brought up to date by Alembic migrations."""

from __future__ import annotations

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

#: A version table of the directory's own: the logbook may live in the same database.
VERSION_TABLE = "directory_version"


def upgrade(engine: Engine) -> None:
    """Create or migrate the tables to the newest revisions. Raises sqlalchemy.exc.SQLAlchemyError when it cannot."""
    with as_file(files("agency_db") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "heads")
