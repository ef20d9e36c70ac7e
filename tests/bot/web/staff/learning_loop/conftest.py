"""The whole service as `tsunagu up` runs it, with the really trained model."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bot.commands.db import prepare_databases
from bot.engine.training import name_of
from bot.settings import PROJECT, Settings
from tests.bot.web.conftest import free_ports
from tests.bot.web.staff.conftest import with_accounts
from tests.bot.web.staff.learning_loop.town import Town


@pytest.fixture(scope="module")
def town(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """`tsunagu up` in a data folder of its own, with an account of each role."""
    folder = tmp_path_factory.mktemp("town")
    [port] = free_ports(1)
    settings = Settings.from_environment({}, data=folder, port=port)
    settings.models.mkdir()
    shutil.copy(model, settings.models)
    prepare_databases(settings)
    register, _ = with_accounts(settings)
    register.close()
    # Behind a proxy of the city: each resident has an address.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TSUNAGU_")}
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "bot.cli", "up", "--port", str(port), "--data", str(folder)],
        cwd=PROJECT,
        env=environment | {"TSUNAGU_TRUSTED_PROXY": "1"},
        stdout=subprocess.DEVNULL,
    )
    running = Town(f"http://127.0.0.1:{port}", settings, name_of(model))
    try:
        running.wait(lambda status: status["engine"] is not None)
        yield running
    finally:
        # A training under way outlives its service: here it would outlive the test.
        started = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        process.wait(60)
        for one in psutil.wait_procs(started, 5)[1]:
            one.kill()
