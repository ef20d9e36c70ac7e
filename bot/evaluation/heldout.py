"""The held-out sentences and their labels, as tests/heldout/README.md describes them."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path

from agency_db.terms import DISTRICTS

#: The sets, in the order of the reports.
SETS = {"descriptions": "場面の説明", "posts": "長い投稿", "crisis": "危機と似た文", "places": "場所"}
#: Kinds of a crisis (contract) in the words of the reports.
CRISES = {
    "medical_emergency": "命にかかわる急な病気・けが",
    "violence": "暴力",
    "suicide": "自殺・自傷",
    "abuse": "虐待",
}
CALM = "none"
_OUTSIDE = "out_of_scope"
_NO_PLACE = "-"


class BadHeldOut(ValueError):
    """A held-out file that cannot be read; the message is Japanese and names file and line, not the sentence."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A labelled sentence. `id` is "set:line".

    `areas`: best first, empty where there is no welfare worry, None where areas and crisis are not labelled.
    `districts`: those that are right, empty where the text names no place, None where places are not labelled.
    """

    id: str
    text: str
    areas: tuple[str, ...] | None = None
    crisis: str = CALM
    districts: tuple[str, ...] | None = None

    @property
    def set(self) -> str:
        """The set that the sentence belongs to."""
        return self.id.partition(":")[0]


def read_set(folder: Path, name: str, areas: Container[str]) -> tuple[Sentence, ...]:
    """Read one of SETS; `areas` are the known area ids.

    Raises BadHeldOut for a missing file or a line that does not follow the README.
    """
    try:
        lines = (folder / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BadHeldOut(f"ためしの文を読めません: {name}.txt({error.strerror})") from error
    read = _place if name == "places" else _worry
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(read(f"{name}:{number}", line, areas))
        except ValueError as error:
            raise BadHeldOut(f"ためしの文の書き方が違います: {name}.txt の {number} 行目({error})") from error
    return tuple(found)


def fingerprint(sentences: Sequence[Sentence]) -> str:
    """Changes with any sentence or its order: answers kept for other sentences are not these sentences' answers."""
    return hashlib.sha256("\0".join(f"{s.id}\t{s.text}" for s in sentences).encode()).hexdigest()[:12]


def _worry(identity: str, line: str, known: Container[str]) -> Sentence:
    labels, crisis, text = _columns(line, 3)
    areas = () if labels == _OUTSIDE else tuple(labels.split("+"))
    if crisis != CALM and crisis not in CRISES:
        raise ValueError(f"危機の種類 {crisis}")
    if unknown := [area for area in areas if area not in known]:
        raise ValueError(f"分野 {unknown[0]}")
    return Sentence(identity, text, areas, crisis)


def _place(identity: str, line: str, _known: Container[str]) -> Sentence:
    labels, text = _columns(line, 2)
    districts = () if labels == _NO_PLACE else tuple(labels.split("/"))
    if unknown := [district for district in districts if district not in DISTRICTS]:
        raise ValueError(f"地区 {unknown[0]}")
    return Sentence(identity, text, districts=districts)


def _columns(line: str, count: int) -> list[str]:
    columns = line.split("|", count - 1)
    if len(columns) != count or not columns[-1].strip():
        raise ValueError(f"{count} つの欄がいります")
    return [*columns[:-1], columns[-1].replace("\\n", "\n")]
