"""Reading and correcting over HTTP: every view and change is in the audit log, and nothing odd gets through."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import ClientSession

from bot.staff.roles import Role
from bot.web.staff.review_room import ROOM
from tests.bot.web.staff.conftest import Desk

WORRY = "母のもの忘れがひどくて、田中さんに夜中に電話します。湘南台です"
DECISION: dict[str, Any] = {"areas": ["dementia"], "act": "worry", "crisis": "none", "out_of_scope": False}


async def page(client: ClientSession, path: str, status: int = 200) -> str:
    async with client.get(path) as response:
        assert response.status == status, await response.text()
        return await response.text()


async def post(client: ClientSession, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    async with client.post(f"/api/v1/staff/review/{path}", json=body) as response:
        return response.status, await response.json()


@pytest.fixture
async def said(desk: Desk) -> tuple[str, str]:
    """Ids of a conversation and of its turn."""
    reply = await desk.service.say(WORRY)
    conversation = reply["conversation"]
    room = desk.service.client.app
    assert room is not None
    talk = room[ROOM].conversations.open(conversation)
    assert talk is not None
    return conversation, talk.turns[0].id


def audit(desk: Desk) -> list[tuple[str, str, str]]:
    return [(entry.action, entry.kind, entry.what) for entry in reversed(desk.register.audit.read())]


async def test_the_list_and_the_conversation_show_masked_words_and_mark_the_evidence(
    desk: Desk, said: tuple[str, str]
) -> None:
    operator = await desk.client(Role.OPERATOR)
    listed = await page(operator, "/staff/review?area=dementia&mark=unreviewed&district=湘南台")
    assert "〔名前〕さんに夜中に電話します" in listed
    assert f"/staff/review/talks/{said[0]}?area=dementia&amp;district=" in listed
    shown = await page(operator, f"/staff/review/talks/{said[0]}")
    assert "<mark>夜中に</mark>" in shown
    assert "田中" not in listed + shown
    assert "stand-in" in shown
    assert "この条件にあてはまる会話はありません" in await page(operator, "/staff/review?area=poverty")


async def test_every_view_and_change_is_in_the_audit_log(desk: Desk, said: tuple[str, str]) -> None:
    talk, turn = said
    operator = await desk.client(Role.OPERATOR)
    for path in ("/staff/review", f"/staff/review/talks/{talk}", "/staff/review/suggestions", "/staff/review/examples"):
        await page(operator, path)
    for path, body in (
        (f"talks/{talk}/reviewed", {"reviewed": True}),
        (f"talks/{talk}/saved", {"saved": True}),
        (f"talks/{talk}/tags", {"tags": ["discuss"]}),
        (f"talks/{talk}/note", {"note": "みんなで話す"}),
        (f"turns/{turn}/label", DECISION),
        (f"turns/{turn}/example", {"text": "母が夜中に知り合いへ電話をかけてしまいます"}),
        ("examples/1/withdraw", {}),
    ):
        status, answer = await post(operator, path, body)
        assert status == 200, (path, answer)
    assert audit(desk) == [
        ("review.list", "", ""),
        ("review.view", "conversation", talk),
        ("review.suggestions", "", ""),
        ("review.examples", "", ""),
        ("review.seen", "conversation", talk),
        ("review.save", "conversation", talk),
        ("review.tag", "conversation", talk),
        ("review.note", "conversation", talk),
        ("review.label", "turn", turn),
        ("review.example", "turn", turn),
        ("review.withdraw", "example", "1"),
    ]


async def test_the_front_desk_may_not_read_the_log(desk: Desk, said: tuple[str, str]) -> None:
    clerk = await desk.client(Role.STAFF)
    await page(clerk, "/staff/review", 403)
    await page(clerk, f"/staff/review/talks/{said[0]}", 403)
    assert (await post(clerk, f"turns/{said[1]}/label", DECISION))[0] == 403


@pytest.mark.parametrize(
    "query", ["area=x", "mark=x", "district=横浜", "kind=x", "tag=x", "from=x", "before=x", "before=1~"]
)
async def test_an_address_that_the_page_did_not_make_is_a_plain_400(desk: Desk, query: str) -> None:
    await page(await desk.client(Role.OPERATOR), f"/staff/review?{query}", 400)


@pytest.mark.parametrize(
    "change",
    [
        {"areas": "dementia"},
        {"areas": ["x"]},
        {"areas": ["dementia", "dementia"]},
        {"areas": [["dementia"]]},
        {"act": "x"},
        {"act": []},
        {"crisis": "x"},
        {"out_of_scope": 1},
        {"district": "横浜"},
        {"window": "x"},
        {"reason": 3},
    ],
)
async def test_a_label_of_something_unknown_is_refused(
    desk: Desk, said: tuple[str, str], change: dict[str, Any]
) -> None:
    operator = await desk.client(Role.OPERATOR)
    status, _ = await post(operator, f"turns/{said[1]}/label", {**DECISION, **change})
    assert status == 400


async def test_what_is_not_in_the_log_is_a_plain_404(desk: Desk) -> None:
    operator = await desk.client(Role.OPERATOR)
    await page(operator, "/staff/review/talks/nobody", 404)
    await page(operator, "/staff/review/talks/%E7%94%B0%E4%B8%AD", 404)
    for path, body in (
        ("talks/nobody/reviewed", {"reviewed": True}),
        ("turns/nobody/label", DECISION),
        ("turns/nobody/example", {"text": "x"}),
        ("examples/1/withdraw", {}),
        ("examples/x/withdraw", {}),
    ):
        status, _ = await post(operator, path, body)
        assert status == 404, path


async def test_a_second_opinion_needs_a_reason_and_an_example_needs_a_decision(
    desk: Desk, said: tuple[str, str]
) -> None:
    _, turn = said
    operator, admin = await desk.client(Role.OPERATOR), await desk.client(Role.ADMIN)
    status, answer = await post(operator, f"turns/{turn}/example", {"text": "母が夜中に電話をかけます"})
    assert (status, answer["error"]["code"]) == (400, "undecided")
    await post(operator, f"turns/{turn}/label", DECISION)
    other = {**DECISION, "areas": ["isolation"]}
    status, answer = await post(admin, f"turns/{turn}/label", other)
    assert (status, answer["error"]["code"]) == (409, "reason_needed")
    status, answer = await post(admin, f"turns/{turn}/label", {**other, "reason": "さびしさが中心"})
    assert [(label["who"], label["what"]) for label in answer["labels"]] == [
        ("運用の 井上", "認知症"),
        ("管理の 上田", "孤立・居場所"),
    ]


@pytest.mark.parametrize("text", [WORRY, "母が〔名前〕さんに電話します", "電話は090-1234-5678です"])
async def test_a_sentence_with_somebody_in_it_is_refused_in_plain_words(
    desk: Desk, said: tuple[str, str], text: str
) -> None:
    operator = await desk.client(Role.OPERATOR)
    await post(operator, f"turns/{said[1]}/label", DECISION)
    status, answer = await post(operator, f"turns/{said[1]}/example", {"text": text})
    assert status == 400
    assert "書きかえてください" in answer["error"]["message"]
    assert not (desk.service.settings.data / "nlu" / "reviewed.yml").exists()


@pytest.mark.parametrize("who", ["resident", "operator"])
async def test_what_is_erased_is_gone_from_the_pages_and_the_examples(
    desk: Desk, said: tuple[str, str], who: str
) -> None:
    """Whether a resident presses 「消す」 or rings up and an operator deletes by the code."""
    reply = await desk.service.say("父が夜中に何度も出ていこうとする")
    conversation = reply["conversation"]
    operator = await desk.client(Role.OPERATOR)
    app = desk.service.client.app
    assert app is not None
    talk = app[ROOM].conversations.open(conversation)
    assert talk is not None
    turn = talk.turns[0].id
    await post(operator, f"turns/{turn}/label", DECISION)
    status, _ = await post(operator, f"turns/{turn}/example", {"text": "父が夜中に何度も出ていこうとする"})
    assert status == 200
    if who == "resident":
        erasing = desk.service.client.post("/api/v1/erase", json={"conversation": conversation})
    else:
        erasing = operator.post("/api/v1/staff/keeping/erase", json={"code": reply["code"]})
    async with erasing as response:
        assert (response.status, await response.json()) == (200, {"erased": 1})
    await page(operator, f"/staff/review/talks/{conversation}", 404)
    kept = [path.read_text(encoding="utf-8") for path in (desk.service.settings.data / "nlu").glob("*.yml")]
    assert kept
    assert not any("出ていこうとする" in text for text in kept)
