"""Running the web application until told to stop."""

from __future__ import annotations

import asyncio

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

from bot.engine.client import EngineClient
from bot.logbook.store import Logbook
from bot.settings import Settings
from bot.web.app import make_app

# Open answers get this long (seconds) to finish when the service stops.
GRACE = 5.0


class AccessLog(AbstractAccessLogger):
    """One line a request: method, route, status, time. No address, no query, no path that a person typed."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """`time`: seconds."""
        match = request.match_info if isinstance(request, web.Request) else None
        resource = match.route.resource if match is not None else None
        route = resource.canonical if resource is not None else "-"
        self.logger.info("%s %s %d %.0fms", request.method, route, response.status, time * 1000)


async def serve(settings: Settings, engine: EngineClient, logbook: Logbook) -> None:
    """Serve on settings.host and settings.port until cancelled. OSError when the port is taken."""
    runner = web.AppRunner(
        make_app(settings, engine, logbook), access_log_class=AccessLog, handle_signals=False, shutdown_timeout=GRACE
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
