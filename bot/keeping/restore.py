"""Putting everything back from a backup: checked first, and nothing half done."""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from bot.keeping import rows, schemas
from bot.keeping.backup import FILES, FORMAT, MANIFEST, TABLES

_HOW = "中身を捨てて戻すときは --force をつけてください。"


class CannotRestore(Exception):
    """Nothing was changed; the message is Japanese and plain."""


@dataclass(frozen=True, slots=True)
class _Database:
    """`file`: of SQLite, in the workshop until all is well; None on PostgreSQL."""

    engine: Engine
    chains: tuple[schemas.Chain, ...]
    file: Path | None


def restore(archive: Path, data: Path, directory_url: str, log_url: str, *, force: bool = False) -> dict[str, Any]:
    """Put a backup into an empty data folder and empty databases; returns its manifest. The service must not run.

    `force`: throw away what is there. Raises CannotRestore before anything was changed; OSError and
    sqlalchemy.exc.SQLAlchemyError when the machine fails (the databases change as a whole or not at all).
    """
    data.mkdir(parents=True, exist_ok=True)
    if not force and any(data.iterdir()):
        raise CannotRestore(f"データのフォルダが空ではありません: {data}\n{_HOW}")
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=data) as workshop:
        folder = Path(workshop)
        manifest = _unpack(archive, folder)
        databases = [_database(url, chains, folder) for url, chains in schemas.databases(directory_url, log_url)]
        try:
            for database in databases:
                _fill(database, folder / TABLES, manifest, force=force)
        finally:
            for database in databases:
                database.engine.dispose()
        for old in data.iterdir():
            if old != folder:
                shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
        for database in databases:
            if database.file is not None:
                _settle(database.file)
                database.file.replace(data / database.file.name)
        kept = folder / FILES
        for new in kept.iterdir() if kept.is_dir() else ():
            new.replace(data / new.name)
    return manifest


def _unpack(archive: Path, folder: Path) -> dict[str, Any]:
    """Every part with the digest that the manifest names, and nothing besides."""
    digests: dict[str, str] = {}
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                path = PurePosixPath(member.name)
                inside = member.name == MANIFEST or path.parts[0] in {FILES, TABLES}
                source = tar.extractfile(member) if member.isfile() else None
                if source is None or not inside or ".." in path.parts or path.is_absolute():
                    raise CannotRestore("この控えには、つなぐのものではないファイルが入っています。")
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.touch(mode=0o600)
                with target.open("wb") as handle:
                    shutil.copyfileobj(source, handle)
                with target.open("rb") as handle:
                    digests[member.name] = hashlib.file_digest(handle, "sha256").hexdigest()
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        expected = manifest["files"]
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError) as error:
        raise CannotRestore(f"控えを読めません（{type(error).__name__}）: {archive}") from error
    digests.pop(MANIFEST)
    if manifest["format"] != FORMAT:
        raise CannotRestore("この控えの形式は、この版のつなぐでは読めません。")
    if digests != expected:
        raise CannotRestore("控えがこわれています。中身が、控えを取ったときと違います。")
    return manifest


def _database(url: str, chains: tuple[schemas.Chain, ...], folder: Path) -> _Database:
    if make_url(url).get_backend_name() != "sqlite":
        return _Database(create_engine(url), chains, None)
    file = folder / Path(make_url(url).database or "").name
    file.touch(mode=0o600)
    engine = create_engine(f"sqlite:///{file}")
    event.listen(engine, "connect", _check_references)
    return _Database(engine, chains, file)


def _check_references(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _fill(database: _Database, tables: Path, manifest: dict[str, Any], *, force: bool) -> None:
    """Tables as they were when the backup was made, its rows, and then whatever newer releases changed about them."""
    with database.engine.begin() as connection:
        if force and database.file is None:
            schemas.drop(connection)
        elif _holds_anything(connection):
            raise CannotRestore(f"データベースに、もう記録があります。\n{_HOW}")
        try:
            for chain in database.chains:
                schemas.upgrade(connection, chain, tuple(manifest["revisions"].get(chain.version_table, ())))
        except schemas.UnknownRevision as error:
            raise CannotRestore("この控えは、もっと新しい版のつなぐで取られています。") from error
        present = rows.reflected(connection, schemas.tables())
        for table in reversed(present):
            # The migrations' own first rows. The audit log has none, and refuses to be emptied.
            if connection.execute(select(table).limit(1)).first() is not None:
                connection.execute(table.delete())
        for table in present:
            file = tables / f"{table.name}.jsonl"
            if file.exists():
                rows.read(connection, table, file)
        for chain in database.chains:
            schemas.upgrade(connection, chain)


def _holds_anything(connection: Connection) -> bool:
    """Whether the service was ever at work in this database."""
    names = set(inspect(connection).get_table_names())
    tables = names & {"log_conversation", "staff_account", "service"}
    return any(connection.scalar(text(f'SELECT count(*) FROM "{name}"')) for name in tables)  # noqa: S608 - our names


def _settle(file: Path) -> None:
    """Everything of a SQLite database in its one file."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
