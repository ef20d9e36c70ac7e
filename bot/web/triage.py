"""POST /api/v1/triage: for signed-in staff."""

from __future__ import annotations

from aiohttp import web

from bot.web.errors import ApiError


async def triage(_: web.Request) -> web.Response:
    """401 as ApiError for everybody: there are no accounts yet (contract, HTTP)."""
    raise ApiError(401)
