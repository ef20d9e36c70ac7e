"""Opening hours as recurrence rules with Japanese holidays, in Asia/Tokyo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

import jpholiday

from agency_db.terms import TOKYO

Open = Literal["open", "closed", "unknown"]

_DAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_MIDNIGHT = 24 * 60
_LOOK_AHEAD_DAYS = 370


@dataclass(frozen=True, slots=True)
class Rule:
    """One interval a day. Times are minutes after midnight; `closes` may pass 24:00, None where no end is known.

    `days` holds (weekday, n): n = 0 every week, 3 the third of the month, -1 the last. `month_days` narrows to days of
    the month.
    """

    opens: int
    closes: int | None
    days: frozenset[tuple[int, int]] = frozenset((day, 0) for day in range(7))
    month_days: frozenset[int] = frozenset()
    closed_on_holidays: bool = True
    closed_at_year_end: bool = True
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """True when the rule opens on that calendar day."""
        if (self.valid_from and day < self.valid_from) or (self.valid_to and day > self.valid_to):
            return False
        if self.month_days and day.day not in self.month_days:
            return False
        if self.closed_at_year_end and is_year_end(day):
            return False
        if self.closed_on_holidays and is_holiday(day):
            return False
        nth = (day.day - 1) // 7 + 1
        from_end = -1 if (day + timedelta(days=7)).month != day.month else 0
        return any(d == day.weekday() and n in (0, nth, from_end or nth) for d, n in self.days)


@dataclass(frozen=True, slots=True)
class Hours:
    """All rules of an office and the text of its source. Without rules the hours are not known."""

    rules: tuple[Rule, ...]
    text: str

    def open_at(self, at: datetime) -> Open:
        """open, closed or unknown at an aware moment; unknown also after an opening whose end is not known."""
        if not self.rules:
            return "unknown"
        now = at.astimezone(TOKYO)
        minute = now.hour * 60 + now.minute
        state: Open = "closed"
        for rule in self.rules:
            for day, passed in ((now.date(), minute), (now.date() - timedelta(days=1), minute + _MIDNIGHT)):
                if passed < rule.opens or not rule.holds_on(day):
                    continue
                if rule.closes is None:
                    state = "unknown" if day == now.date() else state
                elif passed < rule.closes:
                    return "open"
        return state

    def opens_next(self, at: datetime) -> datetime | None:
        """The next opening after an aware moment, in Asia/Tokyo; None when it is unknown or never comes."""
        now = at.astimezone(TOKYO)
        for ahead in range(_LOOK_AHEAD_DAYS):
            day = now.date() + timedelta(days=ahead)
            openings = (_moment(day, rule.opens) for rule in self.rules if rule.holds_on(day))
            later = [moment for moment in openings if moment > now]
            if later:
                return min(later)
        return None


def _moment(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(tzinfo=TOKYO)) + timedelta(minutes=minutes)


@lru_cache(maxsize=2048)
def is_holiday(day: date) -> bool:
    """True on a Japanese public holiday, substitute holidays included."""
    return bool(jpholiday.is_holiday(day))


def is_year_end(day: date) -> bool:
    """True from 12/29 to 1/3, when the city's offices are closed (contract, open)."""
    return (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)


def time_flag(at: datetime) -> str:
    """The condition of data/conditions.csv that holds at a moment (aware): when the city's offices are open, or not.

    8:30 to 17:00 on weekdays that are no holidays.
    """
    local = at.astimezone(TOKYO)
    working = local.weekday() < 5 and not is_holiday(local.date()) and not is_year_end(local.date())
    return "office_hours" if working and time(8, 30) <= local.time() < time(17) else "after_hours"


def minutes(text: str) -> int:
    """「08:30」 → 510, 「32:00」 → 1920. Raises ValueError for anything else."""
    hour, _, minute = text.partition(":")
    value = int(hour) * 60 + int(minute)
    if not 0 <= value <= 48 * 60 or int(minute) > 59:
        raise ValueError(f"not a time of day: {text}")
    return value


def days(text: str | None) -> frozenset[tuple[int, int]]:
    """「MO,TU」 → every Monday and Tuesday, 「3SA」 → the third Saturday; empty → every day. Raises ValueError."""
    if not text:
        return frozenset((day, 0) for day in range(7))
    return frozenset(_day(part.strip()) for part in text.split(","))


def _day(part: str) -> tuple[int, int]:
    number, name = part[:-2], part[-2:]
    if name not in _DAYS or number not in ("", "1", "2", "3", "4", "5", "-1"):
        raise ValueError(f"not a day: {part}")
    return _DAYS[name], int(number or 0)


def month_days(text: str | None) -> frozenset[int]:
    """「10,20」 → the 10th and the 20th; empty → every day of the month."""
    return frozenset(int(part) for part in text.split(",")) if text else frozenset()


def combined(rules: Iterable[Rule], text: str) -> Hours:
    """The hours of an office from its rules, in a fixed order."""
    return Hours(tuple(sorted(rules, key=lambda rule: (rule.opens, sorted(rule.days)))), text)
