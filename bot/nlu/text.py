"""Normal form of a message, with the way back: evidence must be a substring of the text as the resident sent it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_VOICED_MARKS = "ﾞﾟ"
_SPACES = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text` is what the model reads; character i of it came from `source[starts[i]:ends[i]]`."""

    source: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def original(self, start: int, end: int) -> str:
        """The words as sent behind characters start..end of the normal form (empty for an empty range)."""
        if start >= end:
            return ""
        return self.source[self.starts[start] : self.ends[end - 1]]


def normalise(source: str) -> Normalised:
    """Fold widths, half-width kana and case, and turn runs of white space into one space; keep the offsets."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    while position < len(source):
        length = 2 if position + 1 < len(source) and source[position + 1] in _VOICED_MARKS else 1
        folded = unicodedata.normalize("NFKC", source[position : position + length]).lower()
        for character in folded:
            if _SPACES.match(character):
                if characters and characters[-1] == " ":
                    ends[-1] = position + length
                    continue
                character = " "
            characters.append(character)
            starts.append(position)
            ends.append(position + length)
        position += length
    return Normalised(source, "".join(characters), tuple(starts), tuple(ends))


def clauses(text: str) -> list[tuple[int, int]]:
    """Character ranges of the sentences of a normal form; several worries in one message are read one by one too."""
    ranges: list[tuple[int, int]] = []
    start = 0
    for match in re.finditer(r"[。.!?!?…\n]+|(?<=[ぁ-ん])[ 、](?=.{12})", text):
        if text[start : match.start()].strip():
            ranges.append((start, match.end()))
        start = match.end()
    if text[start:].strip():
        ranges.append((start, len(text)))
    return ranges
