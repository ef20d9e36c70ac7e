"""POST /api/v1/erase: the resident takes back what was written."""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web

from bot.engine.client import EngineUnavailable
from bot.web import content
from bot.web.keys import CONVERSATIONS, ENGINE, LOGBOOK, MODELS
from bot.web.payload import read_json

log = logging.getLogger(__name__)


async def erase(request: web.Request) -> web.Response:
    """Delete the log and the state of a conversation; answers {"erased": number of turns}.

    An id that is not ours erases nothing and is no error.
    """
    body = await read_json(request)
    conversations = request.app[CONVERSATIONS]
    conversation = conversations.known(body.get("conversation"))
    erased = 0
    if conversation is not None:
        # A turn still being answered would be written after the deletion: wait for it.
        async with conversations.turn(conversation):
            try:
                await request.app[ENGINE].forget(conversation)
            except EngineUnavailable:
                log.info("erase: the engine is away; its state goes with the log")
            await request.app[MODELS].shadow.forget(conversation)
            erased = await asyncio.to_thread(request.app[LOGBOOK].erase, conversation)
    return web.json_response({"erased": erased}, dumps=content.dumps)
