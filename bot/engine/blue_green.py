"""The engine in service and its successor: one takes over from the other without losing a message.

Both are processes of their own. What a conversation is about lies in the session store: the engine that leaves saves
each turn's state before the answer goes out, and the web tier asks about one conversation only one thing at a time, so
whoever answers the next message finds it there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.engine.client import EngineClient, EngineUnavailable
from bot.engine.probe import PROBE
from bot.engine.supervisor import EngineSupervisor
from bot.engine.training import name_of

#: Seconds that a new engine may take to load and to answer its probe.
PATIENCE: Final = 90.0

Report = Callable[[str], None]


class CannotSwitch(Exception):
    """The model stays as it was; the message is Japanese and plain."""


class Engines:
    """The engine that answers, its successor while a switch is under way, and one that runs in shadow."""

    def __init__(self, folder: Path, log_url: str, *, module: str = "bot.engine", patience: float = PATIENCE) -> None:
        """`folder`: of this user alone, with a short path, for the sockets; `log_url`: where conversations are kept."""
        self._folder = folder
        self._log_url = log_url
        self._module = module
        self._patience = patience
        self._started = 0
        self._switching = asyncio.Lock()
        self._serving: EngineSupervisor | None = None
        self._shadow: EngineSupervisor | None = None
        self.client = EngineClient(folder / "engine-1.sock")
        #: Asks the engine in shadow; None without one.
        self.shadow_client: EngineClient | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the engine in service."""
        return self._serving.pid if self._serving else None

    async def start(self, model: Path) -> None:
        """Start the first engine and return at once; `ready` waits for it."""
        self._serving = self._supervisor(model, self._log_url)
        await self._serving.start()

    async def ready(self, patience: float) -> bool:
        """Whether the engine in service answers within `patience` seconds."""
        return self._serving is not None and await self._serving.ready(patience)

    async def switch(self, model: Path, report: Report = lambda stage: None) -> None:
        """Put `model` into service. `report` gets a stage: load, probe, move, drain. Raises CannotSwitch."""
        async with self._switching:
            report("load")
            fresh = self._supervisor(model, self._log_url)
            await fresh.start()
            try:
                await self._prove(fresh, report)
                report("move")
                await self._settle()
            except BaseException:
                await fresh.close()
                raise
            before, self._serving = self._serving, fresh
            report("drain")
            await self.client.move(fresh.socket)
            if before is not None:
                await before.close()

    async def shadow(self, model: Path | None) -> None:
        """Run `model` beside the one in service, without a conversation ever being saved; None ends it."""
        client, self.shadow_client = self.shadow_client, None
        if client is not None:
            await client.close()
        if self._shadow is not None:
            await self._shadow.close()
            self._shadow = None
        if model is not None:
            self._shadow = self._supervisor(model, None)
            await self._shadow.start()
            self.shadow_client = EngineClient(self._shadow.socket)

    async def close(self) -> None:
        """Stop all engines; they write their state first."""
        await self.shadow(None)
        await self.client.close()
        if self._serving is not None:
            await self._serving.close()

    def _supervisor(self, model: Path, log_url: str | None) -> EngineSupervisor:
        self._started += 1
        socket = self._folder / f"engine-{self._started}.sock"
        return EngineSupervisor(model, socket, log_url, module=self._module)

    async def _prove(self, engine: EngineSupervisor, report: Report) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience
        while not await engine.ready(1.0):
            if engine.deaths or loop.time() > deadline:
                raise CannotSwitch("新しいモデルが動きませんでした。いまのモデルのままです。")
        report("probe")
        try:
            async with EngineClient(engine.socket) as client:
                answer = await client.triage(PROBE)
        except EngineUnavailable as error:
            raise CannotSwitch("新しいモデルが、ためしの文に答えませんでした。いまのモデルのままです。") from error
        if answer.get("model") != name_of(engine.model) or not (answer.get("triage") or {}).get("windows"):
            raise CannotSwitch("新しいモデルが、ためしの文に窓口を答えませんでした。いまのモデルのままです。")

    async def _settle(self) -> None:
        # An engine that is gone has nothing left to save: its successor is all the more welcome.
        with suppress(EngineUnavailable):
            if not await self.client.settle(leaving=True):
                await self.client.settle(leaving=False)
                raise CannotSwitch("会話を書いておくデータベースが答えません。いまのモデルのままです。")
