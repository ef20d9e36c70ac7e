"""Finding texts that are nearly the same: Jaccard similarity of character bigrams, exact, by prefix filtering."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil

from bot.nlu.text import normalise


def plain(text: str) -> str:
    """The text without what nobody hears: widths, case, spaces, punctuation. Emoji stay: they can be all there is."""
    return "".join(c for c in normalise(text).text if unicodedata.category(c)[0] not in "PZCM")


def shingles(text: str) -> frozenset[str]:
    """Character bigrams of the plain text; a single character is its own, a text without any has none."""
    heard = plain(text)
    return frozenset(heard[start : start + 2] for start in range(max(1, len(heard) - 1))) - {""}


def near_pairs(
    texts: Sequence[str], near: Fraction, others: Sequence[str] | None = None
) -> Iterator[tuple[int, int, float]]:
    """Index pairs with a similarity of `near` or more: within `texts` (first < second), or of `texts` with `others`.

    Two sets of that similarity share a member among their rarest ones: the first n - ceil(near * n) + 1 in one common
    order. Only texts that meet there are compared.
    """
    left = [shingles(text) for text in texts]
    right = left if others is None else [shingles(text) for text in others]
    frequency = Counter(shingle for one in (left if others is None else [*left, *right]) for shingle in one)

    def prefix(one: frozenset[str]) -> list[str]:
        ordered = sorted(one, key=lambda shingle: (frequency[shingle], shingle))
        return ordered[: len(one) - ceil(near * len(one)) + 1]

    index: defaultdict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(right):
        for shingle in prefix(one):
            index[shingle].append(number)
    for number, one in enumerate(left):
        for other in sorted({met for shingle in prefix(one) for met in index[shingle]}):
            if others is None and other <= number:
                continue
            shared = len(one & right[other])
            similarity = Fraction(shared, len(one) + len(right[other]) - shared)
            if similarity >= near:
                yield number, other, float(similarity)
