"""What staff look up: everything the directory knows, marked where nobody confirmed it, found by how it is read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from agency_db.cards import cards
from agency_db.changes import Editor
from agency_db.fact_edits import FactId, confirm
from agency_db.models import Phone, Service, ServiceAtLocation
from agency_db.readings import reading
from tests.agency_db.conftest import TUESDAY


def by_id(engine, at=TUESDAY):
    return {card["id"]: card for card in cards(engine, at)}


def test_every_window_office_and_number_is_on_a_card(seeded):
    found = by_id(seeded)
    numbers = {fact["key"] for card in found.values() for fact in (*card["phones"], *card["lines"])}
    with Session(seeded) as session:
        assert set(session.scalars(select(Phone.id))) <= numbers
        assert set(session.scalars(select(ServiceAtLocation.id))) <= {card["office"] for card in found.values()}
        windows = {card["window"] for card in found.values()}
        assert set(session.scalars(select(Service.id))) == windows


def test_an_unconfirmed_number_is_there_and_marked_until_somebody_confirms_it(seeded):
    (phone,) = by_id(seeded)["hoiku_concierge"]["phones"]
    assert (phone["value"], phone["unsure"]) == ("0466-50-3526", True)
    confirm(
        seeded, FactId("phone", phone["key"]), phone["value"], Editor("a", "青木"), datetime(2026, 11, 24, tzinfo=UTC)
    )
    (phone,) = by_id(seeded)["hoiku_concierge"]["phones"]
    assert (phone["unsure"], phone["verified_by"], phone["verified_on"]) == (False, "青木", "2026-11-24")


def test_a_buildings_line_is_said_to_be_one(seeded):
    lines = by_id(seeded)["youth_support.youthwork"]["phones"]
    assert [(line["type"], line["unsure"]) for line in lines] == [("building", True)]


def test_where_an_office_has_no_line_of_its_own_the_department_or_the_switchboard_is_given(seeded):
    found = by_id(seeded)
    assert found["hokubu_sogo"]["lines"][0]["label"] == "地域共生社会推進室"
    assert found["ikiiki_support"]["lines"][0]["value"] == "0466-25-1111"
    assert found["ikiiki_support"]["phones"] == []


def test_open_and_next_opening_follow_the_clock(seeded):
    open_now = by_id(seeded, TUESDAY)["shogai_chiiki.dis-hokubu"]["opening"]
    at_night = by_id(seeded, TUESDAY.replace(hour=22))["shogai_chiiki.dis-hokubu"]["opening"]
    assert open_now == {"state": "open", "next": None}
    assert at_night == {"state": "closed", "next": "2026-11-25T08:30:00+09:00"}


def test_an_office_is_found_in_the_district_that_it_serves_or_stands_in(seeded):
    found = by_id(seeded)
    assert found["chiku_fukushi.center-12"]["districts"] == ["長後"]
    assert found["engawa.engawa-fujigaya"]["districts"] == ["鵠沼"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("善行いきいきサポートセンター", "ぜんぎょういきいきさぽーとせんたー"),
        ("六会市民センター", "むつあいしみんせんたー"),
        ("御所見地区", "ごしょみちく"),
        ("南保健センター（健康づくり課）", "みなみほけんせんたー けんこうづくりか"),
        ("ＤＶ相談", "DVそうだん"),
    ],
)
def test_names_are_read_as_people_here_say_them(written, read):
    assert reading(written) == read


def test_everyday_names_find_what_they_mean(seeded):
    found = by_id(seeded)
    assert "しゃきょう" in found["engawa_shien"]["words"]
    assert "ほうかつ" in found["ikiiki_support"]["words"]
