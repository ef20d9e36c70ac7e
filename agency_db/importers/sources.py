"""Names of sources: a resident reads 「広報ふじさわ」, not an address of a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from agency_db.place_names import rows

_URL = re.compile(r"^https?://\S+")


@dataclass(frozen=True, slots=True)
class Source:
    """`name` for people, `url` where the file gives one, `trust` of the publisher (C when it is not known)."""

    name: str
    url: str | None
    trust: str


@lru_cache(maxsize=1)
def _known() -> tuple[dict[str, str], ...]:
    return tuple(sorted(rows("sources.csv"), key=lambda row: -len(row["prefix"])))


def read_source(text: str) -> Source:
    """The source cell of a directory file: a URL (with a remark in brackets) or a title."""
    found = _URL.match(text)
    url = found.group() if found else None
    known = next((row for row in _known() if text.startswith(row["prefix"])), None)
    if known is not None:
        return Source(known["name"], url, known["trust"])
    return Source(url.split("/")[2].removeprefix("www.") if url else text, url, "C")
