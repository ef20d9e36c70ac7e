"""What a resident writes is stored without what could tell who they are, and with what the advice depends on."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logbook.masking import mask, spans

with (Path(__file__).parent / "data/masking.tsv").open(encoding="utf-8") as _file:
    CASES = list(csv.DictReader(_file, delimiter="\t", quoting=csv.QUOTE_NONE))


def place_spans(text: str, places: str) -> list[tuple[int, int]]:
    """Ranges of the first occurrence of each place word, as the gazetteer gives them."""
    return [(text.index(word), text.index(word) + len(word)) for word in places.split()]


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_masks_who_and_keeps_what(case: dict[str, str]) -> None:
    """Telephone, mail, house number, birth date, long numbers and names go; towns, ages, money, times, family stay."""
    assert mask(case["text"], place_spans(case["text"], case["places"])) == case["kept"]


def test_everything_in_one_message() -> None:
    """A long message with all of it keeps its worry readable."""
    text = (
        "はじめまして、辻堂の佐藤花子(昭和55年4月2日生まれ)です。電話は080-1111-2222、メールはh.sato@example.jp。"
        "82歳の母が夜中に3回起きます。家賃は6万5000円です。"
    )
    masked = mask(text, place_spans(text, "辻堂"))
    assert masked == (
        "はじめまして、辻堂の〔名前〕〔名前〕(〔生年月日〕生まれ)です。電話は〔電話〕、メールは〔メール〕。"
        "82歳の母が夜中に3回起きます。家賃は6万5000円です。"
    )


def test_masking_twice_changes_nothing_more() -> None:
    """What was masked once is not masked again: a spooled turn reads the same."""
    once = mask("田中さんの電話は090-1234-5678、湘南台2-3-4のハイツ201")
    assert mask(once) == once


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=300))
def test_any_text_is_survived(text: str) -> None:
    """Whatever is typed, spans are in order, inside the text and do not overlap."""
    end = 0
    for start, stop, _ in spans(text):
        assert end <= start < stop <= len(text)
        end = stop


@pytest.mark.parametrize(
    "piece", ["1-", "0", "田中さん", "a@", "ハイツ1", "090 ", "昭和20年", "いちに", "a.a", "2-3-4、"]
)
def test_a_hundred_thousand_characters_are_read_to_the_end(piece: str) -> None:
    """A long text is masked whole, whatever it repeats: the telephone at its end goes as well."""
    text = (piece * 100_000)[:100_000] + "。 電話は090-1234-5678"
    assert mask(text).endswith("〔電話〕")
