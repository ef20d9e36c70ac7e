"""All areas of the staff's pages. An area that is not listed here does not exist."""

from __future__ import annotations

from typing import Final

from bot.web.staff import (
    account,
    accounts,
    audit,
    console,
    console_case,
    directory,
    handoffs,
    keeping,
    models,
    queue,
    review,
    route_pages,
    sign_in,
    statistics,
    triage,
)
from bot.web.staff.area import Area

AREAS: Final[tuple[Area, ...]] = (
    sign_in.AREA,
    console.AREA,
    console_case.AREA,
    handoffs.AREA,
    triage.AREA,
    queue.AREA,
    directory.AREA,
    review.AREA,
    account.AREA,
    statistics.AREA,
    route_pages.AREA,
    keeping.AREA,
    models.AREA,
    accounts.AREA,
    audit.AREA,
)
