"""How long a lookup takes.

    .venv/bin/python -m benchmarks.lookup

Median and 95th percentile of agency_db.lookup.look_up, with the seed data and with 10,000 generated places beside it
(every place an office and a 地域の縁側 with a position and opening hours). Target: median under 5 ms.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from agency_db.directory import Directory, Fact, Office, Offices
from agency_db.hours import Hours, Rule
from agency_db.lookup import AreaScore, Query, look_up
from agency_db.places import Gazetteer
from agency_db.session import open_engine
from agency_db.snapshot import read_directory
from agency_db.terms import DISTRICTS, TOKYO
from bot.commands.db import prepare_databases
from bot.settings import Settings

PLACES = 10_000
ROUNDS = 2_000
ANSWERS = ("湘南台二丁目", "石川", "善行", "藤沢地区", "35.36,139.47", "鵠沼海岸三丁目", "251-0002", "辻堂駅")


def seeded() -> Directory:
    """The directory with the packaged data."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_environment({}, data=Path(folder))
        prepare_databases(settings)
        engine = open_engine(settings.directory_url)
        directory = read_directory(engine)
        engine.dispose()
    return directory


def with_generated_places(directory: Directory, count: int) -> Directory:
    """The directory with `count` more places, half of them 地域の縁側, half offices of つどいの広場."""
    chance = random.Random(14205)
    fact = Fact("generated", None, "2026", "B", None)
    hours = Hours((Rule(600, 900),), "毎日 10:00-15:00")
    windows = dict(directory.windows)
    for window in ("engawa", "tsudoi"):
        places = tuple(
            Office(
                id=f"{window}-{number}",
                window=window,
                name=f"場所{number}",
                kind="基本型",
                lines=(),
                address="generated",
                address_fact=fact,
                hours=hours,
                hours_fact=fact,
                serves=frozenset(),
                located_in=chance.choice(DISTRICTS),
                position=(chance.uniform(35.30, 35.43), chance.uniform(139.40, 139.52)),
                url=None,
                fact=fact,
            )
            for number in range(count // 2)
        )
        windows[window] = replace(windows[window], offices=Offices((*windows[window].offices.items, *places)))
    return replace(directory, windows=windows)


def measure(directory: Directory) -> list[float]:
    """Milliseconds of each of ROUNDS lookups over all areas, several places and situations."""
    chance = random.Random(1)
    gazetteer = Gazetteer.load()
    places = [None, *(gazetteer.resolve(answer) for answer in ANSWERS)]
    areas, flags = list(directory.areas), list(directory.conditions)
    at = datetime(2026, 12, 30, 3, 0, tzinfo=TOKYO)
    taken = []
    for _ in range(ROUNDS):
        chosen = chance.sample(areas, chance.randint(1, 4))
        situation = frozenset(chance.sample(flags, 3))
        query = Query(tuple(AreaScore(area, 0.9, ()) for area in chosen), at, chance.choice(places), situation)
        begin = time.perf_counter()
        look_up(directory, query)
        taken.append((time.perf_counter() - begin) * 1000)
    return taken


def main() -> None:
    """Print both figures."""
    directory = seeded()
    for name, measured in (
        ("seed data", directory),
        (f"seed data + {PLACES:,} generated places", with_generated_places(directory, PLACES)),
    ):
        taken = measure(measured)
        late = statistics.quantiles(taken, n=20)[-1]
        print(f"{name}: median {statistics.median(taken):.2f} ms, 95th percentile {late:.2f} ms ({ROUNDS} lookups)")


if __name__ == "__main__":
    main()
