"""Ways to put a worry that a model can hardly know: idioms, names that one street uses, words of one's own.

Which of them go wrong is asked of the model in service, so that the test stays true while the model gets better.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "wordings.tsv"


@dataclass(frozen=True)
class Wording:
    """`told`: what a resident wrote; `rephrased`: what the operator adds to it; `new`: what nobody teaches.

    `area` and `window`: where all of them belong (docs/labels.md, agency_db/data/routes.csv).
    """

    area: str
    window: str
    told: str
    rephrased: str
    new: tuple[str, ...]


def read() -> list[Wording]:
    """All of them, in the order of the file."""
    rows = [line.split("\t") for line in _FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [Wording(area, window, told, rephrased, tuple(new)) for area, window, told, rephrased, *new in rows]
