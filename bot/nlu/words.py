"""GiNZA's words of a text: tokenizer and vectors only; its neural pipeline would take 14-20 ms more a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import spacy
from spacy.language import Language

Vector = npt.NDArray[np.float32]

_NEURAL_PARTS = ["tok2vec", "parser", "ner", "morphologizer", "compound_splitter", "bunsetu_recognizer"]
# Sudachi reads at most 49,149 bytes at once: a longer text is read in pieces.
_PIECE = 10_000


@dataclass(frozen=True, slots=True)
class Word:
    """One word: offsets in the text, Sudachi normal form, reading (katakana), part of speech, vector (300) if known."""

    text: str
    start: int
    end: int
    norm: str
    reading: str
    pos: str
    vector: Vector | None


@lru_cache(maxsize=1)
def ginza() -> Language:
    """GiNZA with its tokenizer and vectors only; loaded once a process."""
    return spacy.load("ja_ginza", exclude=_NEURAL_PARTS)


def read(text: str) -> list[Word]:
    """The words of a text, white space left out."""
    nlp = ginza()
    vectors = nlp.vocab.vectors
    words: list[Word] = []
    for offset in range(0, len(text), _PIECE):
        for token in nlp.make_doc(text[offset : offset + _PIECE]):
            if token.is_space:
                continue
            # The normal form's vector, where it has one: it stands for every spelling (ごはん, ご飯, 御飯).
            key = next((k for k in (nlp.vocab.strings[token.norm_], token.orth) if k in vectors), None)
            vector = None if key is None else np.asarray(vectors[key], dtype=np.float32)
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
                    vector,
                )
            )
    return words
