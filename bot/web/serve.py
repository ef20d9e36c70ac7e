"""Running the web application until told to stop."""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web

from bot.engine.client import EngineClient
from bot.learning.service import Engines
from bot.logbook.store import Logbook
from bot.settings import Settings
from bot.web.access import Discreet
from bot.web.app import make_app

# Open answers get this long (seconds) to finish when the service stops.
GRACE = 5.0


async def serve(settings: Settings, engine: EngineClient, logbook: Logbook, engines: Engines | None = None) -> None:
    """Serve on settings.host and settings.port until cancelled. OSError when the port is taken."""
    below = logging.getLogger("bot.web.below")
    below.addFilter(Discreet())
    runner = web.AppRunner(
        make_app(settings, engine, logbook, engines),
        access_log=None,
        logger=below,
        handle_signals=False,
        shutdown_timeout=GRACE,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
