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
from bot.commands.output import report
from bot.commands.train import not_trained
from bot.commands.user import anybody
from bot.engine.blue_green import Engines
from bot.engine.training import TrainingFailed, name_of
from bot.engine.training import train as train_model
from bot.learning.service import entered_service
from bot.learning.serving import Serving, model_to_serve
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
        model = await asyncio.to_thread(_model, settings)
    except TrainingFailed as failure:
        return not_trained(failure)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    # A short path: Unix sockets allow about a hundred characters, data folders may be longer.
    with tempfile.TemporaryDirectory(prefix="tsunagu-") as folder:
        engines = Engines(Path(folder), settings.log_url)
        await engines.start(model)
        logbook = Logbook(settings.log_url, settings.data / "spool")
        await asyncio.to_thread(logbook.open)
        serving = asyncio.create_task(serve(settings, engines.client, logbook, engines))
        announcing = asyncio.create_task(_announce(settings, engines))
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
        for task in (serving, announcing, waiting):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await asyncio.to_thread(logbook.close)
        await engines.close()
    report("止めました。")
    return 0


def _model(settings: Settings) -> Path:
    """The model that was in service, or the fitting one, which is trained if need be. Raises TrainingFailed."""
    before = Serving.read(settings.models)
    model = model_to_serve(settings.models)
    name = name_of(model)
    if before is not None and before.model != name:
        report(f"使っていたモデル {before.model} は、この版のプログラムとデータに合いません。{name} に替えます。")
    if not model.exists():
        model = train_model(settings.models, report)
    entered_service(settings, model)
    return model


async def _announce(settings: Settings, engines: Engines) -> None:
    address = f"http://{settings.host}:{settings.port}/"
    report(f"ページ: {address} (案内の準備ができるまで、緊急の連絡先と市役所の電話だけを答えます)")
    if await engines.ready(_ENGINE_PATIENCE):
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
