"""The periods that may be looked at: quarters of the city's fiscal year (April to March).

Only these: two free periods that differ by a day would give away what happened on that day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

#: 令和 n = 2018 + n.
_REIWA: Final = 2018
#: The plan's years: 令和5 to 8 (実施計画, 2023-03).
PLAN_YEARS: Final = (2023, 2024, 2025, 2026)


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included; `starts`: the first days of its columns."""

    id: str
    label: str
    first: date
    last: date
    starts: tuple[date, ...]
    columns: tuple[str, ...]

    def until(self, day: date) -> Period:
        """Without the columns that begin later; the first stays."""
        begun = max(1, sum(start <= day for start in self.starts))
        return replace(self, starts=self.starts[:begun], columns=self.columns[:begun])

    def column(self, day: date) -> int:
        """The column of a day of the period."""
        return max(number for number, start in enumerate(self.starts) if start <= day)


def fiscal_year(day: date) -> int:
    """The year in which its April lies."""
    return day.year if day.month >= 4 else day.year - 1


def year_words(year: int) -> str:
    """「令和8年度」."""
    return f"令和{year - _REIWA}年度"


def quarter(year: int, number: int) -> Period:
    """Quarter 1 (April) to 4 of a fiscal year, its columns the weeks from Monday, cut at both ends."""
    first, after = _starts(year)[number - 1], _starts(year)[number]
    starts = [first]
    while (monday := starts[-1] + timedelta(days=7 - starts[-1].weekday())) < after:
        starts.append(monday)
    label = f"{year_words(year)} {first.month}月〜{(after - timedelta(days=1)).month}月"
    columns = tuple(f"{start.month}/{start.day}〜" for start in starts)
    return Period(f"{year}-{number}", label, first, after - timedelta(days=1), tuple(starts), columns)


def whole_year(year: int) -> Period:
    """A fiscal year, its columns the quarters."""
    starts = _starts(year)
    columns = ("4〜6月", "7〜9月", "10〜12月", "1〜3月")
    return Period(str(year), year_words(year), starts[0], starts[4] - timedelta(days=1), starts[:4], columns)


def find(id: str) -> Period | None:
    """A quarter by its id ("2026-3" is October to December); None for anything else."""
    year, _, number = id.partition("-")
    if not (year.isascii() and year.isdigit() and 2020 <= int(year) <= 2100 and number in {"1", "2", "3", "4"}):
        return None
    return quarter(int(year), int(number))


def recent(today: date, how_many: int = 8) -> list[Period]:
    """The present quarter and those before it, newest first."""
    year, number = fiscal_year(today), (today.month - 4) % 12 // 3 + 1
    found = []
    for _ in range(how_many):
        found.append(quarter(year, number))
        year, number = (year, number - 1) if number > 1 else (year - 1, 4)
    return found


def _starts(year: int) -> tuple[date, ...]:
    return (date(year, 4, 1), date(year, 7, 1), date(year, 10, 1), date(year + 1, 1, 1), date(year + 1, 4, 1))
