"""The engine as a process of its own: it may die, the conversation may not."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from pathlib import Path
from typing import Any

import pytest

from bot.engine.client import EngineClient, EngineUnavailable
from bot.engine.supervisor import EngineSupervisor
from bot.settings import Settings
from bot.web.conversations import Conversations

pytestmark = pytest.mark.slow

WORRY = "父が夜中に何度も出ていこうとする。湘南台に住んでいます"


async def test_killed_in_mid_turn_the_engine_comes_back_and_remembers(settings: Settings, model: Path) -> None:
    """kill -9 while it answers: the asker is told at once, it starts again by itself, and knows what was said."""
    with tempfile.TemporaryDirectory(prefix="tsunagu-") as folder:
        socket = Path(folder) / "engine.sock"
        supervisor = EngineSupervisor(model, socket, settings.log_url)
        await supervisor.start()
        assert await supervisor.ready(120)
        async with EngineClient(socket) as client:
            first = await client.turn("killed", WORRY)
            assert first["triage"]["areas"][0]["id"] == "dementia"
            # The state is written behind, a moment after the answer.
            await asyncio.sleep(1.5)
            asking = asyncio.gather(*(client.turn(f"other-{n}", WORRY * 20) for n in range(20)), return_exceptions=True)
            await asyncio.sleep(0.05)
            assert supervisor.pid is not None
            os.kill(supervisor.pid, signal.SIGKILL)
            answers = await asyncio.wait_for(asking, 10)
            assert any(isinstance(answer, EngineUnavailable) for answer in answers)
            assert await supervisor.ready(120)
            again = await client.turn("killed", "近くの縁側は?")
            assert again["kind"] == "engawa"
            assert again["triage"]["place"]["district"] == "湘南台"
            assert again["triage"]["areas"][0]["id"] == "dementia"
        await supervisor.close()
        assert not socket.exists()


def test_only_this_user_can_open_the_engine(engine_socket: Path) -> None:
    """No port is open, and the socket belongs to one user alone."""
    assert engine_socket.stat().st_mode & 0o077 == 0


async def test_two_messages_of_one_conversation_stay_in_order(engine_socket: Path) -> None:
    """Sent at once, answered in their order, as the web tier asks: the second knows the place told in the first."""
    conversations = Conversations(bytes(32))
    async with EngineClient(engine_socket) as client:

        async def say(text: str) -> dict[str, Any]:
            async with conversations.turn("order"):
                return await client.turn("order", text)

        first, second = await asyncio.gather(say(WORRY), say("近くの縁側は?"))
        assert first["kind"] == "route"
        assert second["kind"] == "engawa"


async def test_of_two_turns_at_once_neither_loses_what_the_other_said(engine_socket: Path) -> None:
    """They come on two connections, so that either may be first; the engine takes one after the other."""
    async with EngineClient(engine_socket) as client:
        _, asked = await asyncio.gather(client.turn("both", WORRY), client.turn("both", "近くの縁側は?"))
        assert asked["kind"] in {"engawa", "ask_place"}
        assert (await client.turn("both", "近くの縁側は?"))["kind"] == "engawa"


async def test_forgotten_is_forgotten(engine_socket: Path) -> None:
    """「消す」: the engine knows nothing of the conversation any more."""
    async with EngineClient(engine_socket) as client:
        await client.turn("erased", WORRY)
        await client.forget("erased")
        reply = await client.turn("erased", "近くの縁側は?")
        assert reply["kind"] == "ask_place"
