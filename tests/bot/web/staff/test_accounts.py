"""Administrators look after accounts; everybody looks after the own password; operators read what was done."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import text

from bot.settings import TOKYO
from bot.staff.roles import Role
from tests.bot.web.staff.conftest import PASSWORD, Desk
from tests.bot.web.staff.test_sign_in import SIGN_IN, post, signed_in

ACCOUNTS = "/api/v1/staff/accounts"
OTHER = "みどりの丘にのぼる大きな月"
NEW = {"name": "kondo", "display_name": "近藤", "role": "staff", "password": OTHER}


async def page(client: ClientSession, path: str) -> str:
    async with client.get(path) as response:
        assert response.status == 200, path
        return await response.text()


async def test_an_administrator_adds_somebody_who_can_then_sign_in(desk: Desk) -> None:
    admin = await desk.client(Role.ADMIN)
    assert (await post(admin, ACCOUNTS, NEW))[0] == 200
    assert "近藤" in await page(admin, "/staff/accounts")
    status, who = await post(await desk.client(None), SIGN_IN, {"name": "kondo", "password": OTHER})
    assert (status, who["role"]) == (200, "staff")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "kanri"}, "もう使われています"),
        ({"name": "近藤"}, "英字の小文字"),
        ({"password": "kondo"}, "12文字以上"),
        ({"display_name": "あ" * 65}, "64文字まで"),
        ({"role": "king"}, "もう一度"),
        ({"password": None}, "もう一度"),
    ],
)
async def test_what_cannot_be_added_is_refused_with_the_reason(desk: Desk, wrong: dict[str, Any], words: str) -> None:
    status, answer = await post(await desk.client(Role.ADMIN), ACCOUNTS, {**NEW, **wrong})
    assert status == 400
    assert words in answer["error"]["message"]
    assert len(desk.register.accounts.list()) == 3


@pytest.mark.parametrize(
    ("what", "body"),
    [("role", {"role": "operator"}), ("disabled", {"disabled": True}), ("password", {"password": OTHER})],
)
async def test_a_change_by_an_administrator_signs_out_at_once_and_is_recorded(
    desk: Desk, what: str, body: dict[str, Any]
) -> None:
    clerk, admin = await desk.client(Role.STAFF), await desk.client(Role.ADMIN)
    status, _ = await post(admin, f"{ACCOUNTS}/{desk.accounts[Role.STAFF].id}/{what}", body)
    assert status == 200
    assert not await signed_in(clerk)
    (entry,) = desk.register.audit.read()
    assert (entry.who, entry.kind, entry.what) == ("kanri", "account", "madoguchi")


async def test_nothing_is_changed_while_nothing_can_be_recorded(desk: Desk) -> None:
    admin, clerk = await desk.client(Role.ADMIN), await desk.client(Role.STAFF)
    before = desk.register.accounts.list()
    with desk.register.engine.begin() as connection:
        connection.execute(text("ALTER TABLE staff_audit RENAME TO elsewhere"))
    one = f"{ACCOUNTS}/{desk.accounts[Role.STAFF].id}"
    for path, body in (
        (ACCOUNTS, NEW),
        (f"{one}/role", {"role": "admin"}),
        (f"{one}/disabled", {"disabled": True}),
        (f"{one}/password", {"password": OTHER}),
    ):
        assert (await post(admin, path, body))[0] == 503
    own = {"current": PASSWORD, "new": OTHER}
    assert (await post(clerk, "/api/v1/staff/account/password", own))[0] == 503
    assert desk.register.accounts.list() == before
    assert desk.register.accounts.check("madoguchi", PASSWORD) is not None
    assert await signed_in(clerk)


async def test_the_last_administrator_stays(desk: Desk) -> None:
    admin = await desk.client(Role.ADMIN)
    own = f"{ACCOUNTS}/{desk.accounts[Role.ADMIN].id}"
    for what, body in (("disabled", {"disabled": True}), ("role", {"role": "staff"})):
        status, answer = await post(admin, f"{own}/{what}", body)
        assert (status, answer["error"]["code"]) == (400, "refused")
    assert await signed_in(admin)


async def test_an_account_that_does_not_exist_is_said_so(desk: Desk) -> None:
    status, answer = await post(await desk.client(Role.ADMIN), f"{ACCOUNTS}/0/disabled", {"disabled": True})
    assert (status, answer["error"]["code"]) == (400, "refused")


async def test_the_own_password_is_changed_with_the_old_one_and_other_desks_are_signed_out(desk: Desk) -> None:
    here, there = await desk.client(Role.STAFF), await desk.client(Role.STAFF)
    path = "/api/v1/staff/account/password"
    status, answer = await post(here, path, {"current": "wrong", "new": OTHER})
    assert (status, answer["error"]["code"]) == (403, "wrong_password")
    status, answer = await post(here, path, {"current": PASSWORD, "new": "short"})
    assert (status, answer["error"]["code"]) == (400, "weak_password")
    assert await signed_in(there)
    assert (await post(here, path, {"current": PASSWORD, "new": OTHER}))[0] == 200
    assert [await signed_in(client) for client in (here, there)] == [True, False]
    assert (await post(await desk.client(None), SIGN_IN, {"name": "madoguchi", "password": OTHER}))[0] == 200


async def test_operators_read_the_record_by_day_person_and_action(desk: Desk) -> None:
    for who, action, what in (
        ("madoguchi", "session.start", ""),
        ("kanri", "account.add", "kondo"),
        ("terminal", "account.add", "sato"),
    ):
        desk.register.audit.write(who, action, "account" if what else "", what)
    operator = await desk.client(Role.OPERATOR)
    everything = await page(operator, "/staff/audit")
    assert all(
        words in everything for words in ("窓口の 青木", "管理の 上田", "コマンド", "サインインした", "kondo", "sato")
    )
    only = await page(operator, "/staff/audit?who=kanri")
    assert "kondo" in only
    assert "sato" not in only
    assert "kondo" not in await page(operator, "/staff/audit?action=session.start")
    today = datetime.now(TOKYO).date().isoformat()
    assert "kondo" in await page(operator, f"/staff/audit?from={today}&to={today}")
    assert "kondo" not in await page(operator, "/staff/audit?from=2020-01-01&to=2020-01-02")
    assert "この記録を見た" in await page(operator, "/staff/audit")


async def test_older_records_are_a_page_away_and_the_filter_stays(desk: Desk) -> None:
    for number in range(130):
        desk.register.audit.write("kanri", "account.add", "account", f"name{number:03}")
    operator = await desk.client(Role.OPERATOR)
    first = await page(operator, "/staff/audit?who=kanri")
    assert "name129" in first
    assert "name029" not in first
    found = re.search(r'href="([^"]*before=\d+)"', first)
    assert found is not None
    second = await page(operator, found[1].replace("&amp;", "&"))
    assert "name029" in second
    assert "name000" in second
    assert "who=kanri" in found[1]
    assert 'rel="next"' not in second


@pytest.mark.parametrize("query", ["from=x", "to=9999-12-31", "before=x", "before=-1", "before=99999999999999999999"])
async def test_a_filter_that_makes_no_sense_is_a_page_not_a_fault(desk: Desk, query: str) -> None:
    async with (await desk.client(Role.OPERATOR)).get(f"/staff/audit?{query}") as response:
        assert response.status == 400
        assert "窓口のはじめのページへ" in await response.text()
