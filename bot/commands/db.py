"""`tsunagu db init|seed|check`."""

from __future__ import annotations

from importlib.resources import as_file, files

from agency_db import schema
from agency_db.check import check
from agency_db.importers.seed import Counts, seed
from agency_db.session import open_engine
from bot.logbook import schema as log_schema
from bot.settings import Settings
from bot.staff import schema as staff_schema


def prepare_databases(settings: Settings) -> Counts:
    """Create or update both databases and seed the directory; returns what the seed did."""
    settings.data.mkdir(parents=True, exist_ok=True)
    prepare_log(settings)
    engine = open_engine(settings.directory_url)
    schema.upgrade(engine)
    with as_file(files("bot.safety").joinpath("data/hotlines.csv")) as hotlines:
        return seed(engine, hotlines)


def prepare_log(settings: Settings) -> None:
    """Create or update the tables of the log database: the logbook's and the staff's."""
    engine = open_engine(settings.log_url)
    log_schema.upgrade(engine)
    staff_schema.upgrade(engine)


def db(settings: Settings, task: str) -> int:
    """Run one database task; 1 when the check finds something."""
    settings.data.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.directory_url)
    if task == "init":
        schema.upgrade(engine)
        prepare_log(settings)
        print("データベースの表を用意しました。")
        return 0
    if task == "seed":
        counts = prepare_databases(settings)
        print(
            f"窓口のデータ:新しい行 {counts.added}、新しくなった行 {counts.updated}、なくなった行 {counts.removed}、"
            f"手で直してあるので残した行 {counts.kept}"
        )
        return 0
    findings = check(engine)
    print("\n".join(findings) if findings else "窓口のデータに問題は見つかりませんでした。")
    return 1 if findings else 0
