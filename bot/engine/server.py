"""The engine process: one trained model behind a Unix socket that only this user can open."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import weakref
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.engine.agent import TriageAgent, TurnFailed
from bot.engine.precedence import ResidentsFirst
from bot.logbook.sessions import SessionStore

_LARGEST = 2 * 1024 * 1024

AGENT = web.AppKey("agent", TriageAgent)
LOCKS = web.AppKey("locks", weakref.WeakValueDictionary[str, asyncio.Lock])
PRECEDENCE = web.AppKey("precedence", ResidentsFirst)


@dataclass
class Leaving:
    """`soon`: another engine takes over; from now on each turn's state is saved before its answer goes out."""

    soon: bool = False


LEAVING = web.AppKey("leaving", Leaving)


def make_app(agent: TriageAgent) -> web.Application:
    """Routes of the engine (see `bot.engine.client` for their meaning)."""
    app = web.Application(client_max_size=_LARGEST)
    app[AGENT] = agent
    app[LOCKS] = weakref.WeakValueDictionary()
    app[PRECEDENCE] = ResidentsFirst()
    app[LEAVING] = Leaving()
    app.cleanup_ctx.append(_write_behind)
    app.add_routes(
        [
            web.post("/turn", _turn),
            web.post("/triage", _triage),
            web.post("/forget", _forget),
            web.post("/status", _status),
            web.post("/settle", _settle),
        ]
    )
    return app


async def run(model: Path, socket: Path, log_url: str | None) -> None:
    """Load the model, listen on the socket, and serve until cancelled.

    Without `log_url` conversations are kept in memory only: an engine whose answers nobody sees must not save them.
    """
    agent = await TriageAgent.load(model, SessionStore(log_url) if log_url else None)
    # What is loaded now stays: the collector need not look through it again on every turn.
    gc.collect()
    gc.freeze()
    runner = web.AppRunner(make_app(agent), access_log=None)
    await runner.setup()
    await asyncio.to_thread(socket.unlink, missing_ok=True)
    previous = os.umask(0o177)
    try:
        await web.UnixSite(runner, str(socket)).start()
    finally:
        os.umask(previous)
    try:
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


async def _write_behind(app: web.Application) -> AsyncIterator[None]:
    task = asyncio.create_task(app[AGENT].store.write_behind())
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _turn(request: web.Request) -> web.Response:
    body = await request.json()
    conversation = body["conversation"]
    lock = request.app[LOCKS].setdefault(conversation, asyncio.Lock())
    with request.app[PRECEDENCE].resident():
        async with lock:
            response = await _answer(request.app[AGENT].turn(conversation, body["text"]))
            if request.app[LEAVING].soon:
                await request.app[AGENT].store.flush()
            return response


async def _triage(request: web.Request) -> web.Response:
    body = await request.json()
    metadata = {key: body[key] for key in ("place", "at") if body.get(key)} | {"audience": "staff"}
    async with request.app[PRECEDENCE].staff():
        return await _answer(request.app[AGENT].once(body["text"], metadata))


async def _forget(request: web.Request) -> web.Response:
    body = await request.json()
    await request.app[AGENT].store.forget(body["conversation"])
    return web.json_response({})


async def _status(request: web.Request) -> web.Response:
    return web.json_response({"ready": True, "model": request.app[AGENT].model})


async def _settle(request: web.Request) -> web.Response:
    leaving = request.app[LEAVING]
    leaving.soon = (await request.json())["leaving"]
    return web.json_response({"saved": await request.app[AGENT].store.flush()})


async def _answer(turn: Awaitable[dict[str, Any]]) -> web.Response:
    try:
        return web.json_response(await turn)
    except TurnFailed as failure:
        return web.json_response({"error": str(failure)}, status=500)
