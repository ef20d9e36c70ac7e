"""Small counts are hidden, and so is whatever would give them away.

A count from 1 to 4 could point to a person in a district where people know each other. A total beside its parts would
tell the one part that is hidden: then a second part is hidden too, or the total itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SMALLEST: Final = 5
#: A hidden number.
HIDDEN: Final = None
Shown = int | None
Place = tuple[int, int]
# Narrowing settles in a few rounds; a reader would not go on for ever either.
_ROUNDS: Final = 50


@dataclass(frozen=True, slots=True)
class Protected:
    """Cells and totals as they may be shown; HIDDEN (None) where not. Totals that were not asked for are hidden too."""

    cells: tuple[tuple[Shown, ...], ...]
    rows: tuple[Shown, ...]
    columns: tuple[Shown, ...]
    whole: Shown


@dataclass(slots=True)
class _Line:
    """Places of a grid that add up to the place `total`."""

    parts: list[Place]
    total: Place


def protect(
    cells: Sequence[Sequence[int]],
    *,
    row_totals: bool = True,
    column_totals: bool = True,
    keep_rows: Sequence[bool] | None = None,
) -> Protected:
    """Hide 1 to 4, then parts and totals until no line gives anything away.

    `row_totals`, `column_totals`: which totals will be shown. `keep_rows`: False for a row whose total must be hidden
    (another table hides it).
    """
    height, width = len(cells), len(cells[0]) if cells else 0
    grid = [[*row, sum(row)] for row in cells]
    grid.append([sum(column) for column in zip(*grid, strict=True)] if grid else [0])
    hidden = {(y, x) for y, row in enumerate(grid) for x, value in enumerate(row) if 0 < value < SMALLEST}
    if not row_totals:
        hidden |= {(y, width) for y in range(height + 1)}
    if not column_totals:
        hidden |= {(height, x) for x in range(width + 1)}
    if keep_rows is not None:
        hidden |= {(y, width) for y in range(height) if not keep_rows[y]}
    lines = [_Line([(y, x) for x in range(width)], (y, width)) for y in range(height + 1)]
    lines += [_Line([(y, x) for y in range(height)], (height, x)) for x in range(width + 1)]
    open_still = True
    while open_still:
        open_still = any(_closed(line, grid, hidden) for line in lines) or _worked_out(lines, grid, hidden)
    shown = [[HIDDEN if (y, x) in hidden else value for x, value in enumerate(row)] for y, row in enumerate(grid)]
    return Protected(
        tuple(tuple(row[:-1]) for row in shown[:-1]),
        tuple(row[-1] for row in shown[:-1]),
        tuple(shown[-1][:-1]),
        shown[-1][-1],
    )


def total_beside(parts: Sequence[int]) -> Shown:
    """The sum of parts that are shown elsewhere, small ones hidden there; HIDDEN where it would give one away."""
    whole, secret = sum(parts), [part for part in parts if 0 < part < SMALLEST]
    ambiguous = len(secret) > 1 and sum(secret) >= SMALLEST and len(secret) < sum(secret) < (SMALLEST - 1) * len(secret)
    return HIDDEN if 0 < whole < SMALLEST or (secret and not ambiguous) else whole


def _closed(line: _Line, grid: list[list[int]], hidden: set[Place]) -> bool:
    """Hide one more place when the line's total gives away its hidden parts; True when something changed."""
    secret = [place for place in line.parts if place in hidden]
    if not secret or line.total in hidden:
        return False
    together = sum(grid[y][x] for y, x in secret)
    if len(secret) > 1 and together >= SMALLEST and len(secret) < together < (SMALLEST - 1) * len(secret):
        return False
    # Two hidden parts of which one is large are ambiguous as well: nobody sees which is which.
    if len(secret) > 1 and any(grid[y][x] >= SMALLEST for y, x in secret) and together > (SMALLEST - 1) * len(secret):
        return False
    others = [place for place in line.parts if place not in hidden and grid[place[0]][place[1]] > 0]
    smallest = min(others, key=lambda place: (grid[place[0]][place[1]], place), default=line.total)
    hidden.add(smallest)
    return True


def _worked_out(lines: list[_Line], grid: list[list[int]], hidden: set[Place]) -> bool:
    """Do what a reader could do: narrow every hidden number by all lines in turn. True when one more place was hidden.

    A reader knows that a hidden number is not 0, for a 0 is shown.
    """
    low = {(y, x): min(grid[y][x], 1) for y, x in hidden}
    high = dict.fromkeys(hidden, 10**9)
    for _ in range(_ROUNDS):
        if sum(_narrowed(line, grid, hidden, low, high) for line in lines) == 0:
            break
    for y, x in sorted(hidden):
        if low[y, x] < high[y, x] or not 0 < grid[y][x] < SMALLEST:
            continue
        for line in lines:
            if line.total not in hidden and (y, x) in line.parts:
                hidden.add(line.total)
                return True
    return False


def _narrowed(
    line: _Line, grid: list[list[int]], hidden: set[Place], low: dict[Place, int], high: dict[Place, int]
) -> bool:
    secret = [place for place in line.parts if place in hidden]
    known = sum(grid[y][x] for y, x in line.parts if (y, x) not in hidden)
    least, most = known + sum(low[place] for place in secret), known + sum(high[place] for place in secret)
    total = grid[line.total[0]][line.total[1]]
    total_low, total_high = (low[line.total], high[line.total]) if line.total in hidden else (total, total)
    bounds = {
        place: (
            max(low[place], total_low - (most - high[place])),
            min(high[place], total_high - (least - low[place])),
        )
        for place in secret
    }
    if line.total in hidden:
        bounds[line.total] = (max(total_low, least), min(total_high, most))
    changed = any(bounds[place] != (low[place], high[place]) for place in bounds)
    for place, (at_least, at_most) in bounds.items():
        low[place], high[place] = at_least, at_most
    return changed
