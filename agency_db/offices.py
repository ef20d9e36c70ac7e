"""Which office of a window answers for a place, and which places are near."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from agency_db.directory import Office, Offices, Window
from agency_db.geo import distances_m
from agency_db.places import Place
from agency_db.terms import Audience

#: Where no distance is known, an office in the person's own district counts as this near, one elsewhere as far away.
_OWN_DISTRICT_M = 1_500.0
_ELSEWHERE_M = 100_000.0
#: Farther away, an office that happens to be the nearest one known is not named: there may be nearer ones (plan).
_NEAR_M = 3_000.0
#: ふらっと, first where nothing is known. かわうそ is the centre of the north (北部).
_FIRST_CENTRE = "dis-chubu"
_NORTHERN_CENTRE = "dis-hokubu"


def choose(window: Window, place: Place | None, audience: Audience) -> tuple[Office | None, tuple[Office, ...]]:
    """The office responsible (None: name the window only) and the other offices worth showing."""
    shown = [office for office in window.offices.items if office.fact.shown_to(audience)]
    match window.office_choice:
        case "single":
            ranked = sorted(shown, key=lambda office: _best_trust(office))
            return (ranked[0], tuple(ranked[1:]) if audience == "staff" else ()) if ranked else (None, ())
        case "district":
            own = _of_district(shown, place)
            return (own[0], tuple(own[1:])) if own else (None, ())
        case "nearest":
            near = nearest(window.offices, place, 1, audience) if place else []
            return (near[0][0] if near and near[0][1] <= _NEAR_M else None), ()
        case "all":
            ranked = _centres(window.offices, shown, place)
            return (ranked[0], tuple(ranked[1:])) if ranked else (None, ())
        case _:
            return None, tuple(shown) if audience == "staff" and window.id != "engawa" else ()


def _best_trust(office: Office) -> str:
    return min((line.fact.rank for line in office.lines if line.kind == "voice"), default="Z")


def _of_district(shown: list[Office], place: Place | None) -> list[Office]:
    if place is None or place.district is None:
        return []
    serving = [office for office in shown if place.district in office.serves]
    return serving or [office for office in shown if not office.serves and office.located_in == place.district]


def _centres(offices: Offices, shown: list[Office], place: Place | None) -> list[Office]:
    """All centres: the one in the person's district or nearest first, else the north's own, else ふらっと."""
    distance = dict(zip((o.id for o in offices.items), _metres(offices, place).tolist(), strict=True))
    first = _NORTHERN_CENTRE if place is not None and place.in_north else _FIRST_CENTRE
    return sorted(shown, key=lambda o: (distance[o.id], o.id != first))


def nearest(offices: Offices, place: Place, count: int, audience: Audience) -> list[tuple[Office, float]]:
    """Up to `count` offices, nearest first, each with the metres that it was ordered by."""
    metres = _metres(offices, place)
    if audience == "resident":
        metres = np.where(offices.for_residents, metres, np.inf)
    wanted = min(count, len(metres))
    if not wanted:
        return []
    first = np.argpartition(metres, wanted - 1)[:wanted] if wanted < len(metres) else np.arange(len(metres))
    order = sorted(first.tolist(), key=lambda i: (metres[i], i))
    return [(offices.items[i], float(metres[i])) for i in order if np.isfinite(metres[i])]


def _metres(offices: Offices, place: Place | None) -> npt.NDArray[np.float64]:
    if place is None:
        return np.full(len(offices.items), _ELSEWHERE_M)
    own = np.isin(offices.districts, list(place.candidates))
    assumed = np.where(own, _OWN_DISTRICT_M, _ELSEWHERE_M)
    if place.position is None:
        return assumed
    measured = distances_m(place.position, offices.positions)
    return np.where(np.isnan(measured), assumed, measured)


def distance(office: Office | None, place: Place | None) -> float:
    """Metres between an office and a place; NaN when either point is missing or shared."""
    if office is None or place is None or office.position is None or place.position is None:
        return float("nan")
    return float(distances_m(place.position, [office.position])[0])
