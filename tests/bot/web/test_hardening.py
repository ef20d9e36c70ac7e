"""Whatever is thrown at it, the service answers people kindly, runs nobody's commands and tells nobody's secrets."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from tests.bot.web.conftest import Service, Start

NASTY = [
    "<script>alert(1)</script>",
    "'; DROP TABLE log_turn; --",
    "{{7*7}} ${7*7} %s %n",
    "\x00\x01\x1b[31m",
    "\ud800",
    "",
    " \n\t　",
    "🙏👨‍👩‍👧",
    "か\u3099か\u3099",
    "‮しにたくない‬",
    "a" * 9_999,
    "母" * 100_000,
]
COMMANDS = [
    "/restart",
    " /restart",
    "　／restart",
    "／restart",
    "\x00/restart",
    "\u200b/restart",
    '\n\n/inform{"a":"b"}',
    "//restart",
]
CROSS_SITE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
]
LISTED = "https://www.example.jp"


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
async def test_strange_messages_are_answered(service: Service, text: str) -> None:
    body = json.dumps({"conversation": None, "text": text})
    async with service.client.post("/api/v1/chat", data=body, headers={"Content-Type": "application/json"}) as response:
        assert response.status == 200
        assert (await response.json())["messages"]
        assert response.content_type == "application/json"


@pytest.mark.parametrize("text", COMMANDS, ids=range(len(COMMANDS)))
async def test_nobody_can_give_the_engine_a_command(service: Service, text: str) -> None:
    await service.say(text)
    [(_, heard)] = service.engine.heard
    assert not heard.strip().startswith(("/", "／"))
    assert "restart" in heard or "inform" in heard


async def test_the_engine_never_reads_more_than_it_can_bear(service: Service) -> None:
    await service.say("あ" * 100_000 + "おわり")
    [(_, heard)] = service.engine.heard
    assert len(heard) <= 10_100
    assert heard.endswith("おわり")


async def test_a_cry_for_help_in_the_middle_of_a_very_long_text_is_heard(service: Service) -> None:
    reply = await service.say(
        "きょうは天気がよかった。" * 4_000 + "もう死にたいです。" + "あしたは買い物に行く。" * 4_000
    )
    assert reply["kind"] == "crisis"
    assert reply["triage"]["crisis"] == "suicide"
    assert reply["triage"]["windows"][0]["id"] == "emergency"
    assert "もう死にたい" in service.engine.heard[0][1]


async def test_what_the_engine_read_whole_and_found_calm_is_no_alarm(service: Service) -> None:
    reply = await service.say("きのうの映画、包丁を持って追いかけてくる場面がこわかった")
    assert reply["kind"] == "clarify"
    assert reply["triage"]["crisis"] == "none"


async def test_a_crisis_where_the_engine_could_not_read_comes_first_and_the_windows_stay(service: Service) -> None:
    reply = await service.say("母のもの忘れが心配です。" * 900 + "夜中に父が包丁を持って追いかけてくる")
    assert reply["kind"] == "crisis"
    windows = reply["triage"]["windows"]
    assert windows[0]["phone"] == "110"
    assert 1 < len(windows) <= 5


async def test_without_the_engine_a_crisis_still_gets_its_hotline(without_engine: Service) -> None:
    reply = await without_engine.say("もう死にたいです")
    assert reply["kind"] == "crisis"
    assert reply["triage"]["windows"][0]["id"] == "emergency"


async def test_without_the_engine_everybody_still_gets_a_window(without_engine: Service) -> None:
    reply = await without_engine.say("介護のことで困っています")
    assert reply["triage"]["windows"][0]["phone"] == "0466-25-1111"


async def test_an_engine_that_hangs_does_not_keep_anybody_waiting_for_ever(start: Start) -> None:
    service = await start(patience=0.2)
    service.engine.pace = {"もしもし": 3.0}
    assert (await service.say("もしもし"))["model"] == "safety"


async def test_evidence_is_given_back_exactly_as_it_was_sent(service: Service) -> None:
    reply = await service.say("父が夜\u200b中に出ていく")
    assert reply["triage"]["areas"][0]["evidence"] == ["夜\u200b中に"]


async def test_what_is_kept_is_masked(service: Service, tmp_path: Path) -> None:
    await service.say("母のもの忘れが心配です。電話は090-1234-5678です")
    stored = _everything_in(tmp_path)
    assert "もの忘れ".encode() in stored
    assert b"090-1234-5678" not in stored


@pytest.mark.parametrize("headers", CROSS_SITE, ids=str)
@pytest.mark.parametrize("path", ["/api/v1/chat", "/api/v1/erase", "/api/v1/triage"])
async def test_another_site_cannot_write_in_its_visitors_name(
    service: Service, path: str, headers: dict[str, str]
) -> None:
    async with service.client.post(path, json={"text": "a", "conversation": None}, headers=headers) as response:
        assert response.status == 403
        assert "Access-Control-Allow-Origin" not in response.headers
        assert (await response.json())["error"]["code"] == "cross_site"
    assert service.engine.heard == []


async def test_our_own_page_and_programs_are_let_in(service: Service) -> None:
    own = f"http://{service.client.host}:{service.client.port}"
    for headers in ({}, {"Sec-Fetch-Site": "same-origin", "Origin": own}, {"Sec-Fetch-Site": "none"}, {"Origin": own}):
        await service.say("こんにちは", **headers)


async def test_a_listed_site_may_carry_the_widget(start: Start) -> None:
    service = await start(origins=frozenset({LISTED}))
    headers = {"Origin": LISTED, "Sec-Fetch-Site": "cross-site"}
    async with service.client.options(
        "/api/v1/chat", headers={**headers, "Access-Control-Request-Method": "POST"}
    ) as asked:
        assert asked.status == 204
        assert asked.headers["Access-Control-Allow-Origin"] == LISTED
        assert "Access-Control-Allow-Credentials" not in asked.headers
    async with service.client.post("/api/v1/chat", json={"text": "a"}, headers=headers) as said:
        assert said.status == 200
        assert said.headers["Access-Control-Allow-Origin"] == LISTED
    async with service.client.post("/api/v1/triage", json={"text": "a"}, headers=headers) as staff:
        assert staff.status == 403
    for path in ("/widget.js", "/widget.json"):
        async with service.client.get(path, headers=headers) as file:
            assert file.headers["Access-Control-Allow-Origin"] == LISTED
            assert "Origin" in file.headers["Vary"]


async def test_a_site_that_is_not_listed_may_not(start: Start) -> None:
    service = await start(origins=frozenset({LISTED}))
    headers = {"Origin": "https://www.example.jp.evil.example", "Sec-Fetch-Site": "cross-site"}
    async with service.client.options("/api/v1/chat", headers=headers) as asked:
        assert asked.status == 403
        assert "Access-Control-Allow-Origin" not in asked.headers
    async with service.client.get("/widget.json", headers=headers) as file:
        assert "Access-Control-Allow-Origin" not in file.headers


@pytest.mark.parametrize("path", ["/", "/nothing", "/api/v1/nothing", "/healthz", "/widget.js"])
async def test_every_answer_carries_the_protections_of_a_modern_browser(service: Service, path: str) -> None:
    async with service.client.get(path) as response:
        headers = response.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Permissions-Policy" in headers
    assert "Server" not in headers
    assert "Set-Cookie" not in headers
    assert "Strict-Transport-Security" not in headers


async def test_https_is_insisted_on_behind_the_proxy_that_provides_it(start: Start) -> None:
    service = await start(trusted_proxy=True)
    async with service.client.get("/", headers={"X-Forwarded-Proto": "https"}) as response:
        assert "max-age" in response.headers["Strict-Transport-Security"]
    async with service.client.get("/") as response:
        assert "Strict-Transport-Security" not in response.headers


async def test_conversations_are_not_kept_by_caches_and_files_are(service: Service) -> None:
    async with service.client.get("/") as page:
        assert page.headers["Cache-Control"] == "no-store"
        html = await page.text()
    async with service.client.post("/api/v1/chat", json={"text": "a"}) as said:
        assert said.headers["Cache-Control"] == "no-store"
    address = html.split('src="/static/')[1].split('"')[0]
    async with service.client.get(f"/static/{address}") as file:
        assert "immutable" in file.headers["Cache-Control"]
        tag = file.headers["ETag"]
    async with service.client.get(f"/static/{address}", headers={"If-None-Match": tag}) as again:
        assert again.status == 304


async def test_the_log_of_requests_keeps_neither_addresses_nor_anything_typed(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot")
    await service.client.get("/yamada?phone=090-1234-5678")
    await service.say("山田です")
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("bot")]
    assert any("/api/v1/chat 200" in line for line in lines)
    for private in ("yamada", "山田", "090", "127.0.0.1"):
        assert not any(private in line for line in lines)


def _everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
