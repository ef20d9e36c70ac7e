"""Seeding the directory with the packaged data: as often as wanted, without undoing what operators changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from sqlalchemy import Engine, inspect, select
from sqlalchemy.orm import Session

from agency_db.importers import seed_offices, seed_rows
from agency_db.models import Base, Route, RouteVersion, Schedule, SeedRecord
from agency_db.session import DirectorySession
from agency_db.tables import BY_NAME, IN_ORDER, key_of


@dataclass(slots=True)
class Counts:
    """What a seed did, in rows. `kept`: newer seed values that an operator's edit outranks."""

    added: int = 0
    updated: int = 0
    removed: int = 0
    kept: int = 0


def seed(engine: Engine, hotlines: Path) -> Counts:
    """Write the packaged data and the hotlines file into an upgraded database, in one transaction.

    A row is written when it is new, rewritten when the packaged value changed and nobody edited it, and left alone
    otherwise: edits and deletions by operators survive. Raises OSError when `hotlines` cannot be read.
    """
    lines = seed_offices.hotline_rows(hotlines)
    wanted: list[Base] = [
        *seed_rows.organizations(),
        *seed_rows.department_phones(),
        *seed_rows.terms(seed_offices.hotline_topics(lines)),
        *seed_rows.services(),
        *seed_rows.programmes_of_services(),
        *seed_rows.routes(),
        *seed_offices.offices(),
        *seed_offices.engawa(),
        *seed_offices.hotlines(lines),
    ]
    counts = Counts()
    with DirectorySession(engine) as session, session.begin():
        records = {(record.entity, record.key): record for record in session.query(SeedRecord)}
        edited = set(session.scalars(select(RouteVersion.area)))
        stale = set(records)
        by_hand = _hours_by_hand(session, records)
        for _, group in groupby(sorted(wanted, key=_rank), key=_rank):
            rows = list(group)
            present = {key_of(row): row for row in session.query(type(rows[0]))}
            for row in rows:
                key = (row.__tablename__, key_of(row))
                stale.discard(key)
                if isinstance(row, Schedule) and key not in records and row.service_at_location_id in by_hand:
                    counts.kept += 1
                    continue
                own = isinstance(row, Route) and row.area in edited
                _write(session, row, present.get(key[1]), records.get(key), counts, operators_own=own)
            session.flush()
        _remove(session, [records[key] for key in stale], counts, edited)
    return counts


def _hours_by_hand(session: Session, records: Mapping[tuple[str, str], SeedRecord]) -> set[str]:
    """Offices whose hours somebody edited. Their rules are one fact: a packaged one is not put beside them."""
    present = {row.id: row for row in session.query(Schedule)}
    table = Schedule.__tablename__
    edited = {
        row.service_at_location_id
        for row in present.values()
        if (record := records.get((table, row.id))) is None or record.digest != _digest(row)
    }
    gone = (key for entity, key in records if entity == table and key not in present)
    return edited | {key.rpartition(".")[0] for key in gone}


def _rank(row: Base) -> int:
    return IN_ORDER.index(row.__tablename__)


def _write(
    session: Session, row: Base, present: Base | None, record: SeedRecord | None, counts: Counts, *, operators_own: bool
) -> None:
    """`operators_own`: a route of an area that operators arranged; only its packaged value is taken note of."""
    digest = _digest(row)
    if record is None:
        if operators_own:
            counts.kept += 1
        elif present is None:
            session.add(row)
            counts.added += 1
        session.add(SeedRecord(entity=row.__tablename__, key=key_of(row), digest=digest))
    elif record.digest != digest:
        if present is not None and not operators_own and _digest(present) == record.digest:
            session.merge(row)
            counts.updated += 1
        else:
            counts.kept += 1
        record.digest = digest


def _remove(session: Session, stale: Iterable[SeedRecord], counts: Counts, edited: set[str]) -> None:
    """Rows that the packaged data no longer has go, unless somebody edited them."""
    for record in sorted(stale, key=lambda r: (-IN_ORDER.index(r.entity), r.key)):
        present = session.get(BY_NAME[record.entity], record.key)
        operators_own = isinstance(present, Route) and present.area in edited
        if present is not None and not operators_own and _digest(present) == record.digest:
            session.delete(present)
            session.flush()
            counts.removed += 1
        session.delete(record)


def _digest(row: Base) -> str:
    """A digest of a row's values as the database keeps them (defaults applied), the same before and after storing.

    `verified_by` counts once somebody confirmed the row: digests from before there was the column stay valid.
    """
    columns: Sequence[str] = sorted(inspect(row).mapper.column_attrs.keys())
    values = ((name, _value(row, name)) for name in columns)
    values = (pair for pair in values if pair != ("verified_by", None))
    return hashlib.sha256("\n".join(f"{name}={value!r}" for name, value in values).encode()).hexdigest()


def _value(row: Base, name: str) -> object:
    value = getattr(row, name)
    default = row.__table__.columns[name].default
    if value is None and default is not None and default.is_scalar:
        return default.arg
    return value
