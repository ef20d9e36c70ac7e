"""All areas of the staff's pages. An area that is not listed here does not exist."""

from __future__ import annotations

from typing import Final

from bot.web.staff import account, accounts, audit, home, models, sign_in, triage
from bot.web.staff.area import Area

AREAS: Final[tuple[Area, ...]] = (
    sign_in.AREA,
    home.AREA,
    triage.AREA,
    account.AREA,
    models.AREA,
    accounts.AREA,
    audit.AREA,
)
