"""GiNZA's words of a text: tokenizer and vectors only; its neural pipeline would take 14-20 ms more a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
import spacy
import srsly
from spacy.language import Language
from spacy.strings import get_string_id
from spacy.util import get_package_path

Vector = npt.NDArray[np.float32]

_NEURAL_PARTS = ["tok2vec", "parser", "ner", "morphologizer", "compound_splitter", "bunsetu_recognizer"]
# spaCy would keep all 600,000 words of the vocabulary as strings (260 MB): `WordVectors` reads the same file by hash.
_UNUSED = [*_NEURAL_PARTS, "vocab"]
# Sudachi reads at most 49,149 bytes at once: a longer text is read in pieces.
_PIECE = 10_000


@dataclass(frozen=True, slots=True)
class Word:
    """One word: offsets in the text, Sudachi normal form, reading (katakana), part of speech."""

    text: str
    start: int
    end: int
    norm: str
    reading: str
    pos: str

    @property
    def vector(self) -> Vector | None:
        """GiNZA's vector (300 numbers), if it has one.

        The normal form's, where it has one: it stands for every spelling (ごはん, ご飯, 御飯).
        """
        vectors = word_vectors()
        vector = vectors.get(self.norm)
        return vectors.get(self.text) if vector is None else vector


class WordVectors:
    """GiNZA's word vectors, found by spaCy's hash of the word; the rows stay on disk until they are asked for."""

    def __init__(self, vocabulary: Path) -> None:
        """`vocabulary`: the model's `vocab` folder."""
        rows = cast(dict[int, int], srsly.read_msgpack(vocabulary / "key2row"))
        order = np.argsort(np.fromiter(rows.keys(), dtype=np.uint64, count=len(rows)))
        self._keys = np.fromiter(rows.keys(), dtype=np.uint64, count=len(rows))[order]
        self._rows = np.fromiter(rows.values(), dtype=np.int32, count=len(rows))[order]
        self._vectors: Vector = np.load(vocabulary / "vectors", mmap_mode="r", allow_pickle=False)

    def get(self, word: str) -> Vector | None:
        """The vector of a word (300 numbers), or None."""
        key = np.uint64(get_string_id(word))
        index = int(np.searchsorted(self._keys, key))
        if index == len(self._keys) or self._keys[index] != key:
            return None
        vector: Vector = self._vectors[self._rows[index]]
        return vector


@lru_cache(maxsize=1)
def ginza() -> Language:
    """GiNZA's tokenizer; loaded once a process."""
    return spacy.load("ja_ginza", exclude=_UNUSED)


@lru_cache(maxsize=1)
def word_vectors() -> WordVectors:
    """GiNZA's vectors; opened once a process."""
    return WordVectors(next(get_package_path("ja_ginza").glob("ja_ginza-*")) / "vocab")


def read(text: str) -> list[Word]:
    """The words of a text, white space left out."""
    nlp = ginza()
    words: list[Word] = []
    for offset in range(0, len(text), _PIECE):
        for token in nlp.make_doc(text[offset : offset + _PIECE]):
            if token.is_space:
                continue
            reading = token.morph.get("Reading", [])
            start = offset + token.idx
            words.append(
                Word(
                    token.text,
                    start,
                    start + len(token.text),
                    token.norm_,
                    reading[0] if reading else token.text,
                    token.tag_,
                )
            )
    return words
