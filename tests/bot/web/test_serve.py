"""The service on a real port: it starts with nothing else running, and keeps what has to wait."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing, suppress
from pathlib import Path

import aiohttp
import pytest

from bot.engine.client import EngineClient
from bot.logbook.store import Logbook
from bot.settings import Settings
from bot.web import app as app_module
from bot.web.serve import serve
from tests.bot.web.conftest import free_ports, opened_logbook


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    """A free port."""
    return Settings(data=tmp_path, port=free_ports(1)[0])


@pytest.fixture
async def logbook(tmp_path: Path) -> AsyncIterator[Logbook]:
    """An open logbook."""
    with opened_logbook(tmp_path) as logbook:
        yield logbook


@pytest.fixture
async def url(settings: Settings, logbook: Logbook) -> AsyncIterator[str]:
    """The address of the running service; its engine never started."""
    async with AsyncExitStack() as stack:
        engine = await stack.enter_async_context(EngineClient(settings.data / "engine.sock"))
        task = asyncio.create_task(serve(settings, engine, logbook))
        await _listening(settings.port)
        yield f"http://127.0.0.1:{settings.port}"
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_people_are_answered_although_nothing_else_runs(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as page:
            assert "0120-279-338" in await page.text()
        async with session.post(f"{url}/api/v1/chat", json={"text": "介護のこと"}) as response:
            assert (await response.json())["triage"]["windows"]


async def test_a_taken_port_is_an_error_at_once(url: str, settings: Settings, logbook: Logbook) -> None:
    async with EngineClient(settings.data / "engine.sock") as engine:
        with pytest.raises(OSError, match=str(settings.port)):
            await asyncio.wait_for(serve(settings, engine, logbook), 5)


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /?name=%E5%B1%B1%E7%94%B0 HTTP/1.1\r\nbad header\r\n\r\n",
        b"GET /090-1234-5678 HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"GET /" + b"090-1234-5678" * 2_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=["header", "version", "tls", "long"],
)
async def test_what_is_no_http_is_refused_and_not_quoted_in_the_log(
    url: str, raw: bytes, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    reader, writer = await asyncio.open_connection("127.0.0.1", settings.port)
    writer.write(raw)
    assert b" 400 " in await reader.readline()
    writer.close()
    for private in ("127.0.0.1", "090", "%E5", "name="):
        assert private not in "\n".join(line for line in caplog.text.splitlines() if "bot" in line or "aiohttp" in line)


async def test_a_body_that_cannot_be_unpacked_is_a_bad_request(url: str) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/api/v1/chat", data=b"abcde", headers=headers) as response,
    ):
        assert response.status == 400
        assert (await response.json())["error"]["code"] == "bad_request"


async def test_turns_that_had_to_wait_are_stored_when_the_database_is_back(
    url: str, settings: Settings, logbook: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_module, "DRAIN_EVERY", 0.1)
    database = settings.data / "logbook.db"
    with closing(sqlite3.connect(database)) as blocker:
        blocker.execute("BEGIN EXCLUSIVE")
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{url}/api/v1/chat", json={"text": "介護のこと"}) as response,
        ):
            conversation = json.loads(await response.text())["conversation"]
        assert logbook.pending() == 1
        blocker.rollback()
    for _ in range(150):
        if not logbook.pending():
            break
        await asyncio.sleep(0.1)
    assert logbook.pending() == 0
    assert logbook.erase(conversation) == 1


async def _listening(port: int) -> None:
    for _ in range(100):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise TimeoutError
