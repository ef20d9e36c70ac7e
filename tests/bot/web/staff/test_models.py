"""Training, comparing, refusing, switching and going back as operators do it in a real browser."""

from __future__ import annotations

import asyncio
import itertools
import json
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from bot.engine.client import EngineClient
from bot.learning.serving import Serving
from bot.settings import Settings
from bot.staff.roles import Role
from bot.web.app import make_app
from bot.web.keys import MODELS
from tests.bot.learning.material import CRISIS, WORRY, add_model, compared, serve
from tests.bot.web.conftest import free_ports, opened_logbook
from tests.bot.web.staff.conftest import COOKIE, with_accounts
from tests.bot.web.staff.test_pages import barriers
from tests.bot.web.stand_in import StandIn

OLD, NEW, BAD = "tsunagu-0ld", "tsunagu-new", "tsunagu-bad"


class Named(StandIn):
    """A stand-in engine that says which model it is. `changed`: text → what it answers otherwise."""

    def __init__(self, model: str) -> None:
        super().__init__()
        self.model = model

    async def _turn(self, request: web.Request) -> web.Response:
        response = await super()._turn(request)
        reply = json.loads(response.text or "")
        if self.model == NEW and "もの忘れ" in self.heard[-1][1]:
            reply["triage"]["areas"] = [{"id": "hoarding", "label": "片づけ", "score": 0.7, "evidence": []}]
        return web.json_response(reply | {"model": self.model})


class Pair:
    """Two stand-in engines on sockets of their own in place of processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = AsyncExitStack()
        self.client = EngineClient(folder / f"{OLD}.sock")
        self.shadow_client: EngineClient | None = None
        self.running: dict[str, Named] = {}

    async def start(self, model: str) -> None:
        engine = self.running[model] = Named(model)
        runner = web.AppRunner(engine.app())
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.UnixSite(runner, str(self._folder / f"{model}.sock")).start()

    async def switch(self, model: Path, report: Callable[[str], None]) -> None:
        name = model.name.removesuffix(".tar.gz")
        report("load")
        await asyncio.sleep(1.5)
        if name not in self.running:
            await self.start(name)
        report("move")
        await self.client.move(self._folder / f"{name}.sock")

    async def shadow(self, model: Path | None) -> None:
        if self.shadow_client is not None:
            await self.shadow_client.close()
            self.shadow_client = None
        if model is not None:
            name = model.name.removesuffix(".tar.gz")
            if name not in self.running:
                await self.start(name)
            self.shadow_client = EngineClient(self._folder / f"{name}.sock")

    async def close(self) -> None:
        await self.shadow(None)
        await self.client.close()
        await self._stack.aclose()


@dataclass
class Learning:
    """A running service whose models can be switched, with an operator signed in."""

    url: str
    settings: Settings
    engine: Engine
    cookies: dict[Role, dict[str, str]]
    errors: list[str]
    browser: Browser | None = None

    def open(self, path: str, *, role: Role = Role.OPERATOR, width: int = 1366) -> Page:
        assert self.browser is not None
        context = self.browser.new_context(
            viewport={"width": width, "height": 768}, locale="ja-JP", timezone_id="Asia/Tokyo"
        )
        context.add_cookies([{"name": COOKIE, "value": self.cookies[role][COOKIE], "url": self.url, "httpOnly": True}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(self.url + path)
        return page

    def actions(self) -> list[str]:
        with sqlite3.connect(self.settings.data / "logbook.db") as database:
            return [row[0] for row in database.execute("SELECT action FROM staff_audit ORDER BY id")]


async def running(folder: Path, port: int, stack: AsyncExitStack) -> Learning:
    """OLD in service; NEW is compared and better; BAD overlooks a crisis."""
    from bot.commands.db import prepare_databases

    settings = Settings(data=folder, port=port, trusted_proxy=True)
    await asyncio.to_thread(prepare_databases, settings)
    logbook = stack.enter_context(opened_logbook(folder))
    pair = Pair(folder)
    await pair.start(OLD)
    stack.push_async_callback(pair.close)
    register, accounts = with_accounts(settings)
    stack.callback(register.close)
    for name in (OLD, NEW, BAD):
        add_model(register.engine, settings.models, name, reviewed=2 if name != OLD else 0)
    serve(settings.models, OLD)
    compared(register.engine, settings.models, NEW, OLD, falls=False)
    compared(register.engine, settings.models, BAD, OLD, falls=True)
    app = make_app(settings, pair.client, logbook, pair)
    app[MODELS]._worker = "tests.bot.learning.slow_worker"
    runner = web.AppRunner(app)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", port).start()
    cookies = {role: {COOKIE: register.sessions.start(account)} for role, account in accounts.items()}
    return Learning(f"http://127.0.0.1:{port}", settings, register.engine, cookies, [])


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[tuple[Learning, ClientSession]]:
    """The service and an operator's client."""
    async with AsyncExitStack() as stack:
        learning = await running(tmp_path, free_ports(1)[0], stack)
        client = ClientSession(learning.url, cookies=learning.cookies[Role.OPERATOR])
        yield learning, await stack.enter_async_context(client)


async def settled(client: ClientSession) -> dict[str, Any]:
    for _ in range(200):
        async with client.get("/api/v1/staff/models") as response:
            status: dict[str, Any] = await response.json()
        if not (status["switching"] or {}).get("running"):
            return status
        await asyncio.sleep(0.05)
    raise AssertionError(status)


async def test_four_residents_write_on_while_models_are_switched(api: tuple[Learning, ClientSession]) -> None:
    """Through the web: every message gets the engine's answer, and the model in it changes there and back."""
    learning, client = api
    stop, numbers = False, itertools.count()
    said: list[list[str]] = [[], [], [], []]

    async def write(number: int) -> None:
        conversation = None
        async with ClientSession(learning.url) as resident:
            while not stop:
                body = {"conversation": conversation, "text": "父が夜中に出ていきます"}
                # Addresses of a whole city: nobody writes too much.
                headers = {"X-Forwarded-For": f"203.0.113.{next(numbers) % 250}"}
                async with resident.post("/api/v1/chat", json=body, headers=headers) as response:
                    assert response.status == 200, await response.text()
                    reply = await response.json()
                conversation = reply["conversation"]
                assert reply["triage"]["windows"]
                said[number].append(reply["model"])
                await asyncio.sleep(0.05)

    residents = [asyncio.create_task(write(number)) for number in range(4)]
    await asyncio.sleep(0.3)
    for model in (NEW, OLD):
        async with client.post(f"/api/v1/staff/models/{model}/switch", json={}) as response:
            assert response.status == 200, await response.text()
        assert (await settled(client))["switching"]["problem"] == ""
        await asyncio.sleep(0.3)
    stop = True
    await asyncio.gather(*residents)
    everything = {model for models in said for model in models}
    assert everything == {OLD, NEW}
    for models in said:
        changes = [b for a, b in itertools.pairwise(models) if a != b]
        assert [models[0], *changes] == [OLD, NEW, OLD]


async def test_nobody_switches_to_a_model_that_overlooks_a_crisis(api: tuple[Learning, ClientSession]) -> None:
    """Not even an administrator, and not past the page."""
    learning, _ = api
    async with (
        ClientSession(learning.url, cookies=learning.cookies[Role.ADMIN]) as admin,
        admin.post(f"/api/v1/staff/models/{BAD}/switch", json={"force": True}) as response,
    ):
        assert response.status == 409
        error = (await response.json())["error"]
    assert error["code"] == "refused"
    assert "危機が減る" in error["message"]
    serving = Serving.read(learning.settings.models)
    assert serving is not None
    assert serving.model == OLD


async def test_the_shadow_hears_what_was_answered_and_its_disagreements_are_listed(
    api: tuple[Learning, ClientSession],
) -> None:
    """The resident sees the model in service alone; an operator reads the masked text and says who was right."""
    _, client = api
    async with client.post(f"/api/v1/staff/models/{NEW}/shadow", json={}) as response:
        assert response.status == 200
    text = "もの忘れが心配です。電話は0466-99-1234です"
    conversation = None
    for words in (text, "電話番号は?"):
        async with client.post("/api/v1/chat", json={"conversation": conversation, "text": words}) as response:
            reply = await response.json()
            assert reply["model"] == OLD
            conversation = reply["conversation"]
        await asyncio.sleep(0.3)
    async with client.get(f"/staff/models/{NEW}/shadow") as response:
        html = await response.text()
    assert "もの忘れが心配です" in html
    assert "0466-99-1234" not in html
    assert "いちばんの分野" in html
    assert f'href="/staff/review/talks/{conversation}#turn-1"' in html
    assert "電話番号は?" not in html
    async with client.post("/api/v1/staff/models/disagreements/1", json={"verdict": "service"}) as response:
        assert response.status == 200
    async with client.post("/api/v1/erase", json={"conversation": conversation}) as response:
        assert response.status == 200
    async with client.get(f"/staff/models/{NEW}/shadow") as response:
        assert "もの忘れが心配です" not in await response.text()


async def test_one_job_at_a_time_over_the_api(api: tuple[Learning, ClientSession]) -> None:
    _, client = api
    async with client.post("/api/v1/staff/models/train", json={}) as response:
        assert response.status == 400
    async with client.post("/api/v1/staff/models/train", json={"confirmed": True}) as response:
        job = (await response.json())["job"]
    async with client.post("/api/v1/staff/models/train", json={"confirmed": True}) as response:
        assert response.status == 409
        assert (await response.json())["error"]["code"] == "busy"
    async with client.post(f"/api/v1/staff/models/jobs/{job}/cancel", json={}) as response:
        assert response.status == 200
    for _ in range(100):
        async with client.get("/api/v1/staff/models") as response:
            state = (await response.json())["job"]["state"]
        if state != "running":
            break
        await asyncio.sleep(0.1)
    assert state == "cancelled"


@pytest.fixture(scope="module")
def learning(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Learning]:
    """The service in a thread, for the browser."""
    folder = tmp_path_factory.mktemp("learning")
    loop, ready, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    found: list[Learning] = []

    async def run() -> None:
        async with AsyncExitStack() as stack:
            found.append(await running(folder, free_ports(1)[0], stack))
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),), daemon=True)
    thread.start()
    assert ready.wait(60)
    found[0].browser = browser
    yield found[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join(20)
    assert found[0].errors == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [768, 1366])
def test_axe_finds_nothing_on_the_pages(learning: Learning, width: int) -> None:
    for path in ("/staff/models", f"/staff/models/{BAD}", f"/staff/models/{NEW}/shadow"):
        page = learning.open(path, width=width)
        assert barriers(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.context.close()


@pytest.mark.browser
def test_learning_shows_how_far_it_is_and_can_be_stopped(learning: Learning) -> None:
    page = learning.open("/staff/models")
    page.get_by_role("button", name="学習する", exact=True).click()
    expect(page.get_by_role("progressbar", name="相談分野を学んでいます")).to_have_attribute("value", "40")
    expect(page.get_by_role("button", name="学習する", exact=True)).to_be_disabled()
    # Another page, or this one after a reload, sees the same job.
    other = learning.open("/staff/models")
    expect(other.get_by_role("progressbar")).to_be_visible()
    other.context.close()
    page.get_by_role("button", name="やめる", exact=True).first.click()
    expect(page.get_by_text("前の学習は、途中でやめました。")).to_be_visible()
    expect(page.get_by_role("button", name="学習する", exact=True)).to_be_enabled()
    assert {"model.train", "model.cancel"} <= set(learning.actions())
    page.context.close()


@pytest.mark.browser
def test_what_changed_is_read_sentence_by_sentence_and_the_refusal_says_why(learning: Learning) -> None:
    page = learning.open(f"/staff/models/{BAD}")
    expect(page.get_by_role("heading", name="気づける危機が減るので、切り替えられません。")).to_be_visible()
    lost = page.get_by_role("region", name="候補が見のがす危機")
    expect(lost).to_contain_text(CRISIS.text)
    expect(page.get_by_role("region", name="良くなった文")).to_contain_text(WORRY.text)
    expect(page.get_by_role("button", name="切り替える")).to_have_count(0)
    page.goto(f"{learning.url}/staff/models")
    row = page.get_by_role("row").filter(has_text=BAD)
    expect(row.get_by_text("気づける危機が減ります")).to_be_visible()
    expect(row.get_by_role("button", name="切り替える")).to_be_disabled()
    page.context.close()


@pytest.mark.browser
def test_switched_on_the_page_and_taken_back(learning: Learning) -> None:
    page = learning.open(f"/staff/models/{NEW}")
    page.get_by_role("button", name="切り替える").click()
    expect(page.get_by_role("dialog")).to_contain_text("すぐに戻せます")
    page.get_by_role("button", name="はい").click()
    page.wait_for_url("**/staff/models")
    serving = page.get_by_role("region", name="いま使っているモデル")
    expect(serving.get_by_role("status")).to_contain_text("新しいモデル")
    row = page.get_by_role("row").filter(has_text=NEW)
    expect(row.get_by_text("使用中")).to_be_visible()
    serving.get_by_role("button", name="戻す").click()
    page.get_by_role("button", name="はい").click()
    expect(page.get_by_role("row").filter(has_text=OLD).get_by_text("使用中")).to_be_visible()
    expect(page.get_by_role("list").filter(has_text="に戻した")).to_contain_text("運用の 井上")
    assert learning.actions().count("model.switch") >= 2
    page.context.close()
