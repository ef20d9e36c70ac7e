"""POST /api/v1/staff/review/…: what operators note, decide, and make into examples."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final, TypeVar

from aiohttp import web

from agency_db.terms import DISTRICTS
from bot.learning.examples import NotFit
from bot.learning.filters import TAGS
from bot.learning.review_file import ACTS
from bot.learning.review_marks import Decision, Gone, ReasonNeeded
from bot.web import content
from bot.web.errors import ApiError
from bot.web.keys import GAZETTEER, STAFF
from bot.web.payload import read_json
from bot.web.staff.area import OPERATE, StaffRoute
from bot.web.staff.gate import member, note
from bot.web.staff.review_room import CRISES, ROOM
from bot.web.staff.review_talk import label_shown

JSON = dict[str, Any]
T = TypeVar("T")

_MOST_AREAS = 8
_NOT_FIT: Final = {
    "empty": "例文を書いてください。",
    "too_long": "例文が長すぎます。2,000字までにしてください。",
    "mask_left": "〔名前〕のような印が残っています。そこを、だれのことかわからない言い方に書きかえてください。",
    "person": "名前や電話番号、住所のように見えるところがあります。だれのことかわからない言い方に書きかえてください。",
    "held_out": "ためし用の文とほとんど同じなので、例文にできません。ちがう言い方にしてください。",
    "known": "同じ例文が、もうあります。",
    "no_area": "分野を一つ以上選ぶか、「対象外」にしてください。",
}


async def reviewed(request: web.Request) -> web.Response:
    """Body {"reviewed": true or false}."""
    value = _flag(await read_json(request), "reviewed")
    id, who = request.match_info["id"], member(request).name
    await _tried(lambda: request.app[ROOM].marks.set_reviewed(id, who, value))
    await note(request, "review.seen" if value else "review.unseen", "conversation", id)
    return web.json_response({})


async def saved(request: web.Request) -> web.Response:
    """Body {"saved": true or false}."""
    value = _flag(await read_json(request), "saved")
    id = request.match_info["id"]
    await _tried(lambda: request.app[ROOM].marks.set_saved(id, value))
    await note(request, "review.save", "conversation", id)
    return web.json_response({})


async def tags(request: web.Request) -> web.Response:
    """Body {"tags": [ids]}: all that the conversation shall have."""
    value = _strings(await read_json(request), "tags", TAGS)
    id = request.match_info["id"]
    await _tried(lambda: request.app[ROOM].marks.set_tags(id, value))
    await note(request, "review.tag", "conversation", id)
    return web.json_response({})


async def set_note(request: web.Request) -> web.Response:
    """Body {"note": text}; answers {"note": as kept}, masked."""
    value = (await read_json(request)).get("note")
    if not isinstance(value, str):
        raise ApiError(400)
    id = request.match_info["id"]
    kept = await _tried(lambda: request.app[ROOM].marks.set_note(id, value))
    await note(request, "review.note", "conversation", id)
    return web.json_response({"note": kept}, dumps=content.dumps)


async def label(request: web.Request) -> web.Response:
    """Body {"areas", "act", "crisis", "out_of_scope", "district"?, "window"?, "reason"?}; answers {"labels"}.

    409 with code reason_needed where somebody else decided otherwise and no reason is given.
    """
    room = request.app[ROOM]
    decision = await asyncio.to_thread(_decision, request, await read_json(request))
    id, who = request.match_info["id"], member(request).name
    try:
        await _tried(lambda: room.marks.decide(id, who, decision))
    except ReasonNeeded as error:
        words = "ほかの人の直しとちがいます。なぜそう思うか、理由を書いてください。"
        raise ApiError(409, code="reason_needed", message=words) from error
    await note(request, "review.label", "turn", id)
    await _tried(lambda: room.examples.follow(id, who, decision))
    return web.json_response({"labels": await asyncio.to_thread(_labels, request, id)}, dumps=content.dumps)


async def example(request: web.Request) -> web.Response:
    """Body {"text"}: the turn's standing label with this sentence; answers {"id"}. 400 with the reason in words."""
    room = request.app[ROOM]
    text = (await read_json(request)).get("text")
    if not isinstance(text, str):
        raise ApiError(400)
    id, who = request.match_info["id"], member(request).name
    found = await asyncio.to_thread(room.conversations.turn, id)
    if found is None:
        raise ApiError(404)
    if not found[1]:
        raise ApiError(400, code="undecided", message="先に、この発言の直しを残してください。")
    last = found[1][-1]
    decision = Decision(tuple(last.areas), last.act, last.crisis, last.out_of_scope)

    def add() -> int:
        places = request.app[GAZETTEER].find(text).spans
        return room.examples.add(id, who, text, decision, places)

    try:
        added = await _tried(add)
    except NotFit as error:
        raise ApiError(400, code=error.problem, message=_NOT_FIT[error.problem]) from error
    await note(request, "review.example", "turn", id)
    return web.json_response({"id": added})


async def withdraw(request: web.Request) -> web.Response:
    """An example leaves the file. Body {}."""
    await read_json(request)
    id, who = request.match_info["id"], member(request).name
    if not (id.isascii() and id.isdigit() and len(id) < 18):
        raise ApiError(404)
    await _tried(lambda: request.app[ROOM].examples.withdraw(int(id), who))
    await note(request, "review.withdraw", "example", id)
    return web.json_response({})


async def _tried(work: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(work)
    except Gone as error:
        words = "この会話は、もう記録にありません。書いた人が消したか、残す期間がすぎました。"
        raise ApiError(404, message=words) from error


def _labels(request: web.Request, turn: str) -> list[JSON]:
    room = request.app[ROOM]
    found = room.conversations.turn(turn)
    people = {one.name: one.display_name for one in request.app[STAFF].accounts.list()}
    areas, windows = room.areas(), room.windows()
    return [label_shown(one, areas, windows, people) for one in (found[1] if found else ())]


def _decision(request: web.Request, body: JSON) -> Decision:
    room = request.app[ROOM]
    areas = _strings(body, "areas", room.areas())
    reason = body.get("reason", "")
    if len(areas) > _MOST_AREAS or len(set(areas)) < len(areas) or not isinstance(reason, str):
        raise ApiError(400)
    outside = _flag(body, "out_of_scope")
    return Decision(
        areas=() if outside else tuple(areas),
        act=_one(body, "act", ACTS) or "worry",
        crisis="none" if outside else _one(body, "crisis", CRISES) or "none",
        out_of_scope=outside,
        district=_one(body, "district", DISTRICTS),
        window=_one(body, "window", room.windows()),
        reason=reason,
    )


def _one(body: JSON, key: str, known: Any) -> str | None:
    value = body.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or value not in known:
        raise ApiError(400)
    return value


def _strings(body: JSON, key: str, known: Any) -> list[str]:
    value = body.get(key)
    if not isinstance(value, list) or not all(isinstance(one, str) and one in known for one in value):
        raise ApiError(400)
    return value


def _flag(body: JSON, key: str) -> bool:
    value = body.get(key)
    if not isinstance(value, bool):
        raise ApiError(400)
    return value


ROUTES: Final = (
    StaffRoute("POST", "/api/v1/staff/review/talks/{id}/reviewed", reviewed, OPERATE),
    StaffRoute("POST", "/api/v1/staff/review/talks/{id}/saved", saved, OPERATE),
    StaffRoute("POST", "/api/v1/staff/review/talks/{id}/tags", tags, OPERATE),
    StaffRoute("POST", "/api/v1/staff/review/talks/{id}/note", set_note, OPERATE),
    StaffRoute("POST", "/api/v1/staff/review/turns/{id}/label", label, OPERATE),
    StaffRoute("POST", "/api/v1/staff/review/turns/{id}/example", example, OPERATE),
    StaffRoute("POST", "/api/v1/staff/review/examples/{id}/withdraw", withdraw, OPERATE),
)
ACTIONS: Final = {
    "review.seen": "会話を見おわった",
    "review.unseen": "会話を見おわっていないことにした",
    "review.save": "会話をあとで見るようにした・やめた",
    "review.tag": "会話の札を変えた",
    "review.note": "会話のメモを書いた",
    "review.label": "発言の直しを残した",
    "review.example": "発言から例文を作った",
    "review.withdraw": "例文を取り下げた",
}
