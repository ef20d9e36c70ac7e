"""GET /staff/: where a working day begins."""

from __future__ import annotations

from aiohttp import web

from bot.web.staff import layout
from bot.web.staff.area import DESK, Area, StaffRoute


async def home(request: web.Request) -> web.Response:
    """The desk."""
    return layout.page(request, "home.html")


AREA = Area(routes=(StaffRoute("GET", "/staff/", home, DESK),))
