"""GET /staff/account: one's own account."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.staff.passwords import WeakPassword
from bot.web.errors import ApiError
from bot.web.keys import STAFF
from bot.web.payload import read_json
from bot.web.staff import cookie, layout
from bot.web.staff.area import DESK, Area, StaffRoute
from bot.web.staff.gate import member, recording
from bot.web.staff.sign_in import checked


async def account(request: web.Request) -> web.Response:
    """Changing the password, signing out everywhere."""
    return layout.page(request, "account.html")


async def password(request: web.Request) -> web.Response:
    """Body {"current", "new"}. All sessions end; this browser gets a new one. 400 with code `weak_password`."""
    body = await read_json(request)
    current, new = body.get("current"), body.get("new")
    if not isinstance(current, str) or not isinstance(new, str):
        raise ApiError(400)
    # Asked again: somebody who finds an open desk must not take the account over.
    account = await checked(request, member(request).name, current)
    register = request.app[STAFF]
    record = recording(request, "account.own_password")
    try:
        await asyncio.to_thread(register.accounts.set_password, account, new, record)
    except WeakPassword as error:
        raise ApiError(400, code="weak_password", message=str(error)) from error
    response = web.json_response({})
    cookie.put(request, response, await asyncio.to_thread(register.sessions.start, account))
    return response


AREA = Area(
    routes=(
        StaffRoute("GET", "/staff/account", account, DESK),
        StaffRoute("POST", "/api/v1/staff/account/password", password, DESK),
    ),
    actions={"account.own_password": "自分のパスワードを変えた"},
)
