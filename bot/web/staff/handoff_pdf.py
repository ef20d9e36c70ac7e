"""The handoff sheet as one A4 page, in Japanese type."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

import segno

from bot.web.staff.handoff_sheet import Paper

if TYPE_CHECKING:
    from fpdf import FPDF

_MARGIN: Final = 12.0
_WIDTH: Final = 210.0 - 2 * _MARGIN
_LABEL: Final = 30.0
_LARGEST, _SMALLEST = 10.5, 5.5
#: Millimetres a line takes for each point of type.
_LINE: Final = 0.47
_COLUMNS: Final = 5
_PERSON: Final = (
    ("name", "名前"),
    ("kana", "ふりがな"),
    ("birthday", "生年月日"),
    ("phone", "電話"),
    ("address", "住所"),
)


def pdf(paper: Paper, labels: Mapping[str, str], address: str) -> bytes:
    """The page. `labels`: all issue areas by id, to be ticked; `address`: what the QR code holds."""
    # Takes half a second to import: not while the service starts.
    from fpdf import FPDF

    # They name the letters that a type face lacks, and those that it has: letters of somebody's name.
    for quiet in ("fpdf", "fontTools"):
        logging.getLogger(quiet).setLevel(logging.CRITICAL)
    sheet = FPDF(format="A4")
    sheet.set_auto_page_break(False)
    sheet.set_margin(_MARGIN)
    sheet.add_font("ja", fname=str(_font()))
    sheet.set_title("引き継ぎシート")
    sheet.add_page()
    _head(sheet, paper, address)
    _person(sheet, paper)
    urgent = "【緊急】 " if paper.crisis != "none" else ""
    _box(sheet, "困りごと\n（本人の言葉）", urgent + paper.texts["concern"], 46)
    _areas(sheet, paper, labels)
    household = "・".join(paper.household)
    about = [paper.district and f"{paper.district}地区", paper.age, household and f"支えが要る人: {household}"]
    _box(sheet, "世帯", "　".join(filter(None, [*about, paper.texts["family"]])), 18)
    _box(sheet, "これまでの対応", paper.texts["tried"], 24)
    _box(sheet, "希望", paper.texts["wishes"], 24)
    _box(sheet, "つなぎ先", "\n".join(map(_window, paper.windows)), 32)
    joint = "【多機関協働】 " if paper.multi_agency else ""
    _box(sheet, "つなぐ理由", joint + paper.texts["reason"], 26)
    _box(sheet, "同意", f"つなぎ先に伝えることへの本人の同意: {paper.consent}", 9)
    return bytes(sheet.output())


@cache
def _font() -> Path:
    # Found without importing the package: that would load all of matplotlib.
    spec = find_spec("matplotlib_fontja")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("matplotlib_fontja")
    return Path(spec.submodule_search_locations[0]) / "fonts" / "ipaexg.ttf"


def _head(sheet: FPDF, paper: Paper, address: str) -> None:
    sheet.set_font("ja", size=16)
    sheet.text(_MARGIN, 20, "引き継ぎシート（つなぐシート）")
    sheet.set_font("ja", size=9)
    sheet.text(_MARGIN, 27, f"作成日 {paper.date}　　作成 {paper.made_by}")
    sheet.text(_MARGIN, 33, f"番号 {paper.code}（そのあとのようすは、この番号か右の印から職員が開けます）")
    image = BytesIO()
    segno.make(address, error="m").save(image, kind="png", scale=8, border=2)
    sheet.image(image, x=210 - _MARGIN - 25, y=11, w=25)
    sheet.set_y(38)


def _person(sheet: FPDF, paper: Paper) -> None:
    top = sheet.get_y()
    row = 7.0
    cells = [(0, 0, 0.5), (0, 0.5, 0.5), (1, 0, 0.5), (1, 0.5, 0.5), (2, 0, 1.0)]
    for (key, label), (line, left, share) in zip(_PERSON, cells, strict=True):
        x, y, width = _MARGIN + left * _WIDTH, top + line * row, share * _WIDTH
        sheet.rect(x, y, width, row)
        sheet.set_font("ja", size=8)
        sheet.text(x + 1.5, y + 4.6, label)
        _fit(sheet, paper.person[key], x + 18, y + 1.2, width - 19, row - 1.8)
    sheet.set_y(top + 3 * row)


def _areas(sheet: FPDF, paper: Paper, labels: Mapping[str, str]) -> None:
    top = sheet.get_y()
    rows = -(-max(len(labels), 1) // _COLUMNS)
    height = rows * 4.6 + 2
    _frame(sheet, "分野", height)
    width = (_WIDTH - _LABEL) / _COLUMNS
    for number, (id, label) in enumerate(labels.items()):
        x, y = _MARGIN + _LABEL + 1.5 + number % _COLUMNS * width, top + 1 + number // _COLUMNS * 4.6
        _fit(sheet, f"{'■' if id in paper.areas else '□'}{label}", x, y, width - 1.5, 4.6, largest=7.5)
    sheet.set_y(top + height)


def _box(sheet: FPDF, label: str, text: str, height: float) -> None:
    top = sheet.get_y()
    _frame(sheet, label, height)
    _fit(sheet, text, _MARGIN + _LABEL + 1.5, top + 1.2, _WIDTH - _LABEL - 3, height - 2.4)
    sheet.set_y(top + height)


def _frame(sheet: FPDF, label: str, height: float) -> None:
    top = sheet.get_y()
    sheet.set_fill_color(236, 243, 243)
    sheet.rect(_MARGIN, top, _LABEL, height, style="FD")
    sheet.rect(_MARGIN + _LABEL, top, _WIDTH - _LABEL, height)
    sheet.set_font("ja", size=9)
    sheet.set_xy(_MARGIN + 1, top + 1.2)
    sheet.multi_cell(_LABEL - 2, 4.4, label, align="L")


def _fit(sheet: FPDF, text: str, x: float, y: float, width: float, height: float, largest: float = _LARGEST) -> None:
    """Write text into a box: smaller until it fits, so that nothing spills onto a second page."""
    text = text.strip()
    if not text:
        return
    size = largest
    while True:
        sheet.set_font("ja", size=size)
        lines = _lines(sheet, text, width, size)
        if len(lines) * size * _LINE <= height or size <= _SMALLEST:
            break
        size -= 0.5
    most = max(1, int(height / (size * _LINE)))
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1][:-1]}…"]
    sheet.set_xy(x, y)
    sheet.multi_cell(width, size * _LINE, "\n".join(lines), align="L")


def _lines(sheet: FPDF, text: str, width: float, size: float) -> list[str]:
    lines = sheet.multi_cell(width, size * _LINE, text, align="L", dry_run=True, output="LINES")
    return list(lines) if isinstance(lines, list) else []


def _window(window: Mapping[str, str]) -> str:
    label = f"（{window['phone_label']}）" if window["phone_label"] else ""
    phone = f"{window['phone']}{label}" if window["phone"] else ""
    return "　".join(filter(None, [window["name"], phone, window["say"]]))
