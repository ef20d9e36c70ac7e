"""Every turn is kept, masked, in order; and a resident who wishes so is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select

from bot.logbook.models import Conversation, StoredTurn
from bot.logbook.sessions import SessionStore
from bot.logbook.store import Logbook
from tests.bot.logbook.material import AT, REPLY, stored_words, turn

Open = Callable[[str], Logbook]


def test_a_turn_is_kept_with_all_an_operator_needs(url: str, open_logbook: Open) -> None:
    """Text, areas with scores, crisis, kind, windows offered, place, answer, model and duration are there."""
    open_logbook(url).write(turn("父が夜中に出ていく。湘南台です", places=[(11, 14)]))
    engine = create_engine(url)
    with engine.connect() as connection:
        row = connection.execute(select(StoredTurn)).one()
        conversation = connection.execute(select(Conversation)).one()
    engine.dispose()
    assert row.text == "父が夜中に出ていく。湘南台です"
    assert row.areas == [{"id": "dementia", "score": 0.93, "evidence": ["夜中に"]}]
    assert (row.crisis, row.kind, row.out_of_scope, row.degraded) == ("none", "route", False, False)
    assert row.windows == [{"id": "ikiiki_support", "office": None, "phone": "0466-25-1111"}]
    assert row.place["district"] == "湘南台"
    assert row.messages == REPLY["messages"]
    assert (row.model, row.duration_ms, row.number, row.at) == ("m1", 42, 1, AT)
    assert (conversation.id, conversation.district, conversation.source) == ("c1", "湘南台", "page")


def test_a_reply_without_triage_and_without_district_is_kept_too(url: str, open_logbook: Open) -> None:
    """A greeting has no triage; the district that was once certain stays with the conversation."""
    logbook = open_logbook(url)
    logbook.write(turn("父のことで"))
    logbook.write(turn("こんにちは", reply={"kind": "smalltalk", "messages": [], "triage": None, "model": "m1"}))
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.scalar(select(Conversation.district)) == "湘南台"
    engine.dispose()
    assert stored_words(url) == ["父のことで", "こんにちは"]


def test_names_and_numbers_never_reach_the_disk(open_logbook: Open, tmp_path: Path) -> None:
    """Neither the database files nor the spool contain what masking takes out, evidence included."""
    database = tmp_path / "logbook.db"
    logbook = open_logbook(f"sqlite:///{database}")
    logbook.write(turn("田中さんの電話は090-1234-5678です"))
    database.rename(tmp_path / "away.db")
    (tmp_path / "logbook.db").mkdir()
    logbook.write(turn("佐藤さんの電話は080-1234-5678です"))
    assert logbook.pending() == 1
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert "〔電話〕".encode() in kept
    for secret in ("田中", "佐藤", "1234-5678"):
        assert secret.encode() not in kept


def test_the_same_turn_twice_is_kept_once(url: str, open_logbook: Open) -> None:
    """A turn that is written again after an uncertain failure does not appear twice."""
    logbook = open_logbook(url)
    once = turn("母のこと")
    logbook.write(once)
    logbook.write(once)
    assert stored_words(url) == ["母のこと"]


def test_text_that_databases_refuse_is_kept_all_the_same(url: str, open_logbook: Open) -> None:
    """A NUL and half an emoji do not cost the turn."""
    open_logbook(url).write(turn("母が\x00転んだ\ud83d"))
    assert stored_words(url) == ["母が転んだ?"]


def test_erase_forgets_one_conversation_and_no_other(url: str, open_logbook: Open) -> None:
    """「消す」 deletes turns, session and conversation of the one who asked."""
    logbook = open_logbook(url)
    for words in ("一つ目", "二つ目"):
        logbook.write(turn(words, "c1"))
    logbook.write(turn("ほかの人", "c2"))
    sessions = SessionStore(url)
    sessions.save("c1", {"slots": {}}, 0)
    assert logbook.erase("c1") == 2
    assert stored_words(url, "c1") == []
    assert stored_words(url, "c2") == ["ほかの人"]
    assert sessions.load("c1") is None
    sessions.close()


def test_erase_of_nothing_is_no_error(url: str, open_logbook: Open) -> None:
    """Pressing 「消す」 twice is fine."""
    assert open_logbook(url).erase("never-seen") == 0


def test_old_conversations_go_by_themselves(url: str, open_logbook: Open) -> None:
    """After the time that the page names, a conversation is deleted with its turns; newer ones stay."""
    logbook = open_logbook(url)
    logbook.write(turn("古い話", "old"))
    assert logbook.expire(AT) == 0
    assert logbook.expire(AT + timedelta(seconds=1)) == 1
    assert stored_words(url, "old") == []


def test_opening_again_keeps_what_is_there(url: str, open_logbook: Open) -> None:
    """A restart migrates nothing away."""
    open_logbook(url).write(turn("母のこと"))
    open_logbook(url).write(turn("父のこと"))
    assert stored_words(url) == ["母のこと", "父のこと"]


def test_a_closed_logbook_says_so(tmp_path: Path) -> None:
    """Writing before `open` is a mistake of the programmer, not a lost turn."""
    with pytest.raises(RuntimeError):
        Logbook(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "x.spool").pending()
