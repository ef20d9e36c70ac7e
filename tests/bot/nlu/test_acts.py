"""One turn, one act: the first that fits in the contract's order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.nlu.acts import Signals, choose, only_place, unreadable

QUIET = Signals(
    text="父のことで",
    scores={},
    asserted=frozenset(),
    best_area=0.0,
    area_asserted=False,
    outside=0.0,
    crisis="none",
    has_place=False,
    place_spans=(),
    other_city=False,
)


def hearing(**values: object) -> str:
    """The act chosen when the signals differ from silence in `values`."""
    return choose(replace(QUIET, **values))


def test_a_crisis_outranks_everything() -> None:
    """Even a message that thanks and says goodbye."""
    assert hearing(crisis="suicide", scores={"goodbye": 0.99}, asserted=frozenset({"goodbye"})) == "crisis"


def test_thanks_with_a_question_is_the_question() -> None:
    """「ありがとう。電話番号は?」 is answered with the number."""
    assert hearing(scores={"thanks": 0.9, "ask_phone": 0.8}, asserted=frozenset({"thanks", "ask_phone"})) == "ask_phone"


def test_a_worry_wins_over_a_question() -> None:
    """Windows first; the question is answered by the same reply."""
    scores = {"worry": 0.8, "ask_engawa": 0.9}
    assert hearing(scores=scores, asserted=frozenset(scores), area_asserted=True) == "worry"


def test_any_worry_wins_over_out_of_scope() -> None:
    """「税金が払えない。食べるものもない」 is nobody's tax question."""
    scores = {"worry": 0.45, "out_of_scope": 0.5}
    assert hearing(scores=scores, asserted=frozenset(scores), area_asserted=True, outside=0.5, best_area=0.6) == "worry"


@pytest.mark.parametrize(
    "text", ["", "   ", "😢😢", "ああああああああ", "I need help", "救救我吗 please help me now", "????", "あsdふぁsdf"]
)
def test_what_cannot_be_read_is_asked_about(text: str) -> None:
    """Silence, key mashing, emoji and languages that we do not read get a kind question."""
    assert unreadable(text)
    assert hearing(text=text, scores={"worry": 0.9}, asserted=frozenset({"worry"})) == "vague"


@pytest.mark.parametrize("text", ["しにたい", "母", "ADHDかも", "お金ない…", "LINEで相談したい"])
def test_short_words_are_read(text: str) -> None:
    """A single word may carry a life."""
    assert not unreadable(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("湘南台です", "湘南台"),
        ("湘南台に住んでいます", "湘南台"),
        ("えっと、辻堂のあたりです。", "辻堂"),
        ("長後", "長後"),
    ],
)
def test_a_place_alone_is_an_answer(text: str, place: str) -> None:
    """Nothing but where they live."""
    start = text.index(place)
    assert only_place(text, [(start, start + len(place))])


def test_a_place_with_a_worry_is_not_only_a_place() -> None:
    """「湘南台で母が転んだ」 is about the mother."""
    assert not only_place("湘南台で母が転んだ", [(0, 3)])


def test_somebody_of_another_city_is_out_of_scope() -> None:
    """「横浜市に住んでいます。介護保険の申請は?」 concerns nobody in Fujisawa."""
    words = "横浜市に住んでいます。介護保険の申請はどこですか"
    assert hearing(text=words, scores={"worry": 0.9}, asserted=frozenset({"worry"}), other_city=True) == "out_of_scope"


def test_a_mother_in_fujisawa_is_ours() -> None:
    """Whoever lives elsewhere and worries about someone in Fujisawa is helped."""
    words = "横浜市に住んでいます。藤沢の母がひとりで心配です"
    assert hearing(text=words, scores={"worry": 0.9}, asserted=frozenset({"worry"}), other_city=True) == "worry"
