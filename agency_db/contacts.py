"""Which telephone number is shown for a window, and whom to ask for there (contract, Contacts)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agency_db.directory import Directory, Fact, Office, PhoneLine, Window
from agency_db.places import Place
from agency_db.terms import Audience

_SWITCHBOARD_LABEL = "市役所代表"


@dataclass(frozen=True, slots=True)
class Contact:
    """The number shown, its label, what to say there in plain words, and where the number is known from."""

    phone: str | None
    label: str | None
    say: str | None
    fact: Fact | None


def contact(
    directory: Directory, window: Window, office: Office | None, place: Place | None, audience: Audience
) -> Contact:
    """The office's own line (A, B, confirmed C; C for staff), the department's direct line (A), or the switchboard."""
    own = _best((line for line in office.lines if line.kind == "voice"), audience) if office else None
    if own is not None:
        return Contact(own.number, own.label or _department_label(window, own), window.say_office or None, own.fact)
    department = window.department
    direct = next((line for line in department.lines if line.fact.trust == "A"), None) if department else None
    if direct is not None:
        return Contact(direct.number, direct.label, _say(window, place), direct.fact)
    city = directory.switchboard
    if city is None:
        return Contact(None, None, _say(window, place), None)
    return Contact(city.number, city.label or _SWITCHBOARD_LABEL, _say(window, place), city.fact)


def fax(office: Office | None, audience: Audience) -> str | None:
    """The office's fax number, by the same rule of trust as its telephone."""
    line = _best((line for line in office.lines if line.kind == "fax"), audience) if office else None
    return line.number if line else None


def _best(lines: Iterable[PhoneLine], audience: Audience) -> PhoneLine | None:
    return min((line for line in lines if line.fact.shown_to(audience)), key=lambda line: line.fact.rank, default=None)


def _department_label(window: Window, line: PhoneLine) -> str | None:
    """The department's name when the office's line is the department's own."""
    department = window.department
    same = department is not None and any(own.number == line.number for own in department.lines)
    return department.name if department is not None and same else None


def _say(window: Window, place: Place | None) -> str | None:
    if place is not None and place.district and window.say_in_district:
        return window.say_in_district.format(district=place.district)
    return window.say or None
