"""One file that holds everything: both databases, the models, the reviewed examples, the conversation key."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, create_engine, make_url

from bot.keeping import rows, schemas

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
#: Folders of the archive: rows of the databases, and files of the data folder.
TABLES: Final = "tables"
FILES: Final = "files"

# Made anew by whoever needs them; half-written files of others; our own workshop.
_LEFT_OUT: Final = ("evaluations/", "models/tmp", ".restore-", ".backup-")
_HALF: Final = (".half", ".part", ".tmp", ".lock", ".pid", ".sock")


def back_up(data: Path, directory_url: str, log_url: str, target: Path) -> dict[str, Any]:
    """Write the backup while the service may go on; returns its manifest. Only this user may read it.

    The databases are read as they are at one moment each. `target` appears only when it is whole.
    Raises FileExistsError when it is there already, OSError, sqlalchemy.exc.SQLAlchemyError.
    """
    if target.exists():
        raise FileExistsError(target)
    manifest: dict[str, Any] = {"format": FORMAT, "made": datetime.now(UTC).isoformat(), "revisions": {}, "rows": {}}
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as workshop:
        folder = Path(workshop)
        parts = {f"{FILES}/{name}": path for name, path in _files(data, {target})}
        for url, chains in schemas.databases(directory_url, log_url):
            with _at_one_moment(url, folder) as connection:
                for chain in chains:
                    manifest["revisions"][chain.version_table] = sorted(schemas.present(connection, chain))
                for table in rows.reflected(connection, schemas.tables()):
                    file = folder / f"{table.name}.jsonl"
                    manifest["rows"][table.name] = rows.write(connection, table, file)
                    parts[f"{TABLES}/{file.name}"] = file
        half = folder / "whole.tar.gz"
        half.touch(mode=0o600)
        _pack(half, parts, manifest)
        # Unlike a rename, a link never writes over a backup that somebody else just made.
        os.link(half, target)
    return manifest


def _files(data: Path, besides: set[Path]) -> Iterator[tuple[str, Path]]:
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data).as_posix()
        database = path.parent == data and path.name.startswith(("directory.db", "logbook.db"))
        unwanted = name.startswith(_LEFT_OUT) or name.endswith(_HALF) or path in besides
        if path.is_file() and not path.is_symlink() and not database and not unwanted:
            yield name, path


@contextmanager
def _at_one_moment(url: str, folder: Path) -> Iterator[Connection]:
    """A connection that sees the database as it is now, whatever others write in the meantime."""
    if make_url(url).get_backend_name() == "sqlite":
        source = Path(make_url(url).database or "")
        copy = folder / source.name
        copy.touch(mode=0o600)
        if source.exists():
            with (
                closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live,
                closing(sqlite3.connect(copy)) as to,
            ):
                live.backup(to)
        engine = create_engine(f"sqlite:///{copy}")
    else:
        engine = create_engine(url, isolation_level="REPEATABLE READ")
    with engine.connect() as connection, connection.begin():
        yield connection
    engine.dispose()
    if engine.dialect.name == "sqlite":
        copy.unlink()


def _pack(archive: Path, parts: dict[str, Path], manifest: dict[str, Any]) -> None:
    # What a running service replaces meanwhile must match its digest: files are copied into memory one at a time.
    manifest["files"] = {}
    with tarfile.open(archive, "w:gz", compresslevel=6) as tar:
        for name, path in parts.items():
            if name.startswith(FILES):
                content = path.read_bytes()
                manifest["files"][name] = hashlib.sha256(content).hexdigest()
                _add(tar, name, io.BytesIO(content), len(content))
            else:
                with path.open("rb") as handle:
                    manifest["files"][name] = hashlib.file_digest(handle, "sha256").hexdigest()
                    handle.seek(0)
                    _add(tar, name, handle, path.stat().st_size)
        whole = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        _add(tar, MANIFEST, io.BytesIO(whole), len(whole))


def _add(tar: tarfile.TarFile, name: str, content: Any, size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(datetime.now(UTC).timestamp())
    tar.addfile(member, content)
