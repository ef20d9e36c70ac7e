"""POST /api/v1/chat: a message in, a reply of the contract out. Whatever is down, the resident gets an answer."""

from __future__ import annotations

import asyncio
from datetime import datetime
from time import perf_counter
from typing import Any

from aiohttp import web

from bot.engine.client import EngineUnavailable
from bot.logbook.codes import code_of
from bot.safety import crisis as rules
from bot.safety import fallback
from bot.safety.incoming import excerpt, for_model
from bot.settings import TOKYO
from bot.web import content, incoming
from bot.web.answering import crisis_first, evidence_as_sent, unread_crisis
from bot.web.errors import ApiError
from bot.web.incoming import Message
from bot.web.keys import CONVERSATIONS, ENGINE, LIMITER, MODELS, SETTINGS
from bot.web.limits import client_address
from bot.web.live import resident as live
from bot.web.payload import read_json
from bot.web.record import record

JSON = dict[str, Any]

# A very long text is as much work as several messages, and counts as them: one for every so many characters.
_ONE_MESSAGE = 30_000


async def chat(request: web.Request) -> web.Response:
    """Answer one message of a conversation.

    Body: {"conversation": id or null, "text": string}; the answer carries `code` (bot.logbook.codes), and `live`
    where somebody asked for a person (bot.web.live.resident). An id that is not ours starts a new conversation. 400,
    413, 415 and 429 as ApiError; over the limit a crisis is still answered, by the rules alone.
    """
    body = await read_json(request)
    text = body.get("text")
    if not isinstance(text, str):
        raise ApiError(400)
    address = client_address(request, trusted_proxy=request.app[SETTINGS].trusted_proxy)
    wait = request.app[LIMITER].wait(address, 1 + len(text) // _ONE_MESSAGE)
    # Over the limit only so much is read as costs nothing: a flood of long texts must not keep others from an answer.
    message = incoming.read(excerpt(text) if wait else text)
    # Scanned whole, here, so that neither a long text nor a missing engine hides a crisis.
    crisis = await asyncio.to_thread(rules.detect, message.text)
    if wait and crisis is None:
        raise ApiError(429, retry_after=wait)

    conversations = request.app[CONVERSATIONS]
    known = conversations.known(body.get("conversation"))
    conversation = known or conversations.new()
    async with conversations.turn(conversation):
        at = datetime.now(TOKYO)
        started = perf_counter()
        talk = await live.find(request, conversation)
        by_person = await live.by_person(request, talk, message, crisis, at)
        text = for_model(message.text, crisis)
        said = None if wait or by_person is not None else await _ask_engine(request, conversation, text)
        reply = by_person if by_person is not None else await _safe(said, crisis, message, at)
        evidence_as_sent(reply, message)
        kept = excerpt(message.text, crisis)
        seconds = perf_counter() - started
        degraded = said is None and by_person is None
        turn = await record(request, conversation, kept, reply, at=at, seconds=seconds, degraded=degraded)
        standing = await live.after_reply(request, conversation, talk, reply)
    request.app[MODELS].shadow.offer(conversation, turn, text, said, fresh=known is None)
    answer = {**reply, "conversation": conversation, "code": code_of(conversation)}
    return web.json_response(answer | ({} if standing is None else {"live": standing}), dumps=content.dumps)


async def _ask_engine(request: web.Request, conversation: str, text: str) -> JSON | None:
    """The engine's reply; None while it cannot answer."""
    try:
        return await request.app[ENGINE].turn(conversation, text)
    except EngineUnavailable:
        return None


async def _safe(said: JSON | None, crisis: rules.Crisis | None, message: Message, at: datetime) -> JSON:
    """What the engine said, with a crisis put first that lies where it could not read; without it, the rules' reply."""
    if said is not None and not unread_crisis(said, crisis, message.text):
        return said
    safe = await asyncio.to_thread(fallback.reply, message.text, at)
    return safe if said is None else crisis_first(said, safe)
