"""From the turns of a day to its counts. No text is looked at."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import combinations
from typing import Any, Final

from agency_db.terms import TOKYO


class Kind(StrEnum):
    """What is counted, with what stands in `area` and `detail` beside the district."""

    TALK = "talk"
    #: area: the issue area.
    AREA = "area"
    #: A case of several agencies (contract, multi_agency).
    COMPLEX = "complex"
    #: detail: two areas of one talk, "a+b".
    PAIR = "pair"
    #: detail: no_window, clarify, out_of_scope. area: "" or the area that had no window.
    UNMET = "unmet"
    #: detail: kind of crisis.
    CRISIS = "crisis"
    #: detail: hour of the first message, "00" to "23".
    HOUR = "hour"
    #: detail: window.
    OFFERED = "offered"
    #: detail: window whose phone or hours were asked after.
    FOLLOWED = "followed"
    #: detail: near or none (no 地域の縁側 of the district is registered).
    ENGAWA = "engawa"
    #: detail: kind of the answer; area: model. Counts answers, not talks.
    ANSWER = "answer"


#: (kind, area, district, detail)
Key = tuple[str, str, str, str]
FOLLOW_UPS: Final = frozenset({"phone", "hours"})
#: Details of UNMET, and of ENGAWA.
NO_WINDOW, CLARIFY, OUT_OF_SCOPE = "no_window", "clarify", "out_of_scope"
NEAR, NONE_NEAR = "near", "none"


@dataclass(frozen=True, slots=True)
class City:
    """What counting has to know of the directory. `is_complex`: areas → several agencies; `has_engawa`: by district."""

    is_complex: Callable[[Sequence[str]], bool]
    has_engawa: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class CountedTurn:
    """The columns of a stored turn that are counted."""

    conversation: str
    at: datetime
    kind: str
    areas: tuple[str, ...]
    crisis: str
    out_of_scope: bool
    windows: tuple[str, ...]
    district: str
    model: str

    @property
    def day(self) -> date:
        """Asia/Tokyo."""
        return self.at.astimezone(TOKYO).date()


def turn_of(row: Mapping[str, Any]) -> CountedTurn:
    """From the columns conversation_id, at, kind, areas, crisis, out_of_scope, windows, place, model."""
    return CountedTurn(
        conversation=row["conversation_id"],
        at=row["at"],
        kind=row["kind"],
        areas=tuple(area["id"] for area in row["areas"]),
        crisis=row["crisis"],
        out_of_scope=row["out_of_scope"],
        windows=tuple(window["id"] for window in row["windows"]),
        district=(row["place"] or {}).get("district") or "",
        model=row["model"],
    )


def count(turns: Iterable[CountedTurn], city: City) -> Counter[Key]:
    """The counts of one day's turns, in the order in which they were said."""
    talks: dict[str, list[CountedTurn]] = defaultdict(list)
    counts: Counter[Key] = Counter()
    for turn in turns:
        talks[turn.conversation].append(turn)
        counts[(Kind.ANSWER, turn.model[:64], "", turn.kind)] += 1
    for talk in talks.values():
        counts.update(_of_talk(talk, city))
    return counts


def _of_talk(talk: Sequence[CountedTurn], city: City) -> set[Key]:
    district = next((turn.district for turn in reversed(talk) if turn.district), "")
    found: set[Key] = {
        (Kind.TALK, "", district, ""),
        (Kind.HOUR, "", "", f"{talk[0].at.astimezone(TOKYO).hour:02}"),
    }
    for turn in talk:
        found |= {(Kind.AREA, area, district, "") for area in turn.areas}
        found |= {(Kind.PAIR, "", "", "+".join(pair)) for pair in combinations(sorted(set(turn.areas)), 2)}
        found |= {(Kind.OFFERED, "", district, window) for window in turn.windows}
        if city.is_complex(turn.areas):
            found.add((Kind.COMPLEX, "", district, ""))
        if turn.crisis != "none":
            found.add((Kind.CRISIS, "", "", turn.crisis))
        if turn.kind in FOLLOW_UPS and turn.windows:
            found.add((Kind.FOLLOWED, "", district, turn.windows[0]))
        if turn.kind == "engawa":
            found.add((Kind.ENGAWA, "", district, NEAR if district and city.has_engawa(district) else NONE_NEAR))
        found |= _unmet(turn, district)
    return found


def _unmet(turn: CountedTurn, district: str) -> set[Key]:
    if turn.out_of_scope:
        return {(Kind.UNMET, "", district, OUT_OF_SCOPE)}
    if turn.kind == "clarify":
        return {(Kind.UNMET, "", district, CLARIFY)}
    if turn.areas and not turn.windows:
        return {(Kind.UNMET, area, district, NO_WINDOW) for area in turn.areas}
    return set()
