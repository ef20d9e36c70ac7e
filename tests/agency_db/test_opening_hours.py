"""Open now, closed until when: schedule rules with Japanese holidays, in Tokyo's time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from agency_db.hours import Hours, Rule, days, minutes, month_days
from agency_db.importers.hours_text import read_hours
from agency_db.terms import TOKYO


def hours(text: str) -> Hours:
    rules = tuple(
        Rule(
            minutes(row.opens_at),
            minutes(row.closes_at) if row.closes_at else None,
            days(row.byday),
            month_days(row.bymonthday),
            row.closed_on_holidays,
            row.closed_at_year_end,
        )
        for row in read_hours(text)
    )
    return Hours(rules, text)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


CITY = "月-金 8:30-17:00 (正午-13時を除く・休日を除く) (障がい福祉の手引き 2017-2020頃)"
CENTRE = "月-金 8:30-17:00 (休日・年末年始を除く)"


@pytest.mark.parametrize(
    ("text", "moment", "expected"),
    [
        (CENTRE, "2026-11-24T08:29", "closed"),
        (CENTRE, "2026-11-24T08:30", "open"),
        (CENTRE, "2026-11-24T12:30", "open"),
        (CENTRE, "2026-11-24T16:59", "open"),
        (CENTRE, "2026-11-24T17:00", "closed"),
        (CENTRE, "2026-11-22T10:00", "closed"),  # Sunday
        (CENTRE, "2026-11-23T10:00", "closed"),  # 勤労感謝の日
        (CENTRE, "2026-12-29T10:00", "closed"),  # year end
        (CENTRE, "2027-01-04T10:00", "open"),
        (CITY, "2026-11-24T12:00", "closed"),  # the source excludes the lunch hour
        (CITY, "2026-11-24T12:59", "closed"),
        (CITY, "2026-11-24T13:00", "open"),
        ("平日 10:00-15:00 (2023-05)", "2026-11-24T14:00", "open"),
        ("平日 10:00-15:00 (2015年は10:00-14:00)", "2026-11-24T14:30", "open"),
        ("平日 10:00-15:00 (2023-05)", "2026-11-23T14:00", "closed"),
        ("火・水・木 10:00-16:00 (2017年開所時)", "2026-11-24T10:30", "open"),
        ("火・水・木 10:00-16:00 (2017年開所時)", "2026-11-27T10:30", "closed"),
        ("毎月第3土曜 10:00開始", "2026-11-21T09:00", "closed"),
        ("毎月第3土曜 10:00開始", "2026-11-21T10:30", "unknown"),  # no end is known
        ("毎月第3土曜 10:00開始", "2026-11-28T10:30", "closed"),
        ("24時間365日", "2027-01-01T03:00", "open"),
        ("24h", "2026-11-24T23:59", "open"),
        ("daily 16:00-21:00; day10 08:00-32:00", "2026-11-10T09:00", "open"),
        ("daily 16:00-21:00; day10 08:00-32:00", "2026-11-11T07:59", "open"),
        ("daily 16:00-21:00; day10 08:00-32:00", "2026-11-11T08:00", "closed"),
        ("daily 18:00-32:00", "2026-11-24T03:00", "open"),
        ("Mo-Fr 09:00-21:00; Sa-Su 09:00-17:00; PH off", "2026-11-22T16:00", "open"),
        ("Mo-Fr 09:00-21:00; Sa-Su 09:00-17:00; PH off", "2026-11-23T16:00", "closed"),
        ("We,Fr 10:00-20:00; Su 10:00-16:00; PH off", "2026-11-24T11:00", "closed"),
        ("daily 16:00-21:00; Dec29-Jan03 off", "2026-12-30T17:00", "closed"),
        ("月2回程度 (2023年)", "2026-11-24T10:00", "unknown"),
        ("休日9-12・13-17、土曜・休日夜間18-23 (受付は30分前まで) 内科・小児科", "2026-11-24T10:00", "unknown"),
        ("", "2026-11-24T10:00", "unknown"),
        ("unknown", "2026-11-24T10:00", "unknown"),
    ],
)
def test_open_closed_or_not_known(text, moment, expected):
    assert hours(text).open_at(at(moment)) == expected


@pytest.mark.parametrize(
    ("text", "moment", "expected"),
    [
        (CENTRE, "2026-11-24T07:00", "2026-11-24T08:30:00+09:00"),
        (CENTRE, "2026-11-20T17:30", "2026-11-24T08:30:00+09:00"),  # Friday evening before a holiday Monday
        (CENTRE, "2026-12-28T18:00", "2027-01-04T08:30:00+09:00"),
        (CITY, "2026-11-24T12:10", "2026-11-24T13:00:00+09:00"),
        ("毎月第3土曜 10:00開始", "2026-11-24T10:00", "2026-12-19T10:00:00+09:00"),
    ],
)
def test_when_it_opens_next(text, moment, expected):
    following = hours(text).opens_next(at(moment))
    assert following is not None
    assert following.isoformat() == expected


def test_a_moment_given_in_another_zone_is_read_in_tokyo():
    assert hours(CENTRE).open_at(datetime(2026, 11, 24, 1, 0, tzinfo=UTC)) == "open"


def test_hours_that_were_valid_only_for_a_time_end_with_it():
    rule = Rule(540, 1020, closed_on_holidays=False, valid_to=date(2026, 3, 31))
    assert Hours((rule,), "").open_at(at("2026-03-31T10:00")) == "open"
    assert Hours((rule,), "").open_at(at("2026-04-01T10:00")) == "closed"
    assert Hours((rule,), "").opens_next(at("2026-04-01T10:00")) is None


@pytest.mark.parametrize("bad", ["25:99", "10", "aa:bb", "49:00"])
def test_a_time_that_cannot_be_is_an_error(bad):
    with pytest.raises(ValueError, match=r"not a time|invalid literal"):
        minutes(bad)


@pytest.mark.parametrize("bad", ["XX", "9SA", "月"])
def test_a_day_that_cannot_be_is_an_error(bad):
    with pytest.raises(ValueError, match="not a day"):
        days(bad)


def test_the_counselling_of_the_health_centre_tells_when_it_opens_again(ask):
    """こころの相談は平日 8:30-17:15。"""
    assert ask("mental_health").windows[0]["open"] == "open"
    evening = ask("mental_health", at=at("2026-11-24T18:00")).windows[0]
    assert (evening["open"], evening["opens_next"]) == ("closed", "2026-11-25T08:30:00+09:00")


def test_a_window_without_registered_hours_is_neither_open_nor_closed(ask):
    window = ask("nursery").windows[0]
    assert (window["open"], window["opens_next"], window["hours"]) == ("unknown", None, None)


def test_a_moment_without_a_time_zone_is_refused(ask):
    with pytest.raises(ValueError, match="time zone"):
        ask("nursery", at=datetime(2026, 11, 24, 10, 0))
