"""Which number a resident reads, and what to say there."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

SWITCHBOARD = "0466-25-1111"


def offices():
    text = (files("agency_db") / "data" / "offices.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def first(triage):
    return triage.windows[0]


def test_where_only_the_switchboard_is_known_it_says_so_and_whom_to_ask_for(ask):
    window = first(ask("dementia", place="湘南台"))
    assert (window["phone"], window["phone_label"]) == (SWITCHBOARD, "市役所代表")
    assert window["say"] == "「高齢者支援課に、湘南台を担当するいきいきサポートセンターを聞きたい」"
    assert (window["trust"], window["source"], window["source_date"]) == ("A", "広報ふじさわ", "2026-02-10")


def test_without_a_district_the_words_to_say_still_work(ask):
    assert first(ask("dementia"))["say"] == "「高齢者支援課に、家の住所を担当するいきいきサポートセンターを聞きたい」"


def test_a_department_with_a_direct_line_is_called_directly(ask):
    window = first(ask("developmental_disorder"))
    assert (window["phone"], window["phone_label"]) == ("0466-50-3528", "障がい者支援課")
    assert window["say"] is not None


def test_an_office_with_its_own_line_is_called_there(ask):
    window = first(ask("disability", place="湘南台"))
    assert (window["office"], window["phone"], window["trust"]) == ("dis-hokubu", "0466-54-9020", "A")
    assert window["say"] is None  # an outside body answers under its own name


def test_the_hospital_answers_at_its_own_switchboard(ask):
    window = first(ask("medical"))
    assert window["phone"] == "0466-25-3111"
    assert window["say"] == "「患者総合支援センターにつないでほしい」"


def test_the_centre_for_everything_shows_the_number_of_the_plan_not_the_old_one(ask):
    window = first(ask("unsure"))
    assert (window["phone"], window["phone_label"]) == ("0466-50-3533", "地域共生社会推進室")


def test_no_resident_ever_reads_an_unconfirmed_number_or_a_buildings_line(ask, directory):
    hidden = {o["phone"] for o in offices() if o["phone_trust"] == "C"} | {o["building_phone"] for o in offices()}
    hidden -= {o["phone"] for o in offices() if o["phone_trust"] in ("A", "B")} | {""}
    assert len(hidden) >= 4
    for area in directory.areas:
        for place in (None, *(f"{term}地区" for term in ("藤沢", "湘南台", "辻堂", "六会", "片瀬"))):
            triage = ask(area, place=place, flags=tuple(directory.conditions))
            shown = [w["phone"] for w in triage.windows] + [o["phone"] for w in triage.windows for o in w["offices"]]
            assert not hidden & {*shown, *(e["phone"] for e in triage.engawa)}
            assert all(w["trust"] in ("A", "B") for w in triage.windows)


def test_every_window_has_a_number_with_its_source_and_date(ask, directory):
    for area in directory.areas:
        for window in ask(area, flags=tuple(directory.conditions)).windows:
            assert window["phone"]
            assert window["source"]
            assert window["source_date"]


def test_nobody_is_given_a_city_number_without_words_to_say(ask, directory):
    city = {SWITCHBOARD, "0466-50-3533", "0466-50-3528"}
    for area in directory.areas:
        for window in ask(area, place="善行", flags=tuple(directory.conditions)).windows:
            if window["phone"] in city:
                assert window["say"].startswith("「")
                assert window["say"].endswith("」")


def test_staff_see_an_unconfirmed_number_marked_as_such(ask):
    window = first(ask("nursery", audience="staff"))
    assert (window["phone"], window["trust"]) == ("0466-50-3526", "C")
    assert first(ask("nursery"))["phone"] == SWITCHBOARD


def test_residents_read_no_unconfirmed_address_or_hours(ask):
    resident = first(ask("procedures", place="六会"))
    assert (resident["address"], resident["hours"]) == (None, None)
    staff = first(ask("procedures", place="六会", audience="staff"))
    assert staff["address"] == "藤沢市亀井野4-8-1"
    assert staff["address_trust"] == staff["hours_trust"] == "C"
    assert staff["open"] == "unknown"


@pytest.mark.parametrize(
    ("district", "centre"),
    [("湘南台", "center-10"), ("善行", "center-07"), ("村岡", "center-04"), ("長後", "center-12")],
)
def test_the_district_desk_is_found_in_the_districts_own_centre(district, centre, ask):
    window = first(ask("procedures", place=f"{district}地区"))
    assert window["office"] == centre
    assert window["address"]


def test_no_responsibility_is_made_up(ask):
    """いきいきサポートセンターの担当町名も、南・北保健センターの分担も、出典がない。"""
    for place in ("湘南台", "善行", "村岡東一丁目", "藤沢地区"):
        assert first(ask("elderly_care", place=place))["office"] is None
        assert first(ask("maternity", place=place))["office"] is None


def test_all_four_centres_for_disability_are_shown_furatto_first_where_nothing_is_known(ask):
    window = first(ask("disability"))
    assert "ふらっと" in window["name"]
    assert {o["id"] for o in window["offices"]} == {"dis-hokubu", "dis-tonan", "dis-seinan"}


@pytest.mark.parametrize(
    ("place", "centre"),
    [("湘南台", "かわうそ"), ("長後", "かわうそ"), ("善行", "ふらっと"), ("藤沢地区", "おあしす"), ("辻堂", "つむぎ")],
)
def test_the_centre_for_disability_in_ones_own_district_comes_first(place, centre, ask):
    assert centre in first(ask("disability", place=place))["name"]


def test_a_centre_whose_own_number_is_not_registered_is_reached_through_its_department(ask):
    window = first(ask("disability", place="辻堂"))
    assert window["phone"] == "0466-50-3528"
    assert "辻堂" in window["say"]


def test_the_districts_volunteer_centre_is_named(ask):
    assert first(ask("daily_support", place="辻堂"))["name"] == "辻堂地区ボランティアセンター すこやか"
    assert first(ask("daily_support", place="御所見"))["office"] is None


def test_a_playground_for_parents_is_the_nearest_one(ask):
    tsudoi = ask("parenting", place="藤が岡一丁目", flags=("play_place",)).windows[1]
    assert (tsudoi["office"], tsudoi["distance_m"]) == ("tsudoi-fujigaoka", 0)
    far = ask("parenting", place="湘南台二丁目", flags=("play_place",)).windows[1]
    assert (far["office"], far["name"]) == (None, "つどいの広場")  # three of the four are not known by name
