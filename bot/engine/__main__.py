"""`python -m bot.engine MODEL SOCKET [LOG_URL]`: the engine process, started by the supervisor."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from pathlib import Path

from bot.engine.server import run


async def _main() -> None:
    model, socket, *log_url = sys.argv[1:]
    serving = asyncio.ensure_future(run(Path(model), Path(socket), log_url[0] if log_url else None))
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, serving.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await serving


asyncio.run(_main())
