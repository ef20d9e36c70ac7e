"""The gate before every staff route: who is signed in, and whether the role may pass. No route gets around it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.staff.accounts import Account, Record
from bot.web.errors import API, ApiError
from bot.web.keys import STAFF
from bot.web.staff import cookie, layout
from bot.web.staff.area import Area, StaffRoute

ROUTES: Final = web.AppKey("staff_routes", tuple[StaffRoute, ...])
#: The words for each action of the audit log.
ACTIONS: Final = web.AppKey("staff_actions", dict[str, str])
#: A page sends it with what it asks by itself (polling): such a request does not keep a session alive.
UNATTENDED: Final = "X-Unattended"

#: A page sends the account it was made for: somebody else may have signed in in another tab since.
EXPECTED: Final = "X-Staff-Account"

SIGN_IN: Final = "/staff/sign-in"


def open_routes(app: web.Application, areas: Sequence[Area]) -> None:
    """Add the routes of all areas, each behind the gate."""
    app[ROUTES] = tuple(route for area in areas for route in area.routes)
    app[ACTIONS] = {action: words for area in areas for action, words in area.actions.items()}
    for route in app[ROUTES]:
        app.router.add_route(route.method, route.path, _gated(route))


def member(request: web.Request) -> Account:
    """Who asks; in every handler of a route that is not for anybody."""
    return request[layout.MEMBER]


async def note(request: web.Request, action: str, kind: str = "", what: str = "") -> None:
    """Write into the audit log that the signed-in person did this, before it is shown or done.

    Identifiers only, never words about anybody: ValueError. `action` is one of the area's `actions`: KeyError.
    Raises SQLAlchemyError (a 503) when it cannot be recorded.
    """
    _require_known(request, action)
    await asyncio.to_thread(request.app[STAFF].audit.write, member(request).name, action, kind, what)


def recording(request: web.Request, action: str) -> Record:
    """For a change of an account: the same entry, written in the change's own transaction. KeyError as above."""
    _require_known(request, action)
    return request.app[STAFF].recording(member(request).name, action)


def _require_known(request: web.Request, action: str) -> None:
    if action not in request.app[ACTIONS]:
        raise KeyError(action)


def _gated(route: StaffRoute) -> Handler:
    async def pass_through(request: web.Request) -> web.StreamResponse:
        if route.roles is None:
            return await route.handler(request)
        account = await _signed_in(request)
        if account is None:
            return _asked_to_sign_in(request)
        request[layout.MEMBER] = account
        if account.role not in route.roles:
            return _refused(request)
        if request.path.startswith(API):
            return await route.handler(request)
        try:
            return await route.handler(request)
        except ApiError as error:
            return layout.problem(request, error.status, error.message)
        except web.HTTPNotFound:
            return layout.problem(request, 404, None)

    return pass_through


async def _signed_in(request: web.Request) -> Account | None:
    token = cookie.token(request)
    if token is None:
        return None
    at_work = UNATTENDED not in request.headers
    account = await asyncio.to_thread(request.app[STAFF].sessions.find, token, at_work=at_work)
    expected = request.headers.get(EXPECTED)
    return account if account is not None and expected in {None, account.id} else None


def _asked_to_sign_in(request: web.Request) -> web.StreamResponse:
    if request.path.startswith(API):
        raise ApiError(401)
    raise web.HTTPSeeOther(f"{SIGN_IN}?next={quote(request.path_qs, safe='/')}")


def _refused(request: web.Request) -> web.StreamResponse:
    words = "このページは、あなたの役割では開けません。必要なときは、管理者に相談してください。"
    if request.path.startswith(API):
        raise ApiError(403, code="forbidden", message=words)
    return layout.problem(request, 403, words)
