"""The lookup: issue areas, place, time and situation → windows in order, how to reach them, and 地域の縁側 nearby."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agency_db import routing
from agency_db.contacts import contact, fax
from agency_db.directory import Directory, Fact, Office, Window
from agency_db.geo import shown_distance
from agency_db.hours import time_flag
from agency_db.offices import choose, distance, nearest
from agency_db.places import Place
from agency_db.terms import WELFARE_DESK, Audience

_MOST_ENGAWA = 3
_ENGAWA = "engawa"
#: Windows named in an answer by the office found (「湘南台市民センター」); the others keep the plan's name.
_NAMED_BY_OFFICE = frozenset({"district", "nearest", "all"})


@dataclass(frozen=True, slots=True)
class AreaScore:
    """An asserted issue area: calibrated probability and the words of the text that speak for it."""

    id: str
    score: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What is known of a message. `areas` best first; `at` aware; `situation` flags of data/conditions.csv.

    Flags of the time and of the place follow from `at` and `place`.
    """

    areas: tuple[AreaScore, ...]
    at: datetime
    place: Place | None = None
    situation: frozenset[str] = frozenset()
    audience: Audience = "resident"


@dataclass(frozen=True, slots=True)
class Triage:
    """The answer. `windows` and `engawa` hold the contract's objects.

    `place_question`: the answer would become better if the district were known.
    """

    areas: tuple[dict[str, Any], ...]
    place: Place | None
    windows: tuple[dict[str, Any], ...]
    engawa: tuple[dict[str, Any], ...]
    multi_agency: bool
    place_question: bool

    def as_dict(self) -> dict[str, Any]:
        """The contract's `triage` object, with crisis "none" and out_of_scope False."""
        return {
            "areas": [dict(area) for area in self.areas],
            "crisis": "none",
            "out_of_scope": False,
            "place": self.place.as_dict() if self.place else None,
            "windows": [dict(window) for window in self.windows],
            "engawa": [dict(place) for place in self.engawa],
            "multi_agency": self.multi_agency,
        }


def look_up(directory: Directory, query: Query) -> Triage:
    """Find the windows for a query. Areas that the directory does not know are left out.

    Raises ValueError for a naive `at`.
    """
    if query.at.tzinfo is None:
        raise ValueError("`at` must carry a time zone")
    asserted = [area for area in query.areas if area.id in directory.areas]
    ids = [area.id for area in asserted]
    situation = query.situation | {time_flag(query.at)}
    named = routing.order(directory, ids, situation, query.place, query.audience)
    return Triage(
        areas=tuple(
            {
                "id": area.id,
                "label": directory.areas[area.id].label,
                "score": area.score,
                "evidence": list(area.evidence),
            }
            for area in asserted
        ),
        place=query.place,
        windows=tuple(_window(directory, item, query) for item in named),
        engawa=tuple(nearby_engawa(directory, query.place, query.at, query.audience)),
        multi_agency=routing.is_multi_agency(directory, ids),
        place_question=_place_question(directory, named, query.place),
    )


def named_window(directory: Directory, window: str, query: Query) -> dict[str, Any]:
    """The contract's object for one window, named by its id whatever the areas. Raises KeyError for an unknown id."""
    return _window(directory, routing.Named(window, "", ()), query)


def nearby_engawa(
    directory: Directory, place: Place | None, at: datetime, audience: Audience = "resident"
) -> list[dict[str, Any]]:
    """Up to three 地域の縁側, nearest first, those of the district where no distance is known; [] without a place."""
    if place is None or _ENGAWA not in directory.windows:
        return []
    found = nearest(directory.windows[_ENGAWA].offices, place, _MOST_ENGAWA, audience)
    return [_engawa(office, place, at, audience) for office, _ in found]


def _place_question(directory: Directory, named: list[routing.Named], place: Place | None) -> bool:
    if place is not None and place.district is not None:
        return False
    entrances = {routing.ENTRANCE, routing.NORTHERN_ENTRANCE}
    by_place = [n for n in named if directory.windows[n.window].by_district or (n.window in entrances and n.areas)]
    return bool(by_place)


def _window(directory: Directory, named: routing.Named, query: Query) -> dict[str, Any]:
    window = directory.windows[named.window]
    office, others = choose(window, query.place, query.audience)
    reached = contact(directory, window, office, query.place, query.audience)
    return {
        "id": window.id,
        "office": office.id if office else None,
        "name": _name(window, office),
        "reason": named.reason or window.reason,
        "areas": list(named.areas),
        "phone": reached.phone,
        "phone_label": reached.label,
        "say": reached.say,
        "fax": fax(office, query.audience),
        "url": window.url or (office.url if office else None),
        **_where_and_when(office, query),
        **_provenance(reached.fact),
        "department": window.department_text or None,
        "programmes": list(window.programmes),
        "who_may_ask": window.who_may_ask or None,
        "offices": [_other(directory, window, other, query) for other in others],
    }


def _other(directory: Directory, window: Window, office: Office, query: Query) -> dict[str, Any]:
    reached = contact(directory, window, office, query.place, query.audience)
    return {
        "id": office.id,
        "name": _name(window, office),
        "phone": reached.phone,
        "phone_label": reached.label,
        "say": reached.say,
        **_where_and_when(office, query),
        **_provenance(reached.fact),
    }


def _name(window: Window, office: Office | None) -> str:
    if office is None or window.office_choice not in _NAMED_BY_OFFICE:
        return window.short_name
    return f"{office.name}の{window.short_name}" if window.id == WELFARE_DESK else office.name


def _where_and_when(office: Office | None, query: Query) -> dict[str, Any]:
    address = _shown(office.address_fact, query.audience) if office else None
    hours = _shown(office.hours_fact, query.audience) if office else None
    state, opens_next = _opening(office, query.at)
    return {
        "address": office.address if office and address else None,
        "address_source": address.source if address else None,
        "address_source_date": address.source_date if address else None,
        "address_trust": address.trust if address else None,
        "hours": office.hours.text if office and hours else None,
        "hours_source": hours.source if hours else None,
        "hours_source_date": hours.source_date if hours else None,
        "hours_trust": hours.trust if hours else None,
        "open": state,
        "opens_next": opens_next,
        "distance_m": shown_distance(distance(office, query.place)),
    }


def _shown(fact: Fact | None, audience: Audience) -> Fact | None:
    return fact if fact is not None and fact.shown_to(audience) else None


def _opening(office: Office | None, at: datetime) -> tuple[str, str | None]:
    """open, closed or unknown, and the next opening when closed. Hours that nobody confirmed (C) leave it unknown."""
    if office is None or office.hours_fact is None or not office.hours_fact.shown_to("resident"):
        return "unknown", None
    state = office.hours.open_at(at)
    following = office.hours.opens_next(at) if state == "closed" else None
    return state, following.isoformat() if following else None


def _provenance(fact: Fact | None) -> dict[str, Any]:
    return {
        "trust": fact.trust if fact else None,
        "source": fact.source if fact else None,
        "source_url": fact.source_url if fact else None,
        "source_date": fact.source_date if fact else None,
        "verified_on": fact.verified_on if fact else None,
    }


def _engawa(office: Office, place: Place, at: datetime, audience: Audience) -> dict[str, Any]:
    state, opens_next = _opening(office, at)
    voice = next((line for line in office.lines if line.kind == "voice" and line.fact.shown_to(audience)), None)
    return {
        "id": office.id,
        "name": office.name,
        "type": office.kind or None,
        "address": office.address if _shown(office.address_fact, audience) else None,
        "district": office.located_in,
        "phone": voice.number if voice else None,
        "open_days": (office.hours.text or None) if _shown(office.hours_fact, audience) else None,
        "distance_m": shown_distance(distance(office, place)),
        "open": state,
        "opens_next": opens_next,
        **_provenance(office.fact),
    }
