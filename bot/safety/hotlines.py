"""Telephone lines and chats for a crisis: the only copy of the facts is data/hotlines.csv."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Literal, cast

from bot.safety.crisis import PRIORITY
from bot.safety.opening import Hours, parse_hours

Channel = Literal["tel", "chat", "line"]
Open = Literal["open", "closed", "unknown"]

COLUMNS = [
    *("id", "name", "channel", "number", "hours", "hours_text", "cost", "audience", "topics"),
    *("trust", "source", "source_date", "note"),
]

CHILD_AREAS = frozenset(
    {"child_abuse", "school", "parenting", "maternity", "child_development", "nursery", "young_carer", "single_parent"}
)
ADULT_ABUSE_AREAS = frozenset({"elder_abuse", "disability", "elderly_care", "dementia"})

# Who comes first in which crisis (plan's emergency contacts; children's lines only where a child is concerned).
# One group after the other; inside a group known hours before unknown ones, free before paid, then as listed.
_ORDER: dict[str, tuple[tuple[str, ...], ...]] = {
    "medical_emergency": (("119",), ("8000",), ("7119",), ("anshin24",), ("yorisoi",)),
    "violence": (
        ("110",),
        ("dv-plus",),
        ("dv-plus-chat", "kanagawa-dv-line"),
        ("189", "sos24"),
        ("8891",),
        ("kanagawa-dv-women", "kanagawa-dv-men", "8008", "9110"),
    ),
    "suicide": (("yorisoi",), ("sos24", "childline"), ("inochi-free", "inochi-sos", "kokoro-toitsu")),
    "abuse": (("189",), ("110",), ("sos24", "childline", "kodomo-jinken"), ("dv-plus", "dv-plus-chat"), ("chuo-jiso",)),
}
_NONE: frozenset[str] = frozenset()
_CHILDREN_ONLY = frozenset({"8000", "189", "sos24", "childline", "kodomo-jinken", "chuo-jiso"})
_PARTNERS_ONLY = frozenset(
    {"dv-plus", "dv-plus-chat", "kanagawa-dv-line", "kanagawa-dv-women", "kanagawa-dv-men", "8008"}
)


@dataclass(frozen=True, slots=True)
class Hotline:
    """One row of hotlines.csv. `number` is a telephone number, a web address (chat) or empty (line)."""

    id: str
    name: str
    channel: Channel
    number: str
    hours: Hours
    hours_text: str
    free: bool
    audience: str
    trust: str
    source: str
    source_date: str | None

    def open_at(self, at: datetime) -> Open:
        """Whether somebody answers at `at` (naive = time of Japan); "unknown" where no source gives the hours."""
        if not self.hours.known:
            return "unknown"
        return "open" if self.hours.open_at(at) else "closed"


@cache
def load() -> tuple[Hotline, ...]:
    """All lines of data/hotlines.csv in file order. Raises ValueError naming the row that cannot be read."""
    return tuple(parse(resources.files("bot.safety").joinpath("data/hotlines.csv").read_text(encoding="utf-8")))


def by_id(id: str) -> Hotline:
    """One line. Raises KeyError for an unknown id."""
    return {line.id: line for line in load()}[id]


def parse(text: str) -> Iterable[Hotline]:
    """Read the text of a hotlines.csv. Raises ValueError naming the row that cannot be read, or a repeated id."""
    reader = csv.DictReader(io.StringIO(text), strict=True)
    if reader.fieldnames != COLUMNS:
        raise ValueError(f"hotlines.csv: columns are {reader.fieldnames}, expected {COLUMNS}")
    seen: set[str] = set()
    for row in reader:
        try:
            line = _hotline(row)
            if line.id in seen:
                raise ValueError("id given twice")
        except (ValueError, TypeError, AttributeError) as error:
            raise ValueError(f"hotlines.csv line {reader.line_num} ({row.get('id')}): {error}") from error
        seen.add(line.id)
        yield line


def _hotline(row: dict[str, str]) -> Hotline:
    if None in row or None in row.values():
        raise ValueError("wrong number of cells")
    if row["channel"] not in ("tel", "chat", "line"):
        raise ValueError(f"unknown channel {row['channel']!r}")
    shape = {"tel": r"[#0-9][0-9-]+", "chat": r"https://\S+", "line": ""}[row["channel"]]
    if re.fullmatch(shape, row["number"]) is None:
        raise ValueError(f"{row['number']!r} is no {row['channel']} number")
    for column, allowed in (("cost", ("free", "paid")), ("trust", ("A", "B", "C"))):
        if row[column] not in allowed:
            raise ValueError(f"{column} is {row[column]!r}")
    for column in ("id", "name", "topics", "source"):
        if not row[column] and row["id"] != "119":
            raise ValueError(f"{column} is empty")
    return Hotline(
        id=row["id"],
        name=row["name"],
        channel=cast(Channel, row["channel"]),
        number=row["number"],
        hours=parse_hours(row["hours"]),
        hours_text=row["hours_text"],
        free=row["cost"] == "free",
        audience=row["audience"],
        trust=row["trust"],
        source=row["source"],
        source_date=row["source_date"] or None,
    )


def lines_for(crisis: str, areas: Sequence[str], at: datetime) -> list[Hotline]:
    """The lines for a crisis ("suicide" …), best first; the first one is always a telephone that answers at `at`.

    `areas`: asserted issue areas; children's and partners' lines appear only with theirs. Trust A and B only, closed
    lines left out. A parent afraid of hitting a child sees 189 first; where an old or disabled person is abused and
    no child, there is no such line and 110 stands first. Raises ValueError for an unknown crisis.
    """
    if crisis not in PRIORITY:
        raise ValueError(f"not a crisis: {crisis!r}")
    left_out = _left_out(crisis, frozenset(areas))
    known = {line.id: line for line in load() if line.trust in ("A", "B") and line.id not in left_out}
    lines: list[Hotline] = []
    for group in _ORDER[crisis]:
        candidates = [known[name] for name in group if name in known and known[name].open_at(at) != "closed"]
        lines += sorted(candidates, key=lambda line: (not line.hours.known, not line.free))
    # Where the hours are unknown the line may not answer: after everything that surely does.
    return sorted(lines, key=lambda line: not line.hours.known)


def _left_out(crisis: str, areas: frozenset[str]) -> frozenset[str]:
    child = bool(areas & CHILD_AREAS) and not ("elder_abuse" in areas and "child_abuse" not in areas)
    partner = "domestic_violence" in areas
    if crisis == "abuse" and not child:
        # Nothing said about who is abused: children are the only ones with a line of their own.
        child = not areas & ADULT_ABUSE_AREAS and not partner
    if crisis == "violence" and not partner and not child:
        # A line for victims of partners helps more than none when it is not said who strikes.
        partner = not areas & (ADULT_ABUSE_AREAS | CHILD_AREAS)
    # After an overdose somebody to talk to is wanted too, once the ambulance is called.
    talk: frozenset[str] = frozenset({"yorisoi"}) if crisis == "medical_emergency" and "suicide" not in areas else _NONE
    return talk | (_NONE if child else _CHILDREN_ONLY) | (_NONE if partner else _PARTNERS_ONLY)
