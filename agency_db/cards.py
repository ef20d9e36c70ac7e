"""Everything the directory knows of each window, office, 地域の縁側 and hotline: what staff look up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from agency_db import models
from agency_db.hours import Hours
from agency_db.readings import also_called, reading
from agency_db.snapshot import grouped, hours_of
from agency_db.terms import DISTRICTS

JSON = dict[str, Any]
Sort = Literal["window", "office", "engawa", "hotline"]
_KINDS: dict[str, Sort] = {"engawa": "engawa", "emergency": "hotline"}
#: Its line is the switchboard: where a department has no line of its own.
_CITY = "city"


@dataclass(frozen=True, slots=True)
class _Tables:
    """The rows that cards are made of, by their owner."""

    offices: dict[str, list[models.ServiceAtLocation]]
    phones: dict[str, list[models.Phone]]
    bodies: dict[str, list[models.Phone]]
    schedules: dict[str, list[models.Schedule]]
    areas: dict[str, list[models.ServiceArea]]
    addresses: dict[str, models.Address]
    locations: dict[str, models.Location]
    routes: dict[str, list[str]]
    terms: dict[str, models.TaxonomyTerm]
    attributes: dict[str, list[models.TaxonomyTerm]]


def cards(engine: Engine, at: datetime) -> list[JSON]:
    """One card a window, office, 縁側 or hotline, in the plan's order; open or closed at an aware moment.

    A window with one office is one card. Raises sqlalchemy.exc.SQLAlchemyError when the database cannot be read.
    """
    with Session(engine) as session:
        tables = _read(session)
        service = models.Service
        services = session.scalars(select(service).order_by(service.position, service.id))
        return [card for row in services for card in _cards(tables, row, at)]


def _cards(tables: _Tables, service: models.Service, at: datetime) -> Iterable[JSON]:
    offices = tables.offices[service.id]
    kind = _KINDS.get(service.id)
    whole = _window(tables, service)
    if kind is None and len(offices) < 2:
        yield _finished(whole | {"id": service.id, "kind": "window"}, tables, offices, at)
        return
    if kind is None:
        yield _finished(whole | {"id": service.id, "kind": "window"}, tables, [], at) | {
            "offices": [office.id for office in offices]
        }
    for office in offices:
        own = whole | {"id": office.id, "kind": kind or "office", "name": office.name, "window_name": service.name}
        if kind == "hotline":
            own |= {"say": None, "role": None, "statutory": None, "planned_places": None}
        yield _finished(own, tables, [office], at)


def _window(tables: _Tables, service: models.Service) -> JSON:
    direct = tables.bodies[service.department_id or ""] or tables.bodies[_CITY]
    areas = [tables.terms[key] for key in tables.routes[service.id] if key in tables.terms]
    return {
        "window": service.id,
        "name": service.name,
        "short_name": service.alternate_name,
        "window_name": None,
        "role": service.description or None,
        "department": service.department or None,
        "run_by": service.run_by or None,
        "statutory": service.statutory or None,
        "planned_places": service.planned_places or None,
        "who_may_ask": service.eligibility_description or None,
        "for_groups": service.for_groups,
        "through": service.door_id,
        "say": service.say_office or service.say or None,
        "url": service.url,
        "programmes": [term.name for term in tables.attributes[service.id] if term.taxonomy == "programme"],
        "areas": [{"id": term.code, "label": term.name} for term in areas],
        "plan": _told(service),
        "lines": [_fact("phone", line.id, line.number, line) for line in direct],
        "offices": [],
    }


def _finished(card: JSON, tables: _Tables, offices: Sequence[models.ServiceAtLocation], at: datetime) -> JSON:
    """With what is known of the card's own office, and the words by which it is found."""
    office = offices[0] if offices else None
    key = office.id if office else ""
    address = tables.addresses.get(office.location_id or "") if office else None
    location = tables.locations.get(office.location_id or "") if office else None
    schedule = tables.schedules[key]
    hours = hours_of(schedule)
    served = [area.name for area in tables.areas[key]]
    places = {area.district for area in tables.areas[key]} | {location.district if location else None}
    topics = [term for term in tables.attributes[key] if term.taxonomy == "topic"]
    labels = [tables.terms[term.code] for term in topics if term.code in tables.terms]
    own = {
        "office": key or None,
        "note": office.description if office else None,
        "type": office.kind if office and card["kind"] == "engawa" else None,
        "paid": office.kind == "paid" if office and card["kind"] == "hotline" else None,
        "site": office.url if office else None,
        "serves": served,
        "districts": [name for name in DISTRICTS if name in places],
        "areas": card["areas"] or [{"id": term.code, "label": term.name} for term in labels],
        "phones": [_fact("phone", line.id, line.number, line) for line in tables.phones[key]] if office else [],
        "place": office.name if office and card["kind"] == "window" and office.name != card["name"] else None,
        "address": _fact("address", key, address.address_1, address) if address else None,
        "hours": _fact("hours", key, schedule[0].notes, schedule[0]) if schedule else None,
        "opening": _opening(hours, at),
        "about": _told(office) if office else None,
    }
    whole = card | own
    return whole | {"kana": reading(whole["name"]), "words": _words(whole)}


def _opening(hours: Hours, at: datetime) -> JSON:
    state = hours.open_at(at)
    following = hours.opens_next(at) if state == "closed" else None
    return {"state": state, "next": following.isoformat() if following else None}


def _fact(kind: str, key: str, value: str, row: models.Phone | models.Address | models.Schedule) -> JSON:
    phone = row if isinstance(row, models.Phone) else None
    return {
        "kind": kind,
        "key": key,
        "value": value,
        "label": phone.description if phone else "",
        "type": phone.type if phone else kind,
        **_told(row),
    }


def _told(row: models.Provenance) -> JSON:
    """Where a fact is known from. `unsure`: nobody confirmed it yet, and the source alone is not enough."""
    return {
        "source": row.source,
        "source_url": row.source_url,
        "source_date": row.source_date,
        "trust": row.trust,
        "verified_on": row.verified_on.isoformat() if row.verified_on else None,
        "verified_by": row.verified_by,
        "unsure": row.trust == "X" or (row.trust == "C" and row.verified_on is None),
    }


def _words(card: JSON) -> str:
    """All by which a card is found besides its name: readings, everyday names, field, district, numbers, address."""
    said = (
        card["short_name"],
        card["window_name"],
        card["place"],
        card["department"],
        *(f"{district}地区" for district in card["districts"]),
        *(area["label"] for area in card["areas"]),
        *card["programmes"],
        card["type"],
        card["address"]["value"] if card["address"] else None,
    )
    texts = list(dict.fromkeys(text for text in said if text))
    numbers = [fact["value"] for fact in (*card["phones"], *(() if card["phones"] else card["lines"]))]
    named = " ".join([card["name"], *texts])
    long = [card["role"], card["note"], card["who_may_ask"], *card["serves"]]
    return " ".join(filter(None, [named, *map(reading, texts), also_called(named), *numbers, *long]))


def _read(session: Session) -> _Tables:
    office, phone, route = models.ServiceAtLocation, models.Phone, models.Route
    lines = list(session.scalars(select(phone).order_by(phone.type.desc(), phone.id)))
    terms = {row.id: row for row in session.scalars(select(models.TaxonomyTerm))}
    attributes: dict[str, list[models.TaxonomyTerm]] = defaultdict(list)
    for link in session.scalars(select(models.Attribute)):
        attributes[link.link_id].append(terms[link.taxonomy_term_id])
    routes: dict[str, list[str]] = defaultdict(list)
    for window, area in session.execute(select(route.service_id, route.area).order_by(route.position)):
        if area not in routes[window]:
            routes[window].append(area)
    return _Tables(
        offices=grouped(
            session.scalars(select(office).order_by(office.position, office.id)), lambda row: row.service_id
        ),
        phones=grouped(lines, lambda row: row.service_at_location_id),
        bodies=grouped(lines, lambda row: row.organization_id),
        schedules=grouped(
            session.scalars(select(models.Schedule).order_by(models.Schedule.id)),
            lambda row: row.service_at_location_id,
        ),
        areas=grouped(session.scalars(select(models.ServiceArea)), lambda row: row.service_at_location_id),
        addresses={row.location_id: row for row in session.scalars(select(models.Address))},
        locations={row.id: row for row in session.scalars(select(models.Location))},
        routes=routes,
        terms={row.code: row for row in terms.values() if row.taxonomy == "issue_area"},
        attributes=attributes,
    )
