"""Where one answer is right and where it is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from bot.evaluation.answers import Answer
from bot.evaluation.figures import KINDS, Counts
from bot.evaluation.guide import Guide
from bot.evaluation.heldout import CALM, Sentence

_WITHIN = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """A sentence, what was answered, and what this adds to the figures."""

    sentence: Sentence
    answer: Answer
    counts: Counts

    @property
    def faults(self) -> tuple[str, ...]:
        """Ids of the figures that this answer pulls in the wrong direction."""
        return tuple(name for name in KINDS if name in self.counts and self.goodness(name) < 1)

    def goodness(self, name: str) -> float:
        """Between 0 (wrong) and 1 (right) for a figure that applies."""
        above, below = self.counts[name]
        share = above / below if below else 1.0
        return 1 - share if KINDS[name].smaller_is_better else share


def judge(sentence: Sentence, answer: Answer, guide: Guide) -> Verdict:
    """Judge an answer by the labels.

    Areas and windows are judged where the sentence has a labelled area (micro-F1 too: areas asserted for a sentence
    that is out of scope are already counted by `outside_found`). A crisis is found whatever its kind; `crisis_kind`
    asks for the kind as well. A place is found when a labelled district is the answer or among its candidates; it is
    exact when the candidates are the labelled ones.
    """
    counts: dict[str, tuple[float, float]] = {}
    if sentence.areas is not None:
        alarm = answer.crisis != CALM
        if sentence.crisis == CALM:
            counts["false_alarm"] = (alarm, 1)
        else:
            counts["crisis_found"] = (alarm, 1)
            counts["crisis_kind"] = (answer.crisis == sentence.crisis, 1)
        counts |= _worry(sentence, answer, guide) if sentence.areas else {"outside_found": (answer.out_of_scope, 1)}
    if sentence.districts is not None:
        counts |= _place(sentence.districts, answer.places)
    return Verdict(sentence, answer, counts)


def _worry(sentence: Sentence, answer: Answer, guide: Guide) -> Counts:
    labelled, asserted = set(sentence.areas or ()), set(answer.ids)
    best = answer.best.area if answer.best else None
    windows = guide.judged(sentence, answer.windows)
    return {
        "sent_away": (answer.out_of_scope, 1),
        "best_area": (best in labelled, 1),
        "first_label": (best == (sentence.areas or ("",))[0], 1),
        "first_window": (any(windows[:1]), 1),
        "three_windows": (any(windows[:_WITHIN]), 1),
        "micro_f1": (2 * len(labelled & asserted), len(labelled) + len(asserted)),
    }


def _place(labelled: tuple[str, ...], answered: tuple[str, ...]) -> Counts:
    if not labelled:
        return {"place_invented": (bool(answered), 1)}
    return {
        "place_found": (bool(set(labelled) & set(answered)), 1),
        "place_exact": (set(labelled) == set(answered), 1),
    }
