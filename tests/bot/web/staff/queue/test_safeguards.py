"""Live conversations over HTTP: nothing is done twice, read unseen, or kept longer than promised."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select, text

from bot.engine.client import EngineClient
from bot.settings import TOKYO
from bot.staff.live_models import LiveMessage, LiveTalk
from bot.staff.roles import Role
from bot.web.app import make_app
from tests.bot.web.staff.conftest import Desk
from tests.bot.web.staff.queue.play import (
    API,
    ASK,
    PAGE,
    listen,
    post,
    recorded,
    taken_by_clerk,
    watch,
)


def talks(desk: Desk) -> list[str]:
    with desk.register.engine.connect() as connection:
        return list(connection.scalars(select(LiveTalk.id)))


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
    clerk, conversation, talk = await taken_by_clerk(desk)
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
    clerk, conversation, talk = await taken_by_clerk(desk)
    assert conversation not in str(await watch(clerk, talk))


async def test_erasing_removes_the_live_talk_and_the_clerk_is_told(desk: Desk) -> None:
    clerk, conversation, talk = await taken_by_clerk(desk)
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
        for _ in range(200):
            if not talks(desk):
                break
            await asyncio.sleep(0.1)
    assert not talks(desk)


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
    clerk, _, talk = await taken_by_clerk(desk)
    desk.register.sessions.end_all(desk.accounts[Role.STAFF])
    await post(clerk, f"{API}watch", 401, page=PAGE, talk=talk, version=0)
    await post(clerk, f"{API}say", 401, talk=talk, text="こんにちは", key="key-00001")
