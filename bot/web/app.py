"""The web application: what answers which address, and what is opened and closed with it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress

from aiohttp import web

from agency_db.places import Gazetteer
from agency_db.session import open_engine
from bot.engine.client import EngineClient
from bot.logbook.store import Logbook
from bot.settings import Settings
from bot.web import keys, pages, security
from bot.web.access import access
from bot.web.assets import Assets
from bot.web.chat import chat
from bot.web.conversations import Conversations
from bot.web.erase import erase
from bot.web.errors import errors
from bot.web.health import healthz, readyz
from bot.web.limits import TokenBuckets
from bot.web.payload import LARGEST
from bot.web.triage import triage

log = logging.getLogger(__name__)

DRAIN_EVERY = 5.0


def make_app(settings: Settings, engine: EngineClient, logbook: Logbook) -> web.Application:
    """The whole web tier; it answers whether or not the engine and the databases do.

    `engine` and `logbook` are opened and closed by the caller.
    """
    app = web.Application(client_max_size=LARGEST + 1, middlewares=[access, errors, security.same_site_only])
    app[keys.SETTINGS] = settings
    app[keys.ENGINE] = engine
    app[keys.LOGBOOK] = logbook
    app[keys.DIRECTORY] = open_engine(settings.directory_url)
    app[keys.GAZETTEER] = Gazetteer.load()
    app[keys.CONVERSATIONS] = Conversations.of(settings.data)
    app[keys.LIMITER] = TokenBuckets()
    app[keys.ASSETS] = Assets.load()
    app.on_response_prepare.append(security.add_headers)
    app.cleanup_ctx.append(_drained)
    app.cleanup_ctx.append(_directory_closed)
    app.add_routes(
        [
            web.get("/", pages.resident),
            web.get("/static/{version}/{name}", pages.asset),
            web.get("/widget.js", pages.widget),
            web.get("/widget.json", pages.widget_guide),
            web.get("/healthz", healthz),
            web.get("/readyz", readyz),
            web.post("/api/v1/chat", chat),
            web.post("/api/v1/erase", erase),
            web.post("/api/v1/triage", triage),
            *(web.options(path, security.preflight) for path in sorted(security.WIDGET_API)),
        ]
    )
    return app


async def _drained(app: web.Application) -> AsyncIterator[None]:
    """Turns that had to wait for the database in the spool are stored at the start and every few seconds."""

    async def drain() -> None:
        while True:
            try:
                await asyncio.to_thread(app[keys.LOGBOOK].drain)
            except Exception as error:
                # The spool keeps the turns; a failed attempt must not end the attempts.
                log.warning("drain: %s", type(error).__name__)
            await asyncio.sleep(DRAIN_EVERY)

    task = asyncio.create_task(drain())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _directory_closed(app: web.Application) -> AsyncIterator[None]:
    yield
    app[keys.DIRECTORY].dispose()
