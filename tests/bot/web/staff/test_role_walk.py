"""Every address of the whole service, asked by nobody, by the desk, by operators and by administrators."""

from __future__ import annotations

import re
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.staff.roles import Role
from bot.web.staff.area import StaffRoute
from bot.web.staff.gate import ROUTES
from bot.web.staff.routes import AREAS
from tests.bot.web.staff.conftest import Desk

STAFF_ROUTES = tuple(route for area in AREAS for route in area.routes)
PUBLIC = {
    ("GET", "/"),
    ("GET", "/static/{version}/{name}"),
    ("GET", "/widget.js"),
    ("GET", "/widget.json"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("POST", "/api/v1/chat"),
    ("POST", "/api/v1/erase"),
    ("POST", "/api/v1/listen"),
    ("OPTIONS", "/api/v1/listen"),
    ("POST", "/api/v1/feedback"),
    ("OPTIONS", "/api/v1/chat"),
    ("OPTIONS", "/api/v1/erase"),
    ("OPTIONS", "/api/v1/feedback"),
}
#: What may be reached without being signed in although it belongs to the staff.
BEFORE_SIGNING_IN = {
    ("GET", "/staff"),
    ("GET", "/staff/sign-in"),
    ("POST", "/api/v1/staff/sign-in"),
    ("POST", "/api/v1/staff/sign-out"),
}
#: Answered by the route itself, not by the gate: nothing right was sent, and there is no seeded directory here.
REFUSALS_OF_ITS_OWN = {"wrong_password", "weak_password", "directory_away"}
WALKERS: list[Role | None] = [None, *Role]


async def ask(client: ClientSession, route: StaffRoute) -> tuple[int, str, Any]:
    """Status, target of a redirect, and the error's code."""
    path = re.sub(r"\{[^}]*\}", "0", route.path)
    body = {} if route.method == "POST" else None
    async with client.request(route.method, path, json=body, allow_redirects=False) as response:
        is_json = response.content_type == "application/json"
        answer = await response.json() if is_json and route.method != "HEAD" else {}
        code = answer.get("error", {}).get("code") if isinstance(answer, dict) else None
        return response.status, response.headers.get("Location", ""), code


async def test_every_address_is_either_public_or_has_its_roles(desk: Desk) -> None:
    app = desk.service.client.app
    assert app is not None
    found = {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    gated = {(route.method, route.path) for route in app[ROUTES]}
    assert app[ROUTES] == STAFF_ROUTES
    assert found == PUBLIC | gated
    assert not PUBLIC & gated
    assert {(route.method, route.path) for route in STAFF_ROUTES if route.roles is None} == BEFORE_SIGNING_IN


@pytest.mark.parametrize("route", STAFF_ROUTES, ids=lambda route: f"{route.method} {route.path}")
async def test_each_role_gets_exactly_what_it_may(desk: Desk, route: StaffRoute) -> None:
    is_api = route.path.startswith("/api/")
    for role in WALKERS:
        status, location, code = await ask(await desk.client(role), route)
        if route.roles is None or role in route.roles:
            assert status not in {401, 403, 503} or code in REFUSALS_OF_ITS_OWN, (role, status, code)
            assert "/staff/sign-in" not in location
        elif role is None and is_api:
            assert (status, code) == (401, "signed_out")
        elif role is None:
            assert status == 303
            assert location.startswith("/staff/sign-in?next=/staff/")
        else:
            assert status == 403, role
            assert not is_api or code == "forbidden"


async def test_no_answer_to_the_staff_is_kept_by_a_cache(desk: Desk) -> None:
    client = await desk.client(Role.ADMIN)
    for route in STAFF_ROUTES:
        if route.method == "GET" and route.path.startswith("/staff/") and "{" not in route.path:
            async with client.get(route.path) as response:
                assert response.headers["Cache-Control"] == "no-store", route.path


async def test_a_page_that_a_role_may_not_open_says_so_in_plain_words(desk: Desk) -> None:
    client = await desk.client(Role.STAFF)
    async with client.get("/staff/audit") as response:
        assert response.status == 403
        html = await response.text()
    assert "あなたの役割では開けません" in html
    assert 'href="/staff/"' in html


async def test_the_navigation_shows_what_a_role_may_open(desk: Desk) -> None:
    shown = {}
    for role in Role:
        async with (await desk.client(role)).get("/staff/") as response:
            shown[role] = set(re.findall(r'<a href="(/staff/[a-z]*)"', await response.text()))
    assert "/staff/audit" not in shown[Role.STAFF]
    assert "/staff/audit" in shown[Role.OPERATOR]
    assert "/staff/accounts" not in shown[Role.OPERATOR]
    assert "/staff/accounts" in shown[Role.ADMIN]
