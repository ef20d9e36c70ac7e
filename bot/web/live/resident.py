"""The resident's side of a live conversation: hooks into the chat, and listening for what a person writes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from agency_db.cache import DirectoryCache
from bot.logbook.masking import mask
from bot.safety import crisis as rules
from bot.safety import fallback
from bot.safety.incoming import excerpt
from bot.settings import TOKYO
from bot.staff.live import LiveQueue
from bot.staff.live_reading import PERSON
from bot.staff.live_talk import Event, Message, State, Talk
from bot.web import content, incoming
from bot.web.answering import crisis_first
from bot.web.errors import ApiError
from bot.web.keys import CONVERSATIONS, DIRECTORY, GAZETTEER, LIMITER, SETTINGS, STAFF
from bot.web.limits import client_address
from bot.web.live import words
from bot.web.live.bell import Bell
from bot.web.live.looks import LOOKS, Looks
from bot.web.live.public import CONTACTS
from bot.web.payload import read_json

JSON = dict[str, Any]
log = logging.getLogger(__name__)

QUEUE: Final = web.AppKey("live_queue", LiveQueue)
BELL: Final = web.AppKey("live_bell", Bell)

#: Seconds that a request of the resident's page waits for news: below what proxies and mobile networks cut off.
HOLD: Final = 25.0
_EXPIRE_EVERY = 3600.0
# Nothing that goes wrong here may keep the bot's answer from a resident.
_AWAY = (SQLAlchemyError, OSError)
# What concerns the clerk alone.
_NOT_FOR_RESIDENTS = frozenset({Event.RESIDENT_LEFT})


def open_live(app: web.Application) -> None:
    """Add what live conversations need, and POST /api/v1/listen; the application has its staff register already."""
    queue = LiveQueue(app[STAFF].engine)
    app[QUEUE] = queue
    app[BELL] = Bell(queue.tick)
    app[LOOKS] = Looks()
    app[CONTACTS] = DirectoryCache(app[DIRECTORY])
    app.router.add_post("/api/v1/listen", listen)
    app.cleanup_ctx.append(_running)
    app.on_shutdown.append(_let_go)


async def find(request: web.Request, conversation: str) -> Talk | None:
    """The conversation's talk, as it stands before its next message is answered; None while the database is away."""
    try:
        return await asyncio.to_thread(request.app[QUEUE].find, conversation)
    except _AWAY as error:
        log.warning("live: %s", type(error).__name__)
        return None


async def by_person(
    request: web.Request, talk: Talk | None, message: incoming.Message, crisis: rules.Crisis | None, at: datetime
) -> JSON | None:
    """The reply while a person answers: the bot is silent and the clerk gets the message, masked. None if none does.

    A crisis that was not known yet brings the hotlines all the same: the person may be slow, or just have left.
    """
    if talk is None or talk.state != State.TAKEN:
        return None
    try:
        text = await asyncio.to_thread(_masked, request, excerpt(message.text, crisis))
        kind = crisis.kind if crisis else "none"
        if await asyncio.to_thread(request.app[QUEUE].hear, talk.conversation, text, kind) is None:
            return None
    except _AWAY as error:
        log.warning("live: %s", type(error).__name__)
        return None
    request.app[BELL].ring()
    reply: JSON = {"kind": "human", "messages": [], "triage": talk.triage, "model": PERSON}
    if crisis is not None and crisis.kind != talk.crisis:
        safe = await asyncio.to_thread(fallback.reply, message.text, at)
        return crisis_first(reply, safe)
    return reply


async def after_reply(request: web.Request, conversation: str, talk: Talk | None, reply: JSON) -> JSON | None:
    """The reply's `live`: how it stands with a person. None where nobody was asked for.

    Who asks for a person and who is in danger waits from now on; after a clerk ended a talk only a new word of either
    brings it back, not a follow-up that repeats the crisis of before.
    """
    if reply["model"] == PERSON:
        return {"state": State.TAKEN}
    queue = request.app[QUEUE]
    triage, kind = reply.get("triage"), reply["kind"]
    crisis = (triage or {}).get("crisis", "none")
    kept = None if triage is None else _without_words(triage)
    try:
        if kind in ("human", "crisis") or (talk is None and crisis != "none"):
            danger = crisis if kind == "crisis" or talk is None else "none"
            talk = await asyncio.to_thread(queue.ask, conversation, danger, kept)
        elif talk is not None and kind == "restart":
            await asyncio.to_thread(queue.leave, conversation)
            return {"state": State.LEFT}
        elif talk is not None:
            await asyncio.to_thread(queue.keep, conversation, kept)
        if talk is None:
            return None
        request.app[BELL].ring()
        return await _standing(queue, talk)
    except _AWAY as error:
        log.warning("live: %s", type(error).__name__)
        return None


async def forget(request: web.Request, conversation: str) -> None:
    """The resident erases the conversation. While the database is away `expire` does it, as the log forgets it then."""
    with suppress(*_AWAY):
        await asyncio.to_thread(request.app[QUEUE].forget, conversation)
        request.app[BELL].ring()


async def listen(request: web.Request) -> web.Response:
    """POST {"conversation", "after": number of the last message, "version", "leave"?: true}; waits up to 25 s for news.

    Answers {"state", "version", "after", "messages": [{"number", "from", "text" or "event", "at"}]}, and while it
    waits "staffed", "note" and "lines"; state "none" for a conversation without a talk. A POST because the id must not
    stand in an address. 400, 429 as ApiError.
    """
    body = await read_json(request)
    after, version = body.get("after", 0), body.get("version", 0)
    if not isinstance(after, int) or not isinstance(version, int) or not 0 <= after < 2**31:
        raise ApiError(400)
    address = client_address(request, trusted_proxy=request.app[SETTINGS].trusted_proxy)
    if wait := request.app[LIMITER].wait(address):
        raise ApiError(429, retry_after=wait)
    conversation = request.app[CONVERSATIONS].known(body.get("conversation"))
    if conversation is None:
        return _answer({"state": "none", "messages": []})
    queue, bell = request.app[QUEUE], request.app[BELL]
    if body.get("leave") is True:
        await asyncio.to_thread(queue.leave, conversation)
        bell.ring()
        return _answer({"state": State.LEFT, "messages": []})
    await asyncio.to_thread(queue.seen, conversation)
    until = asyncio.get_running_loop().time() + HOLD
    while True:
        tick = await bell.now()
        talk = await asyncio.to_thread(queue.find, conversation)
        if talk is None:
            return _answer({"state": "none", "messages": []})
        messages = await asyncio.to_thread(queue.messages, talk.id, after)
        left = until - asyncio.get_running_loop().time()
        idle = talk.version == version and talk.state in (State.WAITING, State.TAKEN)
        if not idle or left <= 0 or not await bell.changed(tick, left):
            standing = await _standing(queue, talk)
            shown = [_shown(one) for one in messages if _for_resident(one)]
            return _answer({**standing, "after": messages[-1].number if messages else after, "messages": shown})


def now() -> datetime:
    """The time in Japan, so that tests can turn it."""
    return datetime.now(TOKYO)


async def _standing(queue: LiveQueue, talk: Talk) -> JSON:
    standing: JSON = {"state": talk.state, "version": talk.version}
    if talk.state != State.WAITING:
        return standing
    staffed, at = await asyncio.to_thread(queue.staffed), now()
    note = words.note(staffed=staffed, crisis=talk.crisis, at=at)
    return {**standing, "staffed": staffed, "note": note, "lines": words.lines(talk.crisis, at)}


def _for_resident(message: Message) -> bool:
    return message.sender == "staff" or (message.sender == "system" and message.text not in _NOT_FOR_RESIDENTS)


def _shown(message: Message) -> JSON:
    said = {"event": message.text} if message.sender == "system" else {"text": message.text}
    return {"number": message.number, "from": message.sender, "at": message.at.isoformat(), **said}


def _masked(request: web.Request, text: str) -> str:
    return mask(text, request.app[GAZETTEER].find(text).spans).replace("\x00", "")


def _without_words(triage: JSON) -> JSON:
    """Evidence quotes what the resident wrote, unmasked."""
    return {**triage, "areas": [{**area, "evidence": []} for area in triage.get("areas", ())]}


def _answer(body: JSON) -> web.Response:
    return web.json_response(body, dumps=content.dumps)


async def _running(app: web.Application) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(app[BELL].run()), asyncio.create_task(_expire(app))]
    yield
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _let_go(app: web.Application) -> None:
    app[BELL].close()


async def _expire(app: web.Application) -> None:
    kept = timedelta(days=app[SETTINGS].keep_days)
    while True:
        try:
            await asyncio.to_thread(app[QUEUE].expire, datetime.now(UTC) - kept)
        except _AWAY as error:
            log.warning("live: %s", type(error).__name__)
        await asyncio.sleep(_EXPIRE_EVERY)
