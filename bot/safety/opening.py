"""When a hotline answers: the `hours` column of hotlines.csv, read strictly.

Rules are separated by "; ": "24h", "unknown", "daily 16:00-21:00", "day10 08:00-32:00" (that day of every month, in
place of the daily hours), "Mo-Fr 09:00-21:00", "We,Fr 10:00-20:00", "PH off", "Dec29-Jan03 off". 32:00 is 8:00 of the
next day. Times are those of Japan.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import jpholiday

TOKYO = ZoneInfo("Asia/Tokyo")

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TIMES = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)")
_MONTH_DAYS = re.compile(r"([A-Z][a-z]{2})(\d\d)-([A-Z][a-z]{2})(\d\d)")
_WEEKDAYS = re.compile(r"(?:[A-Z][a-z](?:-[A-Z][a-z])?)(?:,[A-Z][a-z](?:-[A-Z][a-z])?)*")

_OnDay = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours; `known` is False where no source gives them."""

    known: bool
    always: bool = False
    rules: tuple[tuple[_OnDay, int, int], ...] = ()
    """(day it holds on, first minute of that day, last minute excluded); the last rule that fits a day holds."""
    off: tuple[_OnDay, ...] = ()

    def open_at(self, at: datetime) -> bool:
        """Whether somebody answers at `at` (naive = time of Japan); False where the hours are unknown."""
        if self.always:
            return True
        local = at.replace(tzinfo=TOKYO) if at.tzinfo is None else at.astimezone(TOKYO)
        today, minute = local.date(), local.hour * 60 + local.minute
        yesterday = today - timedelta(days=1)
        return self._covers(today, minute) or self._covers(yesterday, minute + 24 * 60)

    def _covers(self, day: date, minute: int) -> bool:
        if any(closed(day) for closed in self.off):
            return False
        fitting = [(opens, closes) for holds, opens, closes in self.rules if holds(day)]
        return bool(fitting) and fitting[-1][0] <= minute < fitting[-1][1]


def parse_hours(text: str) -> Hours:
    """Read one `hours` cell. Raises ValueError for anything that is not understood to the last character."""
    if text == "unknown":
        return Hours(known=False)
    if text == "24h":
        return Hours(known=True, always=True)
    rules: list[tuple[_OnDay, int, int]] = []
    off: list[_OnDay] = []
    for part in text.split("; "):
        days, _, times = part.partition(" ")
        if times == "off":
            off.append(_closed_days(days))
        else:
            rules.append((_opening_days(days), *_minutes(times)))
    if not rules:
        raise ValueError(f"no opening time in {text!r}")
    return Hours(known=True, rules=tuple(rules), off=tuple(off))


def _minutes(times: str) -> tuple[int, int]:
    match = _TIMES.fullmatch(times)
    if match is None:
        raise ValueError(f"not a time range: {times!r}")
    hour, minute, end_hour, end_minute = map(int, match.groups())
    opens, closes = hour * 60 + minute, end_hour * 60 + end_minute
    if not opens < closes <= opens + 24 * 60 or opens >= 24 * 60:
        raise ValueError(f"not a time range: {times!r}")
    return opens, closes


def _opening_days(days: str) -> _OnDay:
    if days == "daily":
        return lambda day: True
    if match := re.fullmatch(r"day([1-9]|[12]\d|3[01])", days):
        number = int(match[1])
        return lambda day: day.day == number
    weekdays = frozenset(_weekdays(days))
    return lambda day: day.weekday() in weekdays


def _weekdays(days: str) -> Iterable[int]:
    if _WEEKDAYS.fullmatch(days) is None:
        raise ValueError(f"not days of the week: {days!r}")
    for part in days.split(","):
        first, _, last = part.partition("-")
        try:
            start, end = _DAYS.index(first), _DAYS.index(last or first)
        except ValueError:
            raise ValueError(f"not days of the week: {days!r}") from None
        if start > end:
            raise ValueError(f"not days of the week: {days!r}")
        yield from range(start, end + 1)


def _closed_days(days: str) -> _OnDay:
    if days == "PH":
        # Contract, `open`: holidays and 12/29-1/3 are closed.
        year_end = _closed_days("Dec29-Jan03")
        return lambda day: jpholiday.is_holiday(day) or year_end(day)
    match = _MONTH_DAYS.fullmatch(days)
    if match is None:
        raise ValueError(f"not closed days: {days!r}")
    try:
        first = (_MONTHS.index(match[1]) + 1, int(match[2]))
        last = (_MONTHS.index(match[3]) + 1, int(match[4]))
        # A leap year, so that 29 February is a day; the year itself plays no part.
        for month, day_of_month in (first, last):
            date(2024, month, day_of_month)
    except ValueError:
        raise ValueError(f"not closed days: {days!r}") from None
    if first <= last:
        return lambda day: first <= (day.month, day.day) <= last
    return lambda day: (day.month, day.day) >= first or (day.month, day.day) <= last
