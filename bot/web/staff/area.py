"""What an area of the staff's pages is: its routes with the roles that may use them, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from aiohttp.typedefs import Handler

from bot.staff.roles import DESK, MANAGE, OPERATE, Role

#: The few routes that must be reachable without being signed in.
ANYBODY: Final = None

__all__ = ["ANYBODY", "DESK", "MANAGE", "OPERATE", "Area", "StaffRoute"]


@dataclass(frozen=True, slots=True)
class StaffRoute:
    """One method on one path. `roles`: who may use it (DESK, OPERATE, MANAGE; ANYBODY: not even signed in).

    Paths below /staff/ are pages, paths below /api/ answer JSON, also when they refuse.
    """

    method: str
    path: str
    handler: Handler
    roles: frozenset[Role] | None


@dataclass(frozen=True, slots=True)
class Area:
    """The routes of an area; `actions`: what it writes into the audit log, with the words that operators read."""

    routes: tuple[StaffRoute, ...]
    actions: Mapping[str, str] = field(default_factory=dict)
