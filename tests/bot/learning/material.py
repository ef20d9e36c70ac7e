"""Models on disk and in the list, and comparisons of them, made by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from bot.engine.training import ingredients_hash
from bot.evaluation.answers import Answer, Weighed
from bot.evaluation.compare import compare
from bot.evaluation.heldout import Sentence
from bot.evaluation.verdicts import Verdict
from bot.learning import comparing
from bot.learning.candidates import Models
from bot.learning.serving import Serving, archive_of

CRISIS = Sentence("crisis:7", "夫が息をしていないようです", ("medical",), "medical_emergency")
WORRY = Sentence("posts:3", "父が夜中に何度も出ていこうとします", ("dementia",))


def answer(area: str, score: float, crisis: str = "none") -> Answer:
    """One area asserted."""
    areas = (Weighed(area, score),)
    return Answer("route", areas, areas, crisis)


def verdict(sentence: Sentence, said: Answer) -> Verdict:
    """With the two figures that these tests speak about."""
    right = float(said.areas[0].area in (sentence.areas or ()))
    counts = {"best_area": (right, 1.0), "micro_f1": (2 * right, 2.0)}
    if sentence.crisis != "none":
        counts["crisis_found"] = (float(said.crisis != "none"), 1.0)
    return Verdict(sentence, said, counts)


def add_model(engine: Engine, folder: Path, name: str, *, base: str | None = None, reviewed: int = 0) -> None:
    """An archive (of nothing) and its entry, with figures."""
    folder.mkdir(parents=True, exist_ok=True)
    archive_of(folder, name).write_bytes(b"model")
    models = Models(engine, folder)
    models.add(name, "unyo", base or ingredients_hash(), sentences=9000, reviewed=reviewed)
    figure = {"value": 0.884, "low": 0.85, "high": 0.91, "sentences": 360, "hits": 318}
    alarm = {**figure, "value": 0.091}
    models.set_figures(
        name,
        {
            "descriptions": {"best_area": figure},
            "posts": {"best_area": figure},
            "crisis": {"crisis_found": figure, "false_alarm": alarm},
        },
    )


def serve(folder: Path, name: str, previous: str | None = None) -> None:
    """Remember a model as the one in service."""
    since = datetime(2026, 11, 24, 0, 30, tzinfo=UTC).isoformat()
    Serving(name, ingredients_hash(), since, "unyo", previous).write(folder)


def compared(engine: Engine, folder: Path, name: str, against: str, *, falls: bool) -> None:
    """The candidate knows a worry better; `falls`: and overlooks a crisis."""
    before = [
        verdict(CRISIS, answer("medical", 0.9, "medical_emergency")),
        verdict(WORRY, answer("elderly_care", 0.6)),
    ]
    after = [
        verdict(CRISIS, answer("medical", 0.9, "none" if falls else "medical_emergency")),
        verdict(WORRY, answer("dementia", 0.8)),
    ]
    found = compare((against, before), (name, after), ["medical", "dementia", "elderly_care"])
    comparison = comparing.kept(found, None, 2)
    Models(engine, folder).set_comparison(name, against, comparing.summary(comparison), comparison)
