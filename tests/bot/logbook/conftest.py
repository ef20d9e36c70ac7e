"""An opened logbook, and a clock that tests turn by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.logbook.store import Logbook
from tests.clock import Clock


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def open_logbook(tmp_path: Path, clock: Clock) -> Iterator[Callable[[str], Logbook]]:
    """Open a logbook on an address; closed after the test."""
    opened: list[Logbook] = []

    def opening(address: str) -> Logbook:
        logbook = Logbook(address, tmp_path / "waiting.spool", clock=clock)
        logbook.open()
        opened.append(logbook)
        return logbook

    yield opening
    for logbook in opened:
        logbook.close()
