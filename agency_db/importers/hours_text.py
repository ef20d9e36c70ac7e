"""Opening hours as sources write them → schedule rules.

Two notations: Japanese (「月-金 8:30-17:00 (正午-13時を除く・休日を除く)」「毎月第3土曜 10:00開始」) and the
machine-readable one of hotlines.csv (「Mo-Fr 09:00-21:00; PH off」). A text that is not understood gives no rule: open
stays unknown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_KANJI = dict(zip("月火水木金土日", _WEEK, strict=True))
_ENGLISH = dict(zip(("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"), _WEEK, strict=True))
_EVERY_DAY = ",".join(_WEEK)
_WEEKDAYS = ",".join(_WEEK[:5])

_TIMES = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_START = re.compile(r"(\d{1,2}):(\d{2})開始")
_NTH = re.compile(r"毎月第(\d)([月火水木金土日])曜")
_KANJI_RANGE = re.compile(r"([月火水木金土日])[-~〜～]([月火水木金土日])")
_KANJI_LIST = re.compile(r"[月火水木金土日](?:・[月火水木金土日])+")
_ENGLISH_RULE = re.compile(r"^(daily|day\d+|[A-Z][a-z](?:[-,][A-Z][a-z])*) (\d\d:\d\d)-(\d\d:\d\d)$")
_LUNCH = re.compile(r"正午-13時を除く")


@dataclass(frozen=True, slots=True)
class ScheduleText:
    """The columns of one schedule row that come from the text."""

    byday: str
    opens_at: str
    closes_at: str | None
    freq: str = "WEEKLY"
    bymonthday: str | None = None
    closed_on_holidays: bool = True
    closed_at_year_end: bool = True


def read_hours(text: str) -> tuple[ScheduleText, ...]:
    """The rules a text gives, in order; empty when it cannot be read with certainty."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain == "24h" or plain.startswith("24時間"):
        return (ScheduleText(_EVERY_DAY, "00:00", "24:00", closed_on_holidays=False, closed_at_year_end=False),)
    if re.match(r"daily|day\d|[A-Z][a-z][-, ]", plain):
        return tuple(_machine_readable(plain))
    return tuple(_japanese(plain))


def _japanese(text: str) -> Iterator[ScheduleText]:
    facts = re.split(r"\s*\((?=\d{4})", text)[0]
    if nth := _NTH.search(facts):
        byday, freq = nth.group(1) + _KANJI[nth.group(2)], "MONTHLY"
    else:
        byday, freq = _week(facts), "WEEKLY"
    times = _TIMES.findall(facts)
    start = _START.search(facts)
    if not byday or len(times) > 1 or not (times or start):
        return
    if start:
        yield ScheduleText(byday, _clock(start.group(1), start.group(2)), None, freq)
        return
    opens, closes = _clock(*times[0][:2]), _clock(*times[0][2:])
    if _LUNCH.search(facts):
        yield ScheduleText(byday, opens, "12:00", freq)
        yield ScheduleText(byday, "13:00", closes, freq)
    else:
        yield ScheduleText(byday, opens, closes, freq)


def _week(text: str) -> str:
    if found := _KANJI_RANGE.search(text):
        first, last = _WEEK.index(_KANJI[found.group(1)]), _WEEK.index(_KANJI[found.group(2)])
        return ",".join(_WEEK[first : last + 1])
    if found := _KANJI_LIST.match(text):
        return ",".join(_KANJI[day] for day in found.group().split("・"))
    return _WEEKDAYS if text.startswith("平日") or "土日祝" in text else ""


def _machine_readable(text: str) -> Iterator[ScheduleText]:
    parts = [part.strip() for part in text.split(";")]
    holidays_off = "PH off" in parts
    year_end_off = holidays_off or "Dec29-Jan03 off" in parts
    for part in parts:
        if found := _ENGLISH_RULE.match(part):
            days, opens, closes = found.groups()
            month_day = days[3:] if days.startswith("day") else None
            byday = _EVERY_DAY if days == "daily" or month_day else _english_days(days)
            freq = "MONTHLY" if month_day else "WEEKLY"
            yield ScheduleText(byday, opens, closes, freq, month_day, holidays_off, year_end_off)


def _english_days(text: str) -> str:
    days: list[str] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        start, end = _WEEK.index(_ENGLISH[first]), _WEEK.index(_ENGLISH[last or first])
        days += _WEEK[start : end + 1]
    return ",".join(days)


def _clock(hour: str, minute: str) -> str:
    return f"{int(hour):02d}:{minute}"
