"""The report as one self-contained page: tables with every figure, charts beside them, nothing to load, no script."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.evaluation import charts, words
from bot.evaluation.compare import Comparison
from bot.evaluation.figures import KINDS
from bot.evaluation.heldout import CRISES, SETS
from bot.evaluation.scores import Scores
from bot.evaluation.verdicts import Verdict
from bot.evaluation.words import Labels


def page(scores: Scores, labels: Labels, comparison: Comparison | None = None, verdicts: Sequence[Verdict] = ()) -> str:
    """The page. With a comparison, what changed comes first; with `verdicts`, the wrong sentences come last."""
    environment = Environment(
        loader=PackageLoader("bot.evaluation"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"words": words, "KINDS": KINDS, "SETS": SETS, "CRISES": CRISES, "labels": labels}
    return environment.get_template("report.html").render(
        scores=scores,
        figures=[name for name in KINDS if any(name in one.figures for one in scores.sets)],
        comparison=comparison,
        wrong=[verdict for verdict in verdicts if verdict.faults],
        charts=_drawn(scores, labels, comparison),
    )


def _drawn(scores: Scores, labels: Labels, comparison: Comparison | None) -> dict[str, Markup]:
    drawn = {"headline": charts.headline(scores)}
    if scores.met_areas:
        drawn["areas"] = charts.areas(scores.met_areas, labels)
    if scores.calibration:
        drawn["reliability"] = charts.reliability(scores.calibration)
    if scores.abstention:
        drawn["abstention"] = charts.abstention(scores.abstention)
    if comparison and comparison.areas:
        drawn["changes"] = charts.area_changes(comparison.areas, labels)
    return {name: Markup(svg) for name, svg in drawn.items()}  # noqa: S704 - drawn by us, not written by anybody
