"""Which turns to look at first: those from which the model would learn most."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from typing import Final

from sqlalchemy import Engine, select

from bot.learning.similar import Index, TrainingSentences, trigrams
from bot.logbook import facets
from bot.logbook.models import Facet, Feedback, Label, StoredTurn

#: Conversations that are looked at, of each kind the newest.
_OF_EACH: Final = 150
_MOST_TURNS: Final = 1500
_SHORTEST: Final = 4
#: As close as this to another turn: people ask the same.
_SAME_QUESTION: Final = 0.5
#: As close as this to a training sentence: nothing new in it.
_KNOWN: Final = 0.9

# What makes a conversation worth a look, and how much besides the model's own doubt.
_SIGNS: Final = {
    facets.DISAGREED: ("職員の直しが分かれた", 1.0),
    facets.STAFF_DIFFERS: ("職員の見立てとちがう", 0.8),
    "kind:correct": ("ちがうと言われた", 0.8),
    facets.THUMBS_DOWN: ("役に立たなかった", 0.7),
    facets.ASKED_TWICE: ("二度聞き返した", 0.5),
    facets.NO_WINDOW: ("窓口がなかった", 0.5),
    facets.LOW: ("", 0.0),
    "kind:clarify": ("", 0.0),
    facets.OUT_OF_SCOPE: ("", 0.0),
}
_LETTERS = re.compile(r"[^\s\W〔〕]")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A turn with its reasons in plain words. `worth`: what the order is by; only comparable within one list."""

    turn: StoredTurn
    worth: float
    reasons: tuple[str, ...]


def suggest(engine: Engine, trained: TrainingSentences, limit: int = 50) -> list[Suggestion]:
    """The turns worth most, best first, one of each question. Takes about a second on a full log.

    Left out: turns that somebody decided (unless two disagree), and sentences that the model was trained on.
    """
    signs, turns, thumbs, decided = _read(engine)
    turns = [
        turn
        for turn in turns
        if len(_LETTERS.findall(turn.text)) >= _SHORTEST
        and (turn.id not in decided or facets.DISAGREED in signs[turn.conversation_id])
    ][:_MOST_TURNS]
    index = Index(turn.text for turn in turns)
    found = []
    for turn in turns:
        worth, reasons = _doubt(turn)
        for facet in signs[turn.conversation_id]:
            words, more = _SIGNS[facet]
            if words and (facet != facets.THUMBS_DOWN or turn.id in thumbs):
                worth += more
                reasons.append(words)
        same = [turns[at] for at in (index.scores(trigrams(turn.text)) >= _SAME_QUESTION).nonzero()[0]]
        often = len({one.conversation_id for one in same})
        if often > 1:
            worth += log2(often) / 3
            reasons.append(f"似たことを書いた会話が{often}件")
        if reasons:
            found.append(Suggestion(turn, round(worth, 3), tuple(reasons)))
    return _without_repeats(sorted(found, key=lambda one: (-one.worth, one.turn.id)), trained, limit)


def _doubt(turn: StoredTurn) -> tuple[float, list[str]]:
    """How unsure the model was: a low best score, or two areas side by side."""
    scores = sorted((area["score"] for area in turn.areas), reverse=True)
    if not scores:
        return (
            (0.4, ["対象外とした"])
            if turn.out_of_scope
            else (0.6, ["聞き返した"])
            if turn.kind == "clarify"
            else (0, [])
        )
    doubt = 1 - scores[0]
    return doubt, [f"自信 {round(scores[0] * 100)}%"] if scores[0] < 0.8 else []


def _without_repeats(found: Sequence[Suggestion], trained: TrainingSentences, limit: int) -> list[Suggestion]:
    kept: list[Suggestion] = []
    seen: list[frozenset[str]] = []
    for one in found:
        grams = trigrams(one.turn.text)
        if any(2 * len(grams & other) >= _SAME_QUESTION * (len(grams) + len(other)) for other in seen):
            continue
        if trained.closeness(one.turn.text) >= _KNOWN:
            continue
        seen.append(grams)
        kept.append(one)
        if len(kept) == limit:
            break
    return kept


def _read(engine: Engine) -> tuple[dict[str, list[str]], list[StoredTurn], set[str], set[str]]:
    """Signs by conversation; their turns, newest first; turns with a thumb down; turns that somebody decided."""
    signs: dict[str, list[str]] = {}
    with engine.connect() as connection:
        for facet in _SIGNS:
            newest = (
                select(Facet.conversation_id)
                .where(Facet.facet == facet)
                .order_by(Facet.last_activity.desc(), Facet.conversation_id.desc())
                .limit(_OF_EACH)
            )
            for id in connection.scalars(newest):
                signs.setdefault(id, []).append(facet)
        ids = list(signs)
        turns: list[StoredTurn] = []
        thumbs: set[str] = set()
        decided: set[str] = set()
        for start in range(0, len(ids), 500):
            some = StoredTurn.conversation_id.in_(ids[start : start + 500])
            turns += [
                StoredTurn(**row._mapping) for row in connection.execute(select(StoredTurn.__table__).where(some))
            ]
            of_them = select(StoredTurn.id).where(some)
            thumbs |= set(
                connection.scalars(
                    select(Feedback.turn_id).where(Feedback.turn_id.in_(of_them), Feedback.helpful.is_(False))
                )
            )
            decided |= set(connection.scalars(select(Label.turn_id).where(Label.turn_id.in_(of_them))))
    return signs, sorted(turns, key=lambda turn: (turn.at, turn.id), reverse=True), thumbs, decided
