"""Turns of some weeks, and a city that knows which areas need several agencies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.logbook import schema
from bot.logbook.database import open_engine
from bot.logbook.store import Logbook
from bot.logbook.turns import Source, Turn
from bot.staff import schema as staff_schema
from bot.statistics.counting import City
from bot.statistics.tables import Names

CITY = City(lambda areas: len(areas) > 2, lambda district: district == "湘南台")
NAMES = Names({"dementia": "認知症", "poverty": "お金"}, {"ikiiki_support": "いきいきサポートセンター"}, {})
Say = Callable[..., None]


def reply(
    areas: Sequence[str], windows: Sequence[str], district: str | None, kind: str, crisis: str, out_of_scope: bool
) -> dict[str, Any]:
    """What the engine would have answered."""
    return {
        "kind": kind,
        "messages": [],
        "model": "m1",
        "triage": {
            "areas": [{"id": area, "score": 0.9} for area in areas],
            "crisis": crisis,
            "out_of_scope": out_of_scope,
            "place": {"district": district, "town": None, "candidates": []} if district else None,
            "windows": [{"id": window, "office": None, "phone": None} for window in windows],
        },
    }


@pytest.fixture
def log(url: str) -> Engine:
    """The log database with its tables, empty."""
    engine = open_engine(url)
    schema.upgrade(engine)
    staff_schema.upgrade(engine)
    return engine


@pytest.fixture
def say(url: str, log: Engine, tmp_path: Path) -> Any:
    """`say("c1", datetime, areas=…)`: one turn, stored."""
    logbook = Logbook(url, tmp_path / "say.spool")
    logbook.open()

    def saying(
        conversation: str,
        at: datetime,
        areas: Sequence[str] = ("dementia",),
        windows: Sequence[str] = ("ikiiki_support",),
        district: str | None = "湘南台",
        kind: str = "route",
        crisis: str = "none",
        out_of_scope: bool = False,
        source: Source = "page",
    ) -> None:
        answer = reply(areas, windows, district, kind, crisis, out_of_scope)
        logbook.write(Turn(conversation, "母のこと", answer, at.astimezone(UTC), 40, source))

    yield saying
    logbook.close()
