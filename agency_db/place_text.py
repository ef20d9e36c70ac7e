"""Text as people type it, folded to one spelling, with the way back to the characters as sent."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_KANA_MARKS = "\uff9e\uff9f\u3099\u309a"
_KANJI_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")}
_HYPHENS = "‐‑‒–—―−－ｰ"


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` in NFKC; its character i came from `sent[starts[i]:ends[i]]`. `hiragana` is as long as `text`."""

    text: str
    hiragana: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The range of the text as sent that `text[start:end]` came from."""
        return self.starts[start], self.ends[end - 1]


def fold(sent: str) -> Folded:
    """Normalise width and hyphens character by character, so that ranges can be given in the text as sent."""
    if sent.isascii() or (unicodedata.is_normalized("NFKC", sent) and not any(c in _HYPHENS for c in sent)):
        plain = tuple(range(len(sent) + 1))
        return Folded(sent, _to_hiragana(sent), plain[:-1], plain[1:])
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    i = 0
    while i < len(sent):
        end = i + 1
        while end < len(sent) and sent[end] in _KANA_MARKS:
            end += 1
        piece = "-" if sent[i] in _HYPHENS else unicodedata.normalize("NFKC", sent[i:end])
        pieces.append(piece)
        starts.extend([i] * len(piece))
        ends.extend([end] * len(piece))
        i = end
    text = "".join(pieces)
    return Folded(text, _to_hiragana(text), tuple(starts), tuple(ends))


def _to_hiragana(text: str) -> str:
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in text)


def to_hiragana(text: str) -> str:
    """Katakana to hiragana after NFKC (「ショウナンダイ」 and 「ｼｮｳﾅﾝﾀﾞｲ」 → 「しょうなんだい」)."""
    return _to_hiragana(unicodedata.normalize("NFKC", text))


#: 「2丁目」「二丁目」「2-3-4」「2ちょうめ」 right after a town's name; group 1 is the number.
CHOME = re.compile(r"\s{0,2}(\d{1,2}|十?[一二三四五六七八九十])\s?(?:丁目|ちょうめ|チョウメ|(?=[-ー]\d)|の(?=\d))")
#: 「1049番地」「513-2」 right after a town's name: an address in the town itself, without 丁目.
LOT = re.compile(r"\s?\d{2,5}\s?(?:番地|番|-\d)")
#: 252-0804, 〒2520804, full-width and with a space; the code must not be part of a longer number.
POSTAL = re.compile(r"(?<![\d-])(?:〒\s?)?(\d{3})\s?[-ー]?\s?(\d{4})(?![\d-])")


def chome_name(number: str) -> str:
    """「2」「二」 → 「二丁目」, as towns.csv writes it."""
    if number.isdigit():
        value = int(number)
    elif number.startswith("十"):
        value = 10 + _KANJI_DIGITS.get(number[1:], 0)
    else:
        value = _KANJI_DIGITS[number]
    digits = "〇一二三四五六七八九"
    return f"{digits[value] if value < 10 else value}丁目"
