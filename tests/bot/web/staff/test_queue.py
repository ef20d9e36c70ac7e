"""Live conversations over HTTP: what residents and clerks get told, and what is written down about it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select, text

from bot.engine.client import EngineClient
from bot.logbook.models import StoredTurn
from bot.settings import TOKYO
from bot.staff.live_models import LiveMessage, LiveTalk
from bot.staff.roles import Role
from bot.web.app import make_app
from bot.web.live import resident, words
from bot.web.staff import queue
from tests.bot.web.staff.conftest import Desk

JSON = dict[str, Any]
API = "/api/v1/staff/queue/"
ASK = "人と話したい"
PAGE = "page-0001"


async def post(client: ClientSession, path: str, status: int = 200, **body: Any) -> JSON:
    async with client.post(path, json=body) as response:
        assert response.status == status, await response.text()
        answer: JSON = await response.json()
        return answer


async def watch(client: ClientSession, talk: str | None = None, version: int = 0) -> JSON:
    return await post(client, f"{API}watch", page=PAGE, talk=talk, version=version)


async def listen(desk: Desk, conversation: str, live: JSON, **more: Any) -> JSON:
    body = {"conversation": conversation, "after": live.get("after", 0), "version": live["version"], **more}
    async with desk.service.client.post("/api/v1/listen", json=body) as response:
        assert response.status == 200
        answer: JSON = await response.json()
        return answer


async def taken(desk: Desk, role: Role = Role.STAFF) -> tuple[ClientSession, str, str]:
    """A clerk who answers; the conversation and the talk."""
    clerk = await desk.client(role)
    reply = await desk.service.say(ASK)
    (talk,) = (await watch(clerk))["talks"]
    await post(clerk, f"{API}take", talk=talk["id"])
    return clerk, reply["conversation"], talk["id"]


def recorded(desk: Desk) -> list[tuple[str, str, str]]:
    return [(entry.who, entry.action, entry.what) for entry in reversed(desk.register.audit.read())]


async def test_the_reply_keeps_its_shape_while_a_person_answers(desk: Desk) -> None:
    worry = await desk.service.say("父が夜中に出ていく")
    assert "live" not in worry
    asked = await desk.service.say(ASK, worry["conversation"])
    assert asked["kind"] == "human"
    assert asked["live"]["state"] == "waiting"
    clerk = await desk.client(Role.STAFF)
    (talk,) = (await watch(clerk))["talks"]
    await post(clerk, f"{API}take", talk=talk["id"])
    silent = await desk.service.say("まだ起きています", worry["conversation"])
    assert set(worry) == {"kind", "messages", "triage", "model", "conversation"}
    assert set(silent) == {*worry, "live"}
    assert (silent["kind"], silent["messages"], silent["live"]) == ("human", [], {"state": "taken"})
    assert [window["id"] for window in silent["triage"]["windows"]] == [
        window["id"] for window in asked["triage"]["windows"]
    ]
    assert "まだ起きています" not in [heard for _, heard in desk.service.engine.heard]
    await post(clerk, f"{API}back", talk=talk["id"])
    again = await desk.service.say("電話番号は?", worry["conversation"])
    assert again["kind"] == "phone"
    assert "電話番号は?" in [heard for _, heard in desk.service.engine.heard]


async def test_what_a_resident_writes_to_a_person_is_logged_masked_like_everything(desk: Desk) -> None:
    clerk, conversation, talk = await taken(desk)
    await desk.service.say("わたしは田中です。090-1234-5678に電話してください", conversation)
    with desk.register.engine.connect() as connection:
        logged = connection.execute(select(StoredTurn.text, StoredTurn.kind).order_by(StoredTurn.number)).all()
        kept = connection.execute(select(LiveMessage.text).where(LiveMessage.sender == "resident")).scalars().all()
    masked = "わたしは〔名前〕です。〔電話〕に電話してください"
    assert [tuple(row) for row in logged][-1] == (masked, "human")
    assert kept == [masked]
    opened = (await watch(clerk, talk))["talk"]
    assert [line["text"] for line in opened["lines"] if line["from"] == "resident"] == [ASK, masked]


async def test_a_new_crisis_warns_the_clerk_and_brings_the_hotlines(desk: Desk) -> None:
    clerk, conversation, talk = await taken(desk)
    reply = await desk.service.say("もう死にたい。薬を全部飲もうと思う", conversation)
    assert reply["kind"] == "crisis"
    assert reply["triage"]["windows"][0]["id"] == "emergency"
    assert reply["messages"]
    assert not [heard for _, heard in desk.service.engine.heard if "死にたい" in heard]
    opened = (await watch(clerk, talk))["talk"]
    assert opened["crisis"] == reply["triage"]["crisis"]
    assert opened["lines"][-1]["crisis"] == reply["triage"]["crisis"]
    assert opened["mine"]


async def test_crises_come_into_the_queue_unasked(desk: Desk) -> None:
    clerk = await desk.client(Role.STAFF)
    await desk.service.say("父が夜中に出ていく")
    reply = await desk.service.say("父が息をしていない")
    assert "上の番号に電話" in reply["live"]["note"]
    (talk,) = (await watch(clerk))["talks"]
    assert (talk["reason"], talk["crisis"], talk["state"]) == ("crisis", "medical_emergency", "waiting")


async def test_nobody_is_promised_a_waiting_time_and_at_night_open_lines_are_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = datetime(2026, 12, 31, 23, 30, tzinfo=TOKYO)
    monkeypatch.setattr(resident, "now", lambda: night)
    live = (await desk.service.say(ASK))["live"]
    assert live["staffed"] is False
    assert "平日の8:30〜17:00" in live["note"]
    assert "次は、1月4日（月） 8:30からです" in live["note"]
    assert [line["phone"] for line in live["lines"]] == ["0120-279-338"]
    monkeypatch.setattr(resident, "now", lambda: datetime(2026, 11, 24, 10, 0, tzinfo=TOKYO))
    live = (await desk.service.say(ASK))["live"]
    assert [line["phone"] for line in live["lines"]] == ["0466-25-1111", "0120-279-338"]
    await watch(await desk.client(Role.STAFF))
    live = (await desk.service.say(ASK))["live"]
    assert live["staffed"] is True
    assert "わかりません" in live["note"]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-20T18:00", "11月24日（火） 8:30"),
        ("2026-11-24T07:00", "きょう 8:30"),
        ("2026-11-24T17:00", "あした 8:30"),
    ],
)
def test_the_next_opening_skips_weekends_and_holidays(at: str, expected: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=TOKYO)
    assert not words.in_hours(moment)
    assert words.next_opening(moment) == expected


async def test_what_a_clerk_writes_reaches_the_waiting_page_at_once(desk: Desk) -> None:
    clerk, conversation, talk = await taken(desk)
    first = await listen(desk, conversation, {"after": 0, "version": 0})
    assert [one["event"] for one in first["messages"]] == ["joined"]
    waiting = asyncio.create_task(listen(desk, conversation, first))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await post(clerk, f"{API}say", talk=talk, text="こんにちは", key="key-00001")
    news = await asyncio.wait_for(waiting, 0.9)
    assert [(one["from"], one["text"]) for one in news["messages"]] == [("staff", "こんにちは")]
    assert news["after"] == 2


async def test_another_web_process_hears_of_it_within_a_second_or_two(desk: Desk) -> None:
    """Nothing is held in the memory of the process that a page happens to talk to."""
    clerk, conversation, talk = await taken(desk)
    service = desk.service
    async with (
        EngineClient(service.settings.data / "engine.sock") as engine,
        TestClient(TestServer(make_app(service.settings, engine, service.logbook))) as other,
    ):
        body = {"conversation": conversation, "after": 0, "version": 0}
        async with other.post("/api/v1/listen", json=body) as response:
            news = await response.json()
        assert news["state"] == "taken"
        waiting = asyncio.create_task(other.post("/api/v1/listen", json={**body, **_cursor(news)}))
        await asyncio.sleep(0.1)
        await post(clerk, f"{API}say", talk=talk, text="となりの席からです", key="key-00001")
        response = await asyncio.wait_for(waiting, 5)
        assert [one["text"] for one in (await response.json())["messages"]] == ["となりの席からです"]
        async with other.post("/api/v1/chat", json={"conversation": conversation, "text": "はい"}) as response:
            assert (await response.json())["messages"] == []


def _cursor(news: JSON) -> JSON:
    return {"after": news["after"], "version": news["version"]}


async def test_public_numbers_reach_the_resident_and_private_ones_do_not(desk: Desk) -> None:
    clerk, conversation, talk = await taken(desk)
    sent = "青木です。市役所は0466-25-1111、よりそいは 0120-279-338 です。田中さんは090-1234-5678ですね"
    answer = await post(clerk, f"{API}say", talk=talk, text=sent, key="key-00001")
    assert (
        answer["text"] == "青木です。市役所は0466-25-1111、よりそいは 0120-279-338 です。〔名前〕さんは〔電話〕ですね"
    )
    news = await listen(desk, conversation, {"version": 0})
    assert news["messages"][-1]["text"] == answer["text"]


async def test_two_clerks_at_once_one_has_it_and_the_other_is_told(desk: Desk) -> None:
    await desk.service.say(ASK)
    clerks = [await desk.client(Role.STAFF), await desk.client(Role.OPERATOR)]
    (talk,) = (await watch(clerks[0]))["talks"]

    async def take(clerk: ClientSession) -> int:
        async with clerk.post(f"{API}take", json={"talk": talk["id"]}) as response:
            return response.status

    results = await asyncio.gather(*(take(clerk) for clerk in clerks))
    assert sorted(results) == [200, 409]
    loser = clerks[results.index(409)]
    seen = (await watch(loser))["talks"][0]
    assert (seen["state"], seen["mine"]) == ("taken", False)
    answer = await post(loser, f"{API}say", 409, talk=talk["id"], text="こんにちは", key="key-00001")
    assert "担当ではありません" in answer["error"]["message"]


async def test_every_look_and_every_step_is_in_the_audit_log_without_words_or_conversation(desk: Desk) -> None:
    clerk, conversation, talk = await taken(desk)
    for _ in range(3):
        await watch(clerk, talk)
    await post(clerk, f"{API}say", talk=talk, text="こんにちは", key="key-00001")
    await post(clerk, f"{API}end", talk=talk)
    assert recorded(desk) == [
        ("madoguchi", "queue.view", ""),
        ("madoguchi", "queue.take", talk),
        ("madoguchi", "queue.read", talk),
        ("madoguchi", "queue.say", talk),
        ("madoguchi", "queue.end", talk),
    ]
    assert conversation not in str(desk.register.audit.read())


async def test_the_staff_side_never_learns_the_id_that_opens_the_conversation(desk: Desk) -> None:
    clerk, conversation, talk = await taken(desk)
    assert conversation not in str(await watch(clerk, talk))


async def test_erasing_removes_the_live_talk_and_the_clerk_is_told(desk: Desk) -> None:
    clerk, conversation, talk = await taken(desk)
    await desk.service.say("消したいこと", conversation)
    async with desk.service.client.post("/api/v1/erase", json={"conversation": conversation}) as response:
        assert response.status == 200
    assert await watch(clerk, talk) == {
        "version": (await watch(clerk))["version"],
        "talks": [],
        "talk": {"gone": True, "id": talk},
    }
    with desk.register.engine.connect() as connection:
        assert not connection.execute(select(LiveTalk.id)).all()
        assert not connection.execute(select(LiveMessage.id)).all()


async def test_talks_of_expired_conversations_go_when_the_service_starts(desk: Desk) -> None:
    await desk.service.say(ASK)
    with desk.register.engine.begin() as connection:
        old = datetime.now(TOKYO) - timedelta(days=91)
        connection.execute(LiveTalk.__table__.update().values(seen_at=old))  # type: ignore[attr-defined]
    service = desk.service
    async with (
        EngineClient(service.settings.data / "none.sock") as engine,
        TestClient(TestServer(make_app(service.settings, engine, service.logbook))),
    ):
        await asyncio.sleep(0.5)
    with desk.register.engine.connect() as connection:
        assert not connection.execute(select(LiveTalk.id)).all()


async def test_a_resident_who_goes_or_begins_anew_does_not_wait_any_more(desk: Desk) -> None:
    clerk = await desk.client(Role.STAFF)
    first = await desk.service.say(ASK)
    await listen(desk, first["conversation"], first["live"], leave=True)
    second = await desk.service.say(ASK)
    anew = await desk.service.say("はじめから", second["conversation"])
    assert anew["live"] == {"state": "left"}
    assert (await watch(clerk))["talks"] == []


async def test_an_id_that_is_not_ours_hears_nothing(desk: Desk) -> None:
    await desk.service.say(ASK)
    for id in ("A" * 33, None, 7):
        assert (await listen(desk, id, {"version": 0}))["state"] == "none"  # type: ignore[arg-type]
    async with desk.service.client.post("/api/v1/listen", json={"conversation": "x", "after": "all"}) as response:
        assert response.status == 400


async def test_without_the_queue_s_tables_the_bot_answers_as_ever(desk: Desk) -> None:
    with desk.register.engine.begin() as connection:
        connection.execute(text("DROP TABLE live_message"))
        connection.execute(text("DROP TABLE live_talk"))
    reply = await desk.service.say(ASK)
    assert reply["kind"] == "human"
    assert "live" not in reply
    assert (await desk.service.say("父が夜中に出ていく"))["kind"] == "route"


async def test_a_session_that_ran_out_neither_reads_nor_writes(desk: Desk) -> None:
    clerk, _, talk = await taken(desk)
    desk.register.sessions.end_all(desk.accounts[Role.STAFF])
    await post(clerk, f"{API}watch", 401, page=PAGE, talk=talk, version=0)
    await post(clerk, f"{API}say", 401, talk=talk, text="こんにちは", key="key-00001")


async def test_a_request_for_news_waits_and_then_answers_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "HOLD", 0.3)
    monkeypatch.setattr(resident, "HOLD", 0.3)
    clerk = await desk.client(Role.STAFF)
    version = (await watch(clerk))["version"]
    assert await watch(clerk, version=version) == {"version": version, "talks": [], "talk": None}
    asked = await desk.service.say(ASK)
    news = await listen(desk, asked["conversation"], asked["live"])
    assert (news["state"], news["messages"], news["staffed"]) == ("waiting", [], True)
