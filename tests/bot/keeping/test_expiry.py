"""Words go when their time is over, wherever they stand; a dry run only tells."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Column, Date, DateTime, MetaData, String, Table, create_engine, insert, select

from bot.cli import main
from bot.commands.db import prepare_databases
from bot.keeping.expiry import due, expire
from bot.logbook import schema
from bot.logbook.database import open_engine
from bot.logbook.store import Logbook
from bot.settings import Settings
from tests.bot.keeping.conftest import content, fill_log, settings_on

BEFORE = datetime.now(UTC) - timedelta(days=90)


def test_what_is_due_is_told_and_then_goes(lived_in: Settings) -> None:
    engine = open_engine(lived_in.log_url)
    assert (due(engine, BEFORE)["会話"], due(engine, BEFORE)["発言"]) == (1, 1)
    assert len(content(lived_in)["log_turn"]) == 3
    logbook = Logbook(lived_in.log_url, lived_in.data / "spool")
    assert expire(engine, logbook, BEFORE)["会話"] == 1
    assert len(content(lived_in)["log_turn"]) == 2
    assert set(due(engine, BEFORE).values()) == {0}
    engine.dispose()


def test_the_dry_run_of_the_command_deletes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TSUNAGU_DATABASE", raising=False)
    monkeypatch.setenv("TSUNAGU_KEEP_DAYS", "30")
    settings = settings_on("sqlite", tmp_path)
    prepare_databases(settings)
    fill_log(settings)
    assert main(["expire", "--dry-run", "--data", str(tmp_path)]) == 0
    assert len(content(settings)["log_conversation"]) == 2
    printed = capsys.readouterr().out
    assert "会話\t1" in printed
    assert "30日" in printed
    assert "まだ何も消していません" in printed
    assert main(["expire", "--data", str(tmp_path)]) == 0
    assert len(content(settings)["log_conversation"]) == 1


@pytest.mark.parametrize("days", ["0", "91", "-1", "x", "3.5"])
def test_words_are_never_kept_longer_than_residents_are_told(days: str) -> None:
    with pytest.raises(ValueError, match="1 から 90"):
        Settings.from_environment({"TSUNAGU_KEEP_DAYS": days})


def test_words_at_the_desk_go_with_the_conversation(url: str) -> None:
    """Written talk with staff goes, a handoff keeps its facts and loses its words."""
    engine = create_engine(url)
    metadata = MetaData()
    talk = Table("live_talk", metadata, Column("conversation", String(64)), Column("seen_at", DateTime(timezone=True)))
    sheet = Table(
        "staff_handoff", metadata, Column("code", String(9)), Column("since", Date), Column("concern", String(99)),
        Column("reason", String(99)),
    )  # fmt: skip
    metadata.create_all(engine)
    schema.upgrade(engine)
    now = datetime.now(UTC)
    with engine.begin() as connection:
        connection.execute(
            insert(talk),
            [{"conversation": name, "seen_at": now - timedelta(days=days)} for name, days in (("a", 99), ("c", 9))],
        )
        connection.execute(
            insert(sheet),
            [
                {"code": str(days), "since": date.today() - timedelta(days=days), "concern": "母", "reason": ""}
                for days in (99, 9)
            ],
        )
    logbook = Logbook(url, Path("unused"))
    counts = expire(engine, logbook, BEFORE)
    assert (counts["職員との文字のやりとり"], counts["引き継ぎシートの文"]) == (1, 1)
    with engine.connect() as connection:
        assert connection.scalars(select(talk.c.conversation)).all() == ["c"]
        assert connection.execute(select(sheet.c.code, sheet.c.concern).order_by(sheet.c.code)).all() == [
            ("9", "母"),
            ("99", ""),
        ]
    engine.dispose()
