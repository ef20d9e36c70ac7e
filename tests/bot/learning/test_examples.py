"""A corrected sentence becomes a training example only when nobody can be recognised in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.training_data import TrainingData

from agency_db.places import Gazetteer
from bot.evaluation.heldout import SETS
from bot.learning.examples import Examples, NotFit, Sources
from bot.learning.review_marks import Decision, Gone
from bot.learning.similar import TrainingSentences
from bot.nlu.training_messages import is_reviewed
from bot.settings import PROJECT
from tests.bot.learning.conftest import AT, Log

DEMENTIA = Decision(("dementia", "elderly_care"), "worry", "none", False)
HELD_OUT = PROJECT / "tests" / "heldout"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "nlu" / "reviewed.yml"


@pytest.fixture
def examples(log: Log, file: Path) -> Examples:
    log.write("a", "母がもの忘れで、田中さんに何度も電話します")
    return Examples(log.engine, file, Sources(TrainingSentences(file), HELD_OUT), lambda: AT)


def add(log: Log, examples: Examples, text: str, decision: Decision = DEMENTIA, who: str = "unyo") -> int:
    return examples.add(log.turns("a")[0], who, text, decision, Gazetteer.load().find(text).spans)


def loaded(file: Path) -> TrainingData:
    return RasaYAMLReader().read(str(file))


def test_rasa_reads_the_file_like_the_training_data_that_came_with_the_product(
    log: Log, examples: Examples, file: Path
) -> None:
    add(log, examples, "母が同じ電話を一日に何度もかけます。湘南台です")
    add(log, examples, "もう消えてしまいたいと母が言います", Decision(("suicide",), "worry", "suicide", False))
    add(log, examples, "ちがう、叩かれているのは私です", Decision(("domestic_violence",), "correct", "violence", False))
    add(log, examples, "粗大ごみの券はどこで買う", Decision((), "worry", "none", True))
    add(log, examples, "近くに行けるところある?", Decision((), "ask_engawa", "none", False))
    read = {
        example.get("text"): (example.get("intent"), (example.get("metadata") or {}).get("example"))
        for example in loaded(file).training_examples
    }
    assert read == {
        "母が同じ電話を一日に何度もかけます。湘南台です": ("worry", {"areas": ["dementia", "elderly_care"]}),
        "もう消えてしまいたいと母が言います": ("crisis", {"areas": ["suicide"], "crisis": "suicide"}),
        "ちがう、叩かれているのは私です": (
            "crisis",
            {"acts": ["correct", "worry"], "areas": ["domestic_violence"], "crisis": "violence"},
        ),
        "粗大ごみの券はどこで買う": ("out_of_scope", None),
        "近くに行けるところある?": ("ask_engawa", None),
    }
    # So that training knows whose they are (bot.nlu.corrections).
    assert all(is_reviewed(example) for example in loaded(file).training_examples)


@pytest.mark.parametrize(
    "text", ["[母](relation)が{x}こまる\n二行目も: 'ある'", "# 母のこと: - こまる", "|\t母が  'こまる\"", "- 母"]
)
def test_whatever_is_written_arrives_as_one_plain_sentence(log: Log, examples: Examples, file: Path, text: str) -> None:
    add(log, examples, text)
    [example] = loaded(file).training_examples
    assert example.get("entities") is None
    assert "\n" not in example.get("text")
    assert "母" in example.get("text")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("  \n ", "empty"),
        ("母" * 2001, "too_long"),
        ("母が〔名前〕さんに何度も電話します", "mask_left"),
        ("母が田中さんに何度も電話します", "person"),
        ("折り返しは090-1234-5678へ", "person"),
        ("湘南台2-3-4に住む母のこと", "person"),
    ],
)
def test_a_sentence_in_which_somebody_could_be_recognised_is_refused(
    log: Log, examples: Examples, file: Path, text: str, problem: str
) -> None:
    with pytest.raises(NotFit) as refused:
        add(log, examples, text)
    assert refused.value.problem == problem
    assert not file.exists()


def test_no_held_out_sentence_can_become_an_example_not_even_slightly_changed(log: Log, examples: Examples) -> None:
    for name in SETS:
        lines = (HELD_OUT / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        text = next(line.rpartition("|")[2] for line in lines if len(line) > 30 and not re.search(r"\d", line))
        with pytest.raises(NotFit) as refused:
            examples.check(text.replace("\\n", "\n") + "です", ((0, len(text)),))
        assert refused.value.problem in {"held_out", "person"}, name


def test_a_worry_without_an_area_and_the_same_sentence_twice_are_refused(log: Log, examples: Examples) -> None:
    with pytest.raises(NotFit, match="no_area"):
        add(log, examples, "母のことでこまっています", Decision((), "worry", "none", False))
    add(log, examples, "母が何度も同じ話をします")
    with pytest.raises(NotFit, match="known"):
        add(log, examples, "母が何度も同じ話をします ")


def test_who_and_when_are_in_the_database_and_never_in_the_file(log: Log, examples: Examples, file: Path) -> None:
    add(log, examples, "母が何度も同じ話をします", who="inoue")
    [kept] = examples.list()
    assert (kept.who, kept.at, kept.own_words) == ("inoue", AT, True)
    written = file.read_text(encoding="utf-8")
    assert "inoue" not in written
    assert "2026" not in written
    assert log.turns("a")[0] not in written


def test_every_version_is_kept_and_the_newest_is_whole(log: Log, examples: Examples, file: Path) -> None:
    first = add(log, examples, "母が何度も同じ話をします")
    add(log, examples, "父が財布をさがしてばかりいます")
    examples.withdraw(first, "ueda")
    texts = [
        [example.get("text") for example in loaded(path).training_examples]
        for path in (file.with_name("reviewed-1.yml"), file.with_name("reviewed-2.yml"), file)
    ]
    same, purse = "母が何度も同じ話をします", "父が財布をさがしてばかりいます"
    assert texts == [[same], [same, purse], [purse]]
    assert [(version.number, version.examples, version.who) for version in examples.versions()] == [
        (3, 1, "ueda"),
        (2, 2, "unyo"),
        (1, 1, "unyo"),
    ]
    with pytest.raises(Gone):
        examples.withdraw(first, "ueda")


def test_when_the_last_example_is_taken_back_rasa_still_reads_the_file(
    log: Log, examples: Examples, file: Path
) -> None:
    examples.withdraw(add(log, examples, "母が何度も同じ話をします"), "unyo")
    assert loaded(file).training_examples == []


def test_a_turn_that_is_decided_anew_teaches_what_stands_now(log: Log, examples: Examples, file: Path) -> None:
    add(log, examples, "母が何度も同じ話をします")
    examples.follow(log.turns("a")[0], "ueda", Decision(("isolation",), "worry", "none", False))
    [example] = loaded(file).training_examples
    assert example.get("metadata")["example"] == {"areas": ["isolation"]}
    assert [one.who for one in examples.list()] == ["ueda"]


def test_a_resident_who_erases_takes_back_the_examples_in_their_own_words(
    log: Log, examples: Examples, file: Path
) -> None:
    log.write("b", "母が何度も同じ話をします")
    examples.add(log.turns("b")[0], "unyo", "母が何度も同じ話をします", DEMENTIA, ())
    examples.add(log.turns("b")[0], "unyo", "家族が同じことをくり返し話す", DEMENTIA, ())
    log.book.erase("b")
    assert examples.forget("b") == 1
    assert [example.get("text") for example in loaded(file).training_examples] == ["家族が同じことをくり返し話す"]
    kept = "".join(path.read_text(encoding="utf-8") for path in file.parent.iterdir())
    assert "何度も同じ話" not in kept
