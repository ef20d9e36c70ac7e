"""Everything is lost, and comes back from one file: on SQLite, on PostgreSQL, and from one to the other."""

from __future__ import annotations

import io
import json
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.cli import main
from bot.commands.db import prepare_databases
from bot.keeping.backup import back_up
from bot.keeping.restore import CannotRestore, restore
from bot.logbook.store import Logbook
from bot.settings import Settings
from bot.staff.register import StaffRegister
from bot.web.conversations import Conversations
from tests.bot.conftest import address_of, emptied
from tests.bot.keeping.conftest import content, fill_log, settings_on, turn_at

Destroy = Callable[[Settings], None]


def made(settings: Settings, file: Path) -> Path:
    back_up(settings.data, settings.directory_url, settings.log_url, file)
    return file


def put_back(settings: Settings, file: Path, *, force: bool = False) -> None:
    restore(file, settings.data, settings.directory_url, settings.log_url, force=force)


def test_what_was_destroyed_is_restored_row_by_row(lived_in: Settings, destroy: Destroy, tmp_path: Path) -> None:
    file = made(lived_in, tmp_path / "backup.tar.gz")
    before = content(lived_in)
    assert len(before["log_turn"]) == 3
    assert len(before["route"]) > 50
    destroy(lived_in)
    put_back(lived_in, file)
    after = content(lived_in)
    before["files"] = [entry for entry in before["files"] if not entry[0].startswith("evaluations/")]
    assert after == before
    names = [name for name, _ in after["files"]]
    assert {"conversation.key", "models/tsunagu-abc.tar.gz", "nlu/reviewed.yml"} <= set(names)


def test_the_service_goes_on_after_a_restore(lived_in: Settings, destroy: Destroy, tmp_path: Path) -> None:
    """New turns find their conversation, new entries of the audit log a new number, and the log still refuses edits."""
    file = made(lived_in, tmp_path / "backup.tar.gz")
    destroy(lived_in)
    put_back(lived_in, file)
    logbook = Logbook(lived_in.log_url, lived_in.data / "spool")
    logbook.open()
    logbook.write(turn_at(0, "つづき", "c1"))
    assert logbook.pending() == 0
    logbook.close()
    register = StaffRegister(lived_in.log_url)
    register.audit.write("ueda", "audit.view")
    assert len(register.audit.read()) == 2
    with pytest.raises(Exception, match="append-only"), register.engine.begin() as connection:
        connection.execute(text("UPDATE staff_audit SET who = 'x'"))
    register.close()


@pytest.mark.postgres
@pytest.mark.parametrize("towards", ["postgres", "sqlite"])
def test_a_backup_of_one_database_is_restored_in_the_other(
    towards: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A trial on SQLite moves to PostgreSQL, and back."""
    server = emptied(address_of(request.getfixturevalue("postgres")))
    pair = [settings_on("sqlite", tmp_path / "files"), settings_on(server, tmp_path / "server")]
    source, target = pair if towards == "postgres" else reversed(pair)
    prepare_databases(source)
    fill_log(source)
    file = made(source, tmp_path / "backup.tar.gz")
    put_back(target, file)
    assert content(target) == content(source)


def test_nothing_is_overwritten_unless_it_is_said(lived_in: Settings, tmp_path: Path) -> None:
    file = made(lived_in, tmp_path / "backup.tar.gz")
    (lived_in.data / "models" / "newer.tar.gz").write_bytes(b"newer")
    with pytest.raises(CannotRestore, match="--force"):
        put_back(lived_in, file)
    assert (lived_in.data / "models" / "newer.tar.gz").exists()
    put_back(lived_in, file, force=True)
    assert not (lived_in.data / "models" / "newer.tar.gz").exists()
    assert len(content(lived_in)["log_turn"]) == 3


def test_a_full_database_is_not_overwritten_either(url: str, lived_in: Settings, tmp_path: Path) -> None:
    if url.startswith("sqlite"):
        pytest.skip("the database is in the data folder")
    file = made(lived_in, tmp_path / "backup.tar.gz")
    elsewhere = settings_on(url, tmp_path / "other")
    with pytest.raises(CannotRestore, match="もう記録があります"):
        put_back(elsewhere, file)
    assert len(content(lived_in)["log_turn"]) == 3


def test_a_backup_is_for_its_owner_only_and_never_replaces_another(lived_in: Settings, tmp_path: Path) -> None:
    file = made(lived_in, tmp_path / "backup.tar.gz")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        made(lived_in, file)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".backup")] == []


def changed(file: Path, name: str, words: bytes, target: Path) -> Path:
    """The archive with one part replaced or added."""
    with tarfile.open(file) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            if member.name != name:
                new.addfile(member, old.extractfile(member))
        part = tarfile.TarInfo(name)
        part.size = len(words)
        new.addfile(part, io.BytesIO(words))
    return target


@pytest.mark.parametrize(
    "name", ["tables/route.jsonl", "files/conversation.key", "files/../../escaped", "somewhere/else", "files/added"]
)
def test_a_backup_that_was_tampered_with_is_refused_and_nothing_changes(name: str, tmp_path: Path) -> None:
    source, target = settings_on("sqlite", tmp_path / "source"), settings_on("sqlite", tmp_path / "target")
    prepare_databases(source)
    Conversations.of(source.data)
    file = changed(made(source, tmp_path / "good.tar.gz"), name, b"", tmp_path / "bad.tar.gz")
    with pytest.raises(CannotRestore):
        put_back(target, file)
    assert list(target.data.iterdir()) == []
    assert not (tmp_path / "escaped").exists()


def test_half_a_file_and_a_newer_release_are_refused(tmp_path: Path) -> None:
    source, target = settings_on("sqlite", tmp_path / "source"), settings_on("sqlite", tmp_path / "target")
    prepare_databases(source)
    file = made(source, tmp_path / "good.tar.gz")
    half = tmp_path / "half.tar.gz"
    half.write_bytes(file.read_bytes()[:2000])
    with pytest.raises(CannotRestore, match="読めません"):
        put_back(target, half)
    with tarfile.open(file) as tar:
        member = tar.extractfile("manifest.json")
        assert member is not None
        manifest = json.load(member)
    manifest["revisions"]["staff_version"] = ["9999"]
    newer = changed(file, "manifest.json", json.dumps(manifest).encode(), tmp_path / "newer.tar.gz")
    with pytest.raises(CannotRestore, match="新しい版"):
        put_back(target, newer)
    assert list(target.data.iterdir()) == []


def test_the_commands_say_what_they_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Backup, destroy, restore as an administrator types it; what expired meanwhile does not come back."""
    monkeypatch.setenv("TSUNAGU_PORT", "9")
    monkeypatch.delenv("TSUNAGU_DATABASE", raising=False)
    source = settings_on("sqlite", tmp_path / "var")
    prepare_databases(source)
    fill_log(source)
    file = str(tmp_path / "backup.tar.gz")
    assert main(["backup", file, "--data", str(source.data)]) == 0
    assert main(["backup", file, "--data", str(source.data)]) == 1
    assert main(["restore", file, "--data", str(source.data)]) == 1
    other = tmp_path / "new"
    assert main(["restore", file, "--data", str(other)]) == 0
    printed = capsys.readouterr()
    assert "控えを取りました" in printed.out
    assert "残す日数を過ぎた会話 1 件は、消しました" in printed.out
    assert "--force" in printed.err
    assert len(content(settings_on("sqlite", other))["log_conversation"]) == 1
