"""How names of windows and places are read aloud, so that who types kana finds them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from sudachipy.sudachipy import Dictionary, SplitMode, Tokenizer

from agency_db.place_names import rows
from agency_db.place_text import to_hiragana

_WORDS = re.compile(r"[\w々ー]+")


@lru_cache(maxsize=2048)
def reading(text: str) -> str:
    """A text in hiragana: 「善行いきいきサポートセンター」 → 「ぜんぎょういきいきさぽーとせんたー」.

    Signs become blanks. Names of the field and of the city (data/readings.csv) come before the dictionary's readings.
    """
    return " ".join(_read(word) for word in _WORDS.findall(unicodedata.normalize("NFKC", text)))


def also_called(text: str) -> str:
    """Short names in everyday use for what a text mentions (「社会福祉協議会」 → 「社協 しゃきょう」), with blanks."""
    return " ".join(row["also"] for row in _known().values() if row["also"] and row["word"] in text)


def _read(word: str) -> str:
    parts: list[str] = []
    for part in _known_words().split(word):
        known = _known().get(part)
        if known is not None:
            parts.append(known["reading"])
        elif part:
            # A tokenizer of one's own: one must not be used by two threads at once.
            parts += (_aloud(token.surface(), token.reading_form()) for token in _tokenizer().tokenize(part))
    return "".join(parts)


def _aloud(surface: str, kana: str) -> str:
    return surface if surface.isascii() else to_hiragana(kana)


@lru_cache(maxsize=1)
def _dictionary() -> Dictionary:
    return Dictionary()


def _tokenizer() -> Tokenizer:
    return _dictionary().create(mode=SplitMode.C)


@lru_cache(maxsize=1)
def _known() -> dict[str, dict[str, str]]:
    return {row["word"]: row for row in sorted(rows("readings.csv"), key=lambda row: -len(row["word"]))}


@lru_cache(maxsize=1)
def _known_words() -> re.Pattern[str]:
    return re.compile(f"({'|'.join(map(re.escape, _known()))})")
