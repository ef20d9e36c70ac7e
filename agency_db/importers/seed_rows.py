"""The packaged files as rows of the directory: windows, routes, words of the field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from agency_db.importers.sources import read_source
from agency_db.models import Attribute, Base, Organization, Phone, Route, Service, TaxonomyTerm
from agency_db.place_names import rows
from agency_db.terms import DISTRICTS

PLAN = "藤沢市重層的支援体制整備事業実施計画"
PLAN_DATE = "2023-03"
#: Order, short names, reasons and words to say are the editors' own, made from the plan's roles.
EDITORIAL = "編集(計画の役割から)"
_RUN_BY_OTHERS = {"藤沢市薬剤師会": "藤沢市薬剤師会"}


class Told(TypedDict, total=False):
    """The provenance columns of a row."""

    source: str
    source_url: str | None
    source_date: str | None
    trust: str


def from_plan() -> Told:
    """Provenance of what the plan says."""
    return Told(source=PLAN, source_date=PLAN_DATE, trust="A")


def editorial() -> Told:
    """Provenance of what the editors arranged."""
    return Told(source=EDITORIAL, source_date=PLAN_DATE, trust="A")


def told(source: str, source_date: str, trust: str) -> Told:
    """Provenance of one field: the source cell of its row, with the field's own trust (the publisher's where empty)."""
    read = read_source(source)
    return Told(source=read.name, source_url=read.url, source_date=source_date or None, trust=trust or read.trust)


def organizations() -> Iterator[Base]:
    """The city first, then its departments and the other bodies."""
    for row in rows("departments.csv"):
        parent = "city" if row["in_the_city"] == "yes" and row["id"] != "city" else None
        yield Organization(id=row["id"], name=row["name"], parent_organization_id=parent, **from_plan())


def department_phones() -> Iterator[Base]:
    """The direct lines of departments and the city's switchboard, from offices.csv (trust A)."""
    offices = {row["id"]: row for row in rows("offices.csv")}
    for row in rows("departments.csv"):
        if not row["phone_of_office"]:
            continue
        office = offices[row["phone_of_office"]]
        yield Phone(
            id=f"department.{row['id']}",
            number=office["phone"],
            type="voice",
            description="市役所代表" if row["id"] == "city" else row["name"],
            organization_id=row["id"],
            **told(office["source"], office["source_date"], office["phone_trust"]),
        )


def services() -> Iterator[Base]:
    """The windows; doors before the windows that they lead to."""
    words = {row["window"]: row for row in rows("window_words.csv")}
    listed = list(enumerate(rows("windows.csv")))
    for position, row in sorted(listed, key=lambda pair: bool(words[pair[1]["id"]]["door"])):
        word = words[row["id"]]
        yield Service(
            id=row["id"],
            organization_id="hotlines" if row["id"] == "emergency" else _RUN_BY_OTHERS.get(row["department"], "city"),
            department_id=word["department"] or None,
            name=row["name"],
            alternate_name=word["short_name"],
            description=row["role"],
            eligibility_description=row["who_may_ask"],
            department=row["department"],
            run_by=row["run_by"],
            statutory=row["statutory"],
            planned_places=row["places"],
            position=position,
            reason=word["reason"],
            say=word["say"],
            say_in_district=word["say_in_district"],
            say_office=word["say_office"],
            office_choice=word["offices"],
            door_id=word["door"] or None,
            for_groups=word["for_groups"] == "yes",
            by_district=word["by_district"] == "yes",
            **from_plan(),
        )


def terms(topics: list[str]) -> Iterator[Base]:
    """Issue areas, districts, programmes, conditions, and the topics of the hotlines."""
    for position, row in enumerate(rows("areas.csv")):
        yield _term("issue_area", row["id"], row["label"], position, row["covers"], row["field"])
    for position, district in enumerate(DISTRICTS):
        yield _term("district", district, f"{district}地区", position)
    for position, programme in enumerate(_programmes()):
        yield _term("programme", programme, programme, position)
    for position, row in enumerate(rows("conditions.csv")):
        yield _term("condition", row["flag"], row["name"], position)
    for position, topic in enumerate(topics):
        yield _term("topic", topic, topic, position)


def _term(
    taxonomy: str, code: str, name: str, position: int, description: str = "", parent: str | None = None
) -> TaxonomyTerm:
    return TaxonomyTerm(
        id=f"{taxonomy}.{code}",
        taxonomy=taxonomy,
        code=code,
        name=name,
        description=description,
        parent=parent,
        position=position,
        **editorial(),
    )


def _programmes() -> dict[str, None]:
    return dict.fromkeys(p for row in rows("windows.csv") for p in row["programs"].split("|") if p)


def programmes_of_services() -> Iterator[Base]:
    """包括的相談支援, 地域づくり, 多機関協働, アウトリーチ, 参加支援 on each window."""
    for row in rows("windows.csv"):
        for programme in filter(None, row["programs"].split("|")):
            yield attribute("service", row["id"], f"programme.{programme}")


def attribute(entity: str, link_id: str, term: str) -> Attribute:
    """A term on an entity."""
    return Attribute(id=f"{link_id}.{term}", link_entity=entity, link_id=link_id, taxonomy_term_id=term)


def routes() -> Iterator[Base]:
    """The windows of every area in the table's order."""
    for position, row in enumerate(rows("routes.csv")):
        yield Route(
            id=f"{row['area']}.{row['window']}.{row['flag'] or 'always'}",
            area=row["area"],
            service_id=row["window"],
            condition=row["flag"] or None,
            condition_text=row["when"],
            lead=row["lead"] == "yes",
            reason=row["reason"],
            position=position,
            **editorial(),
        )
