"""The counts of a day are written once it is over, and stay when the words are gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, delete

from agency_db.terms import TOKYO
from bot.logbook.models import StoredTurn
from bot.logbook.store import Logbook
from bot.statistics import spreadsheet
from bot.statistics.counting import Key, Kind
from bot.statistics.periods import quarter
from bot.statistics.rollup import by_day, roll_up
from bot.statistics.tables import Table, tables
from tests.bot.statistics.conftest import CITY, NAMES, Say

DAY = datetime(2026, 11, 2, 10, 0, tzinfo=TOKYO)
NEXT_NIGHT = DAY.replace(hour=3) + timedelta(days=1)
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


def total(counts: Iterable[tuple[date, Key, int]]) -> Counter[Key]:
    """All days together."""
    summed: Counter[Key] = Counter()
    for _, key, number in counts:
        summed[key] += number
    return summed


def test_messages_of_one_talk_count_once(log: Engine, say: Say) -> None:
    """Follow-ups repeat the triage: they are no new worry."""
    say("c1", DAY)
    say("c1", DAY + timedelta(minutes=1), kind="phone")
    say("c2", DAY, areas=("dementia", "poverty", "housing"), district=None)
    say("c3", DAY, areas=(), windows=(), kind="clarify", district=None)
    found = total(by_day(log, CITY, *NOVEMBER))
    assert found[Kind.TALK, "", "湘南台", ""] == 1
    assert found[Kind.AREA, "dementia", "湘南台", ""] == 1
    assert found[Kind.FOLLOWED, "", "湘南台", "ikiiki_support"] == 1
    assert found[Kind.COMPLEX, "", "", ""] == 1
    assert found[Kind.PAIR, "", "", "housing+poverty"] == 1
    assert found[Kind.UNMET, "", "", "clarify"] == 1
    assert found[Kind.HOUR, "", "", "10"] == 3


def test_cases_that_the_desk_logged_for_learning_are_not_counted_as_talks(log: Engine, say: Say) -> None:
    say("c1", DAY)
    say("desk-abcd2345", DAY, source="desk")
    found = total(by_day(log, CITY, *NOVEMBER))
    assert found[Kind.TALK, "", "湘南台", ""] == 1
    assert found[Kind.AREA, "dementia", "湘南台", ""] == 1


def test_counts_stay_when_the_words_go(log: Engine, say: Say, url: str, tmp_path: Path) -> None:
    say("c1", DAY)
    say("c2", DAY + timedelta(days=1))
    before = list(by_day(log, CITY, *NOVEMBER))
    assert roll_up(log, CITY, NEXT_NIGHT + timedelta(days=1)) == 2
    assert roll_up(log, CITY, NEXT_NIGHT + timedelta(days=1)) == 0
    Logbook(url, tmp_path / "unused").expire(DAY + timedelta(days=30))
    assert sorted(by_day(log, CITY, *NOVEMBER)) == sorted(before)


def test_a_day_is_counted_only_when_it_is_over_and_the_rest_comes_from_the_log(log: Engine, say: Say) -> None:
    say("c1", DAY)
    assert roll_up(log, CITY, DAY.replace(hour=23)) == 0
    assert roll_up(log, CITY, DAY.replace(hour=1) + timedelta(days=1)) == 0
    assert roll_up(log, CITY, NEXT_NIGHT) == 1
    say("c2", DAY + timedelta(days=1))
    assert total(by_day(log, CITY, *NOVEMBER))[Kind.TALK, "", "湘南台", ""] == 2
    with log.begin() as connection:
        connection.execute(delete(StoredTurn))
    assert total(by_day(log, CITY, *NOVEMBER))[Kind.TALK, "", "湘南台", ""] == 1


def test_a_quiet_day_does_not_stop_the_counting(log: Engine, say: Say) -> None:
    say("c1", DAY)
    say("c2", DAY + timedelta(days=9))
    assert roll_up(log, CITY, NEXT_NIGHT + timedelta(days=9)) == 10
    assert total(by_day(log, CITY, *NOVEMBER))[Kind.TALK, "", "湘南台", ""] == 2


def test_a_message_at_night_belongs_to_the_day_of_fujisawa(log: Engine, say: Say) -> None:
    say("c1", datetime(2026, 11, 2, 0, 30, tzinfo=TOKYO))
    assert [day for day, _, _ in by_day(log, CITY, date(2026, 11, 2), date(2026, 11, 2))] != []
    assert list(by_day(log, CITY, date(2026, 11, 1), date(2026, 11, 1))) == []


def shown(log: Engine) -> dict[str, Table]:
    period = quarter(2026, 3)
    return {table.id: table for table in tables(by_day(log, CITY, period.first, period.last), period, NAMES)}


def test_tables_hide_what_is_small_and_agree_with_each_other(log: Engine, say: Say) -> None:
    """Seven talks about dementia, six of them in 湘南台: the seventh must not be found by subtracting."""
    for number in range(6):
        say(f"s{number}", DAY)
    say("k", DAY, district="片瀬")
    found = shown(log)
    week = quarter(2026, 3).column(DAY.date())
    assert found["areas"].rows[0].cells[week] == 7
    by_district = found["areas-districts"].rows[0]
    assert [cell for cell in by_district.cells if cell is None] == [None, None] or by_district.total is None
    assert (by_district.total is None) == (found["areas"].rows[0].total is None)
    assert all(
        cell is None or cell == 0 or cell >= 5 for table in found.values() for row in table.rows for cell in row.cells
    )
    text = spreadsheet.as_csv(found["areas"], "令和8年度").decode("utf-8-sig")
    assert "認知症" in text


def test_a_spreadsheet_never_runs_a_cell_and_reads_japanese() -> None:
    for start in "=+-@\t\r":
        assert spreadsheet.safe(f"{start}1+1").startswith("'")
    assert spreadsheet.safe("認知症") == "認知症"


def test_quarters_have_whole_weeks_inside_and_end_with_the_year() -> None:
    last = quarter(2026, 4)
    assert (last.first, last.last) == (date(2027, 1, 1), date(2027, 3, 31))
    assert last.column(date(2027, 1, 3)) == 0
    assert last.column(date(2027, 1, 4)) == 1
    assert last.column(date(2027, 3, 31)) == len(last.columns) - 1
