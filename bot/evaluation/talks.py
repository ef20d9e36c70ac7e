"""Held-out conversations: is each turn of the right kind, with the right windows and crisis, the place kept?

A line is {"id", "turns": [{"text", "kind": [...], "windows"?: [...], "crisis"?: kind, "place"?: {...}}]}. `windows`:
one of these is among the first three (empty: none is named). `place`: "none", or "district" and "candidates_include".
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.evaluation.heldout import BadHeldOut

JSON = dict[str, Any]

#: What is judged, in the words of the report.
ASPECTS = {"kind": "返事の種類", "windows": "窓口", "place": "場所", "crisis": "危機"}
_WITHIN = 3

#: Answers one message of a conversation.
Say = Callable[[str, str], Awaitable[JSON]]


@dataclass(frozen=True, slots=True)
class Slip:
    """A turn in which something was wrong; `wrong`: keys of ASPECTS."""

    id: str
    text: str
    wrong: tuple[str, ...]
    said: str


@dataclass(slots=True)
class TalkScores:
    """How many turns were asked about each of ASPECTS, how many were right, and the others."""

    asked: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    slips: list[Slip] = field(default_factory=list)

    def share(self, aspect: str) -> float:
        """Of the turns asked about; 0 where there are none."""
        return self.right[aspect] / max(1, self.asked[aspect])


def read_talks(path: Path) -> list[JSON]:
    """Raises BadHeldOut for a missing file or a line that is no JSON."""
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise BadHeldOut(f"ためしの会話を読めません: {path.name}({type(error).__name__})") from error


async def hold(talks: list[JSON], say: Say) -> TalkScores:
    """Hold every conversation, turn by turn; `say` gets the id of the conversation and the message."""
    scores = TalkScores()
    for talk in talks:
        for turn in talk["turns"]:
            reply = await say(talk["id"], turn["text"])
            judged = judge(turn, reply)
            scores.asked.update(judged.keys())
            scores.right.update(aspect for aspect, well in judged.items() if well)
            if wrong := tuple(aspect for aspect, well in judged.items() if not well):
                scores.slips.append(Slip(talk["id"], turn["text"], wrong, reply["kind"]))
    return scores


def judge(expected: JSON, reply: JSON) -> dict[str, bool]:
    """What is right about one turn, of what the case says anything about."""
    triage = reply["triage"] or {}
    windows = [window["id"] for window in triage.get("windows") or []][:_WITHIN]
    right = {"kind": reply["kind"] in expected["kind"]}
    if "windows" in expected:
        right["windows"] = bool(set(windows) & set(expected["windows"])) if expected["windows"] else not windows
    if "place" in expected:
        right["place"] = _same_place(expected["place"], triage.get("place") or {})
    if "crisis" in expected:
        right["crisis"] = triage.get("crisis", "none") == expected["crisis"]
    return right


def _same_place(expected: JSON, place: JSON) -> bool:
    """The district, or among the candidates; or none at all."""
    district, candidates = place.get("district"), place.get("candidates") or []
    if expected.get("none"):
        return not district and not candidates
    wanted = expected.get("candidates_include")
    return expected.get("district") in (None, district) and (wanted is None or wanted in [district, *candidates])


def report(scores: TalkScores, *, errors: bool) -> str:
    """As text, with the turns in which something was wrong where `errors`."""
    lines = ["会話(発話ごと)"]
    lines += [
        f"  {words}: {scores.share(aspect):.3f}({scores.right[aspect]}/{scores.asked[aspect]})"
        for aspect, words in ASPECTS.items()
    ]
    if errors:
        lines += [
            f"  {slip.id} {'・'.join(ASPECTS[aspect] for aspect in slip.wrong)} → {slip.said}: {slip.text}"
            for slip in scores.slips
        ]
    return "\n".join(lines)
