"""Area by area: precision, recall, F1, and which areas are taken for which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.evaluation.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class AreaScores:
    """One area. `support`: sentences labelled with it; `asserted`: sentences for which it was asserted."""

    area: str
    support: int
    asserted: int
    both: int

    @property
    def precision(self) -> float:
        """Share of the assertions that are right; 0 where there is none."""
        return self.both / self.asserted if self.asserted else 0.0

    @property
    def recall(self) -> float:
        """Share of the labels that were found; 0 where there is none."""
        return self.both / self.support if self.support else 0.0

    @property
    def f1(self) -> float:
        """2 · both / (support + asserted); 0 where there is neither."""
        return 2 * self.both / (self.support + self.asserted) if self.support + self.asserted else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self) | {"precision": self.precision, "recall": self.recall, "f1": self.f1}


@dataclass(frozen=True, slots=True)
class Confusion:
    """In `times` sentences `missed` is labelled and not asserted while `instead` is asserted and not labelled."""

    missed: str
    instead: str
    times: int


def by_area(verdicts: Sequence[Verdict], areas: Sequence[str]) -> list[AreaScores]:
    """Scores of every area in the order of `areas`, over the sentences that have a labelled area."""
    judged = [verdict for verdict in verdicts if verdict.sentence.areas]
    support = Counter(area for verdict in judged for area in verdict.sentence.areas or ())
    asserted = Counter(area for verdict in judged for area in verdict.answer.ids)
    both = Counter(
        area for verdict in judged for area in verdict.answer.ids if area in set(verdict.sentence.areas or ())
    )
    return [AreaScores(area, support[area], asserted[area], both[area]) for area in areas]


def macro_f1(scores: Sequence[AreaScores]) -> float | None:
    """Mean F1 of the areas that are labelled at least once; None where no area is."""
    present = [score.f1 for score in scores if score.support]
    return sum(present) / len(present) if present else None


def confusions(verdicts: Sequence[Verdict]) -> list[Confusion]:
    """Pairs of a missed and a wrongly asserted area, most frequent first."""
    pairs: Counter[tuple[str, str]] = Counter()
    for verdict in verdicts:
        if labelled := set(verdict.sentence.areas or ()):
            asserted = set(verdict.answer.ids)
            pairs.update((missed, instead) for missed in labelled - asserted for instead in asserted - labelled)
    ordered = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Confusion(missed, instead, times) for (missed, instead), times in ordered]
