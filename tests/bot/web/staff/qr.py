"""What a QR code says, read from its picture as a telephone would: no reader is among our packages.

For codes of versions 3 and 4 in byte mode (up to 78 letters), drawn without a flaw: errors are not corrected.
"""

from __future__ import annotations

import re

#: (version, level) → blocks and data bytes in each, of ISO/IEC 18004, table 9. Levels as the code writes them.
_BLOCKS = {
    (3, 1): (1, 55), (3, 0): (1, 44), (3, 3): (2, 17), (3, 2): (2, 13),
    (4, 1): (1, 80), (4, 0): (2, 32), (4, 3): (2, 24), (4, 2): (4, 9),
}  # fmt: skip
_MASKS = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, _: y % 2 == 0,
    lambda _, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)
_FORMAT_MASK = 0b101010000010010
_FORMAT_PLACES = [*((8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)), *((y, 8) for y in (7, 5, 4, 3, 2, 1, 0))]


def modules(svg: str, border: int) -> set[tuple[int, int]]:
    """The dark squares (row, column) of segno's picture: one path of horizontal strokes."""
    (path,) = re.findall(r' d="([^"]+)"', svg)
    dark: set[tuple[int, int]] = set()
    x = y = 0.0
    for step, first, second in re.findall(r"([Mmh])\s*(-?[\d.]+)(?:[ ,]?(-?[\d.]+))?", path):
        if step == "h":
            dark |= {(int(y) - border, int(x) + along - border) for along in range(int(first))}
            x += float(first)
        else:
            x, y = (float(first), float(second)) if step == "M" else (x + float(first), y + float(second))
    return dark


def read(dark: set[tuple[int, int]]) -> str:
    """The text."""
    size = max(x for _, x in dark) + 1
    version = (size - 17) // 4
    told = int("".join(str(int(place in dark)) for place in _FORMAT_PLACES), 2) ^ _FORMAT_MASK
    level, masked = told >> 13, _MASKS[told >> 10 & 7]
    bits = [((y, x) in dark) ^ masked(y, x) for y, x in _way(size) if not _is_fixed(y, x, size)]
    words = [int("".join(str(int(bit)) for bit in bits[at : at + 8]), 2) for at in range(0, len(bits) - 7, 8)]
    blocks, length = _BLOCKS[version, level]
    data = [words[at * blocks + block] for block in range(blocks) for at in range(length)]
    stream = "".join(f"{word:08b}" for word in data)
    assert stream[:4] == "0100", "not in byte mode"
    count = int(stream[4:12], 2)
    return bytes(int(stream[12 + 8 * at : 20 + 8 * at], 2) for at in range(count)).decode()


def _way(size: int) -> list[tuple[int, int]]:
    """Up and down in pairs of columns from the right, passing over the timing column."""
    way = []
    for turn, right in enumerate(x for x in range(size - 1, 0, -1) if (x % 2 == 0 if x > 6 else x in (5, 3, 1))):
        rows = range(size - 1, -1, -1) if turn % 2 == 0 else range(size)
        way += [(y, x) for y in rows for x in (right, right - 1)]
    return way


def _is_fixed(y: int, x: int, size: int) -> bool:
    """Corners with the format, timing lines, the small square at the lower right."""
    corner = (y < 9 and (x < 9 or x >= size - 8)) or (y >= size - 8 and x < 9)
    return corner or y == 6 or x == 6 or (abs(y - (size - 7)) < 3 and abs(x - (size - 7)) < 3)
