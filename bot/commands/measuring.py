"""Asking models the held-out sentences and judging the answers: for `tsunagu evaluate` and for training jobs."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from agency_db.session import open_engine
from agency_db.snapshot import read_directory
from bot.commands.db import prepare_databases
from bot.evaluation.answers import Answer
from bot.evaluation.asking import ask
from bot.evaluation.guide import Guide
from bot.evaluation.heldout import Sentence
from bot.evaluation.keeping import KeptAnswers
from bot.evaluation.verdicts import Verdict, judge
from bot.settings import PROJECT, Settings

HELD_OUT = PROJECT / "tests" / "heldout"
_KEPT = "evaluations"

#: Gets the name of a set and the number of its sentences that are answered; first of all 0, while the model is loaded.
Report = Callable[[str, int], None]


class CannotEvaluate(Exception):
    """Nothing can be measured; the message is Japanese and plain."""


@contextmanager
def packaged_guide(settings: Settings) -> Iterator[Guide]:
    """The yardstick. Within the block the actions of this process ask the packaged directory, not the operators' one:

    figures of different days must speak about the models.
    """
    with tempfile.TemporaryDirectory(prefix="tsunagu-evaluate-") as folder:
        packaged = replace(settings, data=Path(folder), database=None)
        prepare_databases(packaged)
        os.environ["TSUNAGU_DIRECTORY_URL"] = packaged.directory_url
        yield Guide(read_directory(open_engine(packaged.directory_url)))


async def load(model: Path) -> Any:
    """A `bot.engine.agent.TriageAgent`. Raises CannotEvaluate."""
    from bot.engine.agent import TriageAgent

    try:
        return await TriageAgent.load(model)
    except Exception as error:  # whatever Rasa raises for an archive that is broken or made by other code
        raise CannotEvaluate(f"モデルを読み込めませんでした: {model}({type(error).__name__})") from error


async def verdicts(
    settings: Settings, model: Path, sets: Mapping[str, tuple[Sentence, ...]], guide: Guide, report: Report
) -> list[Verdict]:
    """What a model makes of the sentences; asked once and kept. Raises CannotEvaluate, OSError."""
    kept = KeptAnswers(settings.data / _KEPT, model, PROJECT)
    answers = {name: kept.read(name, sentences) for name, sentences in sets.items()}
    missing = {name: sets[name] for name, found in answers.items() if found is None}
    if missing:
        for name, fresh in (await _ask(model, missing, report)).items():
            kept.write(name, sets[name], fresh)
            answers[name] = fresh
    return [
        judge(sentence, answer, guide)
        for name, sentences in sets.items()
        for sentence, answer in zip(sentences, answers[name] or (), strict=True)
    ]


async def _ask(model: Path, sets: Mapping[str, Sequence[Sentence]], report: Report) -> dict[str, list[Answer]]:
    from bot.engine.agent import TurnFailed

    report(next(iter(sets)), 0)
    agent = await load(model)
    answers = {name: await ask(agent, sentences, TurnFailed, partial(report, name)) for name, sentences in sets.items()}
    # A second model is loaded next: the first must have left the memory.
    del agent
    gc.collect()
    return answers
