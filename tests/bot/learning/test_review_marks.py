"""Operators may disagree: both decisions stay, the later one stands, and it says why."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.learning.filters import Filter
from bot.learning.review_marks import Decision, Gone, ReasonNeeded
from tests.bot.learning.conftest import Log

DEMENTIA = Decision(("dementia",), "worry", "none", False)
POVERTY = Decision(("poverty", "housing"), "worry", "none", False)


@pytest.fixture
def turn(log: Log) -> str:
    log.write("a")
    return log.turns("a")[0]


def labels(log: Log, turn: str) -> list[tuple[str, list[str], str]]:
    found = log.conversations.turn(turn)
    assert found is not None
    return [(label.who, label.areas, label.reason) for label in found[1]]


def test_whoever_decides_otherwise_than_a_colleague_says_why_and_both_stay(log: Log, turn: str) -> None:
    assert log.marks.decide(turn, "inoue", DEMENTIA) is False
    with pytest.raises(ReasonNeeded):
        log.marks.decide(turn, "ueda", POVERTY)
    because = Decision(POVERTY.areas, "worry", "none", False, reason="お金の話が中心")
    assert log.marks.decide(turn, "ueda", because) is True
    assert labels(log, turn) == [
        ("inoue", ["dementia"], ""),
        ("ueda", ["poverty", "housing"], "お金の話が中心"),
    ]
    assert [row.id for row in log.conversations.page(Filter(marks=("disagreed",)))] == ["a"]


def test_whoever_agrees_or_corrects_themselves_needs_no_reason(log: Log, turn: str) -> None:
    log.marks.decide(turn, "inoue", DEMENTIA)
    log.marks.decide(turn, "inoue", POVERTY)
    other_order = Decision(("poverty", "housing"), "worry", "none", False)
    assert log.marks.decide(turn, "ueda", other_order) is False
    assert len(labels(log, turn)) == 3
    assert log.conversations.page(Filter(marks=("disagreed",))) == []


def test_pressing_twice_decides_once(log: Log, turn: str) -> None:
    log.marks.decide(turn, "inoue", DEMENTIA)
    log.marks.decide(turn, "inoue", DEMENTIA)
    assert len(labels(log, turn)) == 1


def test_of_two_who_disagree_at_the_same_moment_one_is_asked_for_a_reason(log: Log, turn: str) -> None:
    def decide(who: str, decision: Decision) -> str:
        try:
            log.marks.decide(turn, who, decision)
        except ReasonNeeded:
            return "asked"
        return "kept"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(decide, ["inoue", "ueda"], [DEMENTIA, POVERTY]))
    assert sorted(outcomes) == ["asked", "kept"]


def test_notes_and_reasons_are_masked_like_a_residents_words(log: Log, turn: str) -> None:
    assert log.marks.set_note("a", "折り返し 090-1234-5678") == "折り返し 〔電話〕"
    log.marks.decide(
        turn, "inoue", Decision(("dementia",), "worry", "none", False, reason="田中さんの電話 090-1234-5678")
    )
    assert "1234" not in labels(log, turn)[0][2]


def test_tags_and_saving_can_be_found_again_and_taken_back(log: Log, turn: str) -> None:
    log.marks.set_tags("a", ["discuss", "place"])
    log.marks.set_saved("a", True)
    assert [row.id for row in log.conversations.page(Filter(tag="discuss", marks=("saved",)))] == ["a"]
    log.marks.set_tags("a", ["place"])
    assert log.conversations.page(Filter(tag="discuss")) == []
    with pytest.raises(ValueError, match="unknown tag"):
        log.marks.set_tags("a", ["田中さん"])
    talk = log.conversations.open("a")
    assert talk is not None
    assert talk.review is not None
    assert (talk.review.tags, talk.review.saved) == (["place"], True)


def test_a_conversation_that_was_erased_meanwhile_is_said_to_be_gone(log: Log, turn: str) -> None:
    log.book.erase("a")
    for change in (
        lambda: log.marks.set_note("a", "x"),
        lambda: log.marks.set_reviewed("a", "inoue", True),
        lambda: log.marks.set_tags("a", ["place"]),
        lambda: log.marks.decide(turn, "inoue", DEMENTIA),
    ):
        with pytest.raises(Gone):
            change()
