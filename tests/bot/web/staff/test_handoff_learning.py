"""Issue 5 looks for conversations in which the staff's own triage differs: this is where they come from."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import select

from bot.commands.db import prepare_databases
from bot.logbook.models import Conversation, Facet, StaffTriage, StoredTurn
from bot.staff.handoff_models import StaffHandoff
from bot.staff.handoffs import new_code
from bot.staff.roles import Role
from tests.bot.web.staff.conftest import Desk
from tests.bot.web.staff.queue.play import ASK, WORRY, post, watch

JSON = dict[str, Any]
DIFFERS = "/staff/review?mark=staff_differs"
#: As the console's page sends it on after the stand-in engine read WORRY.
TOLD: JSON = {"areas": [{"id": "dementia", "score": 0.93}], "crisis": "none", "out_of_scope": False, "model": "m"}
SHEET: JSON = {
    "concern": "父が夜中に出ていく。鯨岡です、電話は0466-99-8877です",
    "reason": "",
    "areas": [{"id": "dementia", "label": "認知症"}],
    "windows": [{"id": "ikiiki_support", "name": "いきいきサポートセンター"}],
    "district": "湘南台",
    "told": TOLD,
}
OTHER_AREAS = {"areas": [{"id": "double_care", "label": "ダブルケア"}, {"id": "poverty", "label": "くらし"}]}
OTHER_WINDOW = {"windows": [{"id": "hokubu_sogo", "name": "北部福祉総合相談室"}]}


@pytest.fixture
async def seeded(desk: Desk) -> Desk:
    await asyncio.to_thread(prepare_databases, desk.service.settings)
    return desk


async def save(client: ClientSession, code: str, **changes: Any) -> None:
    await post(client, f"/api/v1/staff/handoffs/{code}", **{**SHEET, **changes})


async def page(client: ClientSession, path: str) -> str:
    async with client.get(path) as response:
        assert response.status == 200
        return await response.text()


def logged(desk: Desk) -> list[StoredTurn]:
    with desk.register.engine.connect() as connection:
        query = select(StoredTurn.__table__).order_by(StoredTurn.at)
        return [StoredTurn(**row._mapping) for row in connection.execute(query)]


def differing(desk: Desk) -> list[str]:
    with desk.register.engine.connect() as connection:
        return list(connection.scalars(select(Facet.conversation_id).where(Facet.facet == "staff_differs")))


async def waiting(desk: Desk, clerk: ClientSession) -> tuple[str, str]:
    """A resident who was told of windows and asks for a person: the conversation and the talk."""
    worry = await desk.service.say(WORRY)
    await desk.service.say(ASK, worry["conversation"])
    (talk,) = (await watch(clerk))["talks"]
    return worry["conversation"], talk["id"]


@pytest.mark.parametrize("other", [OTHER_AREAS, OTHER_WINDOW, {"areas": []}])
async def test_a_sheet_from_a_conversation_with_another_triage_marks_it(seeded: Desk, other: JSON) -> None:
    clerk, operator = await seeded.client(Role.STAFF), await seeded.client(Role.OPERATOR)
    conversation, talk = await waiting(seeded, clerk)
    before = len(logged(seeded))
    await save(clerk, new_code(), talk=talk, **other)
    assert differing(seeded) == [conversation]
    assert len(logged(seeded)) == before
    assert conversation in await page(operator, DIFFERS)
    shown = await page(operator, f"/staff/review/talks/{conversation}")
    assert "職員の見立てとちがう" in shown
    assert "窓口の 青木" in shown


async def test_a_sheet_that_agrees_marks_nothing_and_takes_back_what_it_said(seeded: Desk) -> None:
    clerk, code = await seeded.client(Role.STAFF), new_code()
    _, talk = await waiting(seeded, clerk)
    await save(clerk, code, talk=talk)
    assert differing(seeded) == []
    await save(clerk, code, talk=talk, **OTHER_AREAS)
    assert len(differing(seeded)) == 1
    await save(clerk, code, talk=talk)
    assert differing(seeded) == []


async def test_the_words_of_a_conversation_are_not_copied_and_go_when_the_resident_erases_them(seeded: Desk) -> None:
    clerk, code = await seeded.client(Role.STAFF), new_code()
    conversation, talk = await waiting(seeded, clerk)
    case = await post(clerk, "/api/v1/staff/case", talk=talk)
    await save(clerk, code, talk=talk, concern=case["text"], **OTHER_AREAS)
    async with seeded.service.client.post("/api/v1/erase", json={"conversation": conversation}) as response:
        assert response.status == 200
    with seeded.register.engine.connect() as connection:
        assert connection.scalars(select(StaffHandoff.concern)).all() == [""]
        assert connection.scalars(select(StaffTriage.handoff)).all() == []
    assert "紙かPDFを見てください" in await page(clerk, f"/staff/handoffs/{code}")
    await post(clerk, "/api/v1/staff/case", 404, talk=talk)
    # Saved once more, it does not bring anything back.
    await save(clerk, code, talk=talk, concern=case["text"])
    assert logged(seeded) == []


async def test_the_console_gets_the_masked_words_with_what_the_resident_was_told(seeded: Desk) -> None:
    clerk = await seeded.client(Role.STAFF)
    worry = await seeded.service.say(f"{WORRY}。田中です")
    await seeded.service.say(ASK, worry["conversation"])
    (talk,) = (await watch(clerk))["talks"]
    case = await post(clerk, "/api/v1/staff/case", talk=talk["id"])
    assert case["text"] == f"{WORRY}。〔名前〕です\n{ASK}"
    assert [area["id"] for area in case["understood"]["areas"]] == ["dementia"]
    assert case["ranked"]["windows"][0]["id"] == "ikiiki_support"
    assert case["ranked"]["place"]["district"] == "湘南台"
    assert worry["conversation"] not in str(case)
    assert ("queue.case", talk["id"]) in [(entry.action, entry.what) for entry in seeded.register.audit.read()]


async def test_a_case_of_the_counter_is_logged_only_where_the_clerk_saw_it_differently(seeded: Desk) -> None:
    clerk, operator, code = await seeded.client(Role.STAFF), await seeded.client(Role.OPERATOR), new_code()
    await post(clerk, "/api/v1/staff/understand", text=SHEET["concern"])
    await save(clerk, code)
    assert logged(seeded) == []
    await save(clerk, code, **OTHER_AREAS)
    (turn,) = logged(seeded)
    assert turn.text == "父が夜中に出ていく。〔名前〕です、電話は〔電話〕です"
    assert [area["id"] for area in turn.areas] == ["dementia"]
    assert turn.windows[0]["id"] == "ikiiki_support"
    assert differing(seeded) == [turn.conversation_id]
    shown = await page(operator, f"/staff/review/talks/{turn.conversation_id}")
    assert "窓口で職員が聞き取った" in shown
    assert "職員の見立て" in shown
    with seeded.register.engine.connect() as connection:
        assert connection.scalars(select(Conversation.source)).all() == ["desk"]
    # The newest word of the sheet counts, in words and in areas.
    await save(clerk, code, **OTHER_AREAS, concern="父が昼も出ていく")
    assert [turn.text for turn in logged(seeded)] == ["父が昼も出ていく"]
    await save(clerk, code)
    assert logged(seeded) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"told": None},
        {"told": {**TOLD, "model": "safety"}},
        {"concern": ""},
        {"windows": []},
    ],
    ids=["nothing was read", "the engine was away", "no words", "agrees and names no window"],
)
async def test_without_a_word_of_the_assistant_or_of_the_person_nothing_is_logged(seeded: Desk, changes: JSON) -> None:
    clerk = await seeded.client(Role.STAFF)
    areas = {} if "windows" in changes else OTHER_AREAS
    await save(clerk, new_code(), **{**areas, **changes})
    assert logged(seeded) == []
    assert differing(seeded) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"told": "dementia"},
        {"told": {**TOLD, "areas": [{"id": "dementia", "score": 7}]}},
        {"told": {**TOLD, "model": None}},
        {"told": {**TOLD, "out_of_scope": "no"}},
        {"talk": "../x"},
    ],
)
async def test_what_the_page_would_never_send_is_refused(seeded: Desk, wrong: JSON) -> None:
    clerk = await seeded.client(Role.STAFF)
    await post(clerk, f"/api/v1/staff/handoffs/{new_code()}", 400, **{**SHEET, **wrong})
