"""Another model takes over while residents write: nobody notices, nothing is lost."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.engine.blue_green import CannotSwitch, Engines
from bot.engine.client import EngineClient, EngineUnavailable
from bot.logbook import schema
from bot.logbook.database import open_engine
from bot.settings import Settings

STAND_IN = "tests.bot.engine.stand_in_process"
WORRY = "父が夜中に何度も出ていこうとする。湘南台に住んでいます"


@pytest.fixture
async def engines(url: str) -> AsyncIterator[Engines]:
    """A counting stand-in is in service as `blue`; conversations are kept in each database in turn."""
    database = open_engine(url)
    schema.upgrade(database)
    database.dispose()
    with tempfile.TemporaryDirectory(prefix="tsunagu-") as folder:
        started = Engines(Path(folder), url, module=STAND_IN, patience=20)
        await started.start(Path("blue.tar.gz"))
        assert await started.ready(20)
        yield started
        await started.close()


class Residents:
    """Some people who write all the time, each in one conversation, the next message after the answer."""

    def __init__(self, client: EngineClient, count: int = 4) -> None:
        self.replies: dict[str, list[dict[str, Any]]] = {f"resident-{number}": [] for number in range(count)}
        self.lost: list[str] = []
        self._client = client
        self._stop = False
        self._tasks = [asyncio.create_task(self._write(name)) for name in self.replies]

    async def _write(self, name: str) -> None:
        while not self._stop:
            text = WORRY if not self.replies[name] else "近くの縁側は?"
            try:
                self.replies[name].append(await self._client.turn(name, text))
            except EngineUnavailable as error:
                self.lost.append(f"{name}: {error}")

    async def done(self) -> None:
        self._stop = True
        await asyncio.gather(*self._tasks)


async def test_nothing_is_lost_while_four_write_and_models_change(engines: Engines) -> None:
    """Switched and switched back: each conversation is counted on without a gap, by one engine after the other."""
    residents = Residents(engines.client)
    await asyncio.sleep(0.5)
    for model in ("green", "blue", "green"):
        await engines.switch(Path(f"{model}.tar.gz"))
        await asyncio.sleep(0.5)
    await residents.done()
    assert residents.lost == []
    for replies in residents.replies.values():
        assert [reply["counted"] for reply in replies] == list(range(1, len(replies) + 1))
        models = [reply["model"] for reply in replies]
        changes = [b for a, b in itertools.pairwise(models) if a != b]
        assert [models[0], *changes] == ["blue", "green", "blue", "green"]


async def test_a_model_that_does_not_start_changes_nothing(engines: Engines) -> None:
    await engines.client.turn("one", WORRY)
    with pytest.raises(CannotSwitch, match="動きませんでした"):
        await engines.switch(Path("dies.tar.gz"))
    reply = await engines.client.turn("one", WORRY)
    assert (reply["model"], reply["counted"]) == ("blue", 2)


async def test_a_model_that_knows_no_window_changes_nothing(engines: Engines) -> None:
    with pytest.raises(CannotSwitch, match="窓口を答えませんでした"):
        await engines.switch(Path("mute.tar.gz"))
    assert (await engines.client.status())["model"] == "blue"


async def test_the_shadow_saves_no_conversation(engines: Engines) -> None:
    await engines.shadow(Path("green.tar.gz"))
    assert engines.shadow_client is not None
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            heard = await engines.shadow_client.turn("one", WORRY)
            break
        except EngineUnavailable:
            await asyncio.sleep(0.1)
    assert (heard["model"], heard["counted"]) == ("green", 1)
    assert (await engines.client.turn("one", WORRY))["counted"] == 1
    await engines.shadow(None)
    assert engines.shadow_client is None


@pytest.mark.slow
async def test_real_engines_change_under_load_and_the_way_back_is_short(
    settings: Settings, model: Path, tmp_path: Path
) -> None:
    """Each reply is whole, and the second question is answered from the first, whichever engine heard that."""
    copy = tmp_path / "tsunagu-candidate.tar.gz"
    shutil.copy(model, copy)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tsunagu-"))
        engines = Engines(Path(folder), settings.log_url)
        stack.push_async_callback(engines.close)
        await engines.start(model)
        assert await engines.ready(120)
        residents = Residents(engines.client)
        await asyncio.sleep(2)
        await engines.switch(copy)
        await asyncio.sleep(2)
        started = time.monotonic()
        await engines.switch(model)
        back = time.monotonic() - started
        await asyncio.sleep(2)
        await residents.done()
    assert residents.lost == []
    assert back < 20
    for replies in residents.replies.values():
        assert [reply["kind"] for reply in replies] == ["route", *["engawa"] * (len(replies) - 1)]
        assert all(reply["triage"]["place"]["district"] == "湘南台" for reply in replies)
        models = [reply["model"] for reply in replies]
        assert len(set(models)) == 2
        assert models[0] == models[-1]
