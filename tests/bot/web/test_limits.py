"""Nobody can use up what is there for all, and nobody in need is turned away by the limit."""

from __future__ import annotations

import asyncio

import pytest

from bot.web import limits
from bot.web.keys import LIMITER
from bot.web.limits import TokenBuckets
from tests.bot.web.conftest import Service, Start


async def test_fifty_messages_a_second_never_break_it(service: Service) -> None:
    async def say(number: int) -> int:
        async with service.client.post("/api/v1/chat", json={"text": f"困っています {number}"}) as response:
            assert (await response.json()).keys() & {"messages", "error"}
            return response.status

    statuses = await asyncio.gather(*(say(number) for number in range(150)))
    assert set(statuses) == {200, 429}
    assert statuses.count(200) >= limits.BURST


async def test_who_asks_too_much_is_told_when_to_come_back_and_whom_to_call(service: Service) -> None:
    _use_up(service)
    async with service.client.post("/api/v1/chat", json={"text": "困っています"}) as response:
        assert response.status == 429
        assert int(response.headers["Retry-After"]) >= 1
        body = await response.json()
    assert body["error"]["code"] == "too_many_requests"
    assert "0120-279-338" in body["error"]["message"]
    assert {"110", "119"} <= {line["phone"] for line in body["error"]["hotlines"]}


async def test_a_crisis_is_answered_even_over_the_limit(service: Service) -> None:
    _use_up(service)
    reply = await service.say("もう死にたいです")
    assert reply["kind"] == "crisis"
    assert service.engine.heard == []


async def test_one_address_cannot_use_up_the_messages_of_another(start: Start) -> None:
    service = await start(trusted_proxy=True)
    for number in range(limits.BURST + 5):
        await service.client.post(
            "/api/v1/chat", json={"text": "a"}, headers={"X-Forwarded-For": f"9.9.9.{number}, 203.0.113.5"}
        )
    async with service.client.post(
        "/api/v1/chat", json={"text": "a"}, headers={"X-Forwarded-For": "203.0.113.5"}
    ) as over:
        assert over.status == 429
    async with service.client.post(
        "/api/v1/chat", json={"text": "a"}, headers={"X-Forwarded-For": "203.0.113.6"}
    ) as other:
        assert other.status == 200


async def test_without_a_trusted_proxy_nobody_chooses_the_address_to_be_counted_under(service: Service) -> None:
    _use_up(service)
    async with service.client.post(
        "/api/v1/chat", json={"text": "a"}, headers={"X-Forwarded-For": "203.0.113.7"}
    ) as response:
        assert response.status == 429


def test_a_household_gets_its_messages_back_with_time() -> None:
    now = 0.0
    buckets = TokenBuckets(lambda: now)
    assert [buckets.wait("a") for _ in range(limits.BURST)] == [0] * limits.BURST
    wait = buckets.wait("a")
    assert wait > 0
    now += wait
    assert buckets.wait("a") == 0


def test_a_very_long_text_counts_as_many_messages() -> None:
    buckets = TokenBuckets(lambda: 0.0)
    assert buckets.wait("a", limits.BURST - 1) == 0
    assert buckets.wait("a") == 0
    assert buckets.wait("a") > 0
    assert buckets.wait("b", 100 * limits.BURST) == 0


def test_a_flood_of_addresses_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REMEMBERED", 100)
    buckets = TokenBuckets()
    for number in range(1_000):
        buckets.wait(str(number))
    assert len(buckets._buckets) == 100


def _use_up(service: Service) -> None:
    limiter = service.client.app[LIMITER]
    while not limiter.wait("127.0.0.1"):
        pass
