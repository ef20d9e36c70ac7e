"""What the linear models see of a text: character n-grams, GiNZA words, kana readings and the mean word vector."""

from __future__ import annotations

import itertools
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse

from bot.nlu.words import Word

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

VECTOR_SIZE = 300
_CONTENT = ("名詞", "動詞", "形容詞", "副詞", "形状詞", "感動詞", "代名詞", "接尾辞")
# A seen term must occur in this many training texts; a term of one text alone teaches the text, not the worry.
_MIN_TEXTS = 2
# Repeating a word a hundred times says little more than saying it twice.
_MOST_COUNTED = 50
_DAMPED = [0.0, *(1.0 + math.log(count) for count in range(1, _MOST_COUNTED + 1))]


# One feature occurrence: its name (the first letter says which block) and the characters start..end that it covers.
# A plain tuple: a text has a thousand of them, and this is on the way of every turn.
Term = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as features: one sparse row, and for evidence each occurrence (column, share of the value, start, end)."""

    row: sparse.csr_matrix
    columns: Ints
    shares: Floats
    starts: Ints
    ends: Ints


def character_terms(text: str) -> list[Term]:
    """Character 1- to 4-grams; robust against typos and unknown words."""
    length = len(text)
    return [
        ("c" + text[start : start + size], start, start + size)
        for size in (1, 2, 3, 4)
        for start in range(length - size + 1)
    ]


def word_terms(words: Sequence[Word]) -> list[Term]:
    """Normal forms of words, and pairs of content words in a row."""
    content = [word for word in words if word.pos.startswith(_CONTENT)]
    single = [("w" + word.norm, word.start, word.end) for word in words if not word.pos.startswith("補助記号")]
    pairs = [("b" + a.norm + " " + b.norm, a.start, b.end) for a, b in itertools.pairwise(content)]
    return single + pairs


def reading_terms(words: Sequence[Word]) -> list[Term]:
    """2- to 4-grams of the kana reading: a text in hiragana only meets the same text in kanji here."""
    kana = "".join(word.reading for word in words)
    starts = [word.start for word in words for _ in word.reading]
    ends = [word.end for word in words for _ in word.reading]
    length = len(kana)
    return [
        ("r" + kana[start : start + size], starts[start], ends[start + size - 1])
        for size in (2, 3, 4)
        for start in range(length - size + 1)
    ]


class FeatureSpace:
    """Columns and weights of the terms, fitted on the training texts; blocks are scaled to the same length."""

    BLOCKS = ("c", "w", "b", "r")

    def __init__(self, columns: dict[str, int], weights: Floats) -> None:
        """`columns`: term to column; `weights`: inverse document frequency of each."""
        self._columns = columns
        self._weights = weights
        self._idf: list[float] = weights.tolist()

    @property
    def size(self) -> int:
        """Number of columns, the vector's included."""
        return len(self._columns) + VECTOR_SIZE

    @classmethod
    def fit(cls, texts: Sequence[tuple[str, Sequence[Word]]]) -> FeatureSpace:
        """Learn the terms of normal forms with their words; deterministic."""
        seen: Counter[str] = Counter()
        for text, words in texts:
            seen.update({term[0] for term in _terms(text, words)})
        names = sorted(name for name, count in seen.items() if count >= _MIN_TEXTS)
        weights = np.array([np.log((1 + len(texts)) / (1 + seen[name])) + 1 for name in names], dtype=np.float32)
        return cls({name: column for column, name in enumerate(names)}, weights)

    def read(self, text: str, words: Sequence[Word]) -> Reading:
        """Features of one text."""
        known = self._columns
        found = [(known[name], name[0], start, end) for name, start, end in _terms(text, words) if name in known]
        counts = Counter(column for column, _, _, _ in found)
        block_of = {column: block for column, block, _, _ in found}
        values = {column: _DAMPED[min(count, _MOST_COUNTED)] * self._idf[column] for column, count in counts.items()}
        lengths = dict.fromkeys(self.BLOCKS, 0.0)
        for column, value in values.items():
            lengths[block_of[column]] += value * value
        scales = {block: 1.0 / math.sqrt(length) if length else 0.0 for block, length in lengths.items()}
        scaled = {column: value * scales[block_of[column]] for column, value in values.items()}
        order = sorted(scaled)
        mean = mean_vector(words)
        columns = np.concatenate(
            [np.array(order, dtype=np.int32), np.arange(VECTOR_SIZE, dtype=np.int32) + len(self._columns)]
        )
        data = np.concatenate([np.array([scaled[column] for column in order], dtype=np.float32), mean])
        row = sparse.csr_matrix((data, columns, np.array([0, len(columns)])), shape=(1, self.size))
        return Reading(
            row,
            np.array([column for column, _, _, _ in found], dtype=np.int32),
            np.array([scaled[column] / counts[column] for column, _, _, _ in found], dtype=np.float32),
            np.array([start for _, _, start, _ in found], dtype=np.int32),
            np.array([end for _, _, _, end in found], dtype=np.int32),
        )

    def save(self, folder: Path) -> None:
        """Write the space as JSON and numpy files."""
        names = sorted(self._columns, key=self._columns.__getitem__)
        (folder / "terms.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
        np.save(folder / "idf.npy", self._weights, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> FeatureSpace:
        """Read what `save` wrote."""
        names = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        return cls({name: column for column, name in enumerate(names)}, np.load(folder / "idf.npy", allow_pickle=False))


def mean_vector(words: Sequence[Word]) -> Floats:
    """Mean of the content words' vectors at unit length (300 numbers; zeros when no word is known)."""
    known = (word.vector for word in words if word.pos.startswith(_CONTENT))
    vectors = [vector for vector in known if vector is not None]
    if not vectors:
        return np.zeros(VECTOR_SIZE, dtype=np.float32)
    mean = np.mean(vectors, axis=0, dtype=np.float32)
    length = float(np.linalg.norm(mean))
    return np.asarray(mean / length if length else mean, dtype=np.float32)


def _terms(text: str, words: Sequence[Word]) -> list[Term]:
    return character_terms(text) + word_terms(words) + reading_terms(words)
