"""One calibrated linear model a label: trained together, read together, explained by its own weights."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int32]

FOLDS = 3
_THREADS = 2
SEED = 20231
# Raw score of a label that all or none of the training texts carry.
_CERTAIN = 8.0


class LinearLabels:
    """Linear support vector machines over the same features, calibrated (Platt) on out-of-fold scores.

    `labels`: ids in a fixed order; `weights` (features x labels) and `bias` (labels) give a raw score;
    `slope` and `shift` (labels) turn it into a probability; `thresholds` (labels) say from where a label is asserted.
    """

    def __init__(
        self, labels: Sequence[str], weights: Floats, bias: Floats, slope: Floats, shift: Floats, thresholds: Floats
    ) -> None:
        """Arrays as described on the class."""
        self.labels = tuple(labels)
        self.weights = weights
        self.bias = bias
        self.slope = slope
        self.shift = shift
        self.thresholds = thresholds

    @classmethod
    def fit(
        cls,
        rows: sparse.csr_matrix,
        truth: Bools,
        labels: Sequence[str],
        folds: Ints,
        *,
        strength: float = 0.3,
    ) -> tuple[LinearLabels, Floats]:
        """Train on `rows` (texts x features) and `truth` (texts x labels); `folds` (texts): the fold of each, of FOLDS.

        `strength` is the inverse of the regularisation. Returns the model and the out-of-fold probabilities (texts x
        labels), the honest scores of its own training texts.
        """
        held = np.zeros(truth.shape, dtype=np.float32)
        for fold in range(FOLDS):
            test = folds == fold
            weights, bias = _fit(rows[~test], truth[~test], strength)
            held[test] = rows[test] @ weights + bias
        slope = np.ones(len(labels), dtype=np.float32)
        shift = np.zeros(len(labels), dtype=np.float32)
        thresholds = np.full(len(labels), 0.5, dtype=np.float32)
        probabilities = np.zeros_like(held)
        for index in range(len(labels)):
            if truth[:, index].all() or not truth[:, index].any():
                probabilities[:, index] = expit(held[:, index])
                continue
            platt = LogisticRegression(C=1e3).fit(held[:, index : index + 1], truth[:, index])
            slope[index], shift[index] = float(platt.coef_[0, 0]), float(platt.intercept_[0])
            probabilities[:, index] = expit(held[:, index] * slope[index] + shift[index])
            thresholds[index] = best_threshold(probabilities[:, index], truth[:, index])
        weights, bias = _fit(rows, truth, strength)
        return cls(labels, weights, bias, slope, shift, thresholds), probabilities

    def probabilities(self, rows: sparse.csr_matrix) -> Floats:
        """Calibrated probabilities, texts x labels."""
        # Row by row: only the weights of the terms that occur are widened from half precision.
        scores = np.stack([self._score(rows.getrow(number)) for number in range(rows.shape[0])])
        return np.asarray(expit(scores * self.slope + self.shift), dtype=np.float32)

    def _score(self, row: sparse.csr_matrix) -> Floats:
        return np.asarray(row.data @ self.weights[row.indices].astype(np.float32) + self.bias, dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write labels as JSON and arrays as numpy files; weights in half precision (their noise is far larger)."""
        (folder / "labels.json").write_text(json.dumps(self.labels, ensure_ascii=False), encoding="utf-8")
        np.save(folder / "weights.npy", self.weights.astype(np.float16), allow_pickle=False)
        np.save(
            folder / "scales.npy", np.stack([self.bias, self.slope, self.shift, self.thresholds]), allow_pickle=False
        )

    @classmethod
    def load(cls, folder: Path) -> LinearLabels:
        """Read what `save` wrote."""
        labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        bias, slope, shift, thresholds = np.load(folder / "scales.npy", allow_pickle=False)
        weights = np.load(folder / "weights.npy", allow_pickle=False)
        return cls(labels, weights, bias, slope, shift, thresholds)


def best_threshold(probabilities: Floats, truth: Bools) -> float:
    """The threshold between 0.15 and 0.7 with the best F1."""
    best, found = -1.0, 0.5
    for candidate in np.arange(0.15, 0.71, 0.025):
        said = probabilities >= candidate
        hits = float(np.sum(said & truth))
        score = 2 * hits / max(1.0, float(truth.sum()) + float(said.sum()))
        if score > best + 1e-9:
            best, found = score, float(candidate)
    return found


def _fit(rows: sparse.csr_matrix, truth: Bools, strength: float) -> tuple[Floats, Floats]:
    weights = np.zeros((rows.shape[1], truth.shape[1]), dtype=np.float32)
    bias = np.zeros(truth.shape[1], dtype=np.float32)
    # liblinear reads 64 bits: widened once, not once a label.
    rows = rows.astype(np.float64)

    def learn(index: int) -> None:
        if truth[:, index].all() or not truth[:, index].any():
            bias[index] = _CERTAIN if truth[:, index].all() else -_CERTAIN
            return
        model = LinearSVC(C=strength, random_state=SEED, tol=1e-2)
        model.fit(rows, truth[:, index])
        weights[:, index] = model.coef_[0]
        bias[index] = model.intercept_[0]

    # liblinear leaves Python alone while it works, so threads share the cores and the matrix.
    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(learn, range(truth.shape[1])))
    return weights, bias
