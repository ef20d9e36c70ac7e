"""Take out of a text what could tell who wrote it, and leave what the advice depends on.

Masked: telephone numbers, mail and web addresses, house numbers and buildings, the end of a postal code, birth dates,
numbers of four digits and more, names of persons. Kept: towns, ages, amounts of money, times and other dates,
relationships (母さん, 看護師さん).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from bot.logbook import names, numbers

Span = tuple[int, int, str]


def mask(text: str, places: Sequence[tuple[int, int]] = ()) -> str:
    """`text` with 〔電話〕〔メール〕〔URL〕〔住所〕〔郵便番号〕〔生年月日〕〔番号〕〔名前〕 in place of what was found.

    `places`: character ranges of place words, which are never taken for names. Linear in the length.
    """
    return replaced(text, spans(text, places))


def replaced(text: str, found: Iterable[Span]) -> str:
    """`text` with the token of each span in its place; the spans in order, without overlap."""
    parts: list[str] = []
    at = 0
    for start, end, token in found:
        parts += (text[at:start], token)
        at = end
    return "".join([*parts, text[at:]])


def spans(text: str, places: Sequence[tuple[int, int]] = ()) -> list[Span]:
    """(start, end, token) of everything that `mask` replaces, in order, without overlap."""
    upright = _upright(text)
    found: list[Span] = []
    taken = bytearray(len(text))
    for start, end, token in [*numbers.find(upright, places), *names.find(upright, places)]:
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            found.append((start, end, token))
    return sorted(found)


def _upright(text: str) -> str:
    """NFKC letter by letter, so that positions stay: full-width digits and letters become plain ones."""
    return "".join(map(_plain, text))


def _plain(letter: str) -> str:
    if "\ud800" <= letter <= "\udfff":
        # Half an emoji: Sudachi takes whole characters only.
        return "?"
    folded = unicodedata.normalize("NFKC", letter)
    return folded if len(folded) == 1 else letter
