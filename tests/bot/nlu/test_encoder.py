"""The shipped sentence encoder: what the product expects of its numbers, whichever fine-tuning made them."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.encoder import Encoder, Floats, held_back, prepare
from bot.nlu.sentence_encoder import encoder, opinion


@pytest.fixture(scope="module")
def reader() -> Encoder:
    return encoder()


def _likeness(one: Floats, other: Floats) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def test_the_same_words_always_get_the_same_numbers(reader: Encoder) -> None:
    text = "父が夜中に何度も出ていこうとする"
    first = reader.encode(text)
    reader.encode("まったく別の話をはさんでも")
    assert np.array_equal(first, reader.encode(text))


def test_one_worry_in_two_wordings_is_closer_than_two_worries(reader: Encoder) -> None:
    said = reader.encode("息子が学校に行きたがりません")
    again = reader.encode("むすこが がっこうに いきたがらない")
    other = reader.encode("家賃が払えず、来月には出ていかないといけません")
    assert _likeness(said, again) > _likeness(said, other) + 0.2


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("家賃が払えず、来月には出ていかないといけません", "housing"),
        ("金曜まで300円しかない。何も食べてない", "poverty"),
        ("父が認知症で、夜中に何度も出ていこうとする", "dementia"),
        ("息子が不登校で、毎朝おなかが痛いと言います", "school"),
    ],
)
def test_a_plain_worry_is_among_the_first_three_areas(text: str, area: str) -> None:
    areas = opinion(text).areas
    assert area in sorted(areas, key=lambda name: -areas[name])[:3]


def test_a_call_for_help_looks_more_dangerous_than_a_question_about_hours() -> None:
    assert opinion("もう死にたい。今夜で終わりにします").danger > opinion("窓口は何時までやっていますか").danger + 3


@pytest.mark.parametrize("text", ["", " ", "😀", "あ" * 5_000, "困っています。" * 300, "\u0000\ufffd"])
def test_no_text_breaks_it(reader: Encoder, text: str) -> None:
    embedding = reader.encode(text)
    assert embedding.shape == (reader.size,)
    assert np.isfinite(embedding).all()


def test_danger_at_the_end_of_a_very_long_text_is_seen() -> None:
    rambling = "きょうは天気がよくて、さんぽをしました。" * 100
    assert opinion(rambling + "もう死にたい。" * 10).danger > opinion(rambling).danger + 1


def test_width_and_spacing_make_no_difference(reader: Encoder) -> None:
    assert np.array_equal(reader.encode("ADHD の 子"), reader.encode(" ADHD  の\n子 "))


def test_about_every_tenth_text_is_held_back_whatever_its_spacing() -> None:
    texts = [f"困りごと その{number}" for number in range(500)]
    assert 30 < sum(map(held_back, texts)) < 75
    assert all(held_back(text) == held_back(text.replace(" ", "  ")) for text in texts)


def test_a_text_within_the_limit_is_read_whole() -> None:
    assert prepare("あ" * 700) == "あ" * 700
    assert len(prepare("あ" * 5_000)) == 701
