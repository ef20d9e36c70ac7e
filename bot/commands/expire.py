"""`tsunagu expire`: what a resident wrote goes when its time is over; `--dry-run` only tells."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from agency_db.session import open_engine as open_directory
from agency_db.snapshot import read_directory
from bot.commands.db import prepare_databases
from bot.keeping.expiry import due
from bot.keeping.expiry import expire as let_go
from bot.logbook.database import PATIENT_MS, open_engine
from bot.logbook.store import Logbook
from bot.settings import TOKYO, Settings
from bot.statistics.directory import city_of
from bot.statistics.rollup import roll_up


def expire(settings: Settings, options: argparse.Namespace) -> int:
    """Print what goes, by kind; 1 when the database does not answer."""
    before = _limit(settings)
    print(f"{before.astimezone(TOKYO):%Y年%-m月%-d日 %H:%M} より前（{settings.keep_days}日を過ぎたもの）")
    try:
        prepare_databases(settings)
        if options.dry_run:
            engine = open_engine(settings.log_url, PATIENT_MS)
            counts = due(engine, before)
            engine.dispose()
        else:
            counts = take_away(settings)
    except SQLAlchemyError as error:
        print(f"データベースが答えません（{type(error).__name__}）。", file=sys.stderr)
        return 1
    for label, count in counts.items():
        print(f"  {label}\t{count}")
    print("まだ何も消していません。" if options.dry_run else "消しました。統計の数は残っています。")
    return 0


def take_away(settings: Settings) -> dict[str, int]:
    """Count the finished days, then expire; tables and directory are there. Returns what went, by label.

    Raises SQLAlchemyError.
    """
    engine = open_engine(settings.log_url, PATIENT_MS)
    logbook = Logbook(settings.log_url, settings.data / "spool")
    try:
        roll_up(engine, city_of(read_directory(open_directory(settings.directory_url))), datetime.now(UTC))
        return let_go(engine, logbook, _limit(settings))
    finally:
        engine.dispose()


def _limit(settings: Settings) -> datetime:
    return datetime.now(UTC) - timedelta(days=settings.keep_days)
