"""What a conversation remembers: slots in, slots out. No raw text is ever kept here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from agency_db.lookup import AreaScore
from agency_db.places import Place

JSON = dict[str, Any]

NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Memory:
    """The slots of a conversation as values (see domain.yml for their meaning)."""

    worries: tuple[AreaScore, ...] = ()
    situation: frozenset[str] = frozenset()
    place: Place | None = None
    crisis: str = "none"
    triage: JSON | None = None
    offered: tuple[str, ...] = ()
    clarified: int = 0
    pending: str = NOTHING

    @classmethod
    def from_slots(cls, slots: JSON) -> Memory:
        """Read the slots of a tracker; unset slots give the defaults."""
        return cls(
            worries=tuple(AreaScore(w["id"], w["score"], tuple(w["evidence"])) for w in slots.get("worries") or []),
            situation=frozenset(slots.get("situation") or ()),
            place=place_from(slots.get("place")),
            crisis=slots.get("crisis") or "none",
            triage=slots.get("triage"),
            offered=tuple(slots.get("offered") or ()),
            clarified=slots.get("clarified") or 0,
            pending=slots.get("pending") or NOTHING,
        )

    def to_slots(self) -> JSON:
        """Slot values as plain JSON."""
        return {
            "worries": [{"id": w.id, "score": w.score, "evidence": list(w.evidence)} for w in self.worries],
            "situation": sorted(self.situation),
            "place": place_fields(self.place),
            "crisis": self.crisis,
            "triage": self.triage,
            "offered": list(self.offered),
            "clarified": self.clarified,
            "pending": self.pending,
        }

    def hearing(self, areas: tuple[AreaScore, ...], situation: frozenset[str], place: Place | None) -> Memory:
        """Add what a message told: a new worry comes first and none is lost; a newer place replaces the older."""
        told = {area.id for area in areas}
        return replace(
            self,
            worries=areas + tuple(worry for worry in self.worries if worry.id not in told),
            situation=self.situation | situation,
            place=place or self.place,
        )


def place_from(fields: JSON | None) -> Place | None:
    """A place from its fields as kept in a slot or written by the place component."""
    if not fields:
        return None
    position = fields.get("position")
    return Place(
        district=fields.get("district"),
        town=fields.get("town"),
        candidates=tuple(fields.get("candidates") or ()),
        position=(position[0], position[1]) if position else None,
        confirm=bool(fields.get("confirm")),
        words=fields.get("words") or "",
        kind=fields.get("kind") or "district",
    )


def place_fields(place: Place | None) -> JSON | None:
    """Plain fields of a place."""
    if place is None:
        return None
    return {
        "district": place.district,
        "town": place.town,
        "candidates": list(place.candidates),
        "position": list(place.position) if place.position else None,
        "confirm": place.confirm,
        "words": place.words,
        "kind": place.kind,
    }
