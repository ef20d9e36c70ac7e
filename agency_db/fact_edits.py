"""Confirming and correcting a telephone number, an address or opening hours by hand, with who did it and when."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Engine, select

from agency_db.changes import Editing, Editor, Overtaken
from agency_db.importers.hours_text import read_hours
from agency_db.importers.seed_offices import located, schedules
from agency_db.importers.seed_rows import Told
from agency_db.importers.sources import read_source
from agency_db.models import Address, Location, Phone, Provenance, Schedule, ServiceAtLocation
from agency_db.places import Gazetteer
from agency_db.session import DirectorySession
from agency_db.terms import TOKYO

Kind = Literal["phone", "address", "hours"]
#: Who says so: the city itself (A), the office or body itself (B), anybody else (C, hidden until confirmed).
SaidBy = Literal["city", "body", "other"]
_TRUST: dict[SaidBy, str] = {"city": "A", "body": "B", "other": "C"}
_NUMBER = re.compile(r"[#0][0-9-]{3,14}|1[0-9]{2}")
_DASHES = re.compile(r"[‐‑‒–—―ー−]")
_LONGEST = 200
_VOICE = ".voice"

_Row = Phone | Address | Schedule


class NoSuchFact(LookupError):
    """The directory has no such fact."""


class EditRefused(ValueError):
    """What was written cannot be taken; the message is Japanese and says why."""


@dataclass(frozen=True, slots=True)
class FactId:
    """A fact of the directory. `key`: id of the phone row; for address and hours that of the office."""

    kind: Kind
    key: str

    @property
    def subject(self) -> str:
        """How the record of changes names it."""
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True, slots=True)
class Correction:
    """A value with its source. `value` empty: the fact is taken out and nothing is shown instead (no source needed).

    `label`: whose number it is, for a telephone number.
    """

    value: str
    source: str = ""
    source_date: date | None = None
    said_by: SaidBy = "other"
    label: str = ""


def confirm(engine: Engine, fact: FactId, seen: str, editor: Editor, at: datetime) -> int:
    """Write that the editor confirmed the fact today; returns the number of the change.

    `seen`: the value that was confirmed. The same value of the same place under another window is confirmed with it.
    Raises NoSuchFact, and Overtaken when another value stands there by now.
    """
    with DirectorySession(engine) as session, session.begin():
        editing = Editing(session)
        for one in _same(editing, fact, seen):
            rows = _rows(editing, one)
            if not rows:
                raise NoSuchFact(fact.subject)
            _confirmed([*rows, *_hidden(_office(editing, one))], editor, at)
        return editing.keep(editor, at, "confirm", fact.subject)


def correct(
    engine: Engine, gazetteer: Gazetteer, fact: FactId, seen: str, wanted: Correction, editor: Editor, at: datetime
) -> int:
    """Write another value, with its source and date; returns the number of the change.

    `seen`: the value that stood there, "" for none. What the city or the body itself says counts as confirmed by the
    editor. Raises EditRefused, NoSuchFact, and Overtaken as above.
    """
    value, told = _checked(fact.kind, wanted), _told(wanted)
    with DirectorySession(engine) as session, session.begin():
        editing = Editing(session)
        for one in _same(editing, fact, seen):
            office, rows = _office(editing, one), _rows(editing, one)
            if office is None and not rows:
                raise NoSuchFact(fact.subject)
            before = rows[0] if rows else None
            written = _written(editing, gazetteer, one, office, before, value, wanted.label, told) if value else []
            for row in rows:
                editing.remove(row)
            for new in written:
                editing.add(new)
            if wanted.said_by != "other":
                facts = [row for row in _rows(editing, one) if value]
                _confirmed([*facts, *(_hidden(office) if facts else ())], editor, at)
        return editing.keep(editor, at, "edit" if value else "remove", fact.subject)


def readable_hours(text: str) -> bool:
    """Whether opening rules can be read from a text of hours; else it is shown, but open or closed stays unknown."""
    return bool(read_hours(_plain(text)))


def _same(editing: Editing, fact: FactId, seen: str) -> list[FactId]:
    """The fact, and that of the same place under another window where the same value stands (地区福祉窓口)."""
    if _value(_rows(editing, fact)) != seen:
        raise Overtaken(fact.subject)
    office = _office(editing, fact)
    if office is None:
        return [fact]
    twins = select(ServiceAtLocation.id).where(
        ServiceAtLocation.office == office.office, ServiceAtLocation.id != office.id
    )
    keys = (fact.key.replace(office.id, twin, 1) for twin in editing.session.scalars(twins))
    return [fact, *(one for key in keys if _value(_rows(editing, one := FactId(fact.kind, key))) == seen)]


def _rows(editing: Editing, fact: FactId) -> list[_Row]:
    if fact.kind == "phone":
        phone = editing.row(Phone, fact.key)
        return [phone] if phone else []
    if fact.kind == "hours":
        rules = select(Schedule.id).where(Schedule.service_at_location_id == fact.key).order_by(Schedule.id)
        return [rule for key in list(editing.session.scalars(rules)) if (rule := editing.row(Schedule, key))]
    office = editing.row(ServiceAtLocation, fact.key)
    keys = select(Address.id).where(Address.location_id == (office.location_id if office else None))
    return [row for key in list(editing.session.scalars(keys)) if (row := editing.row(Address, key))]


def _office(editing: Editing, fact: FactId) -> ServiceAtLocation | None:
    """The office that the fact is about; None for a department's line."""
    key: str | None = fact.key
    if fact.kind == "phone":
        phone = editing.row(Phone, fact.key)
        key = phone.service_at_location_id if phone else fact.key.removesuffix(_VOICE)
    return editing.row(ServiceAtLocation, key) if key else None


def _value(rows: Sequence[_Row]) -> str:
    match rows[0] if rows else None:
        case Phone(number=value) | Address(address_1=value) | Schedule(notes=value):
            return value
        case _:
            return ""


def _hidden(office: ServiceAtLocation | None) -> list[ServiceAtLocation]:
    """An office of trust C is hidden from residents; that its number or place is right says that it is there."""
    return [office] if office is not None and office.trust == "C" and office.verified_on is None else []


def _confirmed(rows: Sequence[Provenance], editor: Editor, at: datetime) -> None:
    for row in rows:
        row.verified_on, row.verified_by = at.astimezone(TOKYO).date(), editor.name


def _written(
    editing: Editing,
    gazetteer: Gazetteer,
    fact: FactId,
    office: ServiceAtLocation | None,
    before: _Row | None,
    value: str,
    label: str,
    told: Told,
) -> list[Phone] | list[Location | Address] | list[Schedule]:
    if fact.kind == "phone":
        old = before if isinstance(before, Phone) else None
        return [
            Phone(
                id=fact.key,
                number=value,
                type=old.type if old else "voice",
                description=_plain(label),
                service_at_location_id=office.id if office else None,
                organization_id=old.organization_id if old else None,
                **told,
            )
        ]
    if office is None:
        raise NoSuchFact(fact.subject)
    if fact.kind == "hours":
        return list(schedules(office.id, value, value, told))
    place = editing.row(Location, office.location_id or office.id)
    new = list(located(gazetteer, office.location_id or office.id, office.name, value, told))
    town = gazetteer.town_of_address(value)
    for row in new:
        # Where the gazetteer is not certain of the district, the one known stays, unless it cannot be that one.
        if isinstance(row, Location) and row.district is None and place is not None:
            row.district = place.district if town is None or place.district in town.candidates else None
    if office.location_id is None:
        editing.session.flush()
        editing.add(new[0])
        office.location_id = new[0].id
    return new


def _checked(kind: Kind, wanted: Correction) -> str:
    value = _plain(wanted.value)
    if not value:
        return ""
    if kind == "phone":
        value = number(value)
    if max(map(len, (value, wanted.source, wanted.label))) > _LONGEST:
        raise EditRefused(f"{_LONGEST}文字までで書いてください。")
    if not wanted.source.strip() or wanted.source_date is None:
        raise EditRefused("どこで確かめたか（出典）と、その日付を書いてください。")
    return value


def number(text: str) -> str:
    """A telephone number as the directory writes it, typed in whatever width. Raises EditRefused for anything else."""
    written = _DASHES.sub("-", _plain(text)).replace(" ", "")
    if not _NUMBER.fullmatch(written):
        raise EditRefused("電話番号は、0466-00-0000 のように、数字と「-」で書いてください。")
    return written


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _told(wanted: Correction) -> Told:
    source = read_source(" ".join(wanted.source.split()))
    return Told(
        source=source.name,
        source_url=source.url,
        source_date=wanted.source_date.isoformat() if wanted.source_date else None,
        trust=_TRUST[wanted.said_by],
    )
