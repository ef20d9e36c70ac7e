"""`tsunagu db init|seed|check`."""

from __future__ import annotations

from importlib.resources import as_file, files

from sqlalchemy.exc import OperationalError

from agency_db import schema
from agency_db.check import check
from agency_db.importers.seed import seed
from agency_db.session import open_engine
from bot.logbook import schema as log_schema
from bot.settings import Settings


def prepare_databases(settings: Settings) -> dict[str, int]:
    """Create or update both databases and seed the directory; returns how many rows of each kind are new."""
    settings.data.mkdir(parents=True, exist_ok=True)
    log_schema.upgrade(open_engine(settings.log_url))
    engine = open_engine(settings.directory_url)
    schema.upgrade(engine)
    with as_file(files("bot.safety").joinpath("data/hotlines.csv")) as hotlines:
        return seed(engine, hotlines)


def db(settings: Settings, task: str) -> int:
    """Run one database task; 1 when the check finds something."""
    settings.data.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.directory_url)
    if task == "init":
        schema.upgrade(engine)
        log_schema.upgrade(open_engine(settings.log_url))
        print("データベースの表を用意しました。")
        return 0
    if task == "seed":
        counts = prepare_databases(settings)
        print("窓口のデータを入れました:" + "、".join(f"{name} {count}" for name, count in counts.items()))
        return 0
    try:
        findings = check(engine)
    except OperationalError:
        print("データベースを読めません。先に ./tsunagu db seed を動かしてください。")
        return 1
    print("\n".join(findings) if findings else "窓口のデータに問題は見つかりませんでした。")
    return 1 if findings else 0
