"""`tsunagu evaluate`: how good a model is on the held-out sentences, and what another one changes. Trains nothing."""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from agency_db.session import open_engine
from agency_db.snapshot import read_directory
from bot.commands.db import prepare_databases
from bot.commands.train import report as progress
from bot.engine.training import fitting_model
from bot.evaluation import text_report
from bot.evaluation.answers import Answer
from bot.evaluation.asking import ask
from bot.evaluation.compare import compare
from bot.evaluation.guide import Guide
from bot.evaluation.heldout import SETS, BadHeldOut, Sentence, read_set
from bot.evaluation.keeping import KeptAnswers
from bot.evaluation.scores import score
from bot.evaluation.verdicts import Verdict, judge
from bot.settings import PROJECT, Settings

_HELD_OUT = PROJECT / "tests" / "heldout"
_KEPT = "evaluations"


class CannotEvaluate(Exception):
    """Nothing can be measured; the message is Japanese and plain."""


async def evaluate(settings: Settings, options: Namespace) -> int:
    """Measure, print, and write the files asked for.

    0 when measured, 1 when a model is missing or cannot be loaded, 2 when a file cannot be read or written.
    """
    # Whatever a library prints must not mix with the report: descriptor 1 becomes standard error for the rest.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    try:
        with tempfile.TemporaryDirectory(prefix="tsunagu-evaluate-") as folder:
            # The packaged directory, not the operators' one: figures of different days must speak about the models.
            packaged = replace(settings, data=Path(folder), database=None)
            prepare_databases(packaged)
            os.environ["TSUNAGU_DIRECTORY_URL"] = packaged.directory_url
            guide = Guide(read_directory(open_engine(packaged.directory_url)))
            await _measure(settings, options, guide, out)
    except CannotEvaluate as error:
        print(error, file=sys.stderr)
        return 1
    except BadHeldOut as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"ファイルを読み書きできません: {error.filename}({error.strerror})", file=sys.stderr)
        return 2
    return 0


async def _measure(settings: Settings, options: Namespace, guide: Guide, out: TextIO) -> None:
    names = list(SETS) if options.set == "all" else [options.set]
    sets = {name: read_set(_HELD_OUT, name, guide.labels) for name in names}
    model = options.model or fitting_model(settings.models)
    for needed in filter(None, (model, options.against)):
        if not needed.is_file():
            raise CannotEvaluate(
                f"モデルがありません: {needed}\n"
                "ここでは学習をしません。先に ./tsunagu train を動かすか、--model でモデルを指定してください。"
            )
    verdicts = await _verdicts(settings, model, sets, guide)
    areas = list(guide.labels)
    scores = score(_name(model), verdicts, areas)
    against = None
    if options.against:
        before = await _verdicts(settings, options.against, sets, guide)
        against = compare((_name(options.against), before), (_name(model), verdicts), areas)
    print(
        text_report.comparison(against, guide.labels) if against else text_report.report(scores, guide.labels), file=out
    )
    if options.errors:
        print("\n" + text_report.errors(verdicts, guide.labels), file=out)
    if options.json:
        figures = scores.as_dict() | ({"comparison": against.as_dict()} if against else {})
        options.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
    if options.html:
        # Drawing takes a second to import; most runs do not draw.
        from bot.evaluation.html_report import page

        shown = verdicts if options.errors else ()
        options.html.write_text(page(scores, guide.labels, against, shown), encoding="utf-8")
    out.flush()


async def _verdicts(
    settings: Settings, model: Path, sets: dict[str, tuple[Sentence, ...]], guide: Guide
) -> list[Verdict]:
    kept = KeptAnswers(settings.data / _KEPT, model, PROJECT)
    answers = {name: kept.read(name, sentences) for name, sentences in sets.items()}
    missing = {name: sets[name] for name, found in answers.items() if found is None}
    if missing:
        for name, fresh in (await _ask(model, missing)).items():
            kept.write(name, sets[name], fresh)
            answers[name] = fresh
    return [
        judge(sentence, answer, guide)
        for name, sentences in sets.items()
        for sentence, answer in zip(sentences, answers[name] or (), strict=True)
    ]


async def _ask(model: Path, sets: dict[str, tuple[Sentence, ...]]) -> dict[str, list[Answer]]:
    from bot.engine.agent import TriageAgent, TurnFailed

    progress(f"{_name(model)} を読み込んでいます")
    try:
        agent = await TriageAgent.load(model)
    except Exception as error:  # whatever Rasa raises for an archive that is broken or made by other code
        raise CannotEvaluate(f"モデルを読み込めませんでした: {model}({type(error).__name__})") from error
    answers = {
        name: await ask(agent, sentences, TurnFailed, _counter(name, sentences)) for name, sentences in sets.items()
    }
    # A second model is loaded next: the first must have left the memory.
    del agent
    gc.collect()
    return answers


def _counter(name: str, sentences: Sequence[Sentence]) -> Callable[[int], None]:
    return lambda number: progress(f"  {SETS[name]} {number}/{len(sentences)}")


def _name(model: Path) -> str:
    return model.name.removesuffix(".tar.gz")
