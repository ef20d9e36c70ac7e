"""What programs may rely on: the contract's HTTP part, shape by shape."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from agency_db.schema import upgrade
from agency_db.session import open_engine
from bot.web.conversations import Conversations
from tests.bot.web.conftest import Service
from tests.contract import REPLY, TRIAGE, WINDOW

WORRY = "父が夜中に何度も出ていこうとする。湘南台に住んでいます"


def assert_reply(reply: dict[str, Any]) -> None:
    assert set(reply) >= REPLY | {"conversation"}
    assert isinstance(reply["conversation"], str)
    assert reply["messages"]
    for message in reply["messages"]:
        assert set(message) >= {"text", "buttons"}
        for button in message["buttons"]:
            assert not button["payload"].startswith("/")
    assert set(reply["triage"]) >= TRIAGE
    for window in reply["triage"]["windows"]:
        assert set(window) >= WINDOW


async def test_a_worry_gets_a_reply_of_the_contract_and_a_conversation(service: Service) -> None:
    reply = await service.say(WORRY)
    assert_reply(reply)
    assert reply["kind"] == "route"


@pytest.mark.slow
async def test_the_answer_comes_from_the_real_engine(with_real_engine: Service) -> None:
    reply = await with_real_engine.say(WORRY)
    assert_reply(reply)
    assert reply["model"] != "safety"
    assert all(words in WORRY for area in reply["triage"]["areas"] for words in area["evidence"])


async def test_the_fallback_has_the_same_shape(without_engine: Service) -> None:
    reply = await without_engine.say(WORRY)
    assert_reply(reply)
    assert reply["model"] == "safety"


async def test_the_conversation_goes_on_under_its_id(service: Service) -> None:
    first = await service.say(WORRY)
    second = await service.say("電話番号は?", first["conversation"])
    assert second["conversation"] == first["conversation"]
    assert [conversation for conversation, _ in service.engine.heard] == [first["conversation"]] * 2


async def test_an_id_that_is_not_ours_starts_a_new_conversation_without_an_error(service: Service) -> None:
    ours = (await service.say(WORRY))["conversation"]
    forged = ours[:-1] + ("A" if ours[-1] != "A" else "B")
    for strange in ("", "1", "x" * 33, forged, "../../etc/passwd", 7, ["a"], {"a": 1}, True, "あ" * 33):
        async with service.client.post("/api/v1/chat", json={"conversation": strange, "text": WORRY}) as response:
            assert response.status == 200
            assert (await response.json())["conversation"] not in [strange, ours]


async def test_ids_stay_valid_when_the_service_restarts(service: Service) -> None:
    conversation = (await service.say(WORRY))["conversation"]
    assert Conversations.of(service.settings.data).known(conversation) == conversation


async def test_two_messages_at_once_in_one_conversation_are_answered_in_order(service: Service) -> None:
    conversation = (await service.say(WORRY))["conversation"]
    service.engine.pace = {"ひとつめ": 0.3}
    service.engine.answered.clear()
    first = asyncio.create_task(service.say("ひとつめ", conversation))
    await asyncio.sleep(0.1)
    await asyncio.gather(first, service.say("ふたつめ", conversation))
    assert [text for _, text in service.engine.answered] == ["ひとつめ", "ふたつめ"]


async def test_other_people_do_not_wait_for_a_slow_answer(service: Service) -> None:
    service.engine.pace = {"ゆっくり": 0.5}
    slow = asyncio.create_task(service.say("ゆっくり"))
    await asyncio.sleep(0.1)
    await service.say("すぐに")
    assert [text for _, text in service.engine.answered] == ["すぐに"]
    await slow


async def test_erasing_takes_the_conversation_out_of_the_log_and_of_the_engine(service: Service) -> None:
    conversation = (await service.say(WORRY))["conversation"]
    async with service.client.post("/api/v1/erase", json={"conversation": conversation}) as response:
        assert response.status == 200
        assert await response.json() == {"erased": 1}
    assert service.engine.forgotten == [conversation]
    assert service.logbook.erase(conversation) == 0


async def test_erasing_something_unknown_is_no_error(service: Service) -> None:
    for strange in (None, "x", "y" * 33):
        async with service.client.post("/api/v1/erase", json={"conversation": strange}) as response:
            assert (response.status, await response.json()) == (200, {"erased": 0})


async def test_erasing_works_while_the_engine_is_away(without_engine: Service) -> None:
    conversation = (await without_engine.say(WORRY))["conversation"]
    async with without_engine.client.post("/api/v1/erase", json={"conversation": conversation}) as response:
        assert await response.json() == {"erased": 1}


async def test_triage_is_for_signed_in_staff(service: Service) -> None:
    async with service.client.post("/api/v1/triage", json={"text": WORRY}) as response:
        assert response.status == 401
        assert (await response.json())["error"]["code"] == "signed_out"


async def test_the_service_says_that_it_lives_and_that_it_is_ready(service: Service) -> None:
    upgrade(open_engine(service.settings.directory_url))
    async with service.client.get("/healthz") as response:
        assert response.status == 200
    async with service.client.get("/readyz") as response:
        assert response.status == 200
        body = await response.json()
    assert body["status"] == "ready"
    assert body["degraded"] == []


async def test_without_engine_and_directory_it_is_ready_with_hotlines_and_says_what_is_missing(
    without_engine: Service,
) -> None:
    async with without_engine.client.get("/readyz") as response:
        assert response.status == 200
        body = await response.json()
    assert body["status"] == "degraded"
    assert body["degraded"] == ["engine", "directory"]
