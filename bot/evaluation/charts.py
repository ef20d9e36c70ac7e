"""Charts as SVG to be written into a page: drawn without a display, letters as outlines, no two with the same ids."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import matplotlib as mpl
import matplotlib_fontja
from matplotlib.figure import Figure as Drawing

from bot.evaluation.area_scores import AreaScores
from bot.evaluation.calibration import Abstention, Calibration
from bot.evaluation.compare import AreaChange
from bot.evaluation.figures import KINDS
from bot.evaluation.heldout import SETS
from bot.evaluation.scores import Scores
from bot.evaluation.words import Labels

_INK, _SOFT, _LINE = "#1d2b30", "#5c6b70", "#d5dde0"
# Told apart by brightness and by shape as well as by colour: the page is printed in grey.
_COLOURS = ("#0b6470", "#c0612b", "#6b4f9e", "#8a8f2d")
_MARKS = ("o", "s", "D", "^")
_STYLE = {
    "svg.fonttype": "path",
    "svg.hashsalt": "tsunagu",
    "font.size": 9,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": _LINE,
    "xtick.color": _SOFT,
    "ytick.color": _INK,
    "axes.axisbelow": True,
}
_IDS = re.compile(r'(\bid="|href="#|url\(#)')

matplotlib_fontja.japanize()


def headline(scores: Scores) -> str:
    """Figures of every set with their intervals."""
    names = [name for name in KINDS if any(name in one.figures for one in scores.sets)]
    with mpl.rc_context(_STYLE):
        drawing = Drawing(figsize=(7.4, 0.42 * len(names) + 1.1), layout="constrained")
        axes = drawing.add_subplot()
        for number, one in enumerate(scores.sets):
            shown = [(row, one.figures[name]) for row, name in enumerate(names) if name in one.figures]
            rows = [row + (number - (len(scores.sets) - 1) / 2) * 0.18 for row, _ in shown]
            values = [figure.value for _, figure in shown]
            reach = [[f.value - f.low for _, f in shown], [f.high - f.value for _, f in shown]]
            axes.errorbar(
                values, rows, xerr=reach, fmt=_MARKS[number], color=_COLOURS[number], markersize=4.5, linewidth=1,
                label=SETS[one.name],
            )  # fmt: skip
        axes.set_yticks(range(len(names)), [_title(name) for name in names])
        axes.invert_yaxis()
        axes.set_xlim(-0.02, 1.02)
        drawing.legend(loc="outside upper left", ncols=4, frameon=False)
        return _svg(drawing, "headline")


def areas(scores: Sequence[AreaScores], labels: Labels) -> str:
    """F1 of each area as a bar, precision and recall as marks on it; lowest F1 on top."""
    with mpl.rc_context(_STYLE):
        drawing = Drawing(figsize=(7.4, 0.24 * len(scores) + 0.9), layout="constrained")
        axes = drawing.add_subplot()
        rows = range(len(scores))
        axes.barh(rows, [one.f1 for one in scores], color="#cfe3e6", height=0.72, label="F1")
        axes.plot([one.precision for one in scores], rows, _MARKS[0], color=_COLOURS[0], markersize=4, label="適合率")
        axes.plot([one.recall for one in scores], rows, _MARKS[1], color=_COLOURS[1], markersize=4, label="再現率")
        axes.set_yticks(rows, [labels[one.area] for one in scores])
        axes.set_ylim(len(scores) - 0.4, -0.6)
        axes.set_xlim(0, 1.02)
        axes.grid(visible=False, axis="y")
        drawing.legend(loc="outside upper left", ncols=3, frameon=False)
        return _svg(drawing, "areas")


def reliability(found: Calibration) -> str:
    """What was said against what was right; the diagonal is a model that can be believed."""
    with mpl.rc_context(_STYLE):
        drawing = Drawing(figsize=(3.6, 3.5), layout="constrained")
        axes = drawing.add_subplot()
        axes.plot((0, 1), (0, 1), color=_SOFT, linewidth=0.8, linestyle="--")
        axes.plot([one.mean for one in found.bins], [one.right for one in found.bins], "o-", color=_COLOURS[0])
        axes.set(xlabel="言った確率", ylabel="当たった割合", xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
        return _svg(drawing, "reliability")


def abstention(curve: Sequence[Abstention]) -> str:
    """The share that is answered against the share of these that is right."""
    shown = [(one.answered, one.right) for one in curve if one.right is not None]
    with mpl.rc_context(_STYLE):
        drawing = Drawing(figsize=(3.6, 3.5), layout="constrained")
        axes = drawing.add_subplot()
        axes.plot([answered for answered, _ in shown], [right for _, right in shown], "o-", color=_COLOURS[0])
        axes.set(xlabel="聞き返さずに答える割合", ylabel="いちばんの分野が正しい割合")
        return _svg(drawing, "abstention")


def area_changes(changes: Sequence[AreaChange], labels: Labels) -> str:
    """By how much F1 moved, area by area."""
    moved = [change.after - change.before for change in changes]
    with mpl.rc_context(_STYLE):
        drawing = Drawing(figsize=(7.4, 0.26 * len(changes) + 0.7), layout="constrained")
        axes = drawing.add_subplot()
        rows = range(len(changes))
        axes.barh(rows, moved, color=[_COLOURS[0] if by > 0 else _COLOURS[1] for by in moved], height=0.7)
        axes.axvline(0, color=_SOFT, linewidth=0.8)
        axes.set_yticks(rows, [labels[change.area] for change in changes])
        axes.set_ylim(len(changes) - 0.4, -0.6)
        axes.set_xlabel("F1 の差(右が良くなった)")
        axes.grid(visible=False, axis="y")
        return _svg(drawing, "changes")


def _title(name: str) -> str:
    return KINDS[name].title + ("(小さいほど良い)" if KINDS[name].smaller_is_better else "")


def _svg(drawing: Drawing, name: str) -> str:
    """The `<svg>` element alone, sized by its view box, hidden from screen readers: the tables say the same."""
    file = io.StringIO()
    drawing.savefig(file, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    svg = file.getvalue()
    svg = _IDS.sub(rf"\g<1>{name}-", svg[svg.index("<svg") :])
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
