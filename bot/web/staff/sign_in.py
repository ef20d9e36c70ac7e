"""Signing in and out. The form is sent by script as JSON, so the rules of bot.web.security hold for it as for all."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from aiohttp import web

from bot.staff.accounts import Account
from bot.staff.audit import NOBODY
from bot.staff.throttle import Throttle
from bot.web import content
from bot.web.errors import ApiError
from bot.web.keys import SETTINGS, STAFF
from bot.web.limits import client_address
from bot.web.payload import read_json
from bot.web.staff import cookie, layout
from bot.web.staff.area import ANYBODY, DESK, Area, StaffRoute
from bot.web.staff.gate import member, note

THROTTLE: Final = web.AppKey("staff_throttle", Throttle)
#: One password is checked at a time: it takes 64 MiB and a core, and residents are being answered meanwhile.
CHECKING: Final = web.AppKey("staff_checking", asyncio.Semaphore)

_UNSAFE = (
    "この接続は暗号化されていないため、パスワードを送れません。https:// のアドレスで開いてください。"
    "（管理者の方へ: https のプロキシのうしろで、TSUNAGU_TRUSTED_PROXY=1 にして動かしてください。）"
)


async def form(request: web.Request) -> web.Response:
    """GET /staff/sign-in?next=…: the page's script goes there afterwards, if it is a path below /staff/."""
    return layout.page(request, "sign_in.html", unsafe=None if cookie.is_safe(request) else _UNSAFE)


async def sign_in(request: web.Request) -> web.Response:
    """Body {"name", "password"}; answers like `me` and sets the cookie.

    403 with code `wrong_password` (also for a name that does not exist or is disabled), 429 after too many mistakes,
    400 with code `unsafe_connection` where the password would travel in the clear.
    """
    if not cookie.is_safe(request):
        raise ApiError(400, code="unsafe_connection", message=_UNSAFE)
    body = await read_json(request)
    name, password = body.get("name"), body.get("password")
    if not isinstance(name, str) or not isinstance(password, str):
        raise ApiError(400)
    account = await checked(request, name.strip().lower(), password)
    return await _let_in(request, account)


async def checked(request: web.Request, name: str, password: str) -> Account:
    """The account of a right password; else ApiError as for `sign_in`. Every mistake is counted and recorded."""
    register, throttle = request.app[STAFF], request.app[THROTTLE]
    address = client_address(request, trusted_proxy=request.app[SETTINGS].trusted_proxy)
    if wait := throttle.attempt(name, address):
        minutes = -(-wait // 60)
        words = f"間違いが続いたので、少し止めています。{minutes}分ほど待ってから、もう一度ためしてください。"
        raise ApiError(429, retry_after=wait, code="too_many_mistakes", message=words)
    async with request.app[CHECKING]:
        account = await asyncio.to_thread(register.accounts.check, name, password)
    if account is None:
        # Not the name that was typed: people type their password there.
        await asyncio.to_thread(register.audit.write, NOBODY, "session.wrong_password")
        raise ApiError(403, code="wrong_password", message="名前かパスワードが違います。もう一度入力してください。")
    throttle.succeeded(name, address)
    return account


async def sign_out(request: web.Request) -> web.Response:
    """End this session; no error where nobody is signed in."""
    register, token = request.app[STAFF], cookie.token(request)
    if token is not None:
        account = await asyncio.to_thread(register.sessions.find, token)
        if account is not None:
            await asyncio.to_thread(register.audit.write, account.name, "session.end")
        await asyncio.to_thread(register.sessions.end, token)
    response = web.json_response({})
    cookie.drop(request, response)
    return response


async def sign_out_everywhere(request: web.Request) -> web.Response:
    """End all sessions of the signed-in person, this one too; answers {"ended": how many}."""
    await note(request, "session.end_all")
    ended = await asyncio.to_thread(request.app[STAFF].sessions.end_all, member(request))
    response = web.json_response({"ended": ended})
    cookie.drop(request, response)
    return response


async def me(request: web.Request) -> web.Response:
    """Who is signed in: {"id", "name", "display_name", "role"}."""
    return web.json_response(_about(member(request)), dumps=content.dumps)


async def _let_in(request: web.Request, account: Account) -> web.Response:
    register = request.app[STAFF]
    await asyncio.to_thread(register.audit.write, account.name, "session.start")
    if (old := cookie.token(request)) is not None:
        await asyncio.to_thread(register.sessions.end, old)
    token = await asyncio.to_thread(register.sessions.start, account)
    response = web.json_response(_about(account), dumps=content.dumps)
    cookie.put(request, response, token)
    return response


def _about(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "name": account.name,
        "display_name": account.display_name,
        "role": account.role.value,
    }


AREA = Area(
    routes=(
        StaffRoute("GET", "/staff/sign-in", form, ANYBODY),
        StaffRoute("POST", "/api/v1/staff/sign-in", sign_in, ANYBODY),
        StaffRoute("POST", "/api/v1/staff/sign-out", sign_out, ANYBODY),
        StaffRoute("POST", "/api/v1/staff/sign-out-everywhere", sign_out_everywhere, DESK),
        StaffRoute("GET", "/api/v1/staff/me", me, DESK),
    ),
    actions={
        "session.start": "サインインした",
        "session.end": "サインアウトした",
        "session.end_all": "すべての端末でサインアウトした",
        "session.wrong_password": "名前かパスワードが違った",
    },
)
