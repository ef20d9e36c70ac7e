"""Fold the many ways of writing one thing into one, and remember where each character came from."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_SMALL = str.maketrans("ぁぃぅぇぉ", "あいうえお")
_VOICED = "ﾞﾟ\u3099\u309a"
_SENTENCE_END = frozenset("。.!?\n\r…‥")
_STRETCH = frozenset("ー〜~-—―‐")
_DROPPED = frozenset("・「」『』\"'“”‘’*_|")
_LONE_LINE = re.compile(r"(?m)^(.)\r?\n(?=.$)")


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; character i of `text` stands for `origin[i][0]:origin[i][1]` of what was written."""

    text: str
    origin: tuple[tuple[int, int], ...]
    written: str

    def as_written(self, start: int, end: int) -> str:
        """The substring of the original text behind folded characters start..end (end excluded, never empty)."""
        return self.written[self.origin[start][0] : self.origin[end - 1][1]]


def fold_rule(pattern: str) -> str:
    """Fold a pattern of the rule file as `fold` folds what people write, so that rules may be written naturally."""
    return _fold_kana(pattern).replace("ー", "")


def _fold_kana(text: str) -> str:
    return text.translate(_KATAKANA).translate(_SMALL)


def fold(written: str) -> Folded:
    """NFKC, lower case, hiragana for katakana, no spaces or quotes between letters, every sentence end as 。

    Written one letter a line (as people do to slip past a filter) it is read as one word. Linear in the length.
    """
    upright = {match.end(1) for match in _LONE_LINE.finditer(written)}
    letters: list[str] = []
    origin: list[tuple[int, int]] = []
    at = 0
    while at < len(written):
        end = at + 1
        while end < len(written) and written[end] in _VOICED:
            end += 1
        cluster = written[at:end]
        for letter in "。" if cluster == "…" else unicodedata.normalize("NFKC", cluster).lower():
            folded = _letter(letter, letters, lone=at in upright or at - 1 in upright)
            if folded:
                letters.append(folded)
                origin.append((at, end))
        at = end
    return Folded("".join(letters), tuple(origin), written)


def _letter(letter: str, before: list[str], *, lone: bool) -> str:
    """The folded form of one normalised letter, or an empty string where it carries nothing."""
    if letter in "\n\r" and lone:
        return ""
    if letter in _SENTENCE_END:
        return "" if before and before[-1] == "。" else "。"
    if letter.isspace() or letter in _DROPPED or unicodedata.category(letter) in ("Cf", "Cc", "Mn"):
        return ""
    if letter in _STRETCH:
        # 「しーにーたーい」 is しにたい; between digits a stroke separates numbers and stays.
        return "" if before and "ぁ" <= before[-1] <= "ん" else "-"
    return _fold_kana(letter)
