"""The web tier as its visitors meet it: over HTTP, and in a real browser."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bot.engine.client import EngineClient
from bot.logbook.database import open_engine
from bot.logbook.store import Logbook
from bot.settings import Settings
from bot.staff import schema as staff_schema
from bot.web.app import make_app
from tests.bot.web.stand_in import StandIn

CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_OPTIONS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

Client = TestClient[web.Request, web.Application]


@dataclass(frozen=True)
class Service:
    """A running web tier: how to ask it, and what stands behind it."""

    client: Client
    logbook: Logbook
    settings: Settings
    engine: StandIn

    async def say(self, text: str, conversation: str | None = None, **headers: str) -> dict[str, Any]:
        """One message of the public page; its reply."""
        body = {"conversation": conversation, "text": text}
        async with self.client.post("/api/v1/chat", json=body, headers=headers) as response:
            assert response.status == 200, await response.text()
            reply: dict[str, Any] = await response.json()
            return reply


Start = Callable[..., Awaitable[Service]]


@pytest.fixture
async def start(tmp_path: Path, aiohttp_client: Any) -> AsyncIterator[Start]:
    """Starts the web tier; `engine=False`: nothing listens where the engine should be; other names are settings."""
    async with AsyncExitStack() as stack:

        async def run(*, engine: bool = True, patience: float = 8.0, **values: Any) -> Service:
            stand_in = StandIn()
            path = tmp_path / "engine.sock"
            if engine:
                runner = web.AppRunner(stand_in.app())
                await runner.setup()
                stack.push_async_callback(runner.cleanup)
                await web.UnixSite(runner, str(path)).start()
            settings = Settings(data=tmp_path, **values)
            logbook = stack.enter_context(opened_logbook(tmp_path))
            asking = await stack.enter_async_context(EngineClient(path, timeout=patience))
            return Service(await aiohttp_client(make_app(settings, asking, logbook)), logbook, settings, stand_in)

        yield run


@pytest.fixture
async def service(start: Start) -> Service:
    """The web tier with a stand-in engine."""
    return await start()


@pytest.fixture
async def without_engine(start: Start) -> Service:
    """The web tier alone: the engine is starting, restarting or gone."""
    return await start(engine=False)


@pytest.fixture
async def with_real_engine(tmp_path: Path, aiohttp_client: Any, engine_socket: Path) -> AsyncIterator[Service]:
    """The web tier before a real engine with a trained model."""
    settings = Settings(data=tmp_path)
    with opened_logbook(tmp_path) as logbook:
        async with EngineClient(engine_socket) as engine:
            yield Service(await aiohttp_client(make_app(settings, engine, logbook)), logbook, settings, StandIn())


@contextmanager
def opened_logbook(folder: Path) -> Iterator[Logbook]:
    """A logbook on SQLite in `folder`, its tables and the staff's made.

    Its spool reserves megabytes: it does not outlive the test.
    """
    url = Settings(data=folder).log_url
    logbook = Logbook(url, folder / "spool")
    logbook.open()
    engine = open_engine(url)
    staff_schema.upgrade(engine)
    engine.dispose()
    yield logbook
    logbook.close()
    (folder / "spool").unlink()


@dataclass
class Site:
    """A web tier that runs in a thread of its own, for the browser. `engine`: the stand-in behind it."""

    url: str
    engine: StandIn
    settings: Settings
    origin_allowed: str
    origin_refused: str


#: How long a browser test waits for what must come, on a busy machine too. What comes at once costs nothing of it.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium from the system's packages. Without it the test is skipped, or fails where TSUNAGU_REQUIRE_BROWSER=1.

    One a module: while Playwright's synchronous side runs, no asynchronous test can.
    """
    if not CHROMIUM.exists():
        words = f"ブラウザの試験を飛ばします: {CHROMIUM} がありません"
        if os.environ.get("TSUNAGU_REQUIRE_BROWSER") == "1":
            pytest.fail(words)
        warnings.warn(words, stacklevel=1)
        pytest.skip(words)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(CHROMIUM_OPTIONS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The web tier with a stand-in engine, and a host page of the widget on two other origins."""
    folder = tmp_path_factory.mktemp("site")
    port, allowed, refused = free_ports(3)
    hosts = f"http://127.0.0.1:{allowed}", f"http://127.0.0.1:{refused}"
    settings = Settings(data=folder, port=port, origins=frozenset({hosts[0]}))
    running = Site(f"http://127.0.0.1:{port}", StandIn(), settings, *hosts)
    ready, stop = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def run() -> None:
        async with AsyncExitStack() as stack:
            engine = await stack.enter_async_context(EngineClient(folder / "engine.sock"))
            app = make_app(settings, engine, stack.enter_context(opened_logbook(folder)))
            host = _host_page(running.url)
            for one, where in (
                (running.engine.app(), None),
                (app, port),
                (host, allowed),
                (_host_page(running.url), refused),
            ):
                runner = web.AppRunner(one)
                await runner.setup()
                stack.push_async_callback(runner.cleanup)
                socket_site = web.UnixSite(runner, str(folder / "engine.sock"))
                await (socket_site if where is None else web.TCPSite(runner, "127.0.0.1", where)).start()
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),), daemon=True)
    thread.start()
    assert ready.wait(30)
    yield running
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone that nobody used before."""
    phone = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="ja-JP", timezone_id="Asia/Tokyo", reduced_motion="reduce"
    )
    yield phone
    phone.close()


@pytest.fixture
def page(context: BrowserContext, site: Site) -> Iterator[Page]:
    """The resident's page, opened and ready; any error in its script fails the test that meets it."""
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(site.url)
    opened.wait_for_selector("textarea")
    yield opened
    assert errors == []


def say(page: Page, text: str) -> None:
    """Write and send, and wait for whatever comes back."""
    answers = page.locator(".reply, .failed").count()
    page.get_by_label("困っていること").fill(text)
    page.get_by_role("button", name="送る", exact=True).click()
    page.locator(".reply, .failed").nth(answers).wait_for()


def _host_page(service: str) -> web.Application:
    """Another site that embeds the widget under a strict policy without 'unsafe-inline'."""
    policy = f"default-src 'none'; script-src {service}; connect-src {service}; style-src 'self'; base-uri 'none'"
    html = (
        '<!DOCTYPE html><html lang="ja"><title>となりのサイト</title><h1>となりのサイト</h1>'
        f'<script src="{service}/widget.js" async></script><tsunagu-chat label="困りごとはこちら"></tsunagu-chat>'
    )

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=html, content_type="text/html", headers={"Content-Security-Policy": policy})

    app = web.Application()
    app.add_routes([web.get("/", answer)])
    return app


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody uses now."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports
