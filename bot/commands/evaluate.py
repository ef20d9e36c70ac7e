"""`tsunagu evaluate`: how good a model is on the held-out sentences, and what another one changes. Trains nothing."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import TextIO

from bot.commands.measuring import HELD_OUT, CannotEvaluate, Report, load, packaged_guide, verdicts
from bot.commands.output import answers_only, report
from bot.engine.training import fitting_model, name_of
from bot.evaluation import text_report
from bot.evaluation.asking import AT
from bot.evaluation.compare import compare
from bot.evaluation.guide import Guide
from bot.evaluation.heldout import SETS, BadHeldOut, Sentence, read_set
from bot.evaluation.scores import score
from bot.evaluation.talks import hold, read_talks
from bot.evaluation.talks import report as talk_report
from bot.settings import Settings


async def evaluate(settings: Settings, options: Namespace) -> int:
    """Measure, print, and write the files asked for.

    0 when measured, 1 when a model is missing or cannot be loaded, 2 when a file cannot be read or written.
    """
    out = answers_only()
    try:
        with packaged_guide(settings) as guide:
            await _measure(settings, options, guide, out)
    except CannotEvaluate as error:
        report(str(error))
        return 1
    except BadHeldOut as error:
        report(str(error))
        return 2
    except OSError as error:
        report(f"ファイルを読み書きできません: {error.filename}({error.strerror})")
        return 2
    return 0


async def _measure(settings: Settings, options: Namespace, guide: Guide, out: TextIO) -> None:
    names = list(SETS) if options.set == "all" else [name for name in SETS if name == options.set]
    sets = {name: read_set(HELD_OUT, name, guide.labels) for name in names}
    model = options.model or fitting_model(settings.models)
    for needed in filter(None, (model, options.against)):
        if not needed.is_file():
            raise CannotEvaluate(
                f"モデルがありません: {needed}\n"
                "ここでは学習をしません。先に ./tsunagu train を動かすか、--model でモデルを指定してください。"
            )
    if sets:
        await _sentences(settings, options, guide, out, model, sets)
    if options.set in ("conversations", "all"):
        agent = await load(model)
        talks = read_talks(HELD_OUT / "conversations.jsonl")
        scores = await hold(talks, lambda talk, text: agent.turn(talk, text, {"at": AT}))
        print(("\n" if sets else "") + talk_report(scores, errors=options.errors), file=out)
    out.flush()


async def _sentences(
    settings: Settings,
    options: Namespace,
    guide: Guide,
    out: TextIO,
    model: Path,
    sets: dict[str, tuple[Sentence, ...]],
) -> None:
    judged = await verdicts(settings, model, sets, guide, _progress(model, sets))
    areas = list(guide.labels)
    scores = score(name_of(model), judged, areas)
    against = None
    if options.against:
        before = await verdicts(settings, options.against, sets, guide, _progress(options.against, sets))
        against = compare((name_of(options.against), before), (name_of(model), judged), areas)
    print(
        text_report.comparison(against, guide.labels) if against else text_report.report(scores, guide.labels), file=out
    )
    if options.errors:
        print("\n" + text_report.errors(judged, guide.labels), file=out)
    if options.json:
        figures = scores.as_dict() | ({"comparison": against.as_dict()} if against else {})
        options.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
    if options.html:
        # Drawing takes a second to import; most runs do not draw.
        from bot.evaluation.html_report import page

        shown = judged if options.errors else ()
        options.html.write_text(page(scores, guide.labels, against, shown), encoding="utf-8")


def _progress(model: Path, sets: dict[str, tuple[Sentence, ...]]) -> Report:
    def progress(name: str, number: int) -> None:
        answered = f"  {SETS[name]} {number}/{len(sets[name])}"
        report(answered if number else f"{name_of(model)} を読み込んでいます")

    return progress
