"""What operators correct is believed in other words too, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from bot.learning.similar import read as read_sentences
from bot.nlu.corrections import FIRST, NOT, Corrections
from bot.nlu.features import FeatureSpace
from bot.nlu.linear import Floats
from bot.nlu.text import normalise
from bot.nlu.words import Word, read
from bot.settings import PROJECT

LABELS = ("poverty", "oral", "medical")
TOLD = ("口を糊するのがやっとです", "その日の口を糊するのにも困る")
# The models are sure that a mouth is meant; about medical they were right.
MISTAKEN = np.array([-4.0, 3.0, -5.0], dtype=np.float32)
RIGHT = np.array([FIRST, NOT, NOT], dtype=np.float32)


Terms = tuple[str, list[Word]]


def terms(text: str) -> Terms:
    normal = normalise(text).text
    return normal, read(normal)


@pytest.fixture(scope="module")
def release() -> list[Terms]:
    """Every tenth sentence of the release."""
    files = sorted((PROJECT / "data" / "nlu").glob("*.yml"))
    return [terms(one.text) for file in files for one in read_sentences(file)[::10]]


class Lesson:
    """The release's sentences, and examples with what was said and wanted of each."""

    def __init__(self, release: list[Terms], *examples: tuple[str, Floats, Floats]) -> None:
        taught = [terms(text) for text, _, _ in examples]
        self.space = FeatureSpace.fit([*release, *taught, *taught])
        rows = [sparse.vstack([self.space.read(*one).row for one in texts]).tocsr() for texts in (taught, release)]
        said, wanted = (np.stack([example[at] for example in examples]) for at in (1, 2))
        self.corrections = Corrections.fit(rows[0], rows[1], said, wanted)

    def say(self, text: str, said: Floats, *, unseen: bool = False) -> Floats:
        return self.corrections.apply(self.space.read(*terms(text)).row, said, unseen=unseen)


@pytest.fixture(scope="module")
def lesson(release: list[Terms]) -> Lesson:
    return Lesson(release, *((text, MISTAKEN, RIGHT) for text in TOLD))


@pytest.mark.parametrize("text", [*TOLD, "親子で口を糊するのも難しい", "口を糊するあてがなくなりました"])
def test_what_was_corrected_is_right_in_the_same_words_and_in_others(lesson: Lesson, text: str) -> None:
    said = lesson.say(text, np.array([-6.0, 4.0, -5.0], dtype=np.float32))
    assert LABELS[int(said.argmax())] == "poverty"
    assert said[0] > 0 > said[1]


@pytest.mark.parametrize(
    "text", ["入れ歯が合わなくて、口の中が痛い", "その日のことで、もう困ることもない", "ありがとう", ""]
)
def test_nothing_else_changes(lesson: Lesson, text: str) -> None:
    said = np.array([-1.0, 2.0, 0.5], dtype=np.float32)
    assert np.array_equal(lesson.say(text, said), said)


def test_another_worry_in_the_same_breath_is_left_alone(lesson: Lesson) -> None:
    said = lesson.say("口を糊するのがやっとで、医者にも行けない", np.array([-4.0, 3.0, 2.0], dtype=np.float32))
    assert said[0] > -4.0
    assert said[2] == 2.0


def test_of_two_meanings_of_the_same_words_the_nearer_example_decides(release: list[Terms]) -> None:
    bill, mouth = "今月も首が回らなくて、払えない", "寝ちがえて首が回らない"
    ill = np.array([NOT, NOT, FIRST], dtype=np.float32)
    both = Lesson(release, (bill, np.array([-3.0, -5.0, 2.0], dtype=np.float32), RIGHT), (mouth, ill, ill))
    said = np.array([-3.0, -5.0, 2.0], dtype=np.float32)
    assert LABELS[int(both.say("今月も首が回らない。払えないものばかり", said).argmax())] == "poverty"
    assert LABELS[int(both.say("けさ寝ちがえて、首が回らない", said).argmax())] == "medical"


def test_measured_on_an_example_only_the_others_count(release: list[Terms], lesson: Lesson) -> None:
    alone = Lesson(release, (TOLD[0], MISTAKEN, RIGHT))
    assert np.array_equal(alone.say(TOLD[0], MISTAKEN, unseen=True), MISTAKEN)
    assert lesson.say(TOLD[0], MISTAKEN, unseen=True)[0] > MISTAKEN[0]


def test_it_is_kept_with_the_model(lesson: Lesson, tmp_path: Path) -> None:
    assert Corrections.load(tmp_path) is None
    lesson.corrections.save(tmp_path)
    kept = Corrections.load(tmp_path)
    assert kept is not None
    row = lesson.space.read(*terms("親子で口を糊するのも難しい")).row
    assert np.allclose(kept.apply(row, MISTAKEN), lesson.corrections.apply(row, MISTAKEN), atol=0.02)
