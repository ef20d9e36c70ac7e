"""All figures of one model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.evaluation.answers import FAILED
from bot.evaluation.area_scores import AreaScores, Confusion, by_area, confusions, macro_f1
from bot.evaluation.calibration import Abstention, Calibration, abstention, calibration
from bot.evaluation.figures import Figure, figures
from bot.evaluation.heldout import CALM, CRISES
from bot.evaluation.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class SetScores:
    """Figures of one held-out set; `failures`: sentences that the engine could not answer at all."""

    name: str
    sentences: int
    failures: int
    figures: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class CrisisScores:
    """One kind of crisis: its sentences, found as any crisis, found as this kind, and false alarms of this kind."""

    kind: str
    sentences: int
    found: int
    as_this_kind: int
    false_alarms: int


@dataclass(frozen=True, slots=True)
class Scores:
    """What a run says of a model. Everything below `sets` speaks of all its sentences together."""

    model: str
    sets: tuple[SetScores, ...]
    areas: tuple[AreaScores, ...]
    macro_f1: float | None
    crises: tuple[CrisisScores, ...]
    calibration: Calibration | None
    abstention: tuple[Abstention, ...]
    confusions: tuple[Confusion, ...]

    @property
    def met_areas(self) -> list[AreaScores]:
        """The areas that were labelled or asserted at all, lowest F1 first."""
        return sorted((one for one in self.areas if one.support or one.asserted), key=lambda one: one.f1)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON, without a word of the sentences."""
        return {
            "model": self.model,
            "sets": [asdict(one) for one in self.sets],
            "areas": [one.as_dict() for one in self.areas],
            "macro_f1": self.macro_f1,
            "crises": [asdict(one) for one in self.crises],
            "calibration": asdict(self.calibration) if self.calibration else None,
            "abstention": [asdict(one) for one in self.abstention],
            "confusions": [asdict(one) for one in self.confusions],
        }


def score(model: str, verdicts: Sequence[Verdict], areas: Sequence[str]) -> Scores:
    """Add up verdicts; `areas` are the ids in the order of the report."""
    names = dict.fromkeys(verdict.sentence.set for verdict in verdicts)
    per_area = by_area(verdicts, areas)
    return Scores(
        model=model,
        sets=tuple(_set(name, [verdict for verdict in verdicts if verdict.sentence.set == name]) for name in names),
        areas=tuple(per_area),
        macro_f1=macro_f1(per_area),
        crises=tuple(_crises(verdicts)),
        calibration=calibration(verdicts),
        abstention=tuple(abstention(verdicts)),
        confusions=tuple(confusions(verdicts)),
    )


def _set(name: str, verdicts: Sequence[Verdict]) -> SetScores:
    failures = sum(verdict.answer.kind == FAILED for verdict in verdicts)
    return SetScores(name, len(verdicts), failures, figures([verdict.counts for verdict in verdicts]))


def _crises(verdicts: Sequence[Verdict]) -> list[CrisisScores]:
    judged = [(v.sentence.crisis, v.answer.crisis) for v in verdicts if v.sentence.areas is not None]
    if not judged:
        return []
    return [
        CrisisScores(
            kind=kind,
            sentences=sum(truth == kind for truth, _ in judged),
            found=sum(truth == kind and said != CALM for truth, said in judged),
            as_this_kind=sum(truth == kind == said for truth, said in judged),
            false_alarms=sum(truth == CALM and said == kind for truth, said in judged),
        )
        for kind in CRISES
    ]
