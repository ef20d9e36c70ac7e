"""The waiting room for turns: nothing in it is lost, mixed up or kept longer than needed."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from bot.logbook import spool as spool_module
from bot.logbook.spool import RESERVED, Spool, SpoolFull
from bot.logbook.store import COOL_DOWN, Logbook
from tests.bot.logbook.material import stored_words, turn
from tests.clock import Clock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the spool lies."""
    return tmp_path / "waiting.spool"


def test_the_space_is_reserved_before_it_is_needed(path: Path) -> None:
    """The blocks belong to us from the start; filling in place needs no more of a full disk."""
    Spool(path).close()
    assert path.stat().st_blocks * 512 >= RESERVED
    assert path.stat().st_mode & 0o077 == 0


def test_records_come_back_in_order_and_after_reopening(path: Path) -> None:
    """What waited before a restart comes first after it."""
    first = Spool(path)
    first.append({"id": "1"})
    first.append({"id": "2"})
    first.close()
    again = Spool(path)
    again.append({"id": "3"})
    assert [record["id"] for record in again.read(10)] == ["1", "2", "3"]
    assert [record["id"] for record in again.read(2)] == ["1", "2"]


def test_an_emptied_spool_starts_afresh_without_old_records(path: Path) -> None:
    """After emptying, a shorter record does not bring back the end of an older, longer one."""
    waiting = Spool(path)
    for name in "abc":
        waiting.append({"id": name, "text": "長い話" * 50})
    assert waiting.drop(lambda record: True) == 3
    waiting.append({"id": "d"})
    assert waiting.read(10) == [{"id": "d"}]
    assert path.stat().st_size == RESERVED


def test_dropped_words_are_overwritten(path: Path) -> None:
    """What was erased cannot be read out of the file."""
    waiting = Spool(path)
    waiting.append({"id": "1", "text": "ひみつ"})
    waiting.append({"id": "2", "text": "のこる"})
    assert waiting.drop(lambda record: record["id"] == "1") == 1
    assert "ひみつ".encode() not in path.read_bytes()
    assert [record["id"] for record in waiting.read(10)] == ["2"]


def test_a_torn_record_costs_only_itself(path: Path) -> None:
    """Power fails while a record is written: those before and after are read."""
    waiting = Spool(path)
    for name in "abc":
        waiting.append({"id": name})
    content = bytearray(path.read_bytes())
    at = content.index(b'{"id":"b"}')
    content[at + 3] ^= 0xFF
    path.write_bytes(content)
    assert [record["id"] for record in Spool(path).read(10)] == ["a", "c"]


def test_two_processes_may_share_it(path: Path) -> None:
    """Two openers append in turn and see each other's records."""
    one, other = Spool(path), Spool(path)
    one.append({"id": "1"})
    other.append({"id": "2"})
    one.append({"id": "3"})
    assert [record["id"] for record in other.read(10)] == ["1", "2", "3"]
    assert other.drop(lambda record: True) == 3
    one.append({"id": "4"})
    assert other.read(10) == [{"id": "4"}]


def test_it_grows_while_the_disk_allows_and_says_when_not(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More turns than were reserved for ask for more space; a full disk then is an error, not a lost order."""
    monkeypatch.setattr(spool_module, "RESERVED", 256)
    waiting = Spool(path)
    for number in range(10):
        waiting.append({"id": str(number), "text": "x" * 100})
    assert len(waiting) == 10

    def full(_fd: int, _offset: int, _length: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(SpoolFull):
        waiting.append({"id": "big", "text": "x" * 10_000})
    assert len(waiting) == 10


def test_disk_and_reserve_full_is_no_reason_to_fail(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even then the answer goes out; the turn waits in memory and is stored when there is room."""
    database = tmp_path / "logbook.db"
    logbook = Logbook(f"sqlite:///{database}", tmp_path / "waiting.spool", clock=clock)
    logbook.open()
    logbook.write(turn("前"))
    logbook.close()
    for leftover in tmp_path.glob("logbook.db*"):
        leftover.rename(tmp_path / f"away{leftover.suffix}")
    database.mkdir()
    monkeypatch.setattr(spool_module, "RESERVED", 64)
    (tmp_path / "waiting.spool").unlink()
    logbook.open()

    def full(_fd: int, _offset: int, _length: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "posix_fallocate", full)
        logbook.write(turn("間に"))
        assert logbook.pending() == 1
    database.rmdir()
    (tmp_path / "away.db").rename(database)
    clock.now += COOL_DOWN
    assert logbook.drain() == 1
    logbook.close()
    assert stored_words(f"sqlite:///{database}") == ["前", "間に"]
