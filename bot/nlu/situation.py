"""The person's situation as far as it narrows a route: age, household and what is wanted, read from the text.

The flags are the conditions of the route table (`when` in routes.csv). They are read by patterns rather than trained:
each is a small closed set of wordings, an operator must be able to see why a window was added, and a missed flag only
leaves out a second window.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.text import normalise

_AGE = re.compile(r"(?<!\d)(\d{1,3})\s*(?:歳|才|さい)")
_DECADE = re.compile(r"(?<!\d)([1-9])0\s*代")
_KANJI_AGE = re.compile(r"([一二三四五六七八九十]{1,3})(?:歳|才)")
_KANJI = {character: value for value, character in enumerate("〇一二三四五六七八九")}


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    text = files("bot.nlu").joinpath("situations.yml").read_text(encoding="utf-8")
    return tuple((flag, re.compile("|".join(wordings))) for flag, wordings in yaml.safe_load(text).items())


def flags_of(text: str) -> list[str]:
    """Condition ids of a text (as sent), sorted."""
    normal = normalise(text).text
    flags = {flag for flag, pattern in _patterns() if pattern.search(normal)}
    for age in _ages(normal):
        flags.update(_flags_of_age(age))
    return sorted(flags)


def _ages(text: str) -> list[int]:
    ages = [int(match) for match in _AGE.findall(text)]
    ages += [int(match) * 10 for match in _DECADE.findall(text)]
    ages += [_kanji_number(match) for match in _KANJI_AGE.findall(text)]
    return ages


def _kanji_number(text: str) -> int:
    if "十" not in text:
        return int("".join(str(_KANJI[c]) for c in text))
    tens, _, ones = text.partition("十")
    return (_KANJI.get(tens, 1) if tens else 1) * 10 + (_KANJI.get(ones, 0) if ones else 0)


def _flags_of_age(age: int) -> set[str]:
    # Ages as the plan's windows draw them: 就学前, 子ども (to 17), 若者 (to 39), 高齢者 (from 65).
    if age <= 6:
        return {"child", "infant", "preschool"} if age <= 3 else {"child", "preschool"}
    if age < 18:
        return {"child", "attends_school"}
    if age < 40:
        return {"youth"}
    return {"older_person"} if 65 <= age <= 110 else set()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SituationReader(GraphComponent):
    """Writes `situation` on a message: the list of condition ids."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SituationReader:
        """See rasa.engine.graph.GraphComponent."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Read the flags of each message."""
        for message in messages:
            message.set("situation", flags_of(message.get(TEXT) or ""), add_to_output=True)
        return messages
