"""GET /staff/accounts: administrators look after the accounts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from aiohttp import web

from bot.staff.accounts import Account, AccountRefused, Accounts
from bot.staff.passwords import WeakPassword
from bot.staff.roles import Role
from bot.web.errors import ApiError
from bot.web.keys import STAFF
from bot.web.payload import read_json
from bot.web.staff import layout
from bot.web.staff.area import MANAGE, Area, StaffRoute
from bot.web.staff.gate import recording
from bot.web.staff.sign_in import CHECKING

JSON = dict[str, Any]
T = TypeVar("T")


async def accounts(request: web.Request) -> web.Response:
    """Everybody, with what may be changed."""
    everybody = await asyncio.to_thread(request.app[STAFF].accounts.list)
    return layout.page(request, "accounts.html", accounts=everybody, roles=list(Role))


async def add(request: web.Request) -> web.Response:
    """Body {"name", "display_name", "role", "password"}; answers {"id"}. 400 with the reason in words."""
    body = await read_json(request)
    name, shown, password = (_string(body, key) for key in ("name", "display_name", "password"))
    role = _role(body)
    record = recording(request, "account.add")
    added = await _tried(request, lambda: request.app[STAFF].accounts.add(name, password, role, shown, record))
    return web.json_response({"id": added.id})


async def set_role(request: web.Request) -> web.Response:
    """Body {"role"}; the account is signed out everywhere."""
    role = _role(await read_json(request))
    record = recording(request, "account.role")
    return await _changed(request, lambda accounts, one: accounts.set_role(one, role, record))


async def set_disabled(request: web.Request) -> web.Response:
    """Body {"disabled": true or false}; the account is signed out everywhere."""
    disabled = (await read_json(request)).get("disabled")
    if not isinstance(disabled, bool):
        raise ApiError(400)
    record = recording(request, "account.disable" if disabled else "account.enable")
    return await _changed(request, lambda accounts, one: accounts.set_disabled(one, disabled, record))


async def set_password(request: web.Request) -> web.Response:
    """Body {"password"}, for somebody who forgot it; the account is signed out everywhere."""
    password = _string(await read_json(request), "password")
    record = recording(request, "account.password")
    return await _changed(request, lambda accounts, one: accounts.set_password(one, password, record))


async def _changed(request: web.Request, change: Callable[[Accounts, Account], None]) -> web.Response:
    id, accounts = request.match_info["id"], request.app[STAFF].accounts
    await _tried(request, lambda: change(accounts, accounts.get(id)))
    return web.json_response({})


async def _tried(request: web.Request, work: Callable[[], T]) -> T:
    # One at a time: most of it hashes a password.
    async with request.app[CHECKING]:
        try:
            return await asyncio.to_thread(work)
        except (AccountRefused, WeakPassword) as error:
            raise ApiError(400, code="refused", message=str(error)) from error


def _string(body: JSON, key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str):
        raise ApiError(400)
    return value


def _role(body: JSON) -> Role:
    try:
        return Role(_string(body, "role"))
    except ValueError as error:
        raise ApiError(400) from error


AREA = Area(
    routes=(
        StaffRoute("GET", "/staff/accounts", accounts, MANAGE),
        StaffRoute("POST", "/api/v1/staff/accounts", add, MANAGE),
        StaffRoute("POST", "/api/v1/staff/accounts/{id}/role", set_role, MANAGE),
        StaffRoute("POST", "/api/v1/staff/accounts/{id}/disabled", set_disabled, MANAGE),
        StaffRoute("POST", "/api/v1/staff/accounts/{id}/password", set_password, MANAGE),
    ),
    actions={
        "account.add": "職員を加えた",
        "account.disable": "職員を使えなくした",
        "account.enable": "職員をまた使えるようにした",
        "account.role": "職員の役割を変えた",
        "account.password": "職員のパスワードを新しくした",
    },
)
