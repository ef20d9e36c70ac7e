"""The training sentences: as many and as varied as promised, none twice, and none of the held-out ones."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from agency_db.places import Gazetteer
from bot.evaluation.heldout import SETS, read_set
from bot.settings import PROJECT
from tests.data.near_duplicates import near_pairs, plain

#: Two training sentences as close as this are one sentence; one label of the two would be wrong.
_SAME = Fraction(4, 5)
#: A held-out sentence as close as this to a training one no longer measures anything.
_LEAKED = Fraction(3, 5)
#: Held-out sentences of so many characters or fewer resemble others without being taken from them.
_FEW = 5
_HARD_TO_READ = re.compile(r"[一-龠々ァ-ヺ]")
#: Words by which somebody other than the person or the family can be heard in a text.
_SPEAKERS = {
    "commissioned welfare volunteers": "民生委員",
    "teachers": "担任|教員|生徒",
    "care managers": "ケアマネ",
    "landlords": "大家",
    "neighbours": "隣|となり|近所",
    "people with little Japanese": "外国|ビザ|にほんご|日本語",
}


@dataclass(frozen=True)
class Example:
    """One training sentence. `file` for messages."""

    file: str
    intent: str
    text: str
    areas: tuple[str, ...]
    crisis: str | None
    lookalike: bool

    @property
    def label(self) -> tuple[str, frozenset[str], str | None]:
        """What it teaches; the order of the areas aside."""
        return self.intent, frozenset(self.areas), self.crisis


def read(file: Path) -> list[Example]:
    groups = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]
    return [
        Example(
            file.name,
            group["intent"],
            entry["text"].strip(),
            tuple(kept.get("areas", ())),
            kept.get("crisis"),
            bool(kept.get("lookalike")),
        )
        for group in groups
        for entry in group["examples"]
        for kept in [entry.get("metadata") or {}]
    ]


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    """Everything in data/nlu."""
    return [example for file in sorted((PROJECT / "data" / "nlu").glob("*.yml")) for example in read(file)]


@pytest.fixture(scope="module")
def worries(examples: list[Example]) -> list[Example]:
    """The sentences that carry at least one area."""
    return [example for example in examples if example.areas]


@pytest.fixture(scope="module")
def known_areas() -> list[str]:
    """The 35 ids of the contract."""
    lines = (PROJECT / "agency_db" / "data" / "areas.csv").read_text(encoding="utf-8").splitlines()
    return [line.split(",")[0] for line in lines[1:]]


def test_there_are_eight_thousand_sentences(examples: list[Example]) -> None:
    """Worries, crises and sentences out of scope; the acts of a dialogue are not counted."""
    assert sum(bool(example.areas) or example.intent == "out_of_scope" for example in examples) >= 8000


def test_every_area_has_enough_sentences(worries: list[Example], known_areas: list[str]) -> None:
    """150 or more an area, and no area that the contract does not know."""
    count = Counter(area for example in worries for area in example.areas)
    assert set(count) == set(known_areas)
    assert {area: number for area, number in count.items() if number < 150} == {}


def test_worries_come_together(worries: list[Example]) -> None:
    """At least a third carry two or more areas."""
    assert sum(len(example.areas) > 1 for example in worries) / len(worries) >= 1 / 3


def test_an_area_is_named_once_a_sentence(worries: list[Example]) -> None:
    """A label written twice is a slip of the pen."""
    assert [example.text for example in worries if len(set(example.areas)) != len(example.areas)] == []


def test_enough_is_out_of_scope(examples: list[Example]) -> None:
    """800 sentences that bring no welfare worry."""
    assert sum(example.intent == "out_of_scope" for example in examples) >= 800


def test_enough_crises_of_every_kind(examples: list[Example]) -> None:
    """600 crises, every kind among them with at least 150, each under the intent that is answered first."""
    crises = [example for example in examples if example.crisis]
    assert len(crises) >= 600
    assert min(Counter(example.crisis for example in crises).values()) >= 150
    assert {example.intent for example in crises} == {"crisis"}
    assert all(example.crisis for example in examples if example.intent == "crisis")


def test_short_and_long_ones(worries: list[Example]) -> None:
    """From three words to long stories: hundreds of each."""
    lengths = [len(example.text) for example in worries]
    assert sum(length <= 10 for length in lengths) >= 400
    assert sum(15 < length < 100 for length in lengths) >= 4000
    assert sum(length >= 150 for length in lengths) >= 400
    assert sum(length >= 200 for length in lengths) >= 200


def test_enough_only_look_like_a_crisis(examples: list[Example]) -> None:
    """600 sentences have the words of a crisis and nobody in danger."""
    lookalikes = [example for example in examples if example.lookalike]
    assert len(lookalikes) >= 600
    assert not any(example.crisis for example in lookalikes)


def test_some_are_as_long_as_promised(worries: list[Example]) -> None:
    """Up to 300 characters."""
    assert max(len(example.text) for example in worries) >= 300


def test_some_are_in_hiragana_only(worries: list[Example]) -> None:
    """Children and people who learn Japanese write without kanji: one in thirty at least, in every second area."""
    hiragana = [example for example in worries if not _HARD_TO_READ.search(example.text)]
    assert len(hiragana) >= len(worries) / 30
    assert len({area for example in hiragana for area in example.areas}) >= 18


def test_with_and_without_a_place(worries: list[Example]) -> None:
    """Most people do not say where they live; those who do must not teach that a place is a worry."""
    gazetteer = Gazetteer.load()
    placed = [example for example in worries if gazetteer.find(example.text).place]
    assert 0.05 <= len(placed) / len(worries) <= 0.3
    assert {area for example in placed for area in example.areas} == {a for e in worries for a in e.areas}


@pytest.mark.parametrize("speaker", _SPEAKERS)
def test_many_kinds_of_people_speak(worries: list[Example], speaker: str) -> None:
    """Not only the family: those who notice and those who accompany are heard too."""
    assert sum(bool(re.search(_SPEAKERS[speaker], example.text)) for example in worries) >= 25


def test_no_sentence_twice(examples: list[Example]) -> None:
    """The same words with another full stop teach nothing."""
    seen: dict[str, Example] = {}
    twice = []
    for example in examples:
        heard = plain(example.text)
        if heard and (earlier := seen.setdefault(heard, example)) is not example:
            twice.append((earlier.file, earlier.text, example.file, example.text))
    assert twice == []


def test_nearly_the_same_words_mean_the_same(examples: list[Example]) -> None:
    """Two sentences that are nearly one carry the same labels."""
    pairs = near_pairs([example.text for example in examples], _SAME)
    assert [(examples[a], examples[b]) for a, b, _ in pairs if examples[a].label != examples[b].label] == []


def test_no_held_out_sentence_is_trained_on(examples: list[Example], known_areas: list[str]) -> None:
    """What measures the model must be new to it. Names the training sentence; the held-out one stays unread.

    Of a few characters there are only so many ways to write them: there, only the same words count.
    """
    held_out = [one for name in SETS for one in read_set(PROJECT / "tests" / "heldout", name, known_areas)]
    pairs = near_pairs([example.text for example in examples], _LEAKED, [sentence.text for sentence in held_out])
    leaked = [
        (examples[a].file, examples[a].text, held_out[b].id)
        for a, b, similarity in pairs
        if similarity == 1 or len(plain(held_out[b].text)) > _FEW
    ]
    assert leaked == []


def test_near_pairs_are_found() -> None:
    """The search itself: a changed ending and a full stop are near, another sentence is not, on one list or two."""
    texts = [
        "父が夜中に外へ出ていってしまいます",
        "家賃が払えません",
        "父が、夜中に外へ出ていってしまいました。",
        "家賃が払えない",
    ]
    assert [(a, b) for a, b, _ in near_pairs(texts, _SAME)] == [(0, 2)]
    assert [(a, b) for a, b, _ in near_pairs(texts, _SAME, ["家賃が、払えません!", "猫"])] == [(1, 0)]
    assert list(near_pairs(["…", "!!"], _SAME)) == []
