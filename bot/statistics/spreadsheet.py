"""A table as CSV that a spreadsheet opens rightly: UTF-8 with a BOM, and no cell that runs as a formula."""

from __future__ import annotations

import csv
import io
from typing import Final

from bot.statistics.suppression import Shown
from bot.statistics.tables import Table

#: Stands for a hidden number, in every table.
MARK: Final = "＊"
NOTE: Final = "＊は、1から4の数か、それがわかってしまう数。0は0と書きます。"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(table: Table, period: str) -> bytes:
    """Title and note first, then the table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    total = ["計"] if table.has_totals else []
    writer.writerow([safe(f"{table.title} {period}")])
    writer.writerow([safe(NOTE)])
    writer.writerow([safe(cell) for cell in (table.head, *table.columns, *total)])
    for row in table.rows:
        numbers = [*row.cells, *([row.total] if table.has_totals else [])]
        writer.writerow([safe(row.label), *map(number, numbers)])
    if table.foot is not None:
        writer.writerow(["計", *map(number, table.foot)])
    return out.getvalue().encode("utf-8-sig")


def number(shown: Shown | str) -> str:
    """A number, the mark of a hidden one, or a word made safe."""
    return MARK if shown is None else safe(str(shown))


def safe(cell: str) -> str:
    """A leading apostrophe keeps a spreadsheet from running a cell."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
