"""What operators corrected counts near what they corrected: there their word stands in for the models'.

The linear models learn an operator's example like any other sentence. That is too little where the encoder, which never
sees one, is sure of something else (「口を糊するのがやっとです」 is about the mouth to it). So the labels that the
models got wrong at an example are moved to what the operator said of it, the more, the more of its words a message
shares. Words count the more the rarer they are in the release's data: there the models know little. Elsewhere nothing
changes. Figures are in docs/decisions.md.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy import sparse

from bot.nlu.features import VECTOR_SIZE
from bot.nlu.linear import Bools, Floats

#: Log-odds that an operator's word stands for: the first label, a further one, and one that does not hold.
FIRST, FURTHER, NOT = 3.0, 1.5, -2.5
# A term in so many texts of the release counts less than one in none by the root of two.
_RARE = 3.0
# Up to this likeness (a cosine) a message is about something else; from that on it says the same thing.
_FAR, _NEAR = 0.2, 0.5
_SAME = 0.999


class Corrections:
    """The examples at which the models were wrong, and what would have been right."""

    def __init__(self, scales: Floats, terms: sparse.csr_matrix, wanted: Floats, wrong: Bools) -> None:
        """`scales`: weight of each term; `terms`: the examples' rows, weighted, of unit length;

        `wanted` (examples x labels): the operators' log-odds; `wrong`: where the models said something else.
        """
        self._scales = scales
        self._terms = terms
        self._wanted = wanted
        self._wrong = wrong

    @classmethod
    def fit(cls, examples: sparse.csr_matrix, release: sparse.csr_matrix, said: Floats, wanted: Floats) -> Corrections:
        """`examples`, `release`: rows of the operators' texts and of those that came with the release.

        `said` (examples x labels): what the models would have said, had they not seen the examples (log-odds).
        """
        seen = np.asarray((release[:, :-VECTOR_SIZE] > 0).sum(axis=0), dtype=np.float32).ravel()
        scales = 1.0 / np.sqrt(1.0 + seen / _RARE)
        wrong = np.where(wanted > 0, said < wanted, said > wanted)
        return cls(scales, _weighted(examples[:, :-VECTOR_SIZE], scales), wanted.astype(np.float32), wrong)

    def apply(self, row: sparse.csr_matrix, said: Floats, *, unseen: bool = False) -> Floats:
        """`said` (labels, log-odds) of one message with what was corrected near it.

        `unseen`: as if the message itself had not been corrected.
        """
        alike = (self._terms @ _weighted(row[:, :-VECTOR_SIZE], self._scales).T).toarray().ravel()
        if unseen:
            alike = np.where(alike > _SAME, 0.0, alike)
        nearness = np.clip((alike - _FAR) / (_NEAR - _FAR), 0.0, 1.0)
        if not nearness.any():
            return said
        # Of several examples the nearer ones decide; those at which the models were right speak for the models.
        voices = np.square(nearness)
        corrected = voices @ self._wrong
        wanted = voices @ (self._wrong * self._wanted) / np.maximum(corrected, 1e-9)
        weight = nearness.max() * corrected / voices.sum()
        moved = said + weight * (wanted - said)
        # A label that stands better here than the operator would have it is left alone.
        return np.asarray(np.where((moved - said) * wanted > 0, moved, said), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write as a numpy file."""
        terms = self._terms
        np.savez(
            folder / "corrections.npz",
            scales=self._scales.astype(np.float16),
            data=terms.data.astype(np.float16),
            indices=terms.indices,
            indptr=terms.indptr,
            wanted=self._wanted,
            wrong=self._wrong,
        )

    @classmethod
    def load(cls, folder: Path) -> Corrections | None:
        """Read what `save` wrote; None where nothing was corrected."""
        path = folder / "corrections.npz"
        if not path.exists():
            return None
        with np.load(path, allow_pickle=False) as kept:
            shape = (kept["wanted"].shape[0], kept["scales"].shape[0])
            terms = sparse.csr_matrix((kept["data"].astype(np.float32), kept["indices"], kept["indptr"]), shape=shape)
            return cls(kept["scales"].astype(np.float32), terms, kept["wanted"], kept["wrong"])


def _weighted(rows: sparse.csr_matrix, scales: Floats) -> sparse.csr_matrix:
    weighted = sparse.csr_matrix(rows.multiply(scales))
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1))).ravel()
    return sparse.csr_matrix(sparse.diags(1.0 / np.maximum(lengths, 1e-9)) @ weighted, dtype=np.float32)
