"""Which training sentences are like a given one: shared runs of three letters, looked up in small inverted indexes."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import yaml

_SKIPPED = re.compile(r"[\s\W_]+")
_EDGE = "\x02"
#: Below this two sentences have little in common but the grammar.
ALIKE: Final = 0.15


@dataclass(frozen=True, slots=True)
class Sentence:
    """A training sentence with its label. `file`: the name of the file that it stands in."""

    text: str
    act: str
    areas: tuple[str, ...]
    crisis: str
    file: str


@dataclass(frozen=True, slots=True)
class Hit:
    """`score`: 0 to 1, 1 for the same letters (Dice's coefficient of the trigrams)."""

    sentence: Sentence
    score: float


def trigrams(text: str) -> frozenset[str]:
    """Runs of three letters without blanks and punctuation, the ends marked."""
    plain = f"{_EDGE}{_SKIPPED.sub('', unicodedata.normalize('NFKC', text).lower())}{_EDGE}"
    return frozenset(plain[at : at + 3] for at in range(max(1, len(plain) - 2)))


class Index:
    """An inverted index over some sentences. Immutable."""

    def __init__(self, texts: Iterable[str]) -> None:
        grams = [trigrams(text) for text in texts]
        self._sizes: npt.NDArray[np.int32] = np.array([len(found) for found in grams], dtype=np.int32)
        self._ids: dict[str, int] = {}
        ids = np.fromiter(
            (self._ids.setdefault(gram, len(self._ids)) for found in grams for gram in found), dtype=np.int32
        )
        # The sentences of each trigram lie side by side; `_starts` says where each trigram's begin.
        self._sentences: npt.NDArray[np.int32] = np.repeat(np.arange(len(grams), dtype=np.int32), self._sizes)[
            np.argsort(ids, kind="stable")
        ]
        self._starts = np.concatenate(([0], np.cumsum(np.bincount(ids, minlength=len(self._ids)))))

    def scores(self, grams: frozenset[str]) -> npt.NDArray[np.float64]:
        """How alike each sentence is to one with these trigrams."""
        known = [self._ids[gram] for gram in grams if gram in self._ids]
        if not known:
            return np.zeros(len(self._sizes))
        found = np.concatenate([self._sentences[self._starts[id] : self._starts[id + 1]] for id in known])
        shared = np.bincount(found, minlength=len(self._sizes))
        return np.asarray(2 * shared / (self._sizes + len(grams)), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _File:
    stamp: tuple[int, int]
    sentences: list[Sentence]
    index: Index


class TrainingSentences:
    """The sentences of the training data. Files are read again when they change. Safe to share between threads."""

    def __init__(self, *places: Path) -> None:
        """`places`: Rasa YAML files, or folders of them; what does not exist is empty."""
        self._places = places
        self._files: dict[Path, _File] = {}
        self._lock = threading.Lock()

    @property
    def ready(self) -> bool:
        """Whether the files have been read, or are being read now."""
        return bool(self._files) or self._lock.locked()

    def find(self, text: str, limit: int = 8) -> list[Hit]:
        """The sentences most like `text`, best first. The first call reads all files (about two seconds)."""
        grams = trigrams(text)
        hits = []
        for file in self._fresh():
            scores = file.index.scores(grams)
            best = np.argsort(-scores)[:limit]
            hits += [Hit(file.sentences[at], round(float(scores[at]), 3)) for at in best if scores[at] >= ALIKE]
        return sorted(hits, key=lambda hit: -hit.score)[:limit]

    def closeness(self, text: str) -> float:
        """The score of the sentence most like `text`; 0 where there is none."""
        grams = trigrams(text)
        return max((float(file.index.scores(grams).max()) for file in self._fresh() if file.sentences), default=0.0)

    def _fresh(self) -> list[_File]:
        with self._lock:
            seen = {path: _stamp(path) for place in self._places for path in _yaml_files(place)}
            for path, stamp in seen.items():
                known = self._files.get(path)
                if known is None or known.stamp != stamp:
                    sentences = read(path)
                    self._files[path] = _File(stamp, sentences, Index(one.text for one in sentences))
            self._files = {path: self._files[path] for path in seen}
            return list(self._files.values())


def read(path: Path) -> list[Sentence]:
    """The sentences of a Rasa NLU file whose examples are a list (`- text: …`)."""
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
    return [
        _sentence(example, group["intent"], path.name)
        for group in content.get("nlu") or ()
        for example in (group.get("examples") if isinstance(group.get("examples"), list) else ())
    ]


def _sentence(example: dict[str, Any], intent: str, file: str) -> Sentence:
    metadata = example.get("metadata") or {}
    areas: Sequence[str] = metadata.get("areas") or ()
    return Sentence(str(example["text"]).strip(), intent, tuple(areas), metadata.get("crisis") or "none", file)


def _yaml_files(place: Path) -> list[Path]:
    if place.is_dir():
        return sorted(place.glob("*.yml"))
    return [place] if place.exists() else []


def _stamp(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size
