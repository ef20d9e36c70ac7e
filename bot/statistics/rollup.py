"""The nightly roll-up: counts of finished days, written before the words they were made from are deleted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import Connection, Engine, func, insert, select

from agency_db.terms import TOKYO
from bot.logbook.models import Conversation, StoredTurn
from bot.statistics.counting import City, CountedTurn, Key, Kind, count, turn_of
from bot.statistics.models import Statistic

#: A day is counted when it has been over for so long: until then turns may wait in the spool.
SETTLED: Final = timedelta(hours=3)
_COLUMNS: Final = (
    StoredTurn.conversation_id,
    StoredTurn.at,
    StoredTurn.kind,
    StoredTurn.areas,
    StoredTurn.crisis,
    StoredTurn.out_of_scope,
    StoredTurn.windows,
    StoredTurn.place,
    StoredTurn.model,
)


def roll_up(engine: Engine, city: City, now: datetime) -> int:
    """Count every finished day that was not counted yet, once and for all; returns how many days.

    What is deleted later stays in the counts of its day. Raises sqlalchemy.exc.SQLAlchemyError.
    """
    done = 0
    with engine.connect() as connection:
        first = connection.scalar(select(func.min(StoredTurn.at)))
        last = connection.scalar(select(func.max(Statistic.day)).where(Statistic.kind == Kind.TALK))
    if first is None:
        return 0
    day = max(first.astimezone(TOKYO).date(), last + timedelta(days=1) if last else date.min)
    while _midnight(day + timedelta(days=1)) + SETTLED <= now:
        with engine.begin() as connection:
            counts = count(turns_of(connection, day, day), city)
            # A day without anybody is a counted day as well.
            rows = [*counts.items(), *([] if counts else [((Kind.TALK.value, "", "", ""), 0)])]
            connection.execute(insert(Statistic), [_row(day, key, number) for key, number in rows])
        day += timedelta(days=1)
        done += 1
    return done


def by_day(engine: Engine, city: City, first: date, last: date) -> Iterator[tuple[date, Key, int]]:
    """The counts of these days (both included): those that were rolled up, and the newest straight from the log."""
    with engine.connect() as connection:
        counted = connection.scalar(select(func.max(Statistic.day)).where(Statistic.kind == Kind.TALK))
        query = select(Statistic.__table__).where(Statistic.day >= first, Statistic.day <= last)
        for row in connection.execute(query).mappings():
            yield row["day"], (row["kind"], row["area"], row["district"], row["detail"]), row["count"]
        start = max(first, counted + timedelta(days=1)) if counted else first
        days: dict[date, list[CountedTurn]] = {}
        for turn in turns_of(connection, start, last) if start <= last else ():
            days.setdefault(turn.day, []).append(turn)
    for day, turns in days.items():
        for key, number in count(turns, city).items():
            yield day, key, number


def turns_of(connection: Connection, first: date, last: date) -> Iterator[CountedTurn]:
    """The turns of these days in the order in which they came.

    Without the cases of the desk: only those are in the log in which a clerk came to another result.
    """
    of_desk = select(Conversation.id).where(Conversation.source == "desk")
    query = (
        select(*_COLUMNS)
        .where(
            StoredTurn.conversation_id.not_in(of_desk),
            StoredTurn.at >= _midnight(first),
            StoredTurn.at < _midnight(last + timedelta(days=1)),
        )
        .order_by(StoredTurn.at, StoredTurn.number)
    )
    for row in connection.execute(query.execution_options(yield_per=1000)).mappings():
        yield turn_of({column.key: row[column.key] for column in _COLUMNS})


def _row(day: date, key: Key, number: int) -> dict[str, object]:
    kind, area, district, detail = key
    return {
        "day": day,
        "kind": str(kind),
        "area": area[:64],
        "district": district,
        "detail": detail[:160],
        "count": number,
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), TOKYO)
