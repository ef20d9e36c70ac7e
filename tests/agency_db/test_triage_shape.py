"""The lookup's answer is the contract's `triage` object."""

from __future__ import annotations

import json
from datetime import datetime

from agency_db.lookup import AreaScore, Query, look_up
from agency_db.places import Gazetteer
from agency_db.terms import TOKYO
from tests.contract import ENGAWA, WINDOW


def test_the_example_of_the_contract(ask):
    """父が夜中に何度も出ていこうとする。湘南台に住んでいます。"""
    triage = ask("dementia", place="湘南台").as_dict()
    assert triage["crisis"] == "none"
    assert triage["out_of_scope"] is False
    assert triage["multi_agency"] is False
    assert triage["place"] == {"district": "湘南台", "town": None, "candidates": ["湘南台"]}
    window = triage["windows"][0]
    assert {key: window[key] for key in ("id", "office", "name", "areas", "phone", "phone_label", "open", "trust")} == {
        "id": "ikiiki_support",
        "office": None,
        "name": "いきいきサポートセンター",
        "areas": ["dementia"],
        "phone": "0466-25-1111",
        "phone_label": "市役所代表",
        "open": "unknown",
        "trust": "A",
    }


def test_every_field_of_the_contract_is_there_and_can_be_sent_as_json(ask, directory):
    for area in directory.areas:
        triage = ask(area, place="湘南台二丁目", flags=tuple(directory.conditions)).as_dict()
        assert json.loads(json.dumps(triage)) == triage
        for window in triage["windows"]:
            assert set(window) >= WINDOW
            assert window["open"] in ("open", "closed", "unknown")
            assert (window["opens_next"] is not None) <= (window["open"] == "closed")
        for place in triage["engawa"]:
            assert set(place) >= ENGAWA


def test_areas_keep_their_score_and_evidence(directory):
    at = datetime(2026, 11, 24, 10, 0, tzinfo=TOKYO)
    query = Query((AreaScore("dementia", 0.93, ("夜中に", "出ていこうとする")),), at)
    assert look_up(directory, query).as_dict()["areas"] == [
        {"id": "dementia", "label": "認知症", "score": 0.93, "evidence": ["夜中に", "出ていこうとする"]}
    ]


def test_a_place_with_candidates_is_not_yet_a_district():
    assert Gazetteer.load().resolve("石川").as_dict() == {
        "district": None,
        "town": "石川",
        "candidates": ["六会", "湘南大庭", "湘南台", "遠藤"],
    }
