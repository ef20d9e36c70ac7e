"""When a hotline answers is read strictly and kept to the minute, holidays and nights included."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.safety.opening import TOKYO, parse_hours


@pytest.mark.parametrize(
    ("hours", "at", "answers"),
    [
        ("24h", "2026-01-01T03:00", True),
        ("daily 16:00-21:00", "2026-11-24T16:00", True),
        ("daily 16:00-21:00", "2026-11-24T15:59", False),
        ("daily 16:00-21:00", "2026-11-24T21:00", False),
        # いのちの電話: on the 10th from 8:00 until 8:00 of the 11th
        ("daily 16:00-21:00; day10 08:00-32:00", "2026-11-10T09:00", True),
        ("daily 16:00-21:00; day10 08:00-32:00", "2026-11-10T07:59", False),
        ("daily 16:00-21:00; day10 08:00-32:00", "2026-11-11T07:59", True),
        ("daily 16:00-21:00; day10 08:00-32:00", "2026-11-11T08:00", False),
        ("daily 16:00-21:00; day10 08:00-32:00", "2026-11-11T17:00", True),
        # 小児救急: every evening until 8:00
        ("daily 18:00-32:00", "2026-11-24T03:00", True),
        ("daily 18:00-32:00", "2026-11-24T08:00", False),
        ("daily 18:00-32:00", "2026-11-24T18:00", True),
        ("Mo-Fr 09:00-21:00; Sa-Su 09:00-17:00; PH off", "2026-11-20T20:59", True),
        ("Mo-Fr 09:00-21:00; Sa-Su 09:00-17:00; PH off", "2026-11-21T17:30", False),
        # 勤労感謝の日, a Monday
        ("Mo-Fr 09:00-21:00; Sa-Su 09:00-17:00; PH off", "2026-11-23T10:00", False),
        # 振替休日 and the days around New Year
        ("Mo-Fr 09:00-21:00; PH off", "2026-05-06T10:00", False),
        ("Mo-Fr 09:00-21:00; PH off", "2026-12-29T10:00", False),
        ("Mo-Fr 09:00-21:00; PH off", "2026-12-28T10:00", True),
        ("daily 16:00-21:00; Dec29-Jan03 off", "2027-01-03T17:00", False),
        ("daily 16:00-21:00; Dec29-Jan03 off", "2027-01-04T17:00", True),
        ("daily 16:00-21:00; Dec29-Jan03 off", "2026-12-28T17:00", True),
        ("We,Fr 10:00-20:00; Su 10:00-16:00; PH off", "2026-11-25T10:00", True),
        ("We,Fr 10:00-20:00; Su 10:00-16:00; PH off", "2026-11-26T10:00", False),
        ("Mo,Tu,Th,Sa 14:00-21:00; PH off", "2026-11-28T20:00", True),
        ("unknown", "2026-11-24T10:00", False),
    ],
)
def test_open_at(hours: str, at: str, answers: bool) -> None:
    """Japan time; the end of an opening is excluded."""
    assert parse_hours(hours).open_at(datetime.fromisoformat(at)) is answers


def test_other_clocks_are_converted() -> None:
    """16:30 in Tokyo is 7:30 in UTC."""
    hours = parse_hours("daily 16:00-21:00")
    assert hours.open_at(datetime(2026, 11, 24, 7, 30, tzinfo=UTC))
    assert not hours.open_at(datetime(2026, 11, 24, 16, 30, tzinfo=UTC))
    assert hours.open_at(datetime(2026, 11, 24, 16, 30, tzinfo=TOKYO))


@pytest.mark.parametrize(
    "hours",
    [
        "",
        "always",
        "daily",
        "daily 9:00-17:00",
        "daily 09:00-17:00;Sa off",
        "daily 17:00-09:00",
        "daily 09:00-09:00",
        "daily 09:61-10:00",
        "daily 25:00-26:00",
        "daily 09:00-34:00",
        "Mo-Xx 09:00-17:00",
        "Fr-Mo 09:00-17:00",
        "day0 09:00-17:00",
        "day32 09:00-17:00",
        "PH off",
        "daily 09:00-17:00; Feb30-Mar01 off",
        "daily 09:00-17:00; Sundays off",
        "daily 09:00-17:00 and later",
    ],
)
def test_what_cannot_be_read_is_an_error(hours: str) -> None:
    """A wrong cell must not turn into a line that seems open."""
    with pytest.raises(ValueError, match=r"."):
        parse_hours(hours)
