"""The turns that would teach most come first: doubtful, disputed, often asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.learning.review_marks import Decision
from bot.learning.similar import TrainingSentences
from bot.learning.suggestions import suggest
from bot.logbook import feedback
from tests.bot.learning.conftest import AT, Log


def suggested(log: Log, trained: Path) -> dict[str, tuple[str, ...]]:
    return {one.turn.text: one.reasons for one in suggest(log.engine, TrainingSentences(trained))}


def test_doubt_dispute_and_frequency_order_the_list(log: Log, tmp_path: Path) -> None:
    log.write("sure", "母のもの忘れが心配です", ("dementia", 0.97))
    log.write("unsure", "となりの犬がさびしそう", ("isolation", 0.45))
    for one in range(6):
        log.write(f"often{one}", f"ネットの契約で毎月お金が引かれる{'。' * one}", ("poverty", 0.4))
    log.write("thumb", "夫の帰りがおそくて話せない", ("domestic_violence", 0.3))
    feedback.keep(log.engine, "thumb", False, AT)
    found = suggested(log, tmp_path)
    texts = list(found)
    assert [text[:6] for text in texts] == ["ネットの契約", "夫の帰りがお", "となりの犬が"]
    assert "似たことを書いた会話が6件" in found[texts[0]]
    assert found["夫の帰りがおそくて話せない"] == ("自信 30%", "役に立たなかった")


def test_what_is_decided_or_known_is_left_out_until_people_disagree(log: Log, tmp_path: Path) -> None:
    log.write("a", "ネットの契約で毎月お金が引かれる", ("poverty", 0.4))
    [turn] = log.turns("a")
    assert suggested(log, tmp_path)
    log.marks.decide(turn, "inoue", Decision(("poverty",), "worry", "none", False))
    assert suggested(log, tmp_path) == {}
    log.marks.decide(turn, "ueda", Decision(("isolation",), "worry", "none", False, reason="お金ではない"))
    assert suggested(log, tmp_path)["ネットの契約で毎月お金が引かれる"][1] == "職員の直しが分かれた"


def test_sentences_of_the_training_data_are_left_out(log: Log, tmp_path: Path) -> None:
    log.write("a", "ネットの契約で毎月お金が引かれる", ("poverty", 0.4))
    (tmp_path / "x.yml").write_text(
        "nlu:\n  - intent: worry\n    examples:\n      - text: |\n          ネットの契約で毎月お金が引かれる\n",
        encoding="utf-8",
    )
    assert suggested(log, tmp_path) == {}


@pytest.mark.parametrize("text", ["…", "〔名前〕", "はい"])
def test_turns_without_words_are_left_out(log: Log, tmp_path: Path, text: str) -> None:
    log.write("a", text, kind="clarify")
    assert text not in suggested(log, tmp_path)
