"""POST /api/v1/triage: the same brain for the desk, whatever is down, and nothing of it is kept."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from bot.staff.roles import Role
from tests.bot.web.conftest import Service, Start
from tests.bot.web.staff.conftest import COOKIE, Desk, with_accounts
from tests.bot.web.staff.test_sign_in import post
from tests.bot.web.test_hardening import _everything_in as everything_in

TRIAGE = "/api/v1/triage"
WORRY = "父が夜中に何度も出ていこうとする"


async def test_a_clerk_gets_what_the_engine_says(desk: Desk) -> None:
    body = {"text": WORRY, "place": "湘南台", "at": "2026-11-24T10:00"}
    status, answer = await post(await desk.client(Role.STAFF), TRIAGE, body)
    assert status == 200
    assert set(answer) == {"kind", "triage", "model"}
    assert answer["triage"]["areas"][0]["evidence"] == ["夜中に"]
    assert desk.service.engine.triaged == [{"text": WORRY, "place": "湘南台", "at": "2026-11-24T10:00:00+09:00"}]


async def test_place_and_time_may_be_left_out(desk: Desk) -> None:
    await post(await desk.client(Role.STAFF), TRIAGE, {"text": WORRY, "place": None})
    assert desk.service.engine.triaged == [{"text": WORRY, "place": None, "at": None}]


@pytest.mark.parametrize(
    "body", [{}, {"text": 1}, {"text": "a", "place": 1}, {"text": "a", "at": "きのう"}, {"text": "a", "at": 5}]
)
async def test_anything_else_is_a_bad_request(desk: Desk, body: dict[str, Any]) -> None:
    assert (await post(await desk.client(Role.STAFF), TRIAGE, body))[0] == 400


async def test_a_crisis_where_the_engine_could_not_read_comes_first(desk: Desk) -> None:
    text = "もの忘れの相談。" * 1_300 + "夜中に、もう死にたいと言っている"
    _, answer = await post(await desk.client(Role.STAFF), TRIAGE, {"text": text})
    assert answer["kind"] == "crisis"
    assert answer["triage"]["crisis"] == "suicide"
    assert answer["triage"]["windows"][0]["id"] == "emergency"
    assert answer["triage"]["windows"][1]["id"] == "ikiiki_support"


async def test_without_the_engine_the_rules_answer(start: Start) -> None:
    service: Service = await start(engine=False)
    register, accounts = with_accounts(service.settings)
    headers = {"Cookie": f"{COOKIE}={register.sessions.start(accounts[Role.STAFF])}"}
    async with service.client.post(TRIAGE, json={"text": "薬をたくさん飲んだ"}, headers=headers) as response:
        assert response.status == 200
        answer = await response.json()
    assert answer["model"] == "safety"
    assert answer["triage"]["windows"]
    register.close()


async def test_what_a_clerk_types_is_neither_stored_nor_logged(
    desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await post(await desk.client(Role.STAFF), TRIAGE, {"text": "鈴木さんの家の屋根が心配"})
    assert "鈴木" not in caplog.text
    assert "鈴木".encode() not in everything_in(tmp_path)
