"""Town names in Latin letters, in whichever system people type them (「Tsujido」「tujidou」「Chōgo」)."""

from __future__ import annotations

import re
from collections.abc import Iterable

_VOWELS = "あいうえお"
_LATIN_VOWELS = ("a", "i", "[uū]", "e", "[oō]")
_ROWS = {
    "かきくけこ": "k",
    "さしすせそ": "s",
    "たちつてと": "t",
    "なにぬねの": "n",
    "はひふへほ": "h",
    "まみむめも": "m",
    "らりるれろ": "r",
    "がぎぐげご": "g",
    "ざじずぜぞ": "z",
    "だぢづでど": "d",
    "ばびぶべぼ": "b",
}
_SYLLABLES = dict(zip(_VOWELS, _LATIN_VOWELS, strict=True))
for _row, _consonant in _ROWS.items():
    _SYLLABLES |= {k: _consonant + v for k, v in zip(_row, _LATIN_VOWELS, strict=True)}
# Spelled differently in Hepburn, Kunrei and on a keyboard; a long o may be dropped, doubled or written ou, oh, ō.
_SYLLABLES |= {"し": "sh?i", "ち": "(?:ch|t)i", "つ": "ts?[uū]", "じ": "[jz]i", "ふ": "[hf][uū]", "ん": "n{1,2}"}
_SYLLABLES |= {"や": "ya", "ゆ": "y[uū]", "よ": "y[oō]", "わ": "wa"}
_SYLLABLES |= {"しょ": "s[hy]y?[oō]", "ちょ": "(?:ch|ty|cy)[oō]", "じょ": "(?:jy?|zy)[oō]", "ぎょ": "gy[oō]"}
_PIECES = re.compile("しょ|ちょ|じょ|ぎょ|.")


def romaji(reading: str) -> str:
    """A regular expression for the Latin spellings of a reading in hiragana."""
    pieces = _PIECES.findall(reading)
    pattern = ""
    for piece in pieces:
        after_o = pattern.endswith("[oō]")
        if after_o and piece in ("う", "お"):
            pattern += "[uoh]?"
        else:
            pattern += _SYLLABLES[piece]
    return pattern


def in_latin_letters(readings: Iterable[str]) -> re.Pattern[str]:
    """The readings as words of their own in Latin letters, longest first; group i + 1 is the i-th reading."""
    alternatives = "|".join(f"({romaji(reading)})" for reading in readings)
    return re.compile(rf"(?=[A-Za-z])(?<![A-Za-z])(?:{alternatives})(?![A-Za-z])", re.IGNORECASE)
