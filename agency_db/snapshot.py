"""Reading a snapshot of the directory from the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from agency_db import models
from agency_db.directory import Area, Department, Directory, Fact, Office, Offices, PhoneLine, Step, Window
from agency_db.hours import Hours, Rule, combined, days, minutes, month_days

_Row = TypeVar("_Row")


def read_revision(engine: Engine) -> int:
    """The present revision number. Raises sqlalchemy.exc.SQLAlchemyError when the database cannot be read."""
    with engine.connect() as connection:
        return connection.execute(select(models.Revision.number)).scalar_one()


def read_directory(engine: Engine) -> Directory:
    """Read a snapshot. Raises sqlalchemy.exc.SQLAlchemyError when the database cannot be read."""
    with Session(engine) as session:
        revision = session.execute(select(models.Revision.number)).scalar_one()
        departments = _departments(session)
        city = departments.get("city")
        return Directory(
            revision=revision,
            areas={
                term.code: Area(term.code, term.name, term.parent or "any") for term in _terms(session, "issue_area")
            },
            windows=_windows(session, departments),
            routes=_routes(session),
            conditions={term.code: term.name for term in _terms(session, "condition")},
            switchboard=city.lines[0] if city and city.lines else None,
        )


def _terms(session: Session, taxonomy: str) -> Iterable[models.TaxonomyTerm]:
    term = models.TaxonomyTerm
    return session.scalars(select(term).where(term.taxonomy == taxonomy).order_by(term.position, term.id))


def _departments(session: Session) -> dict[str, Department]:
    phone = models.Phone
    direct = select(phone).where(phone.organization_id.is_not(None), phone.type == "voice").order_by(phone.id)
    lines = grouped(session.scalars(direct), lambda line: line.organization_id)
    return {
        body.id: Department(body.id, body.name, tuple(_line(line) for line in lines[body.id]))
        for body in session.scalars(select(models.Organization))
    }


def _windows(session: Session, departments: Mapping[str, Department]) -> dict[str, Window]:
    offices = _offices(session)
    programmes: dict[str, list[str]] = defaultdict(list)
    attributes = (
        select(models.Attribute.link_id, models.TaxonomyTerm.name)
        .join(models.TaxonomyTerm, models.TaxonomyTerm.id == models.Attribute.taxonomy_term_id)
        .where(models.Attribute.link_entity == "service", models.TaxonomyTerm.taxonomy == "programme")
        .order_by(models.TaxonomyTerm.position)
    )
    for link_id, programme in session.execute(attributes):
        programmes[link_id].append(programme)
    services = select(models.Service).where(models.Service.status == "active").order_by(models.Service.position)
    return {
        service.id: Window(
            id=service.id,
            name=service.name,
            short_name=service.alternate_name or service.name,
            role=service.description,
            reason=service.reason,
            say=service.say,
            say_in_district=service.say_in_district,
            say_office=service.say_office,
            department=departments.get(service.department_id or ""),
            department_text=service.department,
            programmes=tuple(programmes[service.id]),
            who_may_ask=service.eligibility_description,
            door=service.door_id,
            for_groups=service.for_groups,
            by_district=service.by_district,
            office_choice=service.office_choice,
            url=service.url,
            offices=Offices(tuple(offices[service.id])),
        )
        for service in session.scalars(services)
    }


def _offices(session: Session) -> dict[str, list[Office]]:
    office = models.ServiceAtLocation
    phone = models.Phone
    lines = grouped(
        session.scalars(select(phone).where(phone.type.in_(("voice", "fax"))).order_by(phone.id)),
        lambda row: row.service_at_location_id,
    )
    schedules = grouped(
        session.scalars(select(models.Schedule).order_by(models.Schedule.id)), lambda row: row.service_at_location_id
    )
    served = grouped(session.scalars(select(models.ServiceArea)), lambda row: row.service_at_location_id)
    locations = {row.id: row for row in session.scalars(select(models.Location))}
    addresses = {row.location_id: row for row in session.scalars(select(models.Address))}
    found: dict[str, list[Office]] = defaultdict(list)
    for row in session.scalars(select(office).order_by(office.position, office.id)):
        location = locations.get(row.location_id or "")
        address = addresses.get(row.location_id or "")
        rules = schedules[row.id]
        found[row.service_id].append(
            Office(
                id=row.office,
                window=row.service_id,
                name=row.name,
                kind=row.kind,
                lines=tuple(_line(line) for line in lines[row.id]),
                address=address.address_1 if address else None,
                address_fact=_fact(address) if address else None,
                hours=hours_of(rules),
                hours_fact=_fact(rules[0]) if rules else None,
                serves=frozenset(area.district for area in served[row.id] if area.district),
                located_in=location.district if location else None,
                position=_point(location),
                url=row.url,
                fact=_fact(row),
            )
        )
    return found


def grouped(rows: Iterable[_Row], key: Callable[[_Row], str | None]) -> dict[str, list[_Row]]:
    """Rows by their key, in their order; rows without one under ""."""
    found: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        found[key(row) or ""].append(row)
    return found


def _point(location: models.Location | None) -> tuple[float, float] | None:
    if location is None or location.latitude is None or location.longitude is None:
        return None
    return location.latitude, location.longitude


def hours_of(rows: Sequence[models.Schedule]) -> Hours:
    """The opening hours that an office's schedule rows make up."""
    rules = [
        Rule(
            opens=minutes(row.opens_at),
            closes=minutes(row.closes_at) if row.closes_at else None,
            days=days(row.byday),
            month_days=month_days(row.bymonthday),
            closed_on_holidays=row.closed_on_holidays,
            closed_at_year_end=row.closed_at_year_end,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in rows
        if row.opens_at
    ]
    return combined(rules, rows[0].notes if rows else "")


def _routes(session: Session) -> dict[str, tuple[Step, ...]]:
    steps: dict[str, list[Step]] = defaultdict(list)
    for row in session.scalars(select(models.Route).order_by(models.Route.position, models.Route.id)):
        steps[row.area].append(Step(row.service_id, row.condition, row.lead, row.reason))
    return {area: tuple(rows) for area, rows in steps.items()}


def _line(phone: models.Phone) -> PhoneLine:
    return PhoneLine(phone.number, phone.description, phone.type, _fact(phone))


def _fact(row: models.Provenance) -> Fact:
    verified = row.verified_on.isoformat() if row.verified_on else None
    return Fact(row.source, row.source_url, row.source_date, row.trust, verified, row.verified_by)
