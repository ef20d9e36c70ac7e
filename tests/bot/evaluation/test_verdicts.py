"""When an answer counts as right."""

from __future__ import annotations

import pytest

from bot.evaluation.answers import Answer
from bot.evaluation.heldout import Sentence
from tests.bot.evaluation.conftest import Judge, answer, sentence


def shares(judged: Judge, told: Sentence, said: Answer, *names: str) -> list[float]:
    """Goodness of the named figures."""
    verdict = judged(told, said)
    return [verdict.goodness(name) for name in names]


def test_the_best_area_may_be_any_label(judged: Judge) -> None:
    """The highest score counts, wherever it stands in the list; the first label is asked for separately."""
    told = sentence(1, "dementia", "elderly_care")
    said = answer(("poverty", 0.4), ("elderly_care", 0.9))
    assert shares(judged, told, said, "best_area", "first_label") == [1, 0]
    assert shares(judged, told, answer(("poverty", 0.9), ("dementia", 0.4)), "best_area") == [0]
    assert shares(judged, told, answer(), "best_area", "first_label", "micro_f1") == [0, 0, 0]


def test_f1_adds_up_what_was_found_missed_and_invented(judged: Judge) -> None:
    """Two labels, two assertions, one in common: 2·1 / (2+2)."""
    counts = judged(sentence(1, "dementia", "elderly_care"), answer(("poverty", 0.9), ("dementia", 0.4))).counts
    assert counts["micro_f1"] == (2, 4)


def test_a_window_of_any_labelled_area_is_right(judged: Judge) -> None:
    """Rows with a condition included: 受診やサービスにつながっていない is not labelled."""
    told = sentence(1, "dementia")
    assert shares(judged, told, answer(windows=("ninchisho_team",)), "first_window", "three_windows") == [1, 1]
    assert shares(judged, told, answer(windows=("okuchi", "backup", "ikiiki_support")), "first_window") == [0]
    assert shares(judged, told, answer(windows=("okuchi", "backup", "ikiiki_support")), "three_windows") == [1]
    late = answer(windows=("okuchi", "backup", "tsudoi", "ikiiki_support"))
    assert shares(judged, told, late, "three_windows") == [0]
    assert shares(judged, told, answer(), "first_window", "three_windows") == [0, 0]


def test_the_coordinator_is_passed_over_where_several_agencies_are_needed(judged: Judge) -> None:
    """Three areas over two fields; the window behind the coordinator must be right. Two areas need none."""
    three = sentence(1, "dementia", "parenting", "disability")
    assert shares(judged, three, answer(windows=("fukushi_sogo", "kodomo_katei")), "first_window") == [1]
    assert shares(judged, three, answer(windows=("fukushi_sogo", "okuchi")), "first_window") == [0]
    two = sentence(1, "dementia", "parenting")
    assert shares(judged, two, answer(windows=("fukushi_sogo", "kodomo_katei")), "first_window") == [0]


def test_a_coordinator_that_serves_the_worry_is_right_itself(judged: Judge) -> None:
    """double_care is the coordinator's own work."""
    told = sentence(1, "double_care", "elderly_care")
    assert shares(judged, told, answer(windows=("fukushi_sogo",)), "first_window") == [1]


def test_the_emergency_entry_is_passed_over_in_a_crisis_only(judged: Judge) -> None:
    """On a false alarm it is a wrong first window."""
    said = answer(windows=("emergency", "seishin_hoken"), crisis="suicide")
    assert shares(judged, sentence(1, "suicide", crisis="suicide"), said, "first_window") == [1]
    assert shares(judged, sentence(1, "mental_health"), said, "first_window", "false_alarm") == [0, 0]


def test_a_crisis_is_found_whatever_its_kind(judged: Judge) -> None:
    """The kind is asked for separately."""
    told = sentence(1, "child_abuse", crisis="abuse")
    assert shares(judged, told, answer(crisis="violence"), "crisis_found", "crisis_kind") == [1, 0]
    assert shares(judged, told, answer(), "crisis_found", "crisis_kind") == [0, 0]
    assert "false_alarm" not in judged(told, answer(crisis="violence")).counts


def test_out_of_scope(judged: Judge) -> None:
    """Recognised where there is no worry; a worry sent away is a fault. Areas are not judged where there is none."""
    verdict = judged(sentence(1), answer(("poverty", 0.9)))
    assert verdict.faults == ("outside_found",)
    assert set(verdict.counts) == {"outside_found", "false_alarm"}
    assert "sent_away" in judged(sentence(1, "poverty"), answer(outside=True)).faults


@pytest.mark.parametrize(
    ("labelled", "answered", "right"),
    [
        (("辻堂",), ("辻堂",), {"place_found": 1, "place_exact": 1}),
        (("辻堂",), ("辻堂", "明治"), {"place_found": 1, "place_exact": 0}),
        (("辻堂", "明治"), ("明治",), {"place_found": 1, "place_exact": 0}),
        (("辻堂",), ("長後",), {"place_found": 0, "place_exact": 0}),
        (("辻堂",), (), {"place_found": 0, "place_exact": 0}),
        ((), (), {"place_invented": 1}),
        ((), ("石川",), {"place_invented": 0}),
    ],
)
def test_places(judged: Judge, labelled: tuple[str, ...], answered: tuple[str, ...], right: dict[str, float]) -> None:
    """Found as the one or among the candidates; a place where there is none is invented."""
    verdict = judged(Sentence("places:1", "文", districts=labelled), Answer("route", places=answered))
    assert {name: verdict.goodness(name) for name in verdict.counts} == right


def test_a_reply_of_the_contract_is_read_and_kept_without_loss() -> None:
    """What is stored holds ids and numbers only; a reply without triage is an answer without anything."""
    reply = {
        "kind": "route",
        "triage": {
            "areas": [{"id": "dementia", "label": "認知症", "score": 0.9, "evidence": ["夜中に"]}],
            "crisis": "none",
            "out_of_scope": False,
            "place": {"district": None, "town": None, "candidates": ["藤沢", "善行"]},
            "windows": [{"id": "ikiiki_support", "say": "…"}],
        },
    }
    read = Answer.of(reply, [{"id": "dementia", "score": 0.9}, {"id": "poverty", "score": 0.1}])
    assert (read.ids, read.places, read.windows, len(read.weighed)) == (
        ("dementia",),
        ("藤沢", "善行"),
        ("ikiiki_support",),
        2,
    )
    assert Answer.from_dict(read.as_dict()) == read
    assert "夜中に" not in str(read.as_dict())
    assert Answer.of({"kind": "thanks", "triage": None}) == Answer("thanks")
