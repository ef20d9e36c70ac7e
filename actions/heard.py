"""What the understanding components wrote on the resident's message, as typed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions.context import gazetteer, now
from actions.memory import place_from
from agency_db.lookup import AreaScore
from agency_db.places import Place
from agency_db.terms import TOKYO

# The area that stands for a crisis when the classifier asserted none of them.
CRISIS_AREAS = {
    "suicide": ("suicide",),
    "violence": ("domestic_violence", "child_abuse", "elder_abuse", "disability"),
    "abuse": ("child_abuse", "elder_abuse", "domestic_violence", "disability"),
    "medical_emergency": (),
}


@dataclass(frozen=True, slots=True)
class Heard:
    """One message understood. `areas` are the asserted ones, best first; `likely` are ids worth asking about.
    `text` is used to choose the wording of this one answer and is not remembered.
    """

    intent: str
    areas: tuple[AreaScore, ...]
    likely: tuple[str, ...]
    crisis: str
    situation: frozenset[str]
    place: Place | None
    other_city: str | None
    readable: bool
    text: str
    at: datetime
    audience: str


def understand(message: Mapping[str, Any], metadata: Mapping[str, Any]) -> Heard:
    """Read the parse of Rasa's last user message.

    The metadata may carry `place` (a name, a postal code or "lat,lng"; it beats the text), `at` (ISO 8601) and
    `audience`, as the command line and the front desk send them.
    """
    intent = message["intent"]["name"] or "vague"
    crisis = (message.get("crisis") or {}).get("kind", "none")
    place = message.get("place") or {}
    given = metadata.get("place")
    ranked = (message.get("areas") or {}).get("ranked") or []
    return Heard(
        intent=intent,
        areas=_asserted(ranked, intent, crisis),
        likely=tuple(area["id"] for area in ranked[:4] if area["score"] >= 0.08),
        crisis=crisis,
        situation=frozenset(message.get("situation") or ()),
        place=gazetteer().resolve(given) if given else place_from(place.get("place")),
        other_city=place.get("other_city"),
        readable=message.get("readable", True),
        text=message.get("text") or "",
        at=_moment(metadata.get("at")),
        audience=metadata.get("audience") or "resident",
    )


def _asserted(ranked: list[dict[str, Any]], intent: str, crisis: str) -> tuple[AreaScore, ...]:
    areas = [a for a in ranked if a["asserted"]]
    if not areas and ranked and intent in {"worry", "crisis"}:
        areas = ranked[:1]
    if crisis != "none":
        standing = CRISIS_AREAS[crisis]
        if standing and not any(a["id"] in standing for a in areas):
            fitting = [a for a in ranked if a["id"] in standing]
            areas = [*areas, *fitting[:1]]
    return tuple(AreaScore(a["id"], a["score"], tuple(a["evidence"])) for a in areas)


def _moment(value: str | None) -> datetime:
    if not value:
        return now()
    moment = datetime.fromisoformat(value)
    return moment.replace(tzinfo=TOKYO) if moment.tzinfo is None else moment.astimezone(TOKYO)
