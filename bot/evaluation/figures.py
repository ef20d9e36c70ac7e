"""The figures by which a model is judged, each a ratio of two sums over sentences, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

_DRAWS = 1000
_SEED = 20261123
_ENDS = (2.5, 97.5)

#: What one sentence adds to the sums: figure id → (numerator, denominator). A figure that does not apply is absent.
Counts = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A figure: its name in reports, and whether a smaller value is the better one."""

    title: str
    smaller_is_better: bool = False


#: In the order of the reports, which is also the order of importance for one sentence (`bot.evaluation.compare`).
KINDS = {
    "crisis_found": Kind("危機に気づいた"),
    "false_alarm": Kind("危機でない文を危機とした", smaller_is_better=True),
    "crisis_kind": Kind("危機の種類も合った"),
    "sent_away": Kind("困りごとなのに断った", smaller_is_better=True),
    "outside_found": Kind("対象外を見分けた"),
    "best_area": Kind("いちばんの分野が正しい"),
    "first_label": Kind("いちばんの分野が手引きの一つ目"),
    "first_window": Kind("最初の窓口が正しい"),
    "three_windows": Kind("三つ目までに正しい窓口"),
    "micro_f1": Kind("分野の micro-F1"),
    "place_found": Kind("場所がわかった"),
    "place_exact": Kind("場所の候補に過不足がない"),
    "place_invented": Kind("ない場所を答えた", smaller_is_better=True),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its 95 % interval; `sentences` it speaks about; `hits` of them for plain shares (None for F1).

    The interval is the bootstrap's. Where all sentences agree, every draw agrees with them, and the interval would have
    no width; there it is the exact binomial one (Clopper–Pearson).
    """

    value: float
    low: float
    high: float
    sentences: int
    hits: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of two models on the same sentences; the interval is that of the difference (paired)."""

    before: float
    after: float
    low: float
    high: float

    @property
    def certain(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self) | {"certain": self.certain}


def figures(counts: Sequence[Counts]) -> dict[str, Figure]:
    """Every figure that applies to at least one of the sentences."""
    found = {}
    for name in _applying(counts):
        sums = _sums(counts, name)
        value = float(sums[:, 0].sum() / sums[:, 1].sum())
        hits = None if name == "micro_f1" else int(sums[:, 0].sum())
        low, high = _interval(_drawn(sums)) if 0 < value < 1 else _unanimous(value, len(sums))
        found[name] = Figure(value, low, high, len(sums), hits)
    return found


def differences(before: Sequence[Counts], after: Sequence[Counts]) -> dict[str, Difference]:
    """Figures of two models on the same sentences in the same order; only those whose value changed."""
    found = {}
    for name in _applying(before):
        first, second = _sums(before, name), _sums(after, name)
        values = [float(sums[:, 0].sum() / sums[:, 1].sum()) for sums in (first, second)]
        if values[0] != values[1]:
            # The same draws for both: what is common to the two models leaves the interval.
            low, high = _interval(_drawn(second) - _drawn(first))
            found[name] = Difference(values[0], values[1], low, high)
    return found


def _applying(counts: Iterable[Counts]) -> list[str]:
    present = {name for one in counts for name, (_, below) in one.items() if below}
    return [name for name in KINDS if name in present]


def _sums(counts: Sequence[Counts], name: str) -> npt.NDArray[np.float64]:
    """(n, 2) numerators and denominators of the sentences to which the figure applies."""
    return np.array([one[name] for one in counts if name in one], dtype=np.float64)


def _drawn(sums: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(draws,) values of the figure on sentences drawn with replacement; NaN where a draw has an empty denominator."""
    picks = np.random.default_rng(_SEED).integers(0, len(sums), (_DRAWS, len(sums)))
    totals = sums[picks].sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(totals[:, 0] / totals[:, 1])


def _unanimous(value: float, sentences: int) -> tuple[float, float]:
    bound = (1 - _ENDS[1] / 100) ** (1 / sentences)
    return (bound, 1.0) if value == 1 else (0.0, 1 - bound)


def _interval(drawn: npt.NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.nanpercentile(drawn, _ENDS)
    return float(low), float(high)
