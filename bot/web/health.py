"""For those who watch over the service: is it alive, and what is missing."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from agency_db.snapshot import read_revision
from bot.engine.client import EngineUnavailable
from bot.web.keys import DIRECTORY, ENGINE, LOGBOOK

# A probe must not wait as long as a resident would.
PATIENCE = 2.0


async def healthz(_: web.Request) -> web.Response:
    """200 while the process answers at all."""
    return web.json_response({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """200: the web tier can answer, if need be with hotlines only.

    "degraded" names what is missing (engine, logbook, directory), "engine" is the engine's own account of itself or
    null, "pending" the number of turns that wait to be stored.
    """
    app = request.app
    engine: dict[str, Any] | None = None
    try:
        async with asyncio.timeout(PATIENCE):
            engine = await app[ENGINE].status()
    except (EngineUnavailable, TimeoutError):
        pass
    pending = await asyncio.to_thread(app[LOGBOOK].pending)
    directory = await asyncio.to_thread(_readable, app[DIRECTORY])
    missing = {"engine": engine is None, "logbook": pending > 0, "directory": not directory}
    degraded = [name for name, is_missing in missing.items() if is_missing]
    status = "degraded" if degraded else "ready"
    return web.json_response({"status": status, "degraded": degraded, "engine": engine, "pending": pending})


def _readable(directory: Engine) -> bool:
    try:
        read_revision(directory)
    except SQLAlchemyError:
        return False
    return True
