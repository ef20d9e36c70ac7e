"""`tsunagu up`: databases, model, engine and web tier, until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
import tempfile
from pathlib import Path

from bot.commands.db import prepare_databases
from bot.commands.train import report
from bot.commands.user import anybody
from bot.engine.client import EngineClient
from bot.engine.supervisor import EngineSupervisor
from bot.engine.training import TrainingFailed
from bot.engine.training import train as train_model
from bot.logbook.store import Logbook
from bot.settings import Settings
from bot.web.serve import serve

_ENGINE_PATIENCE = 120.0


async def up(settings: Settings) -> int:
    """Serve until interrupted; 1 when the port is taken or training fails."""
    if _taken(settings):
        report(
            f"ポート {settings.port} はもう使われています。別の番号にするには: ./tsunagu up --port {settings.port + 1}"
        )
        return 1
    counts = await asyncio.to_thread(prepare_databases, settings)
    if counts.added:
        report("窓口のデータを入れました")
    if not await asyncio.to_thread(anybody, settings):
        report("職員の登録がまだありません。職員用のページを使うには: ./tsunagu user add NAME --role admin")
    try:
        model = await asyncio.to_thread(train_model, settings.models, report)
    except TrainingFailed as failure:
        report(f"学習できませんでした。\n{failure}")
        return 1
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    # A short path: Unix sockets allow about a hundred characters, data folders may be longer.
    with tempfile.TemporaryDirectory(prefix="tsunagu-") as folder:
        path = Path(folder) / "engine.sock"
        supervisor = EngineSupervisor(model, path, settings.log_url)
        await supervisor.start()
        logbook = Logbook(settings.log_url, settings.data / "spool")
        await asyncio.to_thread(logbook.open)
        async with EngineClient(path) as client:
            serving = asyncio.create_task(serve(settings, client, logbook))
            announcing = asyncio.create_task(_announce(settings, supervisor))
            waiting = asyncio.create_task(stop.wait())
            await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
            for task in (serving, announcing, waiting):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        await asyncio.to_thread(logbook.close)
        await supervisor.close()
    report("止めました。")
    return 0


async def _announce(settings: Settings, supervisor: EngineSupervisor) -> None:
    address = f"http://{settings.host}:{settings.port}/"
    report(f"ページ: {address} (案内の準備ができるまで、緊急の連絡先と市役所の電話だけを答えます)")
    if await supervisor.ready(_ENGINE_PATIENCE):
        report(f"準備ができました: {address} (終わるには Ctrl-C)")
    else:
        report("案内のエンジンが動きません。緊急の連絡先だけを答えています。")


def _taken(settings: Settings) -> bool:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
            raise
    return False
