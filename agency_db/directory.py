"""The directory as an immutable snapshot in memory: what a lookup reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from agency_db.hours import Hours
from agency_db.terms import SHOWN_TO_RESIDENTS, Audience


@dataclass(frozen=True, slots=True)
class Fact:
    """Where something is known from. `verified_on`: ISO date when staff confirmed it, `verified_by` for staff only."""

    source: str
    source_url: str | None
    source_date: str | None
    trust: str
    verified_on: str | None
    verified_by: str | None = None

    def shown_to(self, audience: Audience) -> bool:
        """Residents see trust A and B, and C once a member of staff confirmed it; staff see everything, marked."""
        return audience == "staff" or self.trust in SHOWN_TO_RESIDENTS or (self.trust == "C" and self.confirmed)

    @property
    def confirmed(self) -> bool:
        """Whether a member of staff confirmed it."""
        return self.verified_on is not None

    @property
    def rank(self) -> str:
        """For choosing between facts, best first: the city's own staff confirming one is the city saying so (A)."""
        return "A" if self.confirmed and self.trust != "X" else self.trust


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """A number with its label. `kind` voice or fax; a building's line is never read into the snapshot."""

    number: str
    label: str
    kind: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class Area:
    """An issue area: its label and the field that groups it for `multi_agency`."""

    id: str
    label: str
    field: str


@dataclass(frozen=True, slots=True)
class Department:
    """A department of the city or another body, with its direct lines."""

    id: str
    name: str
    lines: tuple[PhoneLine, ...]


@dataclass(frozen=True, slots=True)
class Office:
    """A place where a window is found, or a 地域の縁側 (`kind` = its type)."""

    id: str
    window: str
    name: str
    kind: str
    lines: tuple[PhoneLine, ...]
    address: str | None
    address_fact: Fact | None
    hours: Hours
    hours_fact: Fact | None
    serves: frozenset[str]
    located_in: str | None
    position: tuple[float, float] | None
    url: str | None
    fact: Fact


@dataclass(frozen=True)
class Offices:
    """The offices of one window with their positions as arrays: (n, 2) degrees, NaN where no point is known."""

    items: tuple[Office, ...]

    @cached_property
    def positions(self) -> npt.NDArray[np.float64]:
        """(n, 2) latitude and longitude."""
        points = [office.position or (np.nan, np.nan) for office in self.items]
        return np.array(points, dtype=np.float64).reshape(-1, 2)

    @cached_property
    def for_residents(self) -> npt.NDArray[np.bool_]:
        """(n,) True where the office itself is of trust A or B."""
        return np.array([office.fact.shown_to("resident") for office in self.items], dtype=np.bool_)

    @cached_property
    def districts(self) -> npt.NDArray[np.str_]:
        """(n,) the district an office stands in, empty where it is not known."""
        return np.array([office.located_in or "" for office in self.items], dtype=np.str_)


@dataclass(frozen=True, slots=True)
class Window:
    """A consultation window or community resource of the plan, with the editors' words for residents."""

    id: str
    name: str
    short_name: str
    role: str
    reason: str
    say: str
    say_in_district: str
    say_office: str
    department: Department | None
    department_text: str
    programmes: tuple[str, ...]
    who_may_ask: str
    door: str | None
    for_groups: bool
    by_district: bool
    office_choice: str
    url: str | None
    offices: Offices


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the routing table: a window of an area, perhaps only in a situation."""

    window: str
    condition: str | None
    lead: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything a lookup needs, read at one revision."""

    revision: int
    areas: Mapping[str, Area]
    windows: Mapping[str, Window]
    routes: Mapping[str, tuple[Step, ...]]
    conditions: Mapping[str, str]
    switchboard: PhoneLine | None
