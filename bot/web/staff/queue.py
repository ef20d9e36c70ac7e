"""Live conversations at the desk: the queue, one talk in it, taking it over, writing as a person, handing it back."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from typing import Any, Final, Literal

from aiohttp import web

from bot.staff import live_reading
from bot.staff.live import RESIDENT_AWAY
from bot.staff.live_reading import Entry, Line
from bot.staff.live_talk import Event, State, Talk
from bot.web import content, incoming
from bot.web.errors import ApiError
from bot.web.keys import STAFF
from bot.web.live.looks import LOOKS
from bot.web.live.public import masked
from bot.web.live.resident import BELL, QUEUE
from bot.web.payload import read_json
from bot.web.staff import layout
from bot.web.staff.area import DESK, Area, StaffRoute
from bot.web.staff.gate import member, note

JSON = dict[str, Any]

#: Seconds that the page's request waits for news. It is the page's heartbeat as well: bot.staff.live.LEASE is longer
#: than three of them. Held by the server, because browsers slow down the timers of a tab in the background.
HOLD: Final = 12.0
LONGEST: Final = 2000
_ID = re.compile(r"[0-9a-zA-Z-]{8,64}")

_NOT_YOURS = "この会話は、いまはあなたの担当ではありません。ほかの職員に移ったか、相手が終わりました。"
_TAKEN = "ほかの職員が先に引き受けたか、相手が終わりました。"


async def page(request: web.Request) -> web.Response:
    """GET /staff/queue: the page; what it shows comes with `watch`."""
    return layout.page(request, "queue.html", longest=LONGEST)


async def watch(request: web.Request) -> web.Response:
    """Body {"page": id of the open page, "talk": id or null, "version": the last answer's}; waits up to 12 s for news.

    Answers {"version", "talks": [...], "talk": the opened one, {"gone": true}, or null}. Being asked is the heartbeat
    of the page: it shows that somebody is there, and keeps what its clerk has taken.
    """
    body = await read_json(request)
    open_page, talk = read_id(body, "page"), read_id(body, "talk") if body.get("talk") is not None else None
    version = body.get("version")
    if not isinstance(version, int):
        raise ApiError(400)
    queue, bell, account = request.app[QUEUE], request.app[BELL], member(request)
    await _looked(request, "queue.view", "")
    if talk is not None:
        await _looked(request, "queue.read", talk)
    await asyncio.to_thread(queue.beat, open_page, account.id)
    tick = await bell.now()
    if version == tick and await bell.changed(tick, HOLD):
        tick = await bell.now()
    engine = request.app[STAFF].engine
    entries = await asyncio.to_thread(live_reading.entries, engine)
    answer = {
        "version": tick,
        "talks": [_entry(entry, account.id) for entry in entries],
        "talk": None if talk is None else await _opened(request, talk),
    }
    return web.json_response(answer, dumps=content.dumps)


async def take(request: web.Request) -> web.Response:
    """Body {"talk"}: answer there from now on. 409 when somebody else was quicker."""
    talk = read_id(await read_json(request), "talk")
    await note(request, "queue.take", "talk", talk)
    taken = await asyncio.to_thread(request.app[QUEUE].take, talk, member(request).id)
    return _done(request, taken, _TAKEN)


async def say(request: web.Request) -> web.Response:
    """Body {"talk", "text", "key": any id, the same when sent again}; answers {"text": as it was delivered, masked}."""
    body = await read_json(request)
    talk, key, text = read_id(body, "talk"), read_id(body, "key"), body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ApiError(400)
    if len(text) > LONGEST:
        raise ApiError(400, code="too_long", message=f"一度に送れるのは{LONGEST}文字までです。分けて送ってください。")
    account = member(request)
    await note(request, "queue.say", "talk", talk)
    sent = await asyncio.to_thread(masked, request.app, incoming.read(text).text.strip(), account.display_name)
    said = await asyncio.to_thread(request.app[QUEUE].say, talk, account.id, sent, key)
    return _done(request, said, _NOT_YOURS, text=sent)


async def hand_back(request: web.Request) -> web.Response:
    """Body {"talk"}: the bot goes on. 409 when it is not theirs."""
    return await _close(request, "queue.hand_back", Event.HANDED_BACK)


async def end(request: web.Request) -> web.Response:
    """Body {"talk"}: the talk with a person is over. 409 when it is not theirs."""
    return await _close(request, "queue.end", Event.ENDED)


async def away(request: web.Request) -> web.Response:
    """Body {"page"}: that page is being closed; nobody is there unless another one is open."""
    await asyncio.to_thread(request.app[QUEUE].away, read_id(await read_json(request), "page"))
    return web.json_response({})


async def _close(request: web.Request, action: str, event: Literal[Event.HANDED_BACK, Event.ENDED]) -> web.Response:
    talk = read_id(await read_json(request), "talk")
    await note(request, action, "talk", talk)
    closed = await asyncio.to_thread(request.app[QUEUE].close, talk, member(request).id, event)
    return _done(request, closed, _NOT_YOURS)


def _done(request: web.Request, done: bool, otherwise: str, **answer: str) -> web.Response:
    if not done:
        raise ApiError(409, code="not_yours", message=otherwise)
    request.app[BELL].ring()
    return web.json_response(answer, dumps=content.dumps)


async def _looked(request: web.Request, action: str, talk: str) -> None:
    """Into the audit log, once a look."""
    looks, account = request.app[LOOKS], member(request).id
    if not looks.goes_on(account, talk):
        await note(request, action, "talk" if talk else "", talk)
    looks.looked(account, talk)


async def _opened(request: web.Request, id: str) -> JSON:
    found = await asyncio.to_thread(live_reading.one, request.app[STAFF].engine, id)
    if found is None:
        return {"gone": True, "id": id}
    talk, lines = found
    triage = talk.triage or {}
    return {
        **_about(talk, member(request).id),
        "windows": [{"name": window["name"], "phone": window["phone"]} for window in triage.get("windows", ())],
        "lines": [_line(line) for line in lines],
    }


def _entry(entry: Entry, account: str) -> JSON:
    about = {"district": entry.district, "last": entry.last, "clerk": entry.clerk}
    return {**_about(entry.talk, account), **about}


def _about(talk: Talk, account: str) -> JSON:
    return {
        "id": talk.id,
        "asked_at": talk.asked_at.isoformat(),
        "reason": talk.reason,
        "crisis": talk.crisis,
        "areas": [area["label"] for area in (talk.triage or {}).get("areas", ())],
        "state": talk.state,
        "mine": talk.state == State.TAKEN and talk.taken_by == account,
        "here": datetime.now(UTC) - talk.seen_at < RESIDENT_AWAY,
    }


def _line(line: Line) -> JSON:
    return {"from": line.sender, "text": line.text, "crisis": line.crisis, "at": line.at.isoformat()}


def read_id(body: JSON, key: str) -> str:
    """An id of a page, a talk or a message in a request; 400 for anything else."""
    value = body.get(key)
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ApiError(400)
    return value


AREA = Area(
    routes=(
        StaffRoute("GET", "/staff/queue", page, DESK),
        StaffRoute("POST", "/api/v1/staff/queue/watch", watch, DESK),
        StaffRoute("POST", "/api/v1/staff/queue/take", take, DESK),
        StaffRoute("POST", "/api/v1/staff/queue/say", say, DESK),
        StaffRoute("POST", "/api/v1/staff/queue/back", hand_back, DESK),
        StaffRoute("POST", "/api/v1/staff/queue/end", end, DESK),
        StaffRoute("POST", "/api/v1/staff/queue/away", away, DESK),
    ),
    actions={
        "queue.view": "順番待ちを見た",
        "queue.read": "待っている人の会話を読んだ",
        "queue.take": "会話を引き受けた（引き受けようとした）",
        "queue.say": "相談した人に書いた",
        "queue.hand_back": "会話をつなぐに戻した",
        "queue.end": "会話を終わった",
    },
)
