"""Whether the probabilities can be believed, and what is gained by asking back instead of answering."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.evaluation.verdicts import Verdict

_BINS = 10
_LIMITS = tuple(round(0.1 * step, 1) for step in range(10))


@dataclass(frozen=True, slots=True)
class Bin:
    """Area scores that lie side by side: how many, their mean, and the share of them that is right."""

    scores: int
    mean: float
    right: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """`error` is the expected calibration error over `bins`; `asserted_error` that of the asserted areas alone."""

    error: float
    asserted_error: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Abstention:
    """Texts whose best score lies under `limit` get a question back: share answered, share of these that is right."""

    limit: float
    answered: float
    right: float | None


def calibration(verdicts: Sequence[Verdict]) -> Calibration | None:
    """Over the areas that the classifier weighed, asserted or not, of sentences that have a labelled area.

    It keeps only its likeliest areas in mind (six, and every asserted one), so the many scores near zero are not
    there to flatter the error. Where only asserted areas are known, they are taken. None without any score.
    """
    weighed: list[tuple[float, bool]] = []
    asserted: list[tuple[float, bool]] = []
    for verdict in verdicts:
        if labelled := set(verdict.sentence.areas or ()):
            answer = verdict.answer
            weighed += [(area.score, area.area in labelled) for area in answer.weighed or answer.areas]
            asserted += [(area.score, area.area in labelled) for area in answer.areas]
    if not weighed:
        return None
    bins = _bins(weighed)
    return Calibration(_error(bins), _error(_bins(asserted)), bins)


def abstention(verdicts: Sequence[Verdict]) -> list[Abstention]:
    """The curve over limits 0.0 to 0.9, on sentences that have a labelled area; empty without any."""
    judged = [verdict for verdict in verdicts if verdict.sentence.areas]
    if not judged:
        return []
    scores = np.array([verdict.answer.best.score if verdict.answer.best else 0.0 for verdict in judged])
    right = np.array([verdict.counts["best_area"][0] for verdict in judged], dtype=np.float64)
    curve = []
    for limit in _LIMITS:
        kept = scores >= limit
        curve.append(Abstention(limit, float(kept.mean()), float(right[kept].mean()) if kept.any() else None))
    return curve


def _bins(pairs: Sequence[tuple[float, bool]]) -> tuple[Bin, ...]:
    """Bins of equal mass, lowest scores first; fewer where there are fewer pairs than bins."""
    ordered = np.array(sorted(pairs), dtype=np.float64).reshape(-1, 2)
    parts = [part for part in np.array_split(ordered, _BINS) if len(part)]
    return tuple(Bin(len(part), float(part[:, 0].mean()), float(part[:, 1].mean())) for part in parts)


def _error(bins: Sequence[Bin]) -> float:
    everything = sum(one.scores for one in bins)
    return sum(one.scores * abs(one.mean - one.right) for one in bins) / everything if everything else 0.0
