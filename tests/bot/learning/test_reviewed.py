"""The operators' examples are measured honestly: what a model learnt is never asked back from its memory."""

from __future__ import annotations

import json
from pathlib import Path

from bot.learning.reviewed import OutOfFoldAnswers, count_examples, read_examples

EXAMPLES = """version: "3.1"

nlu:
  - intent: worry
    examples:
      - text: |
          父が夜中に出ていきます
        metadata:
          areas: [dementia, nothing_we_know]
  - intent: crisis
    examples:
      - text: |
          息をしていません
        metadata:
          areas: [medical]
          crisis: medical_emergency
  - intent: out_of_scope
    examples:
      - text: |
          きょうの天気は
  - intent: thanks
    examples:
      - text: |
          ありがとう
"""


def test_worries_crises_and_what_is_out_of_scope_are_measured(tmp_path: Path) -> None:
    file = tmp_path / "reviewed.yml"
    assert read_examples(file, {"dementia"}) == ()
    assert count_examples(file) == 0
    file.write_text(EXAMPLES, encoding="utf-8")
    found = [(one.text, one.areas, one.crisis) for one in read_examples(file, {"dementia", "medical"})]
    assert found == [
        ("父が夜中に出ていきます", ("dementia",), "none"),
        ("息をしていません", ("medical",), "medical_emergency"),
        ("きょうの天気は", (), "none"),
    ]
    assert count_examples(file) == 4


def test_what_was_learnt_is_answered_out_of_fold_and_the_rest_is_asked(tmp_path: Path) -> None:
    (tmp_path / "reviewed.yml").write_text(EXAMPLES, encoding="utf-8")
    worry, crisis, outside = read_examples(tmp_path / "reviewed.yml", {"dementia", "medical"})
    ranked = [{"id": "dementia", "score": 0.6, "asserted": True}, {"id": "isolation", "score": 0.2, "asserted": False}]
    kept = {
        worry.text: {"areas": {"ranked": ranked, "out_of_scope": 0.1}, "crisis": {"kind": "none"}},
        outside.text: {"areas": {"ranked": ranked, "out_of_scope": 0.9}, "crisis": {"kind": "none"}},
    }
    file = tmp_path / "model.reviewed.json"
    file.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    answers = OutOfFoldAnswers(file)
    said, refused = answers.get(worry), answers.get(outside)
    assert said is not None
    assert refused is not None
    assert (said.ids, len(said.weighed), said.out_of_scope) == (("dementia",), 2, False)
    assert (refused.ids, refused.out_of_scope) == ((), True)
    assert answers.get(crisis) is None
    assert OutOfFoldAnswers(tmp_path / "missing.json").get(worry) is None
