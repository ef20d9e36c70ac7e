"""GET /staff/: where a working day begins."""

from __future__ import annotations

from aiohttp import web

from bot.web.staff import layout
from bot.web.staff.area import ANYBODY, DESK, Area, StaffRoute


async def home(request: web.Request) -> web.Response:
    """The desk."""
    return layout.page(request, "home.html")


async def slash(_: web.Request) -> web.Response:
    """GET /staff, as people type it."""
    raise web.HTTPSeeOther("/staff/")


AREA = Area(routes=(StaffRoute("GET", "/staff", slash, ANYBODY), StaffRoute("GET", "/staff/", home, DESK)))
