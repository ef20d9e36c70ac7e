"""Adding up: figures with intervals, areas, calibration, abstention, confusions, and two models side by side."""

from __future__ import annotations

import json

import pytest

from bot.evaluation.area_scores import Confusion
from bot.evaluation.calibration import abstention, calibration
from bot.evaluation.compare import compare
from bot.evaluation.figures import differences, figures
from bot.evaluation.scores import score
from tests.bot.evaluation.conftest import Judge, answer, sentence

AREAS = ["dementia", "elderly_care", "poverty", "suicide"]


def test_a_share_has_an_interval_around_it() -> None:
    """Half of 40: the bootstrap gives about ±0.15, the same on every run."""
    counts = [{"best_area": (number % 2, 1)} for number in range(40)]
    found = figures(counts)["best_area"]
    assert (found.value, found.hits, found.sentences) == (0.5, 20, 40)
    assert 0.28 < found.low < 0.42 < 0.58 < found.high < 0.72
    assert figures(counts)["best_area"] == found


def test_all_right_is_not_certainty() -> None:
    """33 crises of 33 found may still be 89 of 100; none of 33 sent away may be 11 of 100."""
    found = figures([{"crisis_found": (1, 1), "sent_away": (0, 1)}] * 33)
    assert found["crisis_found"].low == pytest.approx(0.894, abs=0.001)
    assert found["sent_away"].high == pytest.approx(0.106, abs=0.001)


def test_figures_that_do_not_apply_are_absent() -> None:
    """No crisis, no recall; a figure counts the sentences it applies to."""
    found = figures([{"best_area": (1, 1)}, {"outside_found": (0, 1)}])
    assert {name: figure.sentences for name, figure in found.items()} == {"outside_found": 1, "best_area": 1}


def test_a_difference_is_paired() -> None:
    """Ten of a hundred better and none worse is certain; three better and two worse may be chance."""
    before = [{"best_area": (number < 80, 1)} for number in range(100)]
    better = [{"best_area": (number < 90, 1)} for number in range(100)]
    mixed = [{"best_area": (2 <= number < 83, 1)} for number in range(100)]
    assert differences(before, better)["best_area"].certain
    assert not differences(before, mixed)["best_area"].certain
    assert differences(before, before) == {}


def test_areas_and_confusions(judged: Judge) -> None:
    """Precision by what was asserted, recall by what was labelled; macro over the labelled areas only."""
    verdicts = [
        judged(sentence(1, "dementia"), answer(("dementia", 0.9))),
        judged(sentence(2, "dementia"), answer(("elderly_care", 0.9))),
        judged(sentence(3, "elderly_care"), answer(("elderly_care", 0.9), ("poverty", 0.6))),
        judged(sentence(4), answer(("poverty", 0.9))),
    ]
    scores = score("m", verdicts, AREAS)
    dementia, elderly, poverty, _ = scores.areas
    assert (dementia.precision, dementia.recall, dementia.f1) == (1, 0.5, pytest.approx(2 / 3))
    assert (elderly.precision, elderly.recall) == (0.5, 1)
    assert (poverty.support, poverty.asserted, poverty.f1) == (0, 1, 0)
    assert scores.macro_f1 == pytest.approx(2 / 3)
    assert scores.confusions == (Confusion("dementia", "elderly_care", 1),)
    assert scores.sets[0].figures["micro_f1"].value == pytest.approx(2 * 2 / (3 + 4))


def test_crises_by_kind(judged: Judge) -> None:
    """Found as any kind, found as this kind, and false alarms under the kind that was shouted."""
    verdicts = [
        judged(sentence(1, "suicide", crisis="suicide"), answer(crisis="suicide")),
        judged(sentence(2, "suicide", crisis="suicide"), answer(crisis="abuse")),
        judged(sentence(3, "suicide", crisis="suicide"), answer()),
        judged(sentence(4, "poverty"), answer(crisis="abuse")),
    ]
    by = {
        one.kind: (one.sentences, one.found, one.as_this_kind, one.false_alarms)
        for one in score("m", verdicts, AREAS).crises
    }
    assert by["suicide"] == (3, 2, 1, 0)
    assert by["abuse"] == (0, 0, 0, 1)


def test_calibration_is_the_gap_between_said_and_true(judged: Judge) -> None:
    """Ten answers with 0.9, eight of them right: 0.1 off; without any score there is no figure."""
    sure = [
        judged(sentence(number, "dementia"), answer(("dementia" if number < 8 else "poverty", 0.9)))
        for number in range(10)
    ]
    found = calibration(sure)
    assert found is not None
    assert sum(one.scores for one in found.bins) == 10
    # One answer a bin: each is off by 0.1 or by 0.9.
    assert found.error == pytest.approx((8 * 0.1 + 2 * 0.9) / 10)
    many = calibration(sure * 10)
    assert many is not None
    assert many.error < found.error
    assert calibration([judged(sentence(1, "dementia"), answer())]) is None


def test_asking_back_when_unsure_makes_the_rest_better(judged: Judge) -> None:
    """Two sure and right, two unsure of which one is wrong."""
    verdicts = [
        judged(sentence(number, "dementia"), answer((area, sure)))
        for number, (area, sure) in enumerate(
            [("dementia", 0.95), ("dementia", 0.9), ("dementia", 0.35), ("poverty", 0.3)]
        )
    ]
    curve = {one.limit: (one.answered, one.right) for one in abstention(verdicts)}
    assert curve[0.0] == (1, 0.75)
    assert curve[0.5] == (0.5, 1)
    assert abstention([judged(sentence(1), answer())]) == []


def test_only_what_changed_is_compared_and_crises_come_first(judged: Judge) -> None:
    """A crisis that the candidate no longer notices outweighs every area that it got right."""
    told = [
        sentence(1, "dementia"),
        sentence(2, "elderly_care"),
        sentence(3, "suicide", crisis="suicide"),
        sentence(4, "poverty"),
    ]
    before = [
        answer(("poverty", 0.9)),
        answer(("elderly_care", 0.9)),
        answer(("poverty", 0.9), crisis="suicide"),
        answer(),
    ]
    after = [answer(("dementia", 0.9)), answer(("elderly_care", 0.8)), answer(("suicide", 0.9)), answer()]
    found = compare(
        ("old", [judged(s, a) for s, a in zip(told, before, strict=True)]),
        ("new", [judged(s, a) for s, a in zip(told, after, strict=True)]),
        AREAS,
    )
    assert [(change.sentence.id, change.figure, change.better) for change in found.changes] == [
        ("posts:3", "crisis_found", False),
        ("posts:1", "best_area", True),
    ]
    assert found.crisis_recall_falls
    assert [change.sentence.id for change in found.lost_crises] == ["posts:3"]
    assert [(area.area, area.before, area.after) for area in found.areas] == [("dementia", 0, 1), ("suicide", 0, 1)]
    assert found.figures["posts"]["crisis_found"].after == 0
    assert json.loads(json.dumps(found.as_dict()))["lost_crises"] == ["posts:3"]


def test_nothing_changed(judged: Judge) -> None:
    """The same answers: no figure, no area, no sentence."""
    verdicts = [judged(sentence(1, "dementia"), answer(("dementia", 0.9)))]
    found = compare(("old", verdicts), ("new", verdicts), AREAS)
    assert (found.figures, found.areas, found.changes, found.crisis_recall_falls) == ({}, (), (), False)


def test_only_the_same_sentences_can_be_compared(judged: Judge) -> None:
    """Two runs on different sets say nothing about two models."""
    one = [judged(sentence(1, "dementia"), answer())]
    other = [judged(sentence(2, "dementia"), answer())]
    with pytest.raises(ValueError, match="different sentences"):
        compare(("old", one), ("new", other), AREAS)
