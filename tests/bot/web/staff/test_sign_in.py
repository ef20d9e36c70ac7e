"""Signing in and out: the right people, from our own page only, and never in the clear."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import update
from yarl import URL

from bot.staff.audit import Filter
from bot.staff.models import StaffSession
from bot.staff.roles import Role
from bot.staff.sessions import IDLE
from bot.staff.throttle import FREE_PER_ACCOUNT
from bot.web.staff import cookie
from tests.bot.staff.conftest import unrecorded
from tests.bot.web.conftest import Start
from tests.bot.web.staff.conftest import COOKIE, PASSWORD, Desk, with_accounts

SIGN_IN = "/api/v1/staff/sign-in"
ME = "/api/v1/staff/me"
RIGHT = {"name": "madoguchi", "password": PASSWORD}


async def post(client: ClientSession, path: str, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    async with client.post(path, json=body, headers=headers) as response:
        return response.status, await response.json()


async def signed_in(client: ClientSession) -> bool:
    async with client.get(ME) as response:
        return response.status == 200


async def test_the_right_password_opens_the_desk(desk: Desk) -> None:
    client = await desk.client(None)
    status, who = await post(client, SIGN_IN, {"name": " Madoguchi ", "password": PASSWORD})
    assert status == 200
    assert (who["name"], who["display_name"], who["role"]) == ("madoguchi", "窓口の 青木", "staff")
    assert await signed_in(client)
    async with client.get("/staff/") as page:
        assert page.status == 200
        assert "窓口の 青木" in await page.text()


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(desk: Desk) -> None:
    client = await desk.client(None)
    async with client.post(SIGN_IN, json=RIGHT) as response:
        value = response.headers["Set-Cookie"]
    assert value.startswith(f"{COOKIE}=")
    for part in ("HttpOnly", "SameSite=Strict", "Path=/"):
        assert part in value
    assert "Domain" not in value
    assert "Max-Age" not in value


async def test_behind_https_the_cookie_is_bound_to_this_very_host(start: Start) -> None:
    service = await start(trusted_proxy=True)
    register, _ = with_accounts(service.settings)
    https = {"X-Forwarded-Proto": "https", "Host": "tsunagu.example.jp"}
    async with service.client.post(SIGN_IN, json=RIGHT, headers=https) as response:
        assert response.status == 200
        value = response.headers["Set-Cookie"]
    assert value.startswith("__Host-tsunagu=")
    assert "Secure" in value
    token = value.partition("=")[2].partition(";")[0]
    for name, status in (("__Host-tsunagu", 200), (COOKIE, 401)):
        async with service.client.get(ME, headers={**https, "Cookie": f"{name}={token}"}) as response:
            assert response.status == status, name
    register.close()


@pytest.mark.parametrize("host", ["tsunagu.example.jp", "192.0.2.1:8100", "localhost.evil.example"])
async def test_no_password_travels_over_an_open_wire(desk: Desk, host: str) -> None:
    client = await desk.client(None)
    status, answer = await post(client, SIGN_IN, RIGHT, Host=host)
    assert (status, answer["error"]["code"]) == (400, "unsafe_connection")
    async with client.get("/staff/sign-in", headers={"Host": host}) as page:
        html = await page.text()
    assert "https" in html
    assert 'type="password"' not in html


@pytest.mark.parametrize("host", ["localhost", "localhost:8100", "127.0.0.1:1", "[::1]:8100", "[::1]"])
async def test_on_the_machine_itself_it_works_without_https(desk: Desk, host: str) -> None:
    assert (await post(await desk.client(None), SIGN_IN, RIGHT, Host=host))[0] == 200


async def test_it_does_not_tell_whether_a_name_exists(desk: Desk) -> None:
    client = await desk.client(None)
    desk.register.accounts.set_disabled(desk.accounts[Role.OPERATOR], True, unrecorded)
    answers = [
        await post(client, SIGN_IN, {"name": name, "password": password})
        for name, password in (("madoguchi", "x"), ("nobody", PASSWORD), ("unyo", PASSWORD), ("", ""))
    ]
    assert answers[0][0] == 403
    assert answers[0][1]["error"]["code"] == "wrong_password"
    assert all(answer == answers[0] for answer in answers)
    assert not await signed_in(client)


@pytest.mark.parametrize(
    "body", [{}, {"name": "madoguchi"}, {"name": 1, "password": 2}, {"name": None, "password": ""}]
)
async def test_half_a_form_is_a_bad_request(desk: Desk, body: Any) -> None:
    assert (await post(await desk.client(None), SIGN_IN, body))[0] == 400


async def test_guessing_is_stopped_and_says_how_long(desk: Desk) -> None:
    client = await desk.client(None)
    for _ in range(FREE_PER_ACCOUNT):
        assert (await post(client, SIGN_IN, {"name": "kanri", "password": "guess"}))[0] == 403
    async with client.post(SIGN_IN, json={"name": "kanri", "password": PASSWORD}) as response:
        assert response.status == 429
        assert int(response.headers["Retry-After"]) > 0
        assert "1分ほど待って" in (await response.json())["error"]["message"]
    assert (await post(client, SIGN_IN, RIGHT))[0] == 200


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}]
)
@pytest.mark.parametrize("path", [SIGN_IN, "/api/v1/staff/sign-out", "/api/v1/staff/accounts", "/api/v1/triage"])
async def test_another_site_can_do_nothing_in_the_name_of_who_is_signed_in(
    desk: Desk, path: str, headers: dict[str, str]
) -> None:
    client = await desk.client(Role.ADMIN)
    status, answer = await post(client, path, RIGHT, **headers)
    assert (status, answer["error"]["code"]) == (403, "cross_site")
    assert await signed_in(client)


async def test_a_plain_form_of_another_page_is_not_read(desk: Desk) -> None:
    client = await desk.client(None)
    async with client.post(SIGN_IN, data=RIGHT) as response:
        assert response.status == 415


async def test_signing_out_ends_the_session_also_for_a_copy_of_the_cookie(desk: Desk) -> None:
    client = await desk.client(Role.STAFF)
    copied = {cookie.key: cookie.value for cookie in client.cookie_jar}
    assert (await post(client, "/api/v1/staff/sign-out", {}))[0] == 200
    assert not await signed_in(client)
    async with client.get(ME, headers={"Cookie": f"{COOKIE}={copied[COOKIE]}"}) as response:
        assert response.status == 401
    assert (await post(client, "/api/v1/staff/sign-out", {}))[0] == 200


async def test_signing_out_everywhere_reaches_the_other_desk(desk: Desk) -> None:
    here, there, colleague = [await desk.client(role) for role in (Role.STAFF, Role.STAFF, Role.ADMIN)]
    status, answer = await post(here, "/api/v1/staff/sign-out-everywhere", {})
    assert (status, answer) == (200, {"ended": 2})
    assert [await signed_in(client) for client in (here, there, colleague)] == [False, False, True]


async def test_a_new_sign_in_gives_a_new_token_and_ends_the_old_one(desk: Desk) -> None:
    client = await desk.client(Role.STAFF)
    before = {cookie.key: cookie.value for cookie in client.cookie_jar}[COOKIE]
    await post(client, SIGN_IN, RIGHT)
    after = {cookie.key: cookie.value for cookie in client.cookie_jar}[COOKIE]
    assert before != after
    assert desk.register.sessions.find(before) is None


async def test_after_an_hour_away_the_api_says_signed_out_and_a_page_leads_to_the_form_and_back(desk: Desk) -> None:
    client = await desk.client(Role.STAFF)
    long_ago = datetime.now(UTC) - IDLE
    with desk.register.engine.begin() as connection:
        connection.execute(update(StaffSession).values(last_seen=long_ago - timedelta(seconds=1)))
    status, answer = await post(client, "/api/v1/triage", {"text": "母のこと"})
    assert (status, answer["error"]["code"]) == (401, "signed_out")
    async with client.get("/staff/account?a=b%26c", allow_redirects=False) as response:
        assert response.status == 303
        target = URL(response.headers["Location"])
    assert (target.path, target.query["next"]) == ("/staff/sign-in", "/staff/account?a=b%26c")


async def test_polling_alone_does_not_keep_a_session(desk: Desk) -> None:
    client = await desk.client(Role.STAFF)
    earlier = datetime.now(UTC) - timedelta(minutes=30)
    with desk.register.engine.begin() as connection:
        connection.execute(update(StaffSession).values(last_seen=earlier))

    def last_seen() -> datetime:
        with desk.register.engine.connect() as connection:
            return connection.execute(StaffSession.__table__.select()).one().last_seen  # type: ignore[no-any-return]

    async with client.get(ME, headers={"X-Unattended": "1"}) as response:
        assert response.status == 200
    assert last_seen() == earlier
    assert await signed_in(client)
    assert last_seen() > earlier


async def test_what_one_clerk_typed_is_never_sent_in_the_name_of_the_next(desk: Desk) -> None:
    """A page left open in another tab names the account that it was made for."""
    client = await desk.client(Role.ADMIN)
    for role, status in ((Role.STAFF, 401), (Role.ADMIN, 200)):
        async with client.get(ME, headers={"X-Staff-Account": desk.accounts[role].id}) as response:
            assert response.status == status


async def test_coming_and_going_is_recorded_but_not_what_was_typed_as_a_name(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = await desk.client(None)
    await post(client, SIGN_IN, {"name": PASSWORD, "password": "madoguchi"})
    await post(client, SIGN_IN, RIGHT)
    await post(client, "/api/v1/staff/sign-out", {})
    entries = desk.register.audit.read()
    assert [(entry.who, entry.action) for entry in entries] == [
        ("madoguchi", "session.end"), ("madoguchi", "session.start"), ("-", "session.wrong_password"),
    ]  # fmt: skip
    assert PASSWORD not in str(entries) + caplog.text
    assert len(desk.register.audit.read(Filter(who="madoguchi"))) == 2


async def test_what_cannot_be_recorded_is_not_done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    client = await desk.client(None)
    monkeypatch.setattr("bot.staff.audit.AuditLog.write", fail)
    assert (await post(client, SIGN_IN, RIGHT))[0] == 503
    assert not await signed_in(client)


async def test_pages_of_the_staff_are_as_strict_as_the_others(desk: Desk) -> None:
    client = await desk.client(Role.ADMIN)
    for path in ("/staff/", "/staff/sign-in", "/staff/nothing"):
        async with client.get(path) as response:
            policy = response.headers["Content-Security-Policy"]
            assert "unsafe" not in policy
            for part in ("default-src 'none'", "script-src 'self'", "form-action 'self'", "frame-ancestors 'none'",
                         "require-trusted-types-for 'script'"):  # fmt: skip
                assert part in policy
            assert response.headers["Cache-Control"] == "no-store"
            assert response.headers["Referrer-Policy"] == "no-referrer"


def test_the_name_of_the_cookie_is_the_one_that_the_tests_use() -> None:
    assert cookie._PLAIN == COOKIE
