"""Fold the many ways of writing one thing into one, and remember where each character came from."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_SMALL = str.maketrans("ぁぃぅぇぉ", "あいうえお")
_CLUSTER = re.compile("(?s:.)[ﾞﾟ\u3099\u309a]*")
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
    before = ""
    for match in _CLUSTER.finditer(written):
        start, end = match.span()
        for letter in _fold_cluster(match.group()):
            if letter == "。" and (before == "。" or (start in upright and written[start] in "\r\n")):
                continue
            if letter == "-" and "ぁ" <= before <= "ん":
                # 「しーにーたーい」 is しにたい; between digits a stroke separates numbers and stays.
                continue
            letters.append(letter)
            origin.append((start, end))
            before = letter
    return Folded("".join(letters), tuple(origin), written)


@lru_cache(maxsize=8192)
def _fold_cluster(cluster: str) -> str:
    """The folded form of one letter with its voicing marks, or an empty string where it carries nothing."""
    return "".join(map(_fold_letter, "。" if cluster == "…" else unicodedata.normalize("NFKC", cluster).lower()))


def _fold_letter(letter: str) -> str:
    if letter in _SENTENCE_END:
        return "。"
    if letter in _STRETCH:
        return "-"
    if letter.isspace() or letter in _DROPPED or unicodedata.category(letter) in ("Cf", "Cc", "Mn", "Cs"):
        return ""
    return _fold_kana(letter)
