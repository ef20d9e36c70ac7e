"""Live conversations over HTTP: what residents and clerks get told, in which shape."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select

from bot.engine.client import EngineClient
from bot.logbook.models import StoredTurn
from bot.settings import TOKYO
from bot.staff.live_models import LiveMessage, LiveTalk
from bot.staff.roles import Role
from bot.web.app import make_app
from bot.web.live import bell, resident, words
from bot.web.staff import queue
from tests.bot.web.staff.conftest import Desk
from tests.bot.web.staff.queue.play import (
    API,
    ASK,
    JSON,
    listen,
    post,
    taken_by_clerk,
    watch,
)


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
    assert {"kind", "messages", "triage", "model", "conversation"} <= set(worry)
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
    clerk, conversation, talk = await taken_by_clerk(desk)
    await desk.service.say("わたしは田中です。090-1234-5678に電話してください", conversation)
    with desk.register.engine.connect() as connection:
        logged = connection.execute(select(StoredTurn.text, StoredTurn.kind).order_by(StoredTurn.number)).all()
        triage = connection.execute(select(LiveTalk.triage)).scalar_one()
        kept = connection.execute(select(LiveMessage.text).where(LiveMessage.sender == "resident")).scalars().all()
    masked = "わたしは〔名前〕です。〔電話〕に電話してください"
    assert [tuple(row) for row in logged][-1] == (masked, "human")
    assert kept == [masked]
    assert triage is not None
    assert [area["evidence"] for area in triage["areas"]] == [[]]
    opened = (await watch(clerk, talk))["talk"]
    assert [line["text"] for line in opened["lines"] if line["from"] == "resident"] == [ASK, masked]


async def test_a_new_crisis_warns_the_clerk_and_brings_the_hotlines(desk: Desk) -> None:
    clerk, conversation, talk = await taken_by_clerk(desk)
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
    assert "次に開くのは、1月4日（月） 8:30です" in live["note"]
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


async def test_what_a_clerk_writes_reaches_the_waiting_page_without_waiting_for_the_next_look(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bell, "LOOK_EVERY", 3600)
    clerk, conversation, talk = await taken_by_clerk(desk)
    first = await listen(desk, conversation, {"after": 0, "version": 0})
    assert [one["event"] for one in first["messages"]] == ["joined"]
    waiting = asyncio.create_task(listen(desk, conversation, first))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await post(clerk, f"{API}say", talk=talk, text="こんにちは", key="key-00001")
    news = await asyncio.wait_for(waiting, 20)
    assert [(one["from"], one["text"]) for one in news["messages"]] == [("staff", "こんにちは")]
    assert news["after"] == 2


async def test_another_web_process_hears_of_it_too(desk: Desk) -> None:
    """Nothing is held in the memory of the process that a page happens to talk to."""
    clerk, conversation, talk = await taken_by_clerk(desk)
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
        response = await asyncio.wait_for(waiting, 20)
        assert [one["text"] for one in (await response.json())["messages"]] == ["となりの席からです"]
        async with other.post("/api/v1/chat", json={"conversation": conversation, "text": "はい"}) as response:
            assert (await response.json())["messages"] == []


def _cursor(news: JSON) -> JSON:
    return {"after": news["after"], "version": news["version"]}


async def test_public_numbers_reach_the_resident_and_private_ones_do_not(desk: Desk) -> None:
    clerk, conversation, talk = await taken_by_clerk(desk)
    sent = "青木です。市役所は0466-25-1111、よりそいは 0120-279-338 です。田中さんは090-1234-5678ですね"
    answer = await post(clerk, f"{API}say", talk=talk, text=sent, key="key-00001")
    assert (
        answer["text"] == "青木です。市役所は0466-25-1111、よりそいは 0120-279-338 です。〔名前〕さんは〔電話〕ですね"
    )
    news = await listen(desk, conversation, {"version": 0})
    assert news["messages"][-1]["text"] == answer["text"]


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
