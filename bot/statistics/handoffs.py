"""Handoff sheets and what became of them. The table is the handoffs' own: where it is not there, there is nothing."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Final

from sqlalchemy import Engine, MetaData, Table, inspect, select

from agency_db.terms import TOKYO
from bot.logbook.models import UtcDateTime
from bot.statistics import tables
from bot.statistics.periods import Period
from bot.statistics.suppression import protect

_TABLE: Final = "staff_handoff"
_STATES: Final = {"given": "渡したまま", "arrived": "つながった", "returned": "戻ってきた"}
_ABOUT: Final = "引き継ぎシートを渡した相談が、いまどうなっているか。最初のつなぎ先ごと。"


def table(engine: Engine, period: Period, names: tables.Names) -> tables.Table | None:
    """Sheets made in the period by their first window and present state; None where there are none."""
    with engine.connect() as connection:
        if _TABLE not in inspect(connection).get_table_names():
            return None
        sheets = Table(_TABLE, MetaData(), autoload_with=connection)
        sheets.c.created.type = UtcDateTime()
        found: dict[str, Counter[str]] = {}
        for row in connection.execute(select(sheets.c.created, sheets.c.windows, sheets.c.state)):
            if _within(row.created.astimezone(TOKYO).date(), period) and row.windows:
                found.setdefault(row.windows[0]["id"], Counter())[row.state.lower()] += 1
    if not found:
        return None
    shown = protect([[states[state] for state in _STATES] for states in found.values()])
    rows = tuple(
        tables.Row(names.windows.get(id, id), cells, total)
        for id, cells, total in zip(found, shown.cells, shown.rows, strict=True)
    )
    columns = tuple(_STATES.values())
    return tables.Table(
        "handoffs", "引き継いだ相談", _ABOUT, "つなぎ先", columns, rows, True, (*shown.columns, shown.whole)
    )


def _within(day: date, period: Period) -> bool:
    return period.first <= day <= period.last
