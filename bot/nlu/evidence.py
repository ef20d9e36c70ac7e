"""The words that spoke for a label: each feature's share of the score, laid back on the characters of the text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.nlu.features import Floats, Reading
from bot.nlu.words import Word

_MOST = 3
_LONGEST = 18
# A phrase below this part of the strongest phrase's weight is noise rather than a reason.
_FLOOR = 0.35
_EDGES = ("助詞", "補助記号", "助動詞", "接続詞")
# What may not be cut off behind a phrase: 「入れ|られない」 without its end says the opposite.
_TAIL = ("助動詞", "助詞-接続助詞", "接尾辞", "動詞-非自立可能", "形容詞-非自立可能")
_NUMBER = "名詞-数詞"
_COUNTER = ("接尾辞", "名詞-普通名詞-助数詞可能")


def evidence(reading: Reading, weights: Floats, words: Sequence[Word]) -> list[tuple[int, int]]:
    """Up to three character ranges of the normal form, strongest first.

    `weights`: one label's weight a feature column. A feature's share is spread over the characters it covers, words
    take the sum of theirs, and neighbouring words with a positive share become one phrase.
    """
    if not words:
        return []
    length = words[-1].end + 1
    shares = reading.shares * weights[reading.columns].astype(np.float32)
    spans = np.maximum(reading.ends - reading.starts, 1)
    edges = np.zeros(length + 1, dtype=np.float64)
    np.add.at(edges, reading.starts, shares / spans)
    np.add.at(edges, np.minimum(reading.ends, length), -shares / spans)
    characters = np.cumsum(edges)
    strengths = [float(characters[word.start : word.end].sum()) for word in words]
    phrases = _phrases(words, strengths)
    if not phrases:
        return []
    strongest = max(strength for _, _, strength in phrases)
    kept = sorted((p for p in phrases if p[2] >= _FLOOR * strongest), key=lambda p: -p[2])[:_MOST]
    return [(start, end) for start, end, _ in kept]


def _phrases(words: Sequence[Word], strengths: Sequence[float]) -> list[tuple[int, int, float]]:
    phrases: list[tuple[int, int, float]] = []
    run: list[int] = []
    for index in range(len(words) + 1):
        inside = (
            index < len(words)
            and strengths[index] > 0
            and not words[index].pos.startswith("補助記号")
            and (not run or words[index].end - words[run[0]].start <= _LONGEST)
        )
        if inside:
            run.append(index)
            continue
        while run and words[run[0]].pos.startswith(_EDGES):
            run.pop(0)
        while run and words[run[-1]].pos.startswith("助詞"):
            run.pop()
        if run:
            first, last = _whole(words, run[0], run[-1])
            phrases.append((words[first].start, words[last].end, sum(strengths[i] for i in run)))
        run = [index] if index < len(words) and strengths[index] > 0 and not words[index].pos.startswith(_EDGES) else []
    return phrases


def _whole(words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    """The run with the rest of its phrase: auxiliaries and negation behind it, a number with what it counts."""
    while first > 0 and words[first].pos.startswith((*_COUNTER, _NUMBER)) and words[first - 1].pos.startswith(_NUMBER):
        first -= 1
    while last + 1 < len(words) and (
        words[last + 1].pos.startswith(_TAIL)
        or (words[last].pos.startswith(_NUMBER) and words[last + 1].pos.startswith((*_COUNTER, _NUMBER)))
    ):
        last += 1
    # A connecting 「て」 at the very end belongs to what follows.
    while last > first and words[last].pos.startswith("助詞"):
        last -= 1
    return first, last
