"""What a model answered to one sentence: the part of the contract's reply that can be right or wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.evaluation.heldout import CALM

JSON = dict[str, Any]
#: `kind` of an answer that never came.
FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Weighed:
    """An area with its calibrated probability."""

    area: str
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """`areas` are the asserted ones, `weighed` every area that the classifier kept in mind, both best first.

    `places`: the one district, or the candidates.
    """

    kind: str
    areas: tuple[Weighed, ...] = ()
    weighed: tuple[Weighed, ...] = ()
    crisis: str = CALM
    out_of_scope: bool = False
    places: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()

    @property
    def best(self) -> Weighed | None:
        """The asserted area with the highest score."""
        return max(self.areas, key=lambda area: area.score, default=None)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the asserted areas."""
        return tuple(area.area for area in self.areas)

    @classmethod
    def of(cls, reply: Mapping[str, Any], ranked: Iterable[Mapping[str, Any]] = ()) -> Answer:
        """Read a reply of the contract; `ranked` are the areas that were weighed ({"id", "score"})."""
        triage = reply["triage"] or {}
        place = triage.get("place") or {}
        return cls(
            kind=reply["kind"],
            areas=_weighed(triage.get("areas", ())),
            weighed=_weighed(ranked),
            crisis=triage.get("crisis", CALM),
            out_of_scope=triage.get("out_of_scope", False),
            places=(place["district"],) if place.get("district") else tuple(place.get("candidates", ())),
            windows=tuple(window["id"] for window in triage.get("windows", ())),
        )

    def as_dict(self) -> JSON:
        """Plain JSON; holds no word of the sentence."""
        return {
            "kind": self.kind,
            "areas": [[area.area, area.score] for area in self.areas],
            "weighed": [[area.area, area.score] for area in self.weighed],
            "crisis": self.crisis,
            "out_of_scope": self.out_of_scope,
            "places": list(self.places),
            "windows": list(self.windows),
        }

    @classmethod
    def from_dict(cls, kept: JSON) -> Answer:
        """The way back of `as_dict`. Raises KeyError or TypeError for something else."""
        return cls(
            kind=kept["kind"],
            areas=tuple(Weighed(area, score) for area, score in kept["areas"]),
            weighed=tuple(Weighed(area, score) for area, score in kept["weighed"]),
            crisis=kept["crisis"],
            out_of_scope=kept["out_of_scope"],
            places=tuple(kept["places"]),
            windows=tuple(kept["windows"]),
        )


def _weighed(areas: Iterable[Mapping[str, Any]]) -> tuple[Weighed, ...]:
    return tuple(Weighed(area["id"], float(area["score"])) for area in areas)
