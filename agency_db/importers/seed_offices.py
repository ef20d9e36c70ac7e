"""offices.csv, engawa.csv and hotlines.csv as locations, offices, phones, schedules and service areas."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from agency_db.importers.hours_text import read_hours
from agency_db.importers.seed_rows import Told, attribute, from_plan, told
from agency_db.importers.sources import read_source
from agency_db.models import Address, Base, Location, Phone, Schedule, ServiceArea, ServiceAtLocation
from agency_db.place_names import rows
from agency_db.places import Gazetteer
from agency_db.terms import DISTRICTS, WELFARE_DESK, WITHOUT_WELFARE_DESK

_BRANCH = "center-ishikawa"
#: Positions are those of the town's postal code area.
_POSITION = Told(source="GeoNames (CC BY 4.0)", source_url="https://www.geonames.org/", source_date=None, trust="B")


def offices() -> Iterator[Base]:
    """Every office of a window, in the file's order; 地区福祉窓口 beside each 市民センター."""
    gazetteer = Gazetteer.load()
    for position, row in enumerate(rows("offices.csv")):
        if row["window"].startswith("_"):
            continue
        if row["id"] != _BRANCH:
            yield from _office(gazetteer, row, row["window"], position)
        if row["window"] == "shimin_center" and not row["service_area"].startswith(f"{WITHOUT_WELFARE_DESK}地区"):
            yield from _office(gazetteer, row, WELFARE_DESK, position)


def _office(gazetteer: Gazetteer, row: dict[str, str], window: str, position: int) -> Iterator[Base]:
    own = f"{window}.{row['id']}"
    best = min(filter(None, (row["phone_trust"], row["address_trust"], row["hours_trust"])), default="")
    in_plan = row["window"] == "shimin_center" and row["id"] != _BRANCH

    def field(trust: str) -> Told:
        return told(row["source"], row["source_date"], trust)

    # That a 市民センター stands in each district is in the plan, whatever the source of its address.
    exists = from_plan() if in_plan else field(best)
    if row["address"]:
        yield from located(gazetteer, own, row["name"], row["address"], field(row["address_trust"]))
    yield ServiceAtLocation(
        id=own,
        service_id=window,
        location_id=own if row["address"] else None,
        office=row["id"],
        name=row["name"],
        description=row["note"],
        position=position,
        **exists,
    )
    numbers = (
        ("voice", row["phone"], row["phone_label"], row["phone_trust"]),
        ("building", row["building_phone"], row["building_phone_label"], "C"),
        ("fax", row["fax"], "", row["phone_trust"]),
    )
    for kind, number, label, trust in numbers:
        if number:
            yield Phone(
                id=f"{own}.{kind}",
                number=number,
                type=kind,
                description=label,
                service_at_location_id=own,
                **field(trust),
            )
    if row["hours"]:
        yield from schedules(own, row["hours"], row["hours"], field(row["hours_trust"]))
    if row["service_area"]:
        area = row["service_area"]
        district = next((d for d in DISTRICTS if area.startswith(f"{d}地区") and "推定" not in area), None)
        yield ServiceArea(id=own, service_at_location_id=own, name=area, district=district, **exists)


def engawa() -> Iterator[Base]:
    """The 地域の縁側 that could be found by name."""
    gazetteer = Gazetteer.load()
    for position, row in enumerate(rows("engawa.csv")):
        own = f"engawa.{row['id']}"
        fact = told(row["source"], row["source_date"], row["trust"])
        yield from located(gazetteer, own, row["name"], row["address"], fact, district=row["district"])
        yield ServiceAtLocation(
            id=own,
            service_id="engawa",
            location_id=own,
            office=row["id"],
            name=row["name"],
            kind=row["type"],
            description="。".join(filter(None, (row["operator"], row["note"]))),
            position=position,
            **fact,
        )
        if row["phone"]:
            yield Phone(id=f"{own}.voice", number=row["phone"], type="voice", service_at_location_id=own, **fact)
        if row["open_days"]:
            yield from schedules(own, row["open_days"], row["open_days"], fact)


def located(
    gazetteer: Gazetteer, own: str, name: str, address: str, fact: Told, district: str | None = None
) -> Iterator[Location | Address]:
    """A building and its address; district and position follow from the address where the gazetteer is certain."""
    town = gazetteer.town_of_address(address) if address else None
    certain = town.candidates[0] if town and len(town.candidates) == 1 and town.trust in ("A", "B") else None
    point = gazetteer.point_of_address(address) if address else None
    yield Location(
        id=own,
        name=name,
        district=district or certain,
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        **(_POSITION if point else fact),
    )
    if address:
        yield Address(id=own, location_id=own, address_1=address, town=town.town if town else None, **fact)


def schedules(own: str, hours: str, notes: str, fact: Told) -> Iterator[Schedule]:
    """The rules that a text of opening hours gives; one without times where it cannot be read with certainty."""
    rules = read_hours(hours)
    for number, rule in enumerate(rules):
        yield Schedule(
            id=f"{own}.{number}",
            service_at_location_id=own,
            freq=rule.freq,
            byday=rule.byday,
            bymonthday=rule.bymonthday,
            opens_at=rule.opens_at,
            closes_at=rule.closes_at,
            closed_on_holidays=rule.closed_on_holidays,
            closed_at_year_end=rule.closed_at_year_end,
            notes=notes,
            **fact,
        )
    if not rules:
        yield Schedule(id=f"{own}.0", service_at_location_id=own, notes=notes, **fact)


def hotline_rows(path: Path) -> list[dict[str, str]]:
    """The rows of hotlines.csv. Raises OSError when the file cannot be read."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def hotline_topics(lines: list[dict[str, str]]) -> list[str]:
    """Every topic that a hotline names, in order of first appearance."""
    return list(dict.fromkeys(topic for row in lines for topic in row["topics"].split("|") if topic))


def hotlines(lines: list[dict[str, str]]) -> Iterator[Base]:
    """Hotlines as offices of the window 緊急の連絡先."""
    for position, row in enumerate(lines):
        own = f"emergency.{row['id']}"
        source = read_source(row["source"])
        fact = Told(
            source=source.name, source_url=source.url, source_date=row["source_date"] or None, trust=row["trust"]
        )
        yield ServiceAtLocation(
            id=own,
            service_id="emergency",
            office=row["id"],
            name=row["name"],
            kind=row["cost"],
            description="。".join(filter(None, (row["audience"], row["note"]))),
            url=row["number"] if row["number"].startswith("http") else None,
            position=position,
            **fact,
        )
        if row["number"] and not row["number"].startswith("http"):
            yield Phone(
                id=f"{own}.voice",
                number=row["number"],
                type="voice",
                description=row["name"],
                service_at_location_id=own,
                **fact,
            )
        yield from schedules(own, row["hours"], row["hours_text"], fact)
        for topic in filter(None, row["topics"].split("|")):
            yield attribute("service_at_location", own, f"topic.{topic}")
