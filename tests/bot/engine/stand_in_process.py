"""`python -m tests.bot.engine.stand_in_process MODEL SOCKET [LOG_URL]`: an engine that counts, and loads at once.

A reply's `counted` is the number of the turn within its conversation; like a real engine it keeps that in memory and
writes it behind. A model named "dies…" never starts, one named "mute…" knows no window.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.logbook.sessions import SessionStore, StaleSession
from tests.bot.web.stand_in import answer

WRITTEN_EVERY = 2.0


class Counting:
    def __init__(self, model: str, sessions: SessionStore | None) -> None:
        self.model = model
        self.sessions = sessions
        self.counts: dict[str, int] = {}
        self.versions: dict[str, int] = {}
        self.dirty: set[str] = set()
        self.leaving = False

    def app(self) -> web.Application:
        app = web.Application()
        for name in ("turn", "triage", "forget", "status", "settle"):
            app.router.add_post(f"/{name}", getattr(self, name))
        return app

    async def turn(self, request: web.Request) -> web.Response:
        body = await request.json()
        conversation = body["conversation"]
        if conversation not in self.counts:
            found = self.sessions.load(conversation) if self.sessions else None
            state, self.versions[conversation] = found or ({"count": 0}, 0)
            self.counts[conversation] = state["count"]
        await asyncio.sleep(0.02)
        self.counts[conversation] += 1
        self.dirty.add(conversation)
        if self.leaving:
            self.write()
        return web.json_response(self.reply(body["text"]) | {"counted": self.counts[conversation]})

    async def triage(self, request: web.Request) -> web.Response:
        return web.json_response(self.reply((await request.json())["text"]))

    async def forget(self, request: web.Request) -> web.Response:
        self.counts.pop((await request.json())["conversation"], None)
        return web.json_response({})

    async def status(self, _: web.Request) -> web.Response:
        return web.json_response({"ready": True, "model": self.model})

    async def settle(self, request: web.Request) -> web.Response:
        self.leaving = (await request.json())["leaving"]
        self.write()
        return web.json_response({"saved": True})

    def reply(self, text: str) -> dict[str, Any]:
        said = answer(text) | {"model": self.model}
        return said | {"triage": None} if self.model.startswith("mute") else said

    def write(self) -> None:
        for conversation in self.dirty if self.sessions else ():
            with contextlib.suppress(StaleSession):
                self.sessions.save(conversation, {"count": self.counts[conversation]}, self.versions[conversation])
                self.versions[conversation] += 1
        self.dirty.clear()


async def main() -> None:
    model, socket, *log_url = sys.argv[1:]
    name = Path(model).name.removesuffix(".tar.gz")
    if name.startswith("dies"):
        sys.exit(1)
    counting = Counting(name, SessionStore(log_url[0]) if log_url else None)
    runner = web.AppRunner(counting.app(), access_log=None)
    await runner.setup()
    await web.UnixSite(runner, socket).start()
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    while not ended.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), WRITTEN_EVERY)
        counting.write()
    await runner.cleanup()
    counting.write()


if __name__ == "__main__":
    asyncio.run(main())
