"""Operators change where people are sent: at once, with a reason, and back again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from agency_db import route_edits
from agency_db.cache import DirectoryCache
from agency_db.directory import Directory, Step
from agency_db.importers import seed_rows
from agency_db.importers.seed import seed
from agency_db.lookup import AreaScore, Query, look_up
from agency_db.places import Gazetteer
from agency_db.route_edits import RouteChanged, RouteRefused, checked, history, save, with_steps
from agency_db.snapshot import read_directory
from agency_db.terms import TOKYO
from tests.clock import Clock

AT = datetime(2026, 11, 24, 10, 0, tzinfo=TOKYO)
NEW = (Step("ninchisho_team", None, False, "家をたずねます"), Step("ikiiki_support", None, False, ""))


def first(
    directory: Directory, *, at: datetime = AT, place: str | None = None, flags: frozenset[str] = frozenset()
) -> str:
    where = Gazetteer.load().resolve(place) if place else None
    windows = look_up(directory, Query((AreaScore("dementia", 0.9, ()),), at, where, flags, "staff")).windows
    return str(windows[0]["id"])


def test_a_saved_order_is_seen_without_a_restart(seeded: Engine) -> None:
    clock = Clock()
    cache = DirectoryCache(seeded, clock=clock)
    assert first(cache.get()) == "ikiiki_support"
    save(seeded, "dementia", NEW, who="ueda", why="先に家へ", based_on=0)
    clock.now += 2
    assert first(cache.get()) == "ninchisho_team"


def test_versions_are_kept_and_an_older_one_is_taken_back(seeded: Engine) -> None:
    before = read_directory(seeded).routes["dementia"]
    save(seeded, "dementia", NEW, who="ueda", why="先に家へ", based_on=0)
    newest, packaged = history(seeded, "dementia")
    assert (newest.number, newest.who, newest.reason, newest.steps) == (1, "ueda", "先に家へ", NEW)
    assert (packaged.number, packaged.who, packaged.steps) == (0, "-", before)
    save(seeded, "dementia", packaged.steps, who="inoue", why="元に戻す", based_on=1)
    assert read_directory(seeded).routes["dementia"] == before
    assert [version.number for version in history(seeded, "dementia")] == [2, 1, 0]


def test_of_two_who_save_at_once_the_second_is_told(seeded: Engine) -> None:
    save(seeded, "dementia", NEW, who="ueda", why="先に家へ", based_on=0)
    with pytest.raises(RouteChanged):
        save(seeded, "dementia", NEW[::-1], who="inoue", why="別のわけ", based_on=0)
    assert len(history(seeded, "dementia")) == 2


def test_a_new_release_leaves_what_operators_arranged_alone(
    seeded: Engine, hotlines: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows changed, added and gone in the packaged table: the edited area stays, the others follow."""
    save(seeded, "dementia", NEW, who="ueda", why="先に家へ", based_on=0)
    packaged = list(seed_rows.routes())

    def next_release() -> Any:
        for row in packaged:
            if not (row.area == "dementia" and row.condition):
                row.reason = "新しい説明"
                yield row
        extra = type(packaged[0])(**{**_values(packaged[0]), "id": "dementia.backup.always", "area": "dementia"})
        extra.service_id = "backup"
        yield extra

    monkeypatch.setattr(seed_rows, "routes", next_release)
    counts = seed(seeded, hotlines)
    assert counts.kept > 0
    routes = read_directory(seeded).routes
    assert routes["dementia"] == NEW
    assert routes["poverty"][0].reason == "新しい説明"
    seed(seeded, hotlines)
    assert read_directory(seeded).routes["dementia"] == NEW


def _values(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


@pytest.mark.parametrize(
    ("condition", "asked", "holds"),
    [
        ("in_片瀬", {"place": "片瀬地区"}, True),
        ("in_片瀬", {"place": "辻堂地区"}, False),
        ("in_片瀬", {}, False),
        ("after_hours", {"at": AT.replace(hour=20)}, True),
        ("after_hours", {"at": AT.replace(day=23)}, True),
        ("after_hours", {}, False),
        ("office_hours", {}, True),
        ("consent_given", {"flags": frozenset({"consent_given"})}, True),
        ("older_person", {"flags": frozenset({"older_person"})}, True),
        ("in_片瀬+older_person", {"place": "片瀬地区", "flags": frozenset({"older_person"})}, True),
        ("in_片瀬+older_person", {"place": "片瀬地区"}, False),
    ],
)
def test_a_row_holds_in_its_district_at_its_time_for_its_age_with_consent(
    directory: Directory, condition: str, asked: dict[str, Any], holds: bool
) -> None:
    rows = (Step("seishin_hoken", condition, True, ""), *directory.routes["dementia"])
    changed = with_steps(directory, "dementia", checked(directory, "dementia", rows))
    assert (first(changed, **asked) == "seishin_hoken") is holds


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((), "1つもありません"),
        ((NEW[0], NEW[0]), "2回あります"),
        ((replace(NEW[0], window="nowhere"),), "使われていない窓口"),
        ((replace(NEW[0], window="emergency"),), "使われていない窓口"),
        ((replace(NEW[0], condition="full_moon"),), "条件がわかりません"),
        ((replace(NEW[0], condition="youth"),), "「いつでも」"),
        ((replace(NEW[0], reason="あ" * 81),), "80 文字まで"),
        (NEW * 8, "15 まで"),
    ],
)
def test_what_would_send_somebody_nowhere_is_refused(directory: Directory, steps: tuple[Step, ...], words: str) -> None:
    with pytest.raises(RouteRefused, match=words):
        checked(directory, "dementia", steps)


def test_nothing_is_changed_without_a_reason(seeded: Engine) -> None:
    with pytest.raises(RouteRefused):
        save(seeded, "dementia", NEW, who="ueda", why="  ", based_on=0)
    assert route_edits.history(seeded, "dementia") == []
