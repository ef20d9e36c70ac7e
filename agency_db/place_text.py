"""Text as people type it, folded to one spelling, with the way back to the characters as sent."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_KANA_MARKS = "\uff9e\uff9f\u3099\u309a"
_DIGITS = "〇一二三四五六七八九"
_KANJI_DIGITS = {c: i for i, c in enumerate(_DIGITS)}
_HYPHENS = "‐‑‒–—―−－ｰ"
#: Forms of the same character before the reform of 1949, as people write them in addresses.
_OLD_FORMS = str.maketrans("瀨澤會臺龜圓嶋嶌邉邊", "瀬沢会台亀円島島辺辺")
#: Fonts' variants (辻 with one or two dots) are chosen by an invisible character after the letter.
_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` in NFKC with today's forms of characters.

    Its character i came from `sent[starts[i]:ends[i]]`. `hiragana` is as long as `text`.
    """

    text: str
    hiragana: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The range of the text as sent that `text[start:end]` came from."""
        return self.starts[start], self.ends[end - 1]


def fold(sent: str) -> Folded:
    """Normalise width and hyphens character by character, so that ranges can be given in the text as sent."""
    if sent.isascii() or (
        unicodedata.is_normalized("NFKC", sent) and not any(c in _HYPHENS for c in sent) and not _SELECTOR.search(sent)
    ):
        plain = tuple(range(len(sent) + 1))
        text = sent.translate(_OLD_FORMS)
        return Folded(text, _to_hiragana(text), plain[:-1], plain[1:])
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    i = 0
    while i < len(sent):
        end = i + 1
        while end < len(sent) and (sent[end] in _KANA_MARKS or _SELECTOR.match(sent[end])):
            end += 1
        piece = "-" if sent[i] in _HYPHENS else unicodedata.normalize("NFKC", _SELECTOR.sub("", sent[i:end]))
        pieces.append(piece)
        starts.extend([i] * len(piece))
        ends.extend([end] * len(piece))
        i = end
    text = "".join(pieces).translate(_OLD_FORMS)
    return Folded(text, _to_hiragana(text), tuple(starts), tuple(ends))


def _to_hiragana(text: str) -> str:
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in text)


def to_hiragana(text: str) -> str:
    """Katakana to hiragana after NFKC (「ショウナンダイ」 and 「ｼｮｳﾅﾝﾀﾞｲ」 → 「しょうなんだい」)."""
    return _to_hiragana(unicodedata.normalize("NFKC", text))


#: 「2丁目」「の二丁目」「2-3-4」「2ちょうめ」 right after a town's name; group 1 is the number.
CHOME = re.compile(
    r"\s{0,2}(?:の(?=[\d一二三四五六七八九十]{1,2}\s?[丁ち]))?(\d{1,2}|十?[一二三四五六七八九十]|ニ(?=丁))\s?"
    r"(?:丁目|丁め|ちょうめ|ちょう目|チョウメ|町目|(?=[-ー]\d)|の(?=\d))"
)
#: 「1049番地」「513-2」 right after a town's name: an address in the town itself, without 丁目.
LOT = re.compile(r"\s?\d{2,5}\s?(?:番地|番|-\d)")
#: 252-0804, 〒2520804, 「252の0804」, full-width and with spaces; the code must not be part of a longer number.
POSTAL = re.compile(r"(?<![\d-])(?:〒\s?)?(\d{3})\s?[-ーの]?\s?(\d{4})(?![\d-])")
_DIGITS_OF_KANJI = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def in_digits(text: str) -> str:
    """「二五二の〇八〇四」 → 「252の0804」, as long as before."""
    return text.translate(_DIGITS_OF_KANJI)


def chome_name(number: str) -> str:
    """「2」「二」 → 「二丁目」, as towns.csv writes it."""
    if number.isdigit():
        value = int(number)
    elif number.startswith("十"):
        value = 10 + _KANJI_DIGITS.get(number[1:], 0)
    else:
        value = _KANJI_DIGITS[number.replace("ニ", "二")]
    return f"{_DIGITS[value] if value < 10 else value}丁目"
