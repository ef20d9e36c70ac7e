"""What a candidate changes against the model in service: kept as JSON, read by operators, and decisive for a switch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.evaluation import words
from bot.evaluation.answers import Answer
from bot.evaluation.compare import Comparison
from bot.evaluation.figures import KINDS
from bot.evaluation.heldout import SETS, Sentence

JSON = dict[str, Any]

_FOUND = "crisis_found"
_TITLES = {**SETS, "reviewed": "職員が直した文"}


def kept(held_out: Comparison, reviewed: Comparison | None, learnt: int) -> JSON:
    """As JSON. `reviewed`: the same on the operators' examples, of which the candidate learnt `learnt`."""
    return {
        "held_out": held_out.as_dict(),
        "reviewed": reviewed.as_dict() if reviewed else None,
        "learnt": learnt,
    }


def summary(comparison: JSON) -> JSON:
    """{"falls": fewer crises are noticed, on the held-out sentences or on the examples, "better", "worse", "fallen"}.

    `better`, `worse`: sentences; `fallen`: the figures that became worse by more than chance, in words.
    """
    parts = _parts(comparison)
    changes = [change for part in parts for change in part["changes"]]
    return {
        "falls": any(part["crisis_recall_falls"] for part in parts),
        "better": sum(change["better"] for change in changes),
        "worse": sum(not change["better"] for change in changes),
        "fallen": [
            f"{moved.set}「{moved.title}」"
            for part in parts
            for moved in _figures(part)
            if moved.certain and not moved.better
        ],
    }


@dataclass(frozen=True, slots=True)
class Changed:
    """A sentence whose answer became better or worse, in words."""

    id: str
    set: str
    figure: str
    better: bool
    lost_crisis: bool
    text: str
    right: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure or an area's F1 before and after. `certain`: more than chance (None: not known)."""

    set: str
    title: str
    before: float
    after: float
    better: bool
    certain: bool | None
    sentences: int | None = None

    @property
    def difference(self) -> str:
        """「+0.012」."""
        return words.signed(self.after - self.before)


@dataclass(frozen=True, slots=True)
class View:
    """A comparison for reading; only what changed. `lost`: the crises that only the model in service noticed."""

    before: str
    falls: bool
    sentences: int
    reviewed: int
    learnt: int
    fallen: Sequence[str]
    figures: Sequence[Moved]
    areas: Sequence[Moved]
    changes: Sequence[Changed]

    @property
    def lost(self) -> list[Changed]:
        """Crises that the candidate overlooks."""
        return [change for change in self.changes if change.lost_crisis]

    def changed(self, *, better: bool) -> list[Changed]:
        """The sentences that became better, or worse; lost crises are listed apart."""
        return [change for change in self.changes if change.better == better and not change.lost_crisis]


def view(comparison: JSON, labels: Mapping[str, str]) -> View:
    """`labels`: area → its name."""
    held_out, reviewed = comparison["held_out"], comparison["reviewed"]
    parts, found = _parts(comparison), summary(comparison)
    return View(
        before=held_out["before"],
        falls=found["falls"],
        sentences=held_out["sentences"],
        reviewed=reviewed["sentences"] if reviewed else 0,
        learnt=comparison["learnt"],
        fallen=found["fallen"],
        figures=[moved for part in parts for moved in _figures(part)],
        areas=[
            _area(area, labels, "" if part is held_out else _TITLES["reviewed"])
            for part in parts
            for area in part["areas"]
        ],
        changes=[_change(change, labels) for part in parts for change in part["changes"]],
    )


def _parts(comparison: JSON) -> list[JSON]:
    # What the operators corrected first: whether that is right now is what they want to know.
    return [part for part in (comparison["reviewed"], comparison["held_out"]) if part]


def _figures(part: JSON) -> Iterable[Moved]:
    for name, figures in part["figures"].items():
        for figure, moved in figures.items():
            kind = KINDS[figure]
            better = (moved["after"] > moved["before"]) != kind.smaller_is_better
            yield Moved(_TITLES[name], kind.title, moved["before"], moved["after"], better, moved["certain"])


def _area(area: JSON, labels: Mapping[str, str], title: str) -> Moved:
    before, after = area["before"], area["after"]
    return Moved(title, labels.get(area["area"], area["area"]), before, after, after > before, None, area["support"])


def _change(change: JSON, labels: Mapping[str, str]) -> Changed:
    truth = change["labels"]
    sentence = Sentence(
        change["id"],
        change["text"],
        None if truth["areas"] is None else tuple(truth["areas"]),
        truth["crisis"],
        None if truth["districts"] is None else tuple(truth["districts"]),
    )
    known = {area: area for area in sentence.areas or ()} | dict(labels)
    return Changed(
        id=sentence.id,
        set=_TITLES[sentence.set],
        figure=KINDS[change["figure"]].title,
        better=change["better"],
        lost_crisis=change["figure"] == _FOUND and not change["better"],
        text=sentence.text,
        right=words.labelled(sentence, known),
        before=words.answered(sentence, Answer.from_dict(change["before"]), labels),
        after=words.answered(sentence, Answer.from_dict(change["after"]), labels),
    )
