"""The yearly sheet for the city's committees: the plan's programmes, their windows, and what the product counted."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from agency_db.directory import Directory, Window
from agency_db.place_names import rows as packaged
from bot.statistics.counting import CLARIFY, NO_WINDOW, NONE_NEAR, Kind
from bot.statistics.periods import PLAN_YEARS, whole_year, year_words
from bot.statistics.spreadsheet import NOTE, number
from bot.statistics.suppression import Shown, total_beside
from bot.statistics.tables import Counted

if TYPE_CHECKING:
    from fpdf import FPDF

#: In the plan's order (実施計画, 2023-03).
PROGRAMMES: Final = ("包括的相談支援", "地域づくり", "多機関協働", "アウトリーチ", "参加支援")
COMMITTEES: Final = ("庁内検討委員会", "地域福祉計画推進委員会", "地域包括ケアシステム推進会議")
NO_RECORD: Final = "記録なし"

_Quarters = list[Counter[tuple[str, str]]]
_SUMMARY: Final = (
    ("相談（1人の1日を1つと数える）", (Kind.TALK, "")),
    ("いくつもの機関がかかわる相談", (Kind.COMPLEX, "")),
    ("いのちにかかわり、緊急の連絡先を先に出した相談", (Kind.CRISIS, "")),
    ("窓口が出せなかった相談", (Kind.UNMET, NO_WINDOW)),
    ("何の相談か、つかめなかった相談", (Kind.UNMET, CLARIFY)),
    ("近くに登録された縁側がなかった相談", (Kind.ENGAWA, NONE_NEAR)),
)

_MODELS: Final = "案内のモデルが、いちばんの分野を正しく選ぶ割合（測るための文）"

_MARGIN: Final = 12.0
_LABEL: Final = 92.0
_STATUTORY: Final = 24.0
_YEAR: Final = 17.5
_LINE: Final = 5.0


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet: `years` one number (or word) a plan year."""

    label: str
    statutory: bool
    years: tuple[Shown | str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`recorded`: for which of the plan's years there is any count. `programmes`: name → its lines."""

    recorded: tuple[bool, ...]
    summary: tuple[Line, ...]
    programmes: dict[str, tuple[Line, ...]]


def figures(years: Sequence[Counted], directory: Directory, models: Sequence[str]) -> Sheet:
    """`years`: the counts of each of PLAN_YEARS, in their order; `models`: how good the model was in each, in words."""
    sums: list[_Quarters] = []
    for year, counted in zip(PLAN_YEARS, years, strict=True):
        found: _Quarters = [Counter() for _ in range(4)]
        for day, (kind, _, _, detail), count in counted:
            quarter = found[whole_year(year).column(day)]
            quarter[kind, ""] += count
            quarter[kind, detail] += count if detail else 0
        sums.append(found)
    marks = _statutory()
    windows = [window for window in directory.windows.values() if window.programmes]
    offered = {window.id: _years((Kind.OFFERED, window.id), sums) for window in windows}
    return Sheet(
        recorded=tuple(any(quarters) for quarters in sums),
        summary=(
            *(Line(label, False, _years(key, sums)) for label, key in _SUMMARY),
            Line(_MODELS, False, tuple(models)),
        ),
        programmes={
            programme: tuple(
                Line(window.short_name, _is(marks, window, programme), offered[window.id])
                for window in windows
                if programme in window.programmes
            )
            for programme in PROGRAMMES
        },
    )


def _years(key: tuple[str, str], sums: list[_Quarters]) -> tuple[Shown, ...]:
    """A year beside its quarters, which the statistics page shows, must not give a hidden quarter away."""
    return tuple(total_beside([quarter[key] for quarter in quarters]) for quarters in sums)


def _statutory() -> dict[str, str]:
    return {row["id"]: row["statutory"] for row in packaged("windows.csv")}


def _is(marks: dict[str, str], window: Window, programme: str) -> bool:
    """法定 of the plan; 「法定(包括的相談支援・多機関協働)」 holds for the named programmes only."""
    words = marks.get(window.id, "")
    named = [one for one in PROGRAMMES if one in words]
    return "法定" in words and (not named or programme in named)


def pdf(sheet: Sheet, today: date) -> bytes:
    """A4, one or two pages, Japanese type."""
    # Takes half a second to import: not while the service starts.
    from fpdf import FPDF

    for quiet in ("fpdf", "fontTools"):
        logging.getLogger(quiet).setLevel(logging.CRITICAL)
    paper = FPDF(format="A4")
    paper.set_margin(_MARGIN)
    paper.set_auto_page_break(True, 14)
    paper.add_font("ja", fname=str(_font()))
    paper.set_title("つなぐ 年のまとめ")
    paper.add_page()
    paper.set_font("ja", size=16)
    paper.cell(0, 9, "つなぐ 年のまとめ", new_x="LMARGIN", new_y="NEXT")
    paper.set_font("ja", size=8.5)
    span = f"{year_words(PLAN_YEARS[0])}〜{year_words(PLAN_YEARS[-1])}"
    paper.multi_cell(
        0,
        4.6,
        f"{'・'.join(COMMITTEES)} 資料　{today.year}年{today.month}月{today.day}日 作成\n"
        f"藤沢市重層的支援体制整備事業実施計画の事業と年度（{span}）にそって、「つなぐ」が受けた相談の数を並べたものです。"
        "窓口ごとの数は、その窓口を案内した相談の数で、実際に窓口に来た人の数ではありません。1つの相談で、いくつもの窓口を案内することがあります。"
        f"{NOTE}「{NO_RECORD}」は、つなぐがまだ動いていないか、これからの年度です。"
        "いまの年度は、作成した日までの数です。",
        new_x="LMARGIN",
        new_y="NEXT",
    )
    paper.ln(2)
    _part(paper, "全体", sheet.summary, sheet.recorded)
    for programme, lines in sheet.programmes.items():
        _part(paper, programme, lines, sheet.recorded)
    return bytes(paper.output())


def _part(paper: FPDF, title: str, lines: Sequence[Line], recorded: Sequence[bool]) -> None:
    if paper.will_page_break(_LINE * 4):
        paper.add_page()
    _head(paper, title, statutory=title != "全体")
    for line in lines:
        if paper.will_page_break(_LINE):
            paper.add_page()
            _head(paper, f"{title}（つづき）", statutory=title != "全体")
        paper.cell(_LABEL, _LINE, line.label, border="B")
        paper.cell(_STATUTORY, _LINE, "法定" if line.statutory else "", border="B", align="C")
        for shown, there in zip(line.years, recorded, strict=True):
            paper.cell(_YEAR, _LINE, number(shown) if there else NO_RECORD, border="B", align="R")
        paper.ln()
    paper.ln(2.5)


def _head(paper: FPDF, title: str, *, statutory: bool) -> None:
    paper.set_font("ja", size=9.5)
    paper.set_fill_color(225, 239, 240)
    paper.cell(_LABEL, _LINE + 1, title, fill=True)
    paper.cell(_STATUTORY, _LINE + 1, "法定の事業" if statutory else "", fill=True, align="C")
    for year in PLAN_YEARS:
        paper.cell(_YEAR, _LINE + 1, year_words(year).removesuffix("度"), fill=True, align="R")
    paper.ln()
    paper.set_font("ja", size=8.5)


@cache
def _font() -> Path:
    # Found without importing the package: that would load all of matplotlib.
    spec = find_spec("matplotlib_fontja")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("matplotlib_fontja")
    return Path(spec.origin).parent / "fonts" / "ipaexg.ttf"
