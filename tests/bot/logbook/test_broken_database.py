"""The database may be locked, gone, full or stopped: residents get their answer and nothing is lost."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.logbook.store import COOL_DOWN, Logbook
from tests.bot.conftest import address_of
from tests.bot.logbook.material import stored_words, turn
from tests.clock import Clock

Open = Callable[[str], Logbook]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where the SQLite file lies."""
    return tmp_path / "logbook.db"


@pytest.fixture
def logbook(open_logbook: Open, database: Path) -> Logbook:
    """A logbook that has one turn already."""
    opened = open_logbook(f"sqlite:///{database}")
    opened.write(turn("前から"))
    return opened


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another program holds the lock for the length of the block."""
    with closing(sqlite3.connect(database)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.rollback()


def test_locked_by_somebody_else(logbook: Logbook, database: Path, clock: Clock) -> None:
    """Turns wait while another program holds the lock, and are stored in order when it lets go."""
    with locked(database):
        for words in ("一つ目", "二つ目", "三つ目"):
            logbook.write(turn(words))
        assert logbook.pending() == 3
    clock.now += COOL_DOWN
    assert logbook.drain() == 3
    assert logbook.pending() == 0
    assert stored_words(f"sqlite:///{database}") == ["前から", "一つ目", "二つ目", "三つ目"]


def test_no_resident_waits_for_a_database_that_just_failed(logbook: Logbook, database: Path, clock: Clock) -> None:
    """After a failure the database is not asked again until the cool-down is over, even if it is back."""
    with locked(database):
        logbook.write(turn("一つ目"))
    assert logbook.drain() == 0
    logbook.write(turn("二つ目"))
    assert logbook.pending() == 2
    clock.now += COOL_DOWN
    assert logbook.drain() == 2


def test_a_new_turn_does_not_overtake_waiting_ones(logbook: Logbook, database: Path, clock: Clock) -> None:
    """With the database back but turns still waiting, the next turn queues behind them."""
    with locked(database):
        logbook.write(turn("先"))
    clock.now += COOL_DOWN
    logbook.write(turn("後"))
    logbook.drain()
    assert stored_words(f"sqlite:///{database}") == ["前から", "先", "後"]


def test_the_file_is_removed_under_us(logbook: Logbook, database: Path) -> None:
    """Somebody deletes the database file: the next turn lies in a fresh one, not in a file without a name."""
    for leftover in database.parent.glob("logbook.db*"):
        leftover.unlink()
    logbook.write(turn("新しい"))
    assert logbook.pending() == 0
    assert stored_words(f"sqlite:///{database}") == ["新しい"]


def test_the_place_of_the_file_is_taken(logbook: Logbook, database: Path, clock: Clock) -> None:
    """The file cannot be opened at all: turns wait and are stored when it can."""
    aside = database.with_name("aside.db")
    logbook.close()
    shutil.copy(database, aside)
    for leftover in database.parent.glob("logbook.db*"):
        leftover.unlink()
    database.mkdir()
    logbook.open()
    logbook.write(turn("待つ"))
    assert logbook.pending() == 1
    database.rmdir()
    aside.rename(database)
    clock.now += COOL_DOWN
    assert logbook.drain() == 1
    assert stored_words(f"sqlite:///{database}") == ["前から", "待つ"]


def test_waiting_turns_survive_a_restart(logbook: Logbook, database: Path, open_logbook: Open, clock: Clock) -> None:
    """The service is restarted while turns wait: the next start stores them."""
    with locked(database):
        logbook.write(turn("待つ"))
    clock.now += COOL_DOWN
    assert open_logbook(f"sqlite:///{database}").pending() == 0
    assert stored_words(f"sqlite:///{database}") == ["前から", "待つ"]


def test_power_fails_between_storing_and_emptying_the_spool(logbook: Logbook, database: Path, clock: Clock) -> None:
    """What was stored already is not stored again."""
    spool = database.with_name("waiting.spool")
    with locked(database):
        logbook.write(turn("一つ目"))
        logbook.write(turn("二つ目"))
    before = spool.read_bytes()
    clock.now += COOL_DOWN
    assert logbook.drain() == 2
    spool.write_bytes(before)
    logbook.write(turn("三つ目"))
    logbook.drain()
    assert logbook.pending() == 0
    assert stored_words(f"sqlite:///{database}") == ["前から", "一つ目", "二つ目", "三つ目"]


def test_erase_while_the_database_is_away(logbook: Logbook, database: Path, clock: Clock) -> None:
    """The wish to be forgotten waits like a turn; waiting words go at once."""
    with locked(database):
        logbook.write(turn("秘密のことば"))
        logbook.write(turn("ほかの人", "c2"))
        assert logbook.erase("c1") == 1
        assert "秘密のことば".encode() not in database.with_name("waiting.spool").read_bytes()
    clock.now += COOL_DOWN
    assert logbook.drain() == 1
    assert stored_words(f"sqlite:///{database}", "c1") == []
    assert stored_words(f"sqlite:///{database}", "c2") == ["ほかの人"]


_CHILD = """
import os, resource, signal, sys
from pathlib import Path
from bot.logbook.store import Logbook
from tests.bot.logbook.material import turn
mode, folder = sys.argv[1], Path(sys.argv[2])
logbook = Logbook(f"sqlite:///{folder / 'logbook.db'}", folder / "waiting.spool")
logbook.open()
turn("準備").record()
if mode == "full":
    # No file may grow: to the database the disk is full; the spool has its space already.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (32_768, resource.RLIM_INFINITY))
if mode == "readonly":
    logbook.close()
    for file in folder.glob("logbook.db*"):
        file.chmod(0o444)
    os.chmod(folder, 0o555)
    os.chmod(folder / "waiting.spool", 0o666)
    if os.geteuid() == 0:
        os.setuid(65534)
    logbook.open()
for number in range(int(sys.argv[3])):
    logbook.write(turn(f"{number}番目"))
    print(number, logbook.pending(), flush=True)
if mode == "kill":
    signal.pause()
"""


def _child(mode: str, folder: Path, turns: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _CHILD, mode, str(folder), str(turns)],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def test_the_disk_is_full(logbook: Logbook, database: Path, open_logbook: Open) -> None:
    """The database cannot grow any more; the spool has its space reserved and takes every turn."""
    logbook.close()
    child = _child("full", database.parent, 20)
    out, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    number, waiting = out.split("\n")[-2].split()
    assert number == "19"
    assert int(waiting) >= 15
    assert open_logbook(f"sqlite:///{database}").pending() == 0
    assert stored_words(f"sqlite:///{database}") == ["前から", *(f"{number}番目" for number in range(20))]


def test_the_file_is_read_only(logbook: Logbook, database: Path, open_logbook: Open) -> None:
    """An administrator restores the file with the wrong rights: turns wait until that is mended."""
    logbook.close()
    for folder in (database.parent, *database.parent.parents):
        if folder.stat().st_uid == os.geteuid() and folder.name.startswith(("pytest", "test_")):
            folder.chmod(0o755)
    child = _child("readonly", database.parent, 3)
    out, _ = child.communicate(timeout=60)
    database.parent.chmod(0o755)
    for file in database.parent.iterdir():
        file.chmod(0o644)
    assert out.split("\n")[-2] == "2 3"
    assert open_logbook(f"sqlite:///{database}").pending() == 0
    assert stored_words(f"sqlite:///{database}") == ["前から", "0番目", "1番目", "2番目"]


def test_killed_in_the_middle(logbook: Logbook, database: Path, open_logbook: Open) -> None:
    """kill -9 while turns wait: everything that was acknowledged is stored once by the next start."""
    logbook.close()
    other = sqlite3.connect(database)
    child = _child("kill", database.parent, 50)
    assert child.stdout is not None
    acknowledged = [child.stdout.readline().split()[0]]
    # From here on the turns go to the spool.
    other.execute("BEGIN EXCLUSIVE")
    acknowledged += [child.stdout.readline().split()[0] for _ in range(49)]
    child.send_signal(signal.SIGKILL)
    child.wait()
    other.rollback()
    other.close()
    open_logbook(f"sqlite:///{database}")
    assert stored_words(f"sqlite:///{database}") == ["前から", *(f"{number}番目" for number in acknowledged)]


@pytest.mark.postgres
def test_postgresql_is_stopped_and_started(postgres: Any, open_logbook: Open, clock: Clock) -> None:
    """A restart of the database server costs nobody a turn."""
    url = address_of(postgres)
    logbook = open_logbook(url)
    logbook.write(turn("前", "pg"))
    postgres.stop()
    logbook.write(turn("間に", "pg"))
    assert logbook.pending() == 1
    postgres.start()
    clock.now += COOL_DOWN
    assert logbook.drain() == 1
    logbook.write(turn("後", "pg"))
    assert stored_words(url, "pg") == ["前", "間に", "後"]
