"""Similar training sentences are found by their letters, and a file that changes is read again."""

from __future__ import annotations

import os
from pathlib import Path

from bot.learning.similar import TrainingSentences
from bot.settings import PROJECT

_FILE = """version: "3.1"
nlu:
  - intent: worry
    examples:
      - text: |
          {}
        metadata:
          areas: [dementia, elderly_care]
"""


def test_a_nearly_equal_sentence_comes_first_with_its_label(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(_FILE.format("母が夜中に外へ出てしまいます"), encoding="utf-8")
    (tmp_path / "b.yml").write_text(
        _FILE.format("父が夜中にさわぎます").replace("[dementia,", "[hoarding,"), encoding="utf-8"
    )
    best, *_ = TrainingSentences(tmp_path).find("母が、夜中に外へ出てしまう")
    assert best.sentence.text == "母が夜中に外へ出てしまいます"
    assert (best.sentence.areas, best.sentence.crisis) == (("dementia", "elderly_care"), "none")
    assert 0.5 < best.score < 1


def test_blanks_punctuation_and_wide_letters_make_no_difference(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(_FILE.format("DVかも。こわい"), encoding="utf-8")
    assert TrainingSentences(tmp_path).closeness("ＤＶ かも、こわい!") == 1


def test_new_examples_are_seen_at_once_and_a_missing_file_is_empty(tmp_path: Path) -> None:
    file = tmp_path / "reviewed.yml"
    sentences = TrainingSentences(file)
    assert sentences.find("母が夜中に外へ") == []
    file.write_text(_FILE.format("母が夜中に外へ出る"), encoding="utf-8")
    assert len(sentences.find("母が夜中に外へ")) == 1
    file.write_text(_FILE.format("ごみが片づかない"), encoding="utf-8")
    os.utime(file, ns=(1, 1))
    assert sentences.find("母が夜中に外へ") == []


def test_the_products_own_training_data_can_be_searched() -> None:
    hits = TrainingSentences(PROJECT / "data" / "nlu").find("夫が首つろうとした")
    assert hits[0].score == 1
    assert hits[0].sentence.crisis == "suicide"
