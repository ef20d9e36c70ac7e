"""The agency directory as typed tables, shaped after Open Referral HSDS 3.0.

HSDS words → ours: organization (a body or a department of the city), service (a consultation window), location (a
building), service_at_location (an office, a 地域の縁側, a hotline), phone, schedule, service_area, taxonomy_term
(issue areas, districts, programmes, conditions) and attribute (a term on any entity). `route` is the product's own: the
windows of an issue area in order. Every fact carries its provenance.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, DateTime, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Id = String(96)


class Base(DeclarativeBase):
    """All tables of the directory."""


class Provenance:
    """Where a fact comes from. `source_date` as written (「2021-06頃」). `trust` A, B, C or X (data/README.md).

    `verified_on`, `verified_by`: the day on which a member of staff confirmed it, and who (as colleagues know them).
    """

    source: Mapped[str] = mapped_column(Text, default="")
    source_url: Mapped[str | None] = mapped_column(Text)
    source_date: Mapped[str | None] = mapped_column(String(64))
    trust: Mapped[str] = mapped_column(String(1), default="C")
    verified_on: Mapped[date | None] = mapped_column(Date)
    verified_by: Mapped[str | None] = mapped_column(String(64))


class Organization(Base, Provenance):
    """The city, its departments (`parent_organization_id` = the city) and the bodies it works with."""

    __tablename__ = "organization"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")
    website: Mapped[str | None] = mapped_column(Text)
    parent_organization_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"))


class Service(Base, Provenance):
    """A window of the plan.

    `door_id`: the window that leads here where residents cannot come directly, `for_groups`: only groups apply
    (who_may_ask). `say`: whom to ask for on a city line, `say_in_district` the same with {district}, `say_office` on
    the office's own line (empty for outside bodies). `office_choice`: single, district, nearest, all or none (which
    office answers for a place). `by_district`: the answer gets better when the district is known.
    """

    __tablename__ = "service"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    organization_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"))
    department_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"))
    name: Mapped[str] = mapped_column(Text)
    alternate_name: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(16), default="active")
    eligibility_description: Mapped[str] = mapped_column(Text, default="")
    department: Mapped[str] = mapped_column(Text, default="")
    run_by: Mapped[str] = mapped_column(Text, default="")
    statutory: Mapped[str] = mapped_column(Text, default="")
    planned_places: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    say: Mapped[str] = mapped_column(Text, default="")
    say_in_district: Mapped[str] = mapped_column(Text, default="")
    say_office: Mapped[str] = mapped_column(Text, default="")
    office_choice: Mapped[str] = mapped_column(String(16), default="single")
    door_id: Mapped[str | None] = mapped_column(ForeignKey("service.id"))
    for_groups: Mapped[bool] = mapped_column(default=False)
    by_district: Mapped[bool] = mapped_column(default=False)
    url: Mapped[str | None] = mapped_column(Text)


class Location(Base, Provenance):
    """A building. `district`: where it stands. `latitude` and `longitude` in degrees: its own point or its town's.

    The provenance is that of the position.
    """

    __tablename__ = "location"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    location_type: Mapped[str] = mapped_column(String(16), default="physical")
    name: Mapped[str] = mapped_column(Text, default="")
    district: Mapped[str | None] = mapped_column(String(16))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]


class Address(Base, Provenance):
    """The street address of a location, as its source writes it."""

    __tablename__ = "address"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    location_id: Mapped[str] = mapped_column(ForeignKey("location.id", ondelete="CASCADE"), index=True)
    address_1: Mapped[str] = mapped_column(Text)
    town: Mapped[str | None] = mapped_column(Text)


class ServiceAtLocation(Base, Provenance):
    """An office of a window, a 地域の縁側 or a hotline. `office` is its id in replies."""

    __tablename__ = "service_at_location"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    service_id: Mapped[str] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    location_id: Mapped[str | None] = mapped_column(ForeignKey("location.id"))
    office: Mapped[str] = mapped_column(Id)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str | None] = mapped_column(Text)
    position: Mapped[int] = mapped_column(default=0)


class Phone(Base, Provenance):
    """A number of an office or an organization. `type` voice, fax, chat or building (never an office's own)."""

    __tablename__ = "phone"
    __table_args__ = (
        CheckConstraint("type IN ('voice', 'fax', 'building', 'chat')", name="phone_type"),
        CheckConstraint("(service_at_location_id IS NULL) <> (organization_id IS NULL)", name="phone_one_owner"),
    )
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(String(16), default="voice")
    description: Mapped[str] = mapped_column(Text, default="")
    service_at_location_id: Mapped[str | None] = mapped_column(
        ForeignKey("service_at_location.id", ondelete="CASCADE"), index=True
    )
    organization_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"), index=True)


class Schedule(Base, Provenance):
    """One opening rule (RFC 5545 terms). `opens_at` and `closes_at` are HH:MM, up to 32:00 = 8:00 on the next day.

    `closes_at` null: the source names no end. A rule without times (`notes` only) keeps hours that could not be read.
    """

    __tablename__ = "schedule"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    service_at_location_id: Mapped[str] = mapped_column(
        ForeignKey("service_at_location.id", ondelete="CASCADE"), index=True
    )
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    freq: Mapped[str | None] = mapped_column(String(16))
    byday: Mapped[str | None] = mapped_column(String(64))
    bymonthday: Mapped[str | None] = mapped_column(String(64))
    opens_at: Mapped[str | None] = mapped_column(String(5))
    closes_at: Mapped[str | None] = mapped_column(String(5))
    closed_on_holidays: Mapped[bool] = mapped_column(default=True)
    closed_at_year_end: Mapped[bool] = mapped_column(default=True)
    notes: Mapped[str] = mapped_column(Text, default="")


class ServiceArea(Base, Provenance):
    """Which part of the city an office serves. `district` is one of the 13 地区 where it is certain, else null."""

    __tablename__ = "service_area"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    service_at_location_id: Mapped[str] = mapped_column(
        ForeignKey("service_at_location.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(Text)
    district: Mapped[str | None] = mapped_column(String(16), index=True)


class TaxonomyTerm(Base, Provenance):
    """A word of a fixed list. `taxonomy` is issue_area, district, programme, condition or topic."""

    __tablename__ = "taxonomy_term"
    __table_args__ = (UniqueConstraint("taxonomy", "code"),)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    taxonomy: Mapped[str] = mapped_column(String(32), index=True)
    code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")
    parent: Mapped[str | None] = mapped_column(String(64))
    position: Mapped[int] = mapped_column(default=0)


class Attribute(Base):
    """A term on an entity (HSDS attribute): the programmes of a service, the topics of a hotline."""

    __tablename__ = "attribute"
    __table_args__ = (Index("attribute_link", "link_entity", "link_id"),)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    link_entity: Mapped[str] = mapped_column(String(32))
    link_id: Mapped[str] = mapped_column(Id)
    taxonomy_term_id: Mapped[str] = mapped_column(ForeignKey("taxonomy_term.id"))


class Route(Base, Provenance):
    """A window of an issue area, in order of `position`.

    `condition`: a situation flag, null for rows that always hold; several flags joined by "+" must all hold.
    `lead`: when its condition holds, the row goes ahead of the area's unconditional rows.
    """

    __tablename__ = "route"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    area: Mapped[str] = mapped_column(String(64), index=True)
    service_id: Mapped[str] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    condition: Mapped[str | None] = mapped_column(String(64))
    condition_text: Mapped[str] = mapped_column(Text, default="")
    lead: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int]


class RouteVersion(Base):
    """The routes of an area as operators left them: kept for good, the newest one holds. `steps`: the rows in order.

    An area that has any is the operators' own: the seed leaves its routes alone.
    """

    __tablename__ = "route_version"
    __table_args__ = (UniqueConstraint("area", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    who: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class Revision(Base):
    """One row: the number grows with every committed change, so that readers know when to read again."""

    __tablename__ = "directory_revision"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Change(Base):
    """What somebody changed by hand, so that it can be seen and undone.

    `subject`: what was changed (`phone:<id>`, `hours:<office>`). `rows`: JSON list of [table, key, before, after];
    a row that was not there is null.
    """

    __tablename__ = "directory_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(128), index=True)
    rows: Mapped[str] = mapped_column(Text)
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    undone_by: Mapped[str | None] = mapped_column(String(64))


class SeedRecord(Base):
    """What the seed last wrote to a row, as a digest: a row that differs was edited by an operator and is kept."""

    __tablename__ = "seed_record"
    entity: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(Id, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
