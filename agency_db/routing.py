"""The order of the windows: the routing table, the plan's own rules, and the coordinator of several agencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agency_db.directory import Directory, Step
from agency_db.places import Place
from agency_db.terms import WELFARE_DESK, WITHOUT_WELFARE_DESK, Audience

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


@dataclass(frozen=True, slots=True)
class Named:
    """A window in the answer: why, and for which of the asserted areas."""

    window: str
    reason: str
    areas: tuple[str, ...]


def is_multi_agency(directory: Directory, areas: Sequence[str]) -> bool:
    """Three or more areas over two or more fields, or double_care (contract, multi_agency)."""
    return "double_care" in areas or (len(areas) >= 3 and len(_fields(directory, areas)) >= 2)


def _fields(directory: Directory, areas: Sequence[str]) -> set[str]:
    fields = {directory.areas[area].field for area in areas if area in directory.areas} & _FIELDS
    return fields | ({"mental_health"} if "mental_health" in areas else set())


def order(
    directory: Directory, areas: Sequence[str], situation: frozenset[str], place: Place | None, audience: Audience
) -> list[Named]:
    """The windows for asserted areas, best first, at most five, each once; the entrance where no area has any."""
    lists = {area: area_windows(directory, area, situation, place, audience) for area in areas}
    named: dict[str, Named] = {}
    for turn in range(max(map(len, lists.values()), default=0)):
        for steps in lists.values():
            if turn < len(steps) and steps[turn].window not in named:
                window = steps[turn].window
                served = tuple(a for a, own in lists.items() if any(step.window == window for step in own))
                named[window] = Named(window, steps[turn].reason, served)
    if not named:
        return [Named(ENTRANCE, directory.windows[ENTRANCE].reason, tuple(areas))]
    north = "in_north" in situation or (place is not None and place.in_north)
    ordered = _with_coordinators(directory, list(named.values()), areas, north, audience)
    return [item for item in ordered if item.window in directory.windows][:MOST_WINDOWS]


def area_windows(
    directory: Directory, area: str, situation: frozenset[str], place: Place | None, audience: Audience
) -> list[Step]:
    """The windows of one area in order: rows whose condition holds, leading ones first, doors before what they open."""
    rows = tuple(step for step in directory.routes.get(area, ()) if step.window in directory.windows)
    held = [step for step in rows if _holds(step, situation, place)]
    if not held:
        held = [step for step in rows if step.window in _GENERAL.get(area, ())]
        held.sort(key=lambda step: _GENERAL[area].index(step.window))
    steps = [step for step in held if step.lead] + [step for step in held if not step.lead]
    if "hard_to_reach" in situation and steps:
        steps = _with_outreach(directory, area, steps)
    if audience == "resident":
        steps = _through_doors(directory, steps)
    first = {step.window: step for step in reversed(steps)}
    return [step for step in steps if first[step.window] is step]


def _holds(step: Step, situation: frozenset[str], place: Place | None) -> bool:
    district = place.district if place is not None else None
    without_desk = "in_fujisawa_district" in situation or district == WITHOUT_WELFARE_DESK
    if step.window == WELFARE_DESK and without_desk:
        return False
    return step.condition is None or all(
        _flag_holds(flag, situation, place, without_desk=without_desk) for flag in step.condition.split("+")
    )


def _flag_holds(flag: str, situation: frozenset[str], place: Place | None, *, without_desk: bool) -> bool:
    district = place.district if place is not None else None
    match flag:
        case "in_north":
            return "in_north" in situation or (place is not None and place.in_north)
        case "in_fujisawa_district":
            return without_desk or district is None
        case _:
            return flag in situation or (district is not None and flag == f"in_{district}")


def _with_outreach(directory: Directory, area: str, steps: list[Step]) -> list[Step]:
    """Hard to reach: a team that goes to the person comes right after the area's first window."""
    window = _OUTREACH_FOR_DEMENTIA if area == "dementia" else _OUTREACH
    if steps[0].window == window or window not in directory.windows:
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
        window = directory.windows[step.window]
        door = directory.windows.get(window.door or "")
        if door is None or (window.for_groups and step.condition is not None):
            result.append(step)
            continue
        if all(earlier.window != door.id for earlier in result):
            own = next((s for s in steps if s.window == door.id), None)
            result.append(own or Step(door.id, None, False, door.reason))
        result.append(replace(step, reason=window.reason))
    return result


def _with_coordinators(
    directory: Directory, own: list[Named], areas: Sequence[str], north: bool, audience: Audience
) -> list[Named]:
    """The coordinators in front of the own windows, or third where only two fields meet."""
    several = is_multi_agency(directory, areas)
    two = len(areas) == 2 and len(_fields(directory, areas)) == 2
    if not several and not two:
        return own
    chosen = STAFF_COORDINATORS if audience == "staff" else (_coordinator(directory, areas, north),)
    everything = tuple(areas)
    kept = 0 if several else 2
    front = [replace(named, areas=everything) if named.window in chosen else named for named in own[:kept]]
    in_front = {named.window for named in front}
    coordinators = [Named(window, _COORDINATOR_REASON, everything) for window in chosen if window not in in_front]
    return [*front, *coordinators, *(named for named in own[kept:] if named.window not in chosen)]


def _coordinator(directory: Directory, areas: Sequence[str], north: bool) -> str:
    if "livelihood" in _fields(directory, areas):
        return LIVELIHOOD_COORDINATOR
    return NORTHERN_ENTRANCE if north else ENTRANCE
