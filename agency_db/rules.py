"""Why a window stands in an answer: the rows of the routing table and the plan's rules that put it there, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agency_db import routing
from agency_db.directory import Directory, Step
from agency_db.lookup import Query

#: Programmes of the plan (windows.csv) that reach further than a talk at the window.
OUTREACH = "アウトリーチ"
PARTICIPATION = "参加支援"
_JOINT = "計画の多機関協働: 分野をまたぐ困りごとの調整役"
_VISITS = "計画のアウトリーチ: 会うのがむずかしいときは、たずねて行く"
#: Conditions that follow from the place, the hour and the consent, not from what is told.
_FROM_ELSEWHERE = ("in_", "office_hours", "after_hours", "consent_")
_ENTRANCE = "分野がまだわからないときの、いちばんの入口"


@dataclass(frozen=True, slots=True)
class Condition:
    """A situation that narrows a route of the areas in question. `holds`: it is part of the query."""

    flag: str
    name: str
    holds: bool


def rules_of(directory: Directory, window: str, query: Query) -> list[str]:
    """The rules behind a window of `look_up(directory, query)`, the deciding ones first."""
    found: list[str] = []
    for area in _known(directory, query):
        steps = routing.area_windows(directory, area, query.situation, query.place, query.audience)
        for place, step in enumerate(steps, 1):
            if step.window == window:
                found.append(_row(directory, area, place, step))
    ids = _known(directory, query)
    if window in routing.STAFF_COORDINATORS and (routing.is_multi_agency(directory, ids) or not found) and ids:
        found.insert(0, _JOINT)
    return list(dict.fromkeys(found)) or [_ENTRANCE]


def offered(directory: Directory, programme: str, query: Query) -> list[str]:
    """Windows of the query's areas that the plan runs this programme at, in the order of the routing table."""
    windows = [
        step.window
        for area in _known(directory, query)
        for step in routing.area_windows(directory, area, query.situation, query.place, query.audience)
        if programme in directory.windows[step.window].programmes
    ]
    return list(dict.fromkeys(windows))


def conditions(directory: Directory, query: Query) -> list[Condition]:
    """The situations that would change the windows of the query's areas, in the order of the routing table."""
    flags = [
        flag
        for area in _known(directory, query)
        for step in directory.routes.get(area, ())
        for flag in (step.condition or "").split("+")
        if flag and not flag.startswith(_FROM_ELSEWHERE)
    ]
    return [
        Condition(flag, directory.conditions.get(flag, flag), flag in query.situation) for flag in dict.fromkeys(flags)
    ]


def _known(directory: Directory, query: Query) -> Sequence[str]:
    return [area.id for area in query.areas if area.id in directory.areas]


def _row(directory: Directory, area: str, place: int, step: Step) -> str:
    label = directory.areas[area].label
    if step.condition == "hard_to_reach":
        return _VISITS
    if step.condition is not None:
        return f"「{label}」で「{directory.conditions.get(step.condition, step.condition)}」のとき"
    return f"「{label}」の{place}番目の窓口"
