"""GET /staff/keeping: how long words are kept, and deleting one conversation whose writer asks for it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from aiohttp import web

from bot.keeping import expiry
from bot.logbook import codes
from bot.settings import TOKYO
from bot.web.erase import forget
from bot.web.errors import ApiError
from bot.web.keys import SETTINGS, STAFF
from bot.web.payload import read_json
from bot.web.staff import layout
from bot.web.staff.area import OPERATE, Area, StaffRoute
from bot.web.staff.gate import note

_NOT_FOUND = "この番号の会話はありません。もう消えているか、番号が違うかもしれません。"


async def keeping(request: web.Request) -> web.Response:
    """What is kept for how long, what goes next, and the form that finds a conversation by its code."""
    days = request.app[SETTINGS].keep_days
    now = datetime.now(UTC)
    engine = request.app[STAFF].engine
    tomorrow = await asyncio.to_thread(expiry.due, engine, now - timedelta(days=days - 1))
    return layout.page(request, "keeping.html", days=days, tomorrow=tomorrow)


async def find(request: web.Request) -> web.Response:
    """Body {"code"}; answers {"code", "found": [{"started", "last", "turns"}]}: never the words, never the id."""
    code = await _code(request)
    await note(request, "keeping.find", "conversation", code)
    found = await asyncio.to_thread(codes.find, request.app[STAFF].engine, code)
    if not found:
        raise ApiError(404, message=_NOT_FOUND)
    return web.json_response({"code": code, "found": [_facts(one) for one in found]})


async def erase(request: web.Request) -> web.Response:
    """Body {"code"}; deletes the conversation wherever it is kept, answers {"erased": number of turns}.

    Should two conversations ever share the code, neither is touched: 409.
    """
    code = await _code(request)
    engine = request.app[STAFF].engine
    found = await asyncio.to_thread(codes.find, engine, code)
    if not found:
        raise ApiError(404, message=_NOT_FOUND)
    if len(found) > 1:
        raise ApiError(409, message="同じ番号の会話が2つあります。日時をたしかめて、管理者に相談してください。")
    await note(request, "keeping.erase", "conversation", code)
    erased = await forget(request, found[0].conversation)
    return web.json_response({"erased": erased})


async def _code(request: web.Request) -> str:
    body = await read_json(request)
    written = body.get("code")
    code = codes.read_code(written) if isinstance(written, str) else None
    if code is None:
        raise ApiError(400, message="番号は、英字と数字を合わせて8文字です。")
    return code


def _facts(found: codes.Found) -> dict[str, object]:
    return {
        "started": f"{found.started.astimezone(TOKYO):%Y-%m-%d %H:%M}",
        "last": f"{found.last_activity.astimezone(TOKYO):%Y-%m-%d %H:%M}",
        "turns": found.turns,
    }


AREA = Area(
    routes=(
        StaffRoute("GET", "/staff/keeping", keeping, OPERATE),
        StaffRoute("POST", "/api/v1/staff/keeping/find", find, OPERATE),
        StaffRoute("POST", "/api/v1/staff/keeping/erase", erase, OPERATE),
    ),
    actions={
        "keeping.find": "会話を番号でさがした",
        "keeping.erase": "頼まれて、会話を消した",
    },
)
