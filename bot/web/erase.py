"""POST /api/v1/erase: the resident takes back what was written."""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.engine.client import EngineUnavailable
from bot.web import content
from bot.web.keys import CONVERSATIONS, ENGINE, LOGBOOK, MODELS
from bot.web.live import resident as live
from bot.web.payload import read_json
from bot.web.staff.review_room import ROOM

log = logging.getLogger(__name__)


async def erase(request: web.Request) -> web.Response:
    """Delete the log, the live talk and the state of a conversation; answers {"erased": number of turns}.

    An id that is not ours erases nothing and is no error.
    """
    body = await read_json(request)
    conversation = request.app[CONVERSATIONS].known(body.get("conversation"))
    erased = await forget(request, conversation) if conversation is not None else 0
    return web.json_response({"erased": erased}, dumps=content.dumps)


async def forget(request: web.Request, conversation: str) -> int:
    """Delete a conversation wherever it is kept, examples in its own words too; returns the number of turns.

    The resident's way and the operators' (on request, by the code) are this one.
    """
    # A turn still being answered would be written after the deletion: wait for it.
    async with request.app[CONVERSATIONS].turn(conversation):
        try:
            await request.app[ENGINE].forget(conversation)
        except EngineUnavailable:
            log.info("erase: the engine is away; its state goes with the log")
        await live.forget(request, conversation)
        await request.app[MODELS].shadow.forget(conversation)
        erased = await asyncio.to_thread(request.app[LOGBOOK].erase, conversation)
        try:
            await asyncio.to_thread(request.app[ROOM].examples.forget, conversation)
        except (SQLAlchemyError, OSError) as error:
            log.error("erase: reviewed examples were not looked through: %s", type(error).__name__)
    return erased
