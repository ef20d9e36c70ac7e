"""Several judges of the same labels become one: weights shared by all labels, fitted where every judge is honest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from bot.nlu.linear import Bools, Floats, best_threshold

_EDGE = 1e-4
# A label with few positive texts leans on the threshold that is best for all labels together.
_LEANING = 25


@dataclass(frozen=True, slots=True)
class Mixture:
    """`coefficients`: one a judge; `thresholds` (labels): from which probability a label is asserted."""

    coefficients: tuple[float, ...]
    intercept: float
    thresholds: Floats

    @classmethod
    def fit(cls, judges: Sequence[Floats], truth: Bools) -> Mixture:
        """`judges`: scores on a log-odds scale, each texts x labels, of texts that none of them was trained on."""
        features = np.stack(judges, axis=-1).reshape(-1, len(judges))
        model = LogisticRegression(C=10.0, max_iter=500).fit(features, truth.reshape(-1))
        coefficients = tuple(float(c) for c in model.coef_[0])
        intercept = float(model.intercept_[0])
        probabilities = np.asarray(expit(_total(judges, coefficients, intercept)), dtype=np.float32)
        common = best_threshold(probabilities.reshape(-1), truth.reshape(-1))
        thresholds = []
        for index in range(truth.shape[1]):
            own = best_threshold(probabilities[:, index], truth[:, index])
            count = int(truth[:, index].sum())
            thresholds.append((count * own + _LEANING * common) / (count + _LEANING))
        return cls(coefficients, intercept, np.array(thresholds, dtype=np.float32))

    def scores(self, judges: Sequence[Floats]) -> Floats:
        """Log-odds, in the shape of each judge's scores."""
        return _total(judges, self.coefficients, self.intercept)

    def probabilities(self, judges: Sequence[Floats]) -> Floats:
        """Calibrated probabilities, in the shape of each judge's scores."""
        return np.asarray(expit(self.scores(judges)), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write as JSON."""
        values = {
            "coefficients": self.coefficients,
            "intercept": self.intercept,
            "thresholds": [float(t) for t in self.thresholds],
        }
        (folder / "mixture.json").write_text(json.dumps(values), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Mixture:
        """Read what `save` wrote."""
        values = json.loads((folder / "mixture.json").read_text(encoding="utf-8"))
        thresholds = np.array(values["thresholds"], dtype=np.float32)
        return cls(tuple(values["coefficients"]), values["intercept"], thresholds)


def log_odds(probabilities: Floats) -> Floats:
    """Probabilities on the scale that judges are mixed on."""
    return np.asarray(logit(np.clip(probabilities, _EDGE, 1.0 - _EDGE)), dtype=np.float32)


def _total(judges: Sequence[Floats], coefficients: Sequence[float], intercept: float) -> Floats:
    total = sum(c * judge for c, judge in zip(coefficients, judges, strict=True))
    return np.asarray(total + intercept, dtype=np.float32)
