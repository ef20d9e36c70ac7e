"""The operators' examples as sentences to measure with, and a model's honest answers to them."""

from __future__ import annotations

import json
import re
from collections.abc import Container
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from bot.evaluation.answers import Answer, Weighed
from bot.evaluation.heldout import CALM, Sentence

JSON = dict[str, Any]

_SET = "reviewed"
# What a worry, a crisis or their absence can be measured on; a "thank you" carries neither area nor crisis.
_MEASURED = frozenset({"worry", "crisis", "correct", "out_of_scope"})
_TEXT = re.compile(r"^\s*(?:- )?text:", re.M)


def read_examples(file: Path, areas: Container[str]) -> tuple[Sentence, ...]:
    """Those of the examples whose area or crisis is labelled; none where there is no file. `areas`: the known ids."""
    if not file.exists():
        return ()
    content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
    found: list[Sentence] = []
    for group in content.get("nlu") or ():
        examples = group.get("examples")
        for example in examples if isinstance(examples, list) and group["intent"] in _MEASURED else ():
            metadata = example.get("metadata") or {}
            labels = tuple(area for area in metadata.get("areas") or () if area in areas)
            if labels or group["intent"] == "out_of_scope":
                text = str(example["text"]).strip()
                found.append(Sentence(f"{_SET}:{len(found) + 1}", text, labels, metadata.get("crisis") or CALM))
    return tuple(found)


def count_examples(*files: Path) -> int:
    """How many training sentences are in files of Rasa's format: each has a `text` (quick: nothing is parsed)."""
    return sum(len(_TEXT.findall(file.read_text(encoding="utf-8"))) for file in files if file.exists())


class OutOfFoldAnswers:
    """What a model would have said to the examples that it learnt, had it not seen them (bot.engine.out_of_fold)."""

    def __init__(self, file: Path) -> None:
        """A missing file: the model learnt no example."""
        self._found: dict[str, JSON] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}

    @property
    def count(self) -> int:
        """How many examples the model learnt."""
        return len(self._found)

    def get(self, sentence: Sentence) -> Answer | None:
        """None: the model has not seen the sentence, and may be asked."""
        said = self._found.get(sentence.text)
        if said is None or not {"areas", "crisis"} <= said.keys():
            return None
        ranked = said["areas"]["ranked"]
        outside = said["areas"]["out_of_scope"] > (ranked[0]["score"] if ranked else 0.0)
        crisis = said["crisis"]["kind"]
        asserted = [area for area in ranked if area["asserted"]] if not outside or crisis != CALM else []
        return Answer(
            kind="crisis" if crisis != CALM else "out_of_scope" if outside else "route",
            areas=_weighed(asserted),
            weighed=_weighed(ranked),
            crisis=crisis,
            out_of_scope=outside and crisis == CALM,
        )


def without_windows(answer: Answer) -> Answer:
    """Out of fold nobody looked up windows: they are left out for both models."""
    return replace(answer, windows=(), places=())


def _weighed(areas: list[JSON]) -> tuple[Weighed, ...]:
    return tuple(Weighed(area["id"], float(area["score"])) for area in areas)
