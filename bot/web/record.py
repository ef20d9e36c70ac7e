"""Keeping a turn before its answer goes out."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.logbook.turns import Turn
from bot.web.keys import GAZETTEER, LOGBOOK, SETTINGS

log = logging.getLogger(__name__)


async def record(
    request: web.Request,
    conversation: str,
    text: str,
    reply: dict[str, Any],
    *,
    at: datetime,
    seconds: float,
    degraded: bool,
) -> str | None:
    """Write the turn, masked, in a thread: masking and the database must not hold up other conversations.

    Returns its id, or None when it was not kept.

    The logbook keeps a turn even when its database is away; whatever else goes wrong, the resident's answer goes out.
    """
    origin = request.headers.get("Origin")
    gazetteer, logbook = request.app[GAZETTEER], request.app[LOGBOOK]

    def write() -> str:
        turn = Turn(
            conversation=conversation,
            text=text,
            reply=reply,
            at=at,
            duration_ms=round(seconds * 1000),
            source="widget" if origin in request.app[SETTINGS].origins else "page",
            degraded=degraded,
            places=gazetteer.find(text).spans,
        )
        logbook.write(turn)
        return turn.id

    try:
        return await asyncio.to_thread(write)
    except Exception as error:
        log.error("a turn was not kept: %s", type(error).__name__)
        return None
