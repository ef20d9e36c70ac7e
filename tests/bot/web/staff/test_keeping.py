"""A resident calls and asks that a conversation be deleted; the person at the desk never reads it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.logbook.codes import code_of, read_code
from bot.logbook.models import StoredTurn
from bot.staff.roles import Role
from tests.bot.web.staff.conftest import Desk
from tests.bot.web.staff.test_sign_in import post

API = "/api/v1/staff/keeping"


async def test_a_conversation_is_found_by_its_code_and_deleted(desk: Desk) -> None:
    reply = await desk.service.say("母の物忘れが心配")
    other = await desk.service.say("眠れない")
    operator = await desk.client(Role.OPERATOR)
    status, found = await post(operator, f"{API}/find", {"code": reply["code"].lower().replace("-", " ")})
    assert status == 200
    assert found["code"] == reply["code"]
    assert found["found"][0]["turns"] == 1
    assert "物忘れ" not in str(found)
    assert reply["conversation"] not in str(found)
    assert await post(operator, f"{API}/erase", {"code": reply["code"]}) == (200, {"erased": 1})
    with desk.register.engine.connect() as connection:
        assert connection.scalars(select(StoredTurn.conversation_id)).all() == [other["conversation"]]
    assert (await post(operator, f"{API}/erase", {"code": reply["code"]}))[0] == 404
    done = [(entry.action, entry.what) for entry in desk.register.audit.read()]
    assert done == [("keeping.erase", reply["code"]), ("keeping.find", reply["code"])]


@pytest.mark.parametrize("code", ["", "123", "7KQX-93MU", "7KQX-93MF-1", None, 5])
async def test_what_is_no_code_is_said_so(desk: Desk, code: object) -> None:
    status, answer = await post(await desk.client(Role.OPERATOR), f"{API}/find", {"code": code})
    assert status == 400
    assert "8文字" in answer["error"]["message"]


async def test_the_page_says_how_long_words_are_kept(desk: Desk) -> None:
    async with (await desk.client(Role.OPERATOR)).get("/staff/keeping") as response:
        assert response.status == 200
        assert "90日" in await response.text()


def test_a_code_is_read_as_people_say_it() -> None:
    code = code_of("some-conversation")
    assert read_code(code) == code
    assert read_code("７ｋｑｘ９３ｍｆ") == "7KQX-93MF"
    assert read_code("oil1-0000") == "0111-0000"
    assert len({code_of(str(number)) for number in range(5000)}) == 5000


@pytest.mark.browser
def test_the_code_travels_from_the_residents_page_to_the_desk(staff_page, page, staff_site) -> None:  # type: ignore[no-untyped-def]
    page.get_by_label("困っていること").fill("父の物忘れ")
    page.get_by_role("button", name="送る", exact=True).click()
    page.locator(".reply").first.wait_for()
    page.get_by_role("button", name="消す", exact=True).click()
    words = page.locator(".asking p").inner_text()
    code = words.split("番号は ")[1][:9]
    desk = staff_page(Role.OPERATOR, "/staff/keeping")
    desk.get_by_label("会話の番号").fill(code)
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="この会話を消す").wait_for()
    desk.keyboard.press("Enter")
    desk.get_by_text(f"{code} の会話を消しました").wait_for()
