"""The order of the windows: the routing table, the plan's own rules, and the coordinator of several agencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agency_db.directory import Directory, Step
from agency_db.places import Place
from agency_db.terms import NORTH, Audience

MOST_WINDOWS = 5
ENTRANCE = "fukushi_sogo"
NORTHERN_ENTRANCE = "hokubu_sogo"
LIVELIHOOD_COORDINATOR = "backup"
#: 多機関協働: the two that convene the 重層的支援会議 (windows.csv), shown to staff.
STAFF_COORDINATORS = ("backup", "backup_shakyo")
#: Fields that count for multi_agency (contract); mental_health counts as a field of its own.
_FIELDS = frozenset({"care", "disability", "child", "livelihood"})
_OUTREACH = "backup_shakyo"
_OUTREACH_FOR_DEMENTIA = "ninchisho_team"
_OUTREACH_REASON = "会うのがむずかしいときも、職員が家をたずねて話を聞きます"
_COORDINATOR_REASON = "いくつかの困りごとを、ここでまとめて相談できます"
#: community_activity has only rows with a condition: where none holds, the general ones (編集上の整理).
_GENERAL = {"community_activity": ("fukushi_plaza", "csw_chiiki")}
_WELFARE_DESK = "chiku_fukushi"
_WITHOUT_DESK = "藤沢"


@dataclass(frozen=True, slots=True)
class Named:
    """A window in the answer: why, and for which of the asserted areas."""

    window: str
    reason: str
    areas: tuple[str, ...]


def in_north(place: Place | None) -> bool:
    """True when every district that the place may lie in belongs to 北部福祉総合相談室."""
    return place is not None and bool(place.candidates) and set(place.candidates) <= NORTH


def is_multi_agency(directory: Directory, areas: Sequence[str]) -> bool:
    """Three or more areas over two or more fields, or double_care (contract, multi_agency)."""
    return "double_care" in areas or (len(areas) >= 3 and len(_fields(directory, areas)) >= 2)


def _fields(directory: Directory, areas: Sequence[str]) -> set[str]:
    fields = {directory.areas[area].field for area in areas if area in directory.areas} & _FIELDS
    return fields | ({"mental_health"} if "mental_health" in areas else set())


def order(
    directory: Directory, areas: Sequence[str], situation: frozenset[str], place: Place | None, audience: Audience
) -> list[Named]:
    """The windows for asserted areas, best first, at most five, each once."""
    if not areas:
        entrance = directory.windows[ENTRANCE]
        return [Named(ENTRANCE, entrance.reason, ())]
    lists = {area: area_windows(directory, area, situation, place, audience) for area in areas}
    named: dict[str, Named] = {}
    for turn in range(max(map(len, lists.values()), default=0)):
        for steps in lists.values():
            if turn < len(steps) and steps[turn].window not in named:
                window = steps[turn].window
                served = tuple(a for a, own in lists.items() if any(step.window == window for step in own))
                named[window] = Named(window, steps[turn].reason, served)
    return _with_coordinators(directory, list(named.values()), areas, place, audience)[:MOST_WINDOWS]


def area_windows(
    directory: Directory, area: str, situation: frozenset[str], place: Place | None, audience: Audience
) -> list[Step]:
    """The windows of one area in order: rows whose condition holds, leading ones first, doors before what they open."""
    rows = directory.routes.get(area, ())
    held = [step for step in rows if _holds(step, situation, place)]
    if not held:
        held = [step for step in rows if step.window in _GENERAL.get(area, ())]
        held.sort(key=lambda step: _GENERAL[area].index(step.window))
    steps = [step for step in held if step.lead] + [step for step in held if not step.lead]
    if "hard_to_reach" in situation and steps:
        steps = _with_outreach(directory, area, steps)
    if audience == "resident":
        steps = _through_doors(directory, steps)
    known = {step.window: step for step in reversed(steps) if step.window in directory.windows}
    return [step for step in steps if known.get(step.window) is step]


def _holds(step: Step, situation: frozenset[str], place: Place | None) -> bool:
    if step.window == _WELFARE_DESK and place is not None and place.district == _WITHOUT_DESK:
        return False
    match step.condition:
        case None:
            return True
        case "in_north":
            return "in_north" in situation or in_north(place)
        case "in_fujisawa_district":
            return place is None or place.district is None or place.district == _WITHOUT_DESK
        case condition:
            return condition in situation


def _with_outreach(directory: Directory, area: str, steps: list[Step]) -> list[Step]:
    """Hard to reach: a team that goes to the person comes right after the area's first window."""
    window = _OUTREACH_FOR_DEMENTIA if area == "dementia" else _OUTREACH
    if steps[0].window == window:
        return steps
    reason = _OUTREACH_REASON if window == _OUTREACH else directory.windows[window].reason
    team = Step(window, "hard_to_reach", False, reason)
    return [steps[0], team, *(step for step in steps[1:] if step.window != window)]


def _through_doors(directory: Directory, steps: list[Step]) -> list[Step]:
    """Windows that a resident cannot go to directly stand behind their door, and their reason names it.

    A group that asks for its own windows (a condition holds) needs no door.
    """
    result: list[Step] = []
    for step in steps:
        window = directory.windows.get(step.window)
        as_group = window is not None and window.for_groups and step.condition is not None
        if window is None or window.door is None or as_group:
            result.append(step)
            continue
        if all(earlier.window != window.door for earlier in result):
            door = next((s for s in steps if s.window == window.door), None)
            result.append(door or Step(window.door, None, False, directory.windows[window.door].reason))
        result.append(replace(step, reason=window.reason))
    return result


def _with_coordinators(
    directory: Directory, own: list[Named], areas: Sequence[str], place: Place | None, audience: Audience
) -> list[Named]:
    several = is_multi_agency(directory, areas)
    two = len(areas) == 2 and len(_fields(directory, areas)) == 2
    if not several and not two:
        return own
    chosen = STAFF_COORDINATORS if audience == "staff" else (_coordinator(directory, areas, place),)
    everything = tuple(areas)
    if several:
        rest = [named for named in own if named.window not in chosen]
        return [Named(window, _COORDINATOR_REASON, everything) for window in chosen] + rest
    result = [replace(named, areas=everything) if named.window in chosen else named for named in own]
    missing = [window for window in chosen if all(named.window != window for named in own)]
    return [*result[:2], *(Named(window, _COORDINATOR_REASON, everything) for window in missing), *result[2:]]


def _coordinator(directory: Directory, areas: Sequence[str], place: Place | None) -> str:
    if "livelihood" in _fields(directory, areas):
        return LIVELIHOOD_COORDINATOR
    return NORTHERN_ENTRANCE if in_north(place) else ENTRANCE
