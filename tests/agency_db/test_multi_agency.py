"""Several worries at once: one coordinator, as the contract defines it."""

from __future__ import annotations

import pytest


def test_three_worries_with_money_among_them_start_at_backup_fujisawa(ask):
    triage = ask("dementia", "poverty", "child_development")
    assert triage.multi_agency
    assert triage.windows[0]["name"] == "バックアップふじさわ"
    assert triage.windows[0]["areas"] == ["dementia", "poverty", "child_development"]
    assert [w["id"] for w in triage.windows[1:3]] == ["ikiiki_support", "kodomo_katei"]


@pytest.mark.parametrize(
    ("place", "coordinator"),
    [(None, "fukushi_sogo"), ("善行", "fukushi_sogo"), ("長後", "hokubu_sogo"), ("御所見", "hokubu_sogo")],
)
def test_three_worries_without_money_start_at_the_window_for_everything(place, coordinator, ask):
    triage = ask("dementia", "disability", "parenting", place=place)
    assert triage.multi_agency
    assert triage.windows[0]["id"] == coordinator
    assert triage.windows[0]["areas"] == ["dementia", "disability", "parenting"]


def test_care_and_children_at_the_same_time_always_has_a_coordinator(ask):
    """ダブルケアはひとつだけでも多機関協働。"""
    triage = ask("double_care")
    assert triage.multi_agency
    assert [w["id"] for w in triage.windows] == ["fukushi_sogo", "ikiiki_support", "kodomo_katei"]


def test_a_northern_family_with_care_and_children_starts_in_the_north(route):
    assert route("double_care", place="湘南台")[0] == "hokubu_sogo"


def test_three_worries_of_one_field_need_no_coordinator(ask):
    triage = ask("elderly_care", "dementia", "care_prevention")
    assert not triage.multi_agency
    assert triage.windows[0]["id"] == "ikiiki_support"


def test_mental_health_counts_as_a_field_of_its_own(ask):
    assert ask("mental_health", "elderly_care", "isolation").multi_agency
    assert not ask("suicide", "elderly_care", "isolation").multi_agency


def test_two_worries_in_two_fields_keep_their_own_windows_and_get_the_coordinator_third(ask):
    triage = ask("elderly_care", "parenting")
    assert not triage.multi_agency
    assert [w["id"] for w in triage.windows][:3] == ["ikiiki_support", "kodomo_katei", "fukushi_sogo"]
    assert triage.windows[2]["areas"] == ["elderly_care", "parenting"]


def test_two_worries_one_of_them_work_get_backup_fujisawa_third(route):
    assert route("school", "withdrawal")[2] == "backup"
    assert route("school", "withdrawal", flags=("youth",)) == [
        "gakko_kyoiku",
        "backup_shakyo",
        "backup",
        "youth_support",
    ]


def test_two_worries_whose_own_window_coordinates_are_not_given_it_twice(ask):
    windows = ask("poverty", "elderly_care").windows
    assert [w["id"] for w in windows].count("backup") == 1
    assert windows[0]["areas"] == ["poverty", "elderly_care"]


def test_two_worries_of_one_field_get_no_coordinator(route):
    assert "fukushi_sogo" not in route("elderly_care", "dementia")


def test_staff_see_both_conveners_of_the_support_meeting_first(ask):
    triage = ask("dementia", "disability", "parenting", audience="staff")
    assert [w["id"] for w in triage.windows[:2]] == ["backup", "backup_shakyo"]
    assert all("多機関協働" in w["programmes"] for w in triage.windows[:2])
    assert all(w["areas"] == ["dementia", "disability", "parenting"] for w in triage.windows[:2])
