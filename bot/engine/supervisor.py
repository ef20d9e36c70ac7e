"""Keeps an engine process running: starts it, sees that it answers, starts it again when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from pathlib import Path

from bot.engine.client import EngineClient, EngineUnavailable
from bot.settings import PROJECT

_log = logging.getLogger(__name__)
_POLL = 0.2
_LONGEST_PAUSE = 30.0
# An engine that lived this long (seconds) was healthy: the next start is immediate again.
_HEALTHY = 60.0


class EngineSupervisor:
    """Runs `python -m bot.engine` until closed. `deaths`: how often the engine ended by itself."""

    def __init__(self, model: Path, socket: Path, log_url: str | None, *, module: str = "bot.engine") -> None:
        """`socket` is where the engine listens; its folder must be this user's alone.

        Without `log_url` the engine keeps conversations in memory only. `module`: what to run instead, in tests.
        """
        self._command = [sys.executable, "-W", "ignore", "-m", module, str(model), str(socket)]
        if log_url is not None:
            self._command.append(log_url)
        self.model = model
        self.deaths = 0
        self._socket = socket
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def socket(self) -> Path:
        """Where the engine listens."""
        return self._socket

    @property
    def pid(self) -> int | None:
        """Process id of the present engine."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the engine and return at once; `ready` waits for it."""
        self._task = asyncio.create_task(self._keep_running())

    async def ready(self, patience: float) -> bool:
        """Wait until the engine answers; False when `patience` seconds pass first."""
        deadline = asyncio.get_running_loop().time() + patience
        async with EngineClient(self._socket, timeout=2.0) as client:
            while asyncio.get_running_loop().time() < deadline:
                with contextlib.suppress(EngineUnavailable):
                    await client.status()
                    return True
                await asyncio.sleep(_POLL)
        return False

    async def close(self) -> None:
        """Stop the engine; it writes its state first."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._stop()
        self._socket.unlink(missing_ok=True)

    async def _keep_running(self) -> None:
        loop = asyncio.get_running_loop()
        pause = 0.0
        while True:
            started = loop.time()
            self._socket.unlink(missing_ok=True)
            # A session of its own: Ctrl-C reaches the parent alone, which then stops the engine in order.
            self._process = await asyncio.create_subprocess_exec(*self._command, cwd=PROJECT, start_new_session=True)
            code = await self._process.wait()
            self.deaths += 1
            pause = 0.0 if loop.time() - started > _HEALTHY else min(max(0.5, pause * 2), _LONGEST_PAUSE)
            _log.warning("The engine ended with code %s; starting it again in %.1f s", code, pause)
            await asyncio.sleep(pause)

    async def _stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 5.0)
        except TimeoutError:
            process.kill()
            await process.wait()
