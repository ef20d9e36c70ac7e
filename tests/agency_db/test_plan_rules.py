"""The plan's rules, one by one, in the plan's words: which window comes first, and which follow."""

from __future__ import annotations

from datetime import datetime

import pytest

from agency_db.lookup import AreaScore, Query, look_up
from agency_db.models import Service
from agency_db.session import DirectorySession
from agency_db.snapshot import read_directory
from agency_db.terms import TOKYO

NORTH = ["六会", "湘南台", "遠藤", "長後", "御所見"]
ELSEWHERE = ["片瀬", "鵠沼", "辻堂", "村岡", "明治", "善行", "湘南大庭"]


@pytest.mark.parametrize(
    ("area", "first"),
    [
        ("elderly_care", "ikiiki_support"),
        ("dementia", "ikiiki_support"),
        ("elder_abuse", "kikan_hokatsu"),
        ("disability", "shogai_chiiki"),
        ("developmental_disorder", "shogai_senmon"),
        ("higher_brain_dysfunction", "shogai_senmon"),
        ("severe_disability", "shogai_senmon"),
        ("mental_health", "seishin_hoken"),
        ("maternity", "boshi_hoken"),
        ("parenting", "kodomo_katei"),
        ("child_development", "kodomo_katei"),
        ("child_abuse", "kodomo_katei"),
        ("nursery", "hoiku_concierge"),
        ("single_parent", "hitorioya"),
        ("school", "gakko_kyoiku"),
        ("withdrawal", "backup_shakyo"),
        ("employment", "backup"),
        ("poverty", "backup"),
        ("housing", "backup"),
        ("medical", "shimin_byoin"),
        ("home_medical", "ikiiki_support"),
        ("oral", "okuchi"),
        ("medication", "okusuri_yakkyoku"),
        ("isolation", "engawa"),
        ("care_prevention", "yobo_kyoshitsu"),
        ("daily_support", "chiku_volunteer"),
        ("young_carer", "kodomo_katei"),
        ("double_care", "fukushi_sogo"),
        ("hoarding", "backup_shakyo"),
        ("neighbor_concern", "fukushi_sogo"),
        ("domestic_violence", "fukushi_sogo"),
        ("suicide", "seishin_hoken"),
        ("procedures", "chiku_fukushi"),
        ("unsure", "fukushi_sogo"),
    ],
)
def test_each_area_leads_to_the_window_that_the_plan_names_for_it(area, first, route):
    assert route(area)[0] == first


def test_a_worry_not_yet_told_leads_to_the_window_for_everything(ask):
    triage = ask()
    assert [w["name"] for w in triage.windows] == ["福祉総合相談支援センター"]
    assert triage.windows[0]["areas"] == []


def test_no_window_is_named_twice_and_at_most_five(route):
    named = route("neighbor_concern", "hoarding", "dementia", "isolation", "elderly_care", flags=("older_person",))
    assert len(named) == len(set(named)) == 5


def test_the_first_windows_of_all_areas_come_before_second_ones(route):
    """いちばんの分野の窓口、次の分野の窓口、…、そのあとに二番目の窓口。"""
    assert route("mental_health", "isolation") == ["seishin_hoken", "engawa", "chiku_volunteer", "csw_chiiki"]


def test_an_entry_tells_which_of_the_worries_it_serves(ask):
    windows = {w["id"]: w for w in ask("dementia", "home_medical").windows}
    assert windows["ikiiki_support"]["areas"] == ["dementia", "home_medical"]
    assert windows["zaitaku_iryo"]["areas"] == ["home_medical"]


@pytest.mark.parametrize("district", NORTH)
def test_the_north_has_its_own_entrance(district, route):
    """北部(六会・湘南台・遠藤・長後・御所見)は北部福祉総合相談室。"""
    assert route("unsure", place=f"{district}地区") == ["hokubu_sogo", "fukushi_sogo"]


@pytest.mark.parametrize("district", [*ELSEWHERE, "藤沢"])
def test_outside_the_north_the_entrance_is_the_centre_in_the_city_hall(district, route):
    assert route("unsure", place=f"{district}地区") == ["fukushi_sogo"]


def test_a_town_that_lies_in_the_north_whatever_its_district_has_the_northern_entrance(route):
    """円行は湘南台か六会。どちらでも北部。"""
    assert route("unsure", place="円行")[0] == "hokubu_sogo"
    assert route("unsure", place="石川")[0] == "fukushi_sogo"


@pytest.mark.parametrize("district", [*NORTH, *ELSEWHERE])
def test_welfare_paperwork_is_done_at_the_desk_of_ones_own_district(district, ask):
    window = ask("procedures", place=f"{district}地区").windows[0]
    assert window["id"] == "chiku_fukushi"
    assert window["name"].startswith(f"{district}市民センター")
    assert window["say"] == f"「{district}市民センターの、地区福祉窓口につないでほしい」"


def test_in_fujisawa_district_there_is_no_district_desk(route):
    """藤沢地区には地区福祉窓口がない。福祉総合相談支援センターが受ける。"""
    assert route("procedures", place="藤沢地区") == ["fukushi_sogo"]


def test_staff_may_tick_the_north_or_fujisawa_district_on_their_form(route):
    assert route("procedures", flags=("in_fujisawa_district",)) == ["fukushi_sogo"]
    assert route("unsure", flags=("in_north",))[0] == "hokubu_sogo"
    assert route("double_care", flags=("in_north",))[0] == "hokubu_sogo"


def test_a_window_that_operators_switched_off_is_passed_over(seeded):
    with DirectorySession(seeded) as session, session.begin():
        for window in ("backup", "ikiiki_support", "ninchisho_team"):
            session.get(Service, window).status = "inactive"
    directory = read_directory(seeded)
    at = datetime(2026, 11, 24, 10, 0, tzinfo=TOKYO)
    for area in directory.areas:
        for flags in (frozenset(), frozenset(directory.conditions)):
            assert look_up(directory, Query((AreaScore(area, 0.9, ()),), at, None, flags)).windows
    three = tuple(AreaScore(area, 0.9, ()) for area in ("poverty", "dementia", "parenting"))
    assert look_up(directory, Query(three, at)).windows[0]["id"] == "backup_shakyo"


def test_paperwork_with_an_unknown_district_names_both(route):
    assert route("procedures") == ["chiku_fukushi", "fukushi_sogo"]
    assert route("procedures", place="大鋸") == ["chiku_fukushi", "fukushi_sogo"]


def test_paperwork_with_a_known_district_does_not_send_people_to_the_city_hall(route):
    assert route("procedures", place="湘南台") == ["chiku_fukushi"]


@pytest.mark.parametrize(
    ("area", "flag", "expected"),
    [
        ("elderly_care", "ikiiki_mismatch", ["ikiiki_support", "kikan_hokatsu"]),
        ("dementia", "not_connected", ["ikiiki_support", "ninchisho_team"]),
        ("dementia", "memory_checkup", ["ikiiki_support", "seishin_hoken"]),
        ("disability", "complex_disability", ["shogai_chiiki", "shogai_kikan"]),
        ("disability", "place_to_go", ["chiiki_katsudo", "shogai_chiiki"]),
        ("developmental_disorder", "child", ["shogai_senmon", "shogai_chiiki", "kodomo_katei"]),
        ("mental_health", "welfare_service", ["seishin_hoken", "shogai_chiiki"]),
        ("maternity", "postpartum", ["boshi_hoken", "hello_baby"]),
        ("parenting", "infant", ["kodomo_katei", "boshi_hoken"]),
        ("parenting", "play_place", ["kosodate_shien", "tsudoi", "kodomo_katei"]),
        ("child_development", "preschool", ["kodomo_katei", "boshi_hoken"]),
        ("school", "family_circumstances", ["gakko_kyoiku", "kodomo_katei"]),
        ("withdrawal", "youth", ["backup_shakyo", "youth_support", "backup"]),
        ("employment", "youth", ["backup", "youth_support"]),
        ("housing", "temporary_housing", ["backup", "backup_shakyo"]),
        ("medical", "medical_cost", ["shimin_byoin", "fukushi_sogo"]),
        ("care_prevention", "with_peers", ["yobo_jishu", "yobo_kyoshitsu"]),
        ("care_prevention", "frail", ["yobo_kyoshitsu", "ikiiki_support"]),
        ("care_prevention", "group_lecturer", ["yobo_koshi", "yobo_kyoshitsu"]),
        ("daily_support", "older_person", ["chiku_volunteer", "seikatsu_coordinator"]),
        ("daily_support", "care_service_too", ["chiku_volunteer", "ikiiki_support"]),
        ("community_activity", "start_place", ["engawa_shien"]),
        ("community_activity", "lecturer_prevention", ["yobo_koshi"]),
        ("community_activity", "lecturer_home_medical", ["zaitaku_iryo_demae"]),
        ("community_activity", "medication_talk", ["okusuri_koen"]),
        ("community_activity", "volunteer", ["chiku_volunteer"]),
        ("community_activity", "district_talks", ["kyogitai"]),
        ("community_activity", "create_gathering", ["seikatsu_coordinator"]),
        ("community_activity", "community_help", ["csw_chiiki"]),
        ("community_activity", "town_building", ["shimin_center"]),
        ("community_activity", "welfare_activity", ["fukushi_plaza"]),
        ("young_carer", "attends_school", ["kodomo_katei", "gakko_kyoiku", "backup_shakyo"]),
        ("hoarding", "older_person", ["backup_shakyo", "ikiiki_support"]),
        ("neighbor_concern", "child", ["fukushi_sogo", "kodomo_katei", "backup_shakyo"]),
        ("domestic_violence", "has_children", ["fukushi_sogo", "kodomo_katei"]),
    ],
)
def test_the_situation_of_a_person_opens_further_windows(area, flag, expected, route):
    assert route(area, flags=(flag,)) == expected


def test_without_its_situation_a_conditional_window_is_not_named(route):
    assert route("dementia") == ["ikiiki_support"]


def test_wanting_to_do_something_for_others_without_more_words_leads_to_the_welfare_plaza(route):
    assert route("community_activity") == ["fukushi_plaza", "csw_chiiki"]


def test_home_care_by_doctors_is_reached_through_its_door(ask):
    """在宅医療支援センターは、まずいきいきサポートセンターへ。"""
    windows = ask("home_medical", place="湘南台").windows
    assert [w["id"] for w in windows] == ["ikiiki_support", "zaitaku_iryo"]
    assert "いきいきサポートセンター" in windows[1]["reason"]
    assert "いきいきサポートセンター" in windows[1]["say"]


@pytest.mark.parametrize("flags", [("not_connected",), ("hard_to_reach",), ("not_connected", "hard_to_reach")])
def test_the_dementia_team_is_reached_through_its_door(flags, ask):
    """認知症初期集中支援チームの入口は、いきいきサポートセンターと高齢者支援課。"""
    windows = ask("dementia", flags=flags).windows
    assert [w["id"] for w in windows][:2] == ["ikiiki_support", "ninchisho_team"]
    assert "いきいきサポートセンター" in windows[1]["reason"]
    assert "高齢者支援課" in windows[1]["say"]


def test_windows_for_groups_are_open_to_groups_and_never_first_for_others(directory, route):
    for area in directory.areas:
        for flags in ((), ("older_person", "frail", "child")):
            first = directory.windows[route(area, flags=flags)[0]]
            assert first.door is None


@pytest.mark.parametrize("area", ["elderly_care", "disability", "mental_health", "school", "isolation"])
def test_somebody_who_cannot_be_reached_is_visited(area, route):
    """助けをこばむ、戸を開けない、外に出られない → アウトリーチ。"""
    assert route(area, flags=("hard_to_reach",))[1] == "backup_shakyo"


def test_somebody_withdrawn_who_cannot_be_reached_already_has_the_visiting_window_first(route):
    assert route("withdrawal", flags=("hard_to_reach",)) == ["backup_shakyo", "backup"]


def test_every_window_says_in_plain_words_why_it_is_named(ask, directory):
    for area in directory.areas:
        for window in ask(area).windows:
            assert 8 <= len(window["reason"]) <= 60


def test_knowing_the_district_is_asked_for_only_where_it_helps(ask):
    assert ask("elderly_care").place_question
    assert not ask("elderly_care", place="湘南台").place_question
    assert ask("elderly_care", place="石川").place_question
    assert not ask("poverty").place_question
    assert not ask("nursery").place_question
    assert not ask().place_question


def test_areas_that_the_directory_does_not_know_are_left_out(ask):
    assert [a["id"] for a in ask("no_such_area", "nursery").as_dict()["areas"]] == ["nursery"]
