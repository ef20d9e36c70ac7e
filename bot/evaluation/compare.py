"""Two models on the same sentences: only what changed, crises first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.evaluation.answers import Answer
from bot.evaluation.area_scores import by_area
from bot.evaluation.figures import KINDS, Difference, differences
from bot.evaluation.heldout import Sentence
from bot.evaluation.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class AreaChange:
    """F1 of one area in both models."""

    area: str
    support: int
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence whose outcome changed. `figure` is the most important figure (order of KINDS) that moved."""

    sentence: Sentence
    before: Answer
    after: Answer
    figure: str
    better: bool

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON, with the sentence."""
        sentence = self.sentence
        return {
            "id": sentence.id,
            "text": sentence.text,
            "labels": {"areas": sentence.areas, "crisis": sentence.crisis, "districts": sentence.districts},
            "figure": self.figure,
            "better": self.better,
            "before": self.before.as_dict(),
            "after": self.after.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """`before` is the model in service, `after` the candidate. `figures`: set → figure → difference."""

    before: str
    after: str
    sentences: int
    figures: dict[str, dict[str, Difference]]
    areas: tuple[AreaChange, ...]
    changes: tuple[Change, ...]

    @property
    def lost_crises(self) -> tuple[Change, ...]:
        """Crises that only the model in service noticed: a candidate with any of these must not go into service."""
        return tuple(change for change in self.changes if change.figure == "crisis_found" and not change.better)

    @property
    def crisis_recall_falls(self) -> bool:
        """Whether the candidate notices fewer crises over all sentences together."""
        found = [change.better for change in self.changes if change.figure == "crisis_found"]
        return found.count(False) > found.count(True)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON, with the sentences that changed."""
        return {
            "before": self.before,
            "after": self.after,
            "sentences": self.sentences,
            "crisis_recall_falls": self.crisis_recall_falls,
            "lost_crises": [change.sentence.id for change in self.lost_crises],
            "figures": {
                name: {figure: difference.as_dict() for figure, difference in found.items()}
                for name, found in self.figures.items()
            },
            "areas": [asdict(area) for area in self.areas],
            "changes": [change.as_dict() for change in self.changes],
        }


def compare(
    before: tuple[str, Sequence[Verdict]], after: tuple[str, Sequence[Verdict]], areas: Sequence[str]
) -> Comparison:
    """Compare (model, verdicts) with (model, verdicts). Raises ValueError unless the sentences are the same."""
    (old, first), (new, second) = before, after
    if [verdict.sentence for verdict in first] != [verdict.sentence for verdict in second]:
        raise ValueError("the two models answered different sentences")
    changes = [change for one, other in zip(first, second, strict=True) if (change := _change(one, other))]
    order = list(KINDS)
    return Comparison(
        before=old,
        after=new,
        sentences=len(first),
        figures=_by_set(first, second),
        areas=tuple(_areas(first, second, areas)),
        changes=tuple(sorted(changes, key=lambda change: (order.index(change.figure), change.better))),
    )


def _change(before: Verdict, after: Verdict) -> Change | None:
    """The first figure of KINDS in which the sentence fares differently decides whether it became better or worse."""
    for name in KINDS:
        if name in before.counts and (moved := after.goodness(name) - before.goodness(name)):
            return Change(before.sentence, before.answer, after.answer, name, moved > 0)
    return None


def _by_set(before: Sequence[Verdict], after: Sequence[Verdict]) -> dict[str, dict[str, Difference]]:
    found = {}
    for name in dict.fromkeys(verdict.sentence.set for verdict in before):
        pairs = [(a.counts, b.counts) for a, b in zip(before, after, strict=True) if a.sentence.set == name]
        if changed := differences([a for a, _ in pairs], [b for _, b in pairs]):
            found[name] = changed
    return found


def _areas(before: Sequence[Verdict], after: Sequence[Verdict], areas: Sequence[str]) -> list[AreaChange]:
    pairs = zip(by_area(before, areas), by_area(after, areas), strict=True)
    changed = [AreaChange(a.area, a.support, a.f1, b.f1) for a, b in pairs if a.f1 != b.f1]
    return sorted(changed, key=lambda change: change.after - change.before)
