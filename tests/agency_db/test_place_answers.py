"""Answers to the question about the place: a name, a postal code, a position, a button."""

from __future__ import annotations

import pytest

from agency_db.place_names import rows
from agency_db.places import Gazetteer
from agency_db.terms import DISTRICTS
from tests.agency_db.conftest import place


@pytest.mark.parametrize(
    ("answer", "district", "candidates"),
    [
        ("遠藤", None, ("遠藤", "湘南大庭", "六会")),
        (" 長後 ", "長後", ("長後",)),
        ("大庭のほう", None, ("湘南大庭", "善行", "明治")),
        ("えんどう", None, ("遠藤", "湘南大庭", "六会")),
        ("ようだ", "御所見", ("御所見",)),
        ("湘南台市民センター", "湘南台", ("湘南台",)),
        ("藤沢地区", "藤沢", ("藤沢",)),
        ("251-0035", "片瀬", ("片瀬",)),
        ("江の島", "片瀬", ("片瀬",)),
        ("慶応SFC", None, ("遠藤",)),
    ],
)
def test_a_short_answer_to_the_place_question_is_read_leniently(answer, district, candidates):
    found = Gazetteer.load().resolve(answer)
    assert (found.district, found.candidates) == (district, candidates)


@pytest.mark.parametrize("answer", ["わからない", "藤沢", "藤沢市", "", "石川さん", "999,999", "35.3,-139.5"])
def test_an_answer_that_names_no_place_is_none(answer):
    assert Gazetteer.load().resolve(answer) is None


def test_a_position_gives_candidates_nearby_and_measures_from_itself():
    found = Gazetteer.load().resolve("35.4031,139.4639")
    assert found.kind == "position"
    assert found.position == (35.4031, 139.4639)
    assert found.district is None
    assert "湘南台" in found.candidates


def test_a_position_far_away_has_no_candidates():
    assert Gazetteer.load().resolve("34.7,135.5").candidates == ()


def test_every_town_of_the_file_can_be_answered():
    """どの町名・丁目を答えても、その行の地区か候補になる。"""
    for row in rows("towns.csv"):
        if row["town"] == "藤沢":
            continue
        found = Gazetteer.load().resolve(row["town"])
        expected = tuple(row["district_candidates"].split("|"))
        certain = row["district"] if row["trust"] in ("A", "B") or row["town"] in DISTRICTS else None
        assert (found.candidates, found.district) == (expected, certain or None), row["town"]


def test_every_postal_code_of_the_file_can_be_answered():
    for row in rows("towns.csv"):
        found = Gazetteer.load().resolve(row["postal_code"])
        assert set(row["district_candidates"].split("|")) <= set(found.candidates), row["town"]


def test_only_what_is_known_is_given_a_point():
    assert place("湘南台二丁目").position == (35.4031, 139.4639)
    assert place("鵠沼海岸三丁目").position is None  # shared with other codes
    assert place("湘南台").position is None  # a district is no point


@pytest.mark.parametrize("district", DISTRICTS)
def test_a_button_with_the_districts_name_is_understood(district):
    assert place(f"{district}地区です").district == district
    assert Gazetteer.load().resolve(f"{district}地区").district == district
