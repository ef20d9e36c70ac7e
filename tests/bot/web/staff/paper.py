"""Reading a PDF that fpdf2 made: its pages, and its text by the fonts' own tables."""

from __future__ import annotations

import re
import zlib


def pages(pdf: bytes) -> int:
    """How many pages it has."""
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


def text(pdf: bytes) -> str:
    """Everything written in it, without order."""
    streams = [_inflated(found.group(1)) for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)]
    letters: dict[int, str] = {}
    for table in (one for one in streams if b"beginbfchar" in one or b"beginbfrange" in one):
        for code, value in re.findall(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>(?=\s)(?! <)", table):
            letters[int(code, 16)] = bytes.fromhex(value.decode()).decode("utf-16-be")
    written = []
    for page in (one for one in streams if b"BT" in one):
        for shown in re.findall(rb"\(((?:\\.|[^\\()])*)\)", page, re.DOTALL):
            raw = re.sub(rb"\\(.)", lambda found: _ESCAPES.get(found.group(1), found.group(1)), shown, flags=re.DOTALL)
            written += [letters.get(int.from_bytes(raw[at : at + 2], "big"), "") for at in range(0, len(raw), 2)]
    return "".join(written)


_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _inflated(raw: bytes) -> bytes:
    try:
        return zlib.decompress(raw)
    except zlib.error:
        return raw
