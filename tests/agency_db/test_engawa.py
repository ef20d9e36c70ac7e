"""地域の縁側 nearby: honest about what is known."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from agency_db.geo import distances_m, shown_distance
from agency_db.terms import TOKYO


def test_without_a_place_no_engawa_is_guessed(ask):
    assert ask("isolation").engawa == ()


def test_the_nearest_come_first_and_at_most_three(ask):
    found = ask("isolation", place="湘南台二丁目").engawa
    assert found[0]["name"] == "ちょこっと湘南台"
    assert len(found) == 3
    distances = [e["distance_m"] for e in found]
    assert distances == sorted(distances)


def test_where_no_distance_is_known_those_of_the_district_come_first(ask):
    found = ask("isolation", place="湘南台").engawa
    assert found[0]["name"] == "ちょこっと湘南台"
    assert all(e["distance_m"] is None for e in found)
    assert {e["name"] for e in ask("isolation", place="藤沢地区").engawa[:2]} == {
        "地域交流サロンふれあい",
        "地域ささえあいセンター ヨロシク♪まるだい",
    }


def test_a_place_with_several_candidates_counts(ask):
    assert ask("isolation", place="円行").engawa[0]["name"] == "ちょこっと湘南台"


def test_unconfirmed_engawa_are_kept_from_residents_and_marked_for_staff(ask):
    assert {e["trust"] for e in ask("isolation", place="明治地区").engawa} == {"B"}
    staff = ask("isolation", place="明治地区", audience="staff").engawa
    assert (staff[0]["name"], staff[0]["trust"]) == ("共生型コミュニティ かるがも", "C")


@pytest.mark.parametrize(
    ("moment", "state"),
    [("2026-11-24T11:00", "open"), ("2026-11-24T16:00", "closed"), ("2026-11-23T11:00", "closed")],
)
def test_it_says_whether_the_engawa_is_open_today(moment, state, ask):
    at = datetime.fromisoformat(moment).replace(tzinfo=TOKYO)
    assert ask("isolation", place="湘南台", at=at).engawa[0]["open"] == state


def test_every_engawa_names_its_source(ask):
    for place in ask("isolation", place="辻堂").engawa:
        assert place["source"]
        assert place["source_date"]


def test_a_callers_position_is_measured_from(ask):
    near = ask("isolation", place="35.3463,139.4948").engawa[0]
    assert (near["name"], near["distance_m"]) == ("地域交流サロンふれあい", 0)


def test_a_town_that_shares_its_point_with_others_gives_no_distance(ask):
    assert all(e["distance_m"] is None for e in ask("isolation", place="鵠沼海岸三丁目").engawa)
    assert all(e["distance_m"] is None for e in ask("isolation", place="片瀬").engawa)


def test_a_degree_of_latitude_is_about_111_km():
    assert distances_m((35.0, 139.0), [(36.0, 139.0)])[0] == pytest.approx(111_195, rel=0.001)


@pytest.mark.parametrize(("metres", "shown"), [(0, 0), (249, 0), (250, 500), (1249, 1000), (1250, 1500)])
def test_distances_are_rounded_to_half_a_kilometre(metres, shown):
    assert shown_distance(metres) == shown


def test_an_unknown_distance_stays_unknown():
    assert shown_distance(float(distances_m((35.0, 139.0), [None])[0])) is None
    assert np.isnan(distances_m((35.0, 139.0), [None])[0])
