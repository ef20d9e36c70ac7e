"""POST /api/v1/feedback: whether the last answer helped. One tap, no words."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from aiohttp import web

from bot.logbook.feedback import keep
from bot.web import content
from bot.web.errors import ApiError
from bot.web.keys import CONVERSATIONS, LIMITER, SETTINGS, STAFF
from bot.web.limits import client_address
from bot.web.payload import read_json


async def feedback(request: web.Request) -> web.Response:
    """Body {"conversation": id, "helpful": true or false}; answers {"kept": whether there was an answer to speak of}.

    An id that is not ours keeps nothing and is no error.
    """
    body = await read_json(request)
    helpful = body.get("helpful")
    if not isinstance(helpful, bool):
        raise ApiError(400)
    address = client_address(request, trusted_proxy=request.app[SETTINGS].trusted_proxy)
    if wait := request.app[LIMITER].wait(address):
        raise ApiError(429, retry_after=wait)
    conversation = request.app[CONVERSATIONS].known(body.get("conversation"))
    kept = False
    if conversation is not None:
        # The turn itself is written before its answer goes out, under the same lock.
        async with request.app[CONVERSATIONS].turn(conversation):
            kept = await asyncio.to_thread(keep, request.app[STAFF].engine, conversation, helpful, datetime.now(UTC))
    return web.json_response({"kept": kept}, dumps=content.dumps)
