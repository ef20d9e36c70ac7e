"""The web application: what answers which address, and what is opened and closed with it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from aiohttp import web

from agency_db.cache import DirectoryCache
from agency_db.places import Gazetteer
from agency_db.session import open_engine
from agency_db.snapshot import read_directory
from bot.engine.client import EngineClient
from bot.keeping import expiry
from bot.learning.service import Engines, ModelService
from bot.logbook.store import Logbook
from bot.settings import Settings
from bot.staff.register import StaffRegister
from bot.staff.throttle import Throttle
from bot.statistics.directory import city_of
from bot.statistics.rollup import roll_up
from bot.web import keys, pages, security
from bot.web.access import access
from bot.web.assets import Assets
from bot.web.chat import chat
from bot.web.conversations import Conversations
from bot.web.erase import erase
from bot.web.errors import errors
from bot.web.feedback import feedback
from bot.web.health import healthz, readyz
from bot.web.limits import TokenBuckets
from bot.web.live.resident import open_live
from bot.web.newest import NewestOnly
from bot.web.payload import LARGEST
from bot.web.staff import console, gate, review_room, routes, sign_in

log = logging.getLogger(__name__)

# Seconds between two looks at the spool, and at what is too old to be kept.
DRAIN_EVERY = 5.0
EXPIRE_EVERY = 3600.0


def make_app(
    settings: Settings, engine: EngineClient, logbook: Logbook, engines: Engines | None = None
) -> web.Application:
    """The whole web tier; it answers whether or not the engine and the databases do.

    `engine`, `logbook` and `engines` (for switching between models) are opened and closed by the caller.
    """
    app = web.Application(client_max_size=LARGEST + 1, middlewares=[access, errors, security.same_site_only])
    app[keys.SETTINGS] = settings
    app[keys.ENGINE] = engine
    app[keys.LOGBOOK] = logbook
    app[keys.DIRECTORY] = open_engine(settings.directory_url)
    app[keys.GAZETTEER] = Gazetteer.load()
    app[keys.CONVERSATIONS] = Conversations.of(settings.data)
    app[keys.LIMITER] = TokenBuckets()
    app[keys.STAFF] = StaffRegister(settings.log_url)
    app[keys.MODELS] = ModelService(settings, app[keys.STAFF].engine, engines)
    app[sign_in.THROTTLE] = Throttle()
    app[sign_in.CHECKING] = asyncio.Semaphore()
    app[console.SNAPSHOT] = DirectoryCache(app[keys.DIRECTORY])
    app[console.KEYSTROKES] = NewestOnly()
    app[review_room.ROOM] = review_room.ReviewRoom.of(settings, app[keys.STAFF].engine, app[keys.DIRECTORY])
    app[keys.ASSETS] = Assets.load()
    app.on_response_prepare.append(security.add_headers)
    app.cleanup_ctx.append(_log_kept)
    app.cleanup_ctx.append(_databases_closed)
    app.cleanup_ctx.append(_models_served)
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
            web.post("/api/v1/feedback", feedback),
            *(web.options(path, security.preflight) for path in sorted(security.WIDGET_API)),
        ]
    )
    open_live(app)
    gate.open_routes(app, routes.AREAS)
    return app


async def _log_kept(app: web.Application) -> AsyncIterator[None]:
    """Waiting turns are stored every few seconds; finished days are counted, old conversations deleted every hour."""
    logbook, kept = app[keys.LOGBOOK], timedelta(days=app[keys.SETTINGS].keep_days)

    # Apart from each other: what cannot be counted must still go when its time is over.
    def count() -> None:
        city = city_of(read_directory(app[keys.DIRECTORY]))
        roll_up(app[keys.STAFF].engine, city, datetime.now(UTC))

    def expire() -> None:
        expiry.expire(app[keys.STAFF].engine, logbook, datetime.now(UTC) - kept)

    tasks = [
        asyncio.create_task(_again_and_again("drain", logbook.drain, DRAIN_EVERY)),
        asyncio.create_task(_again_and_again("count", count, EXPIRE_EVERY)),
        asyncio.create_task(_again_and_again("expire", expire, EXPIRE_EVERY)),
    ]
    yield
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _again_and_again(name: str, work: Callable[[], object], pause: float) -> None:
    while True:
        try:
            await asyncio.to_thread(work)
        except Exception as error:
            # The work is still there next time; a failed attempt must not end the attempts.
            log.warning("%s: %s", name, type(error).__name__)
        await asyncio.sleep(pause)


async def _databases_closed(app: web.Application) -> AsyncIterator[None]:
    yield
    app[keys.STAFF].close()
    app[keys.DIRECTORY].dispose()


async def _models_served(app: web.Application) -> AsyncIterator[None]:
    await app[keys.MODELS].start()
    yield
    await app[keys.MODELS].close()
