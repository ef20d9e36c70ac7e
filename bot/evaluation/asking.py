"""Asking a model the held-out sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from bot.evaluation.answers import FAILED, Answer
from bot.evaluation.heldout import Sentence

#: A Tuesday in November, 10:00: which lines are open must not depend on when somebody measures.
AT = "2026-11-24T10:00"
_STEP = 100


class Agent(Protocol):
    """What is needed of a loaded model (`bot.engine.agent.TriageAgent`)."""

    async def examine(
        self, text: str, metadata: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """A reply of the contract, and the areas that were weighed."""


async def ask(
    agent: Agent, sentences: Sequence[Sentence], failure: type[Exception], report: Callable[[int], None]
) -> list[Answer]:
    """One answer a sentence, each as a conversation of its own; `report` gets the number answered so far.

    `failure` is what the agent raises for a sentence that it cannot answer: measured as wrong, not as a reason to stop.
    """
    answers = []
    for number, sentence in enumerate(sentences, start=1):
        try:
            reply, ranked = await agent.examine(sentence.text, {"at": AT})
            answers.append(Answer.of(reply, ranked))
        except failure:
            answers.append(Answer(FAILED))
        if number % _STEP == 0:
            report(number)
    return answers
