"""Real parts for the tests: one trained model, one seeded directory, one running engine a test run."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.commands.db import prepare_databases
from bot.engine.environment import prepare

prepare()

from bot.engine.agent import TriageAgent
from bot.engine.supervisor import EngineSupervisor
from bot.engine.training import train
from bot.settings import Settings


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data folder of this run with both databases, the directory seeded."""
    prepared = Settings.from_environment({}, data=tmp_path_factory.mktemp("data"))
    prepare_databases(prepared)
    os.environ["TSUNAGU_DIRECTORY_URL"] = prepared.directory_url
    return prepared


@pytest.fixture(scope="session")
def model(settings: Settings) -> Path:
    """The model of the present data and code: trained once, kept where `./tsunagu up` keeps it."""
    return train(Settings.from_environment().models, print)


@pytest.fixture(scope="session")
def agent(settings: Settings, model: Path) -> TriageAgent:
    """The trained model with its actions, in this process, without a session store."""
    return asyncio.run(TriageAgent.load(model))


@pytest.fixture(scope="session")
def engine_socket(settings: Settings, model: Path) -> Iterator[Path]:
    """The socket of a running engine process."""
    with tempfile.TemporaryDirectory(prefix="tsunagu-") as folder:
        socket = Path(folder) / "engine.sock"

        async def serve() -> AsyncIterator[bool]:
            supervisor = EngineSupervisor(model, socket, settings.log_url)
            await supervisor.start()
            yield await supervisor.ready(120)
            await supervisor.close()

        with asyncio.Runner() as runner:
            engine = serve()
            assert runner.run(anext(engine)), "the engine did not start"
            yield socket
            runner.run(anext(engine, True))
