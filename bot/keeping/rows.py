"""Rows of any table as JSON lines and back: the same lines for SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, Connection, Date, DateTime, MetaData, Table, func, insert, select, text

Row = dict[str, Any]
_BATCH = 500


def reflected(connection: Connection, names: Iterable[str]) -> list[Table]:
    """Our tables as this database has them, those that others refer to first."""
    metadata = MetaData()
    wanted = set(names)
    metadata.reflect(connection, only=lambda name, _: name in wanted)
    for table in metadata.tables.values():
        for column in table.columns:
            # A missing value is a missing value, not the JSON word null; where that is not allowed it was null.
            if isinstance(column.type, JSON) and column.nullable:
                column.type = JSON(none_as_null=True)
    return list(metadata.sorted_tables)


def write(connection: Connection, table: Table, file: Path) -> int:
    """All rows of a table into `file`, in the order of the primary key; returns how many."""
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_BATCH)
    count = 0
    with file.open("w", encoding="utf-8") as handle:
        for row in connection.execute(query).mappings():
            handle.write(json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False) + "\n")
            count += 1
    return count


def read(connection: Connection, table: Table, file: Path) -> int:
    """Put the rows of `file` into an emptied table; returns how many. ValueError when they do not fit the table."""
    count = 0
    for batch in _batches(_ordered(table, _rows(table, file))):
        connection.execute(insert(table), batch)
        count += len(batch)
    _go_on_counting(connection, table)
    return count


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        # SQLite keeps no time zone: everything we store there is UTC.
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _rows(table: Table, file: Path) -> Iterator[Row]:
    with file.open(encoding="utf-8") as handle:
        for line in handle:
            row: Mapping[str, Any] = json.loads(line)
            if row.keys() != set(table.columns.keys()):
                raise ValueError(f"columns of {table.name}")
            yield {name: _typed(table.columns[name], value) for name, value in row.items()}


def _typed(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value


def _ordered(table: Table, rows: Iterator[Row]) -> Iterator[Row]:
    """Rows of a table that refers to itself come after those that they refer to."""
    own = [(key.parent.name, key.column.name) for key in table.foreign_keys if key.column.table is table]
    if not own:
        yield from rows
        return
    waiting, there = list(rows), {target: set[Any]() for _, target in own}
    while waiting:
        ready = [row for row in waiting if all(row[name] is None or row[name] in there[to] for name, to in own)]
        if not ready:
            raise ValueError(f"references of {table.name}")
        for row in ready:
            for _, target in own:
                there[target].add(row[target])
        waiting = [row for row in waiting if row not in ready]
        yield from ready


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL's own counter does not notice numbers that were given to it."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        name = connection.scalar(
            text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": f'"{table.name}"', "column": column.name}
        )
        if name is not None:
            highest = connection.scalar(select(func.max(column)))
            connection.execute(
                text("SELECT setval(:name, :value, :used)"),
                {"name": name, "value": highest or 1, "used": highest is not None},
            )
