"""What the page promises about keeping: ninety days, then it is gone."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from bot.engine.client import EngineClient
from bot.logbook.database import open_engine
from bot.logbook.store import Logbook
from bot.logbook.turns import Turn
from bot.settings import Settings
from bot.web.app import make_app

REPLY = {"kind": "thanks", "messages": [], "triage": None, "model": "test"}


async def test_conversations_older_than_ninety_days_are_deleted(tmp_path: Path) -> None:
    """When the service starts and every hour, without anybody asking."""
    settings = Settings(data=tmp_path)
    logbook = Logbook(settings.log_url, tmp_path / "spool")
    logbook.open()
    for name, days in (("old", 91), ("recent", 89)):
        at = datetime.now(UTC) - timedelta(days=days)
        logbook.write(Turn(conversation=name, text="ありがとう", reply=REPLY, at=at, duration_ms=1))
    async with (
        EngineClient(tmp_path / "none.sock") as engine,
        TestClient(TestServer(make_app(settings, engine, logbook))),
    ):
        await asyncio.sleep(0.5)
    logbook.close()
    with open_engine(settings.log_url).connect() as connection:
        left = connection.execute(text("SELECT id FROM log_conversation")).scalars().all()
    assert left == ["recent"]
