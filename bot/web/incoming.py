"""A resident's message on its way in: made safe to read, without losing where each word stood in the text as sent."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

# Control characters (line feed and tab are kept), surrogates that JSON can smuggle in, zero-width and direction marks:
# nobody writes them on purpose, they hide words from the crisis rules, and databases refuse some. U+200C and U+200D
# stay: emoji need them.
_UNWANTED = r"\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
_ODD = re.compile(rf"(?P<drop>[{_UNWANTED}]+)|(?P<compose>.[\u0300-\u036f\u3099\u309a]+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of the cleaned text beginning at `at`, and where in the text as sent it came from."""

    at: int
    begin: int
    end: int
    composed: bool


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `sent`: exactly as it came; `text`: NFC without control characters, what rules and log read."""

    sent: str
    text: str
    _runs: tuple[_Run, ...]

    def as_sent(self, words: str) -> str | None:
        """The stretch of the text as sent that `words` (found in `text`) stands for; None if it is not there.

        The contract promises that evidence is a substring of the text as sent.
        """
        found = self.text.find(words) if words else -1
        if found < 0:
            return None
        return self.sent[self._origin(found)[0] : self._origin(found + len(words) - 1)[1]]

    def _origin(self, position: int) -> tuple[int, int]:
        """Begin and end in `sent` of the character at `position` of `text`."""
        run = self._runs[bisect_right(self._runs, position, key=lambda run: run.at) - 1]
        if run.composed:
            return run.begin, run.end
        begin = run.begin + position - run.at
        return begin, begin + 1


def read(sent: str) -> Message:
    """Make a message out of the text as sent. Linear in its length; any string is accepted."""
    pieces: list[str] = []
    runs: list[_Run] = []
    length = 0

    def add(piece: str, begin: int, end: int, composed: bool) -> None:
        nonlocal length
        if piece:
            pieces.append(piece)
            runs.append(_Run(length, begin, end, composed))
            length += len(piece)

    copied = 0
    for match in _ODD.finditer(sent):
        add(sent[copied : match.start()], copied, match.start(), False)
        if match["compose"]:
            add(unicodedata.normalize("NFC", match["compose"]), match.start(), match.end(), True)
        copied = match.end()
    add(sent[copied:], copied, len(sent), False)
    return Message(sent, "".join(pieces), tuple(runs))
