"""The tables that are shown, printed and downloaded: every number in them went through suppression."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from agency_db.terms import DISTRICTS
from bot.statistics.counting import CLARIFY, NEAR, NO_WINDOW, OUT_OF_SCOPE, Key, Kind
from bot.statistics.periods import Period
from bot.statistics.suppression import Shown, protect

UNKNOWN_DISTRICT: Final = "わからない"
_MOST: Final = 30
Counted = Iterable[tuple[date, Key, int]]


@dataclass(frozen=True, slots=True)
class Names:
    """What ids are called: issue areas, windows, kinds of crisis."""

    areas: Mapping[str, str]
    windows: Mapping[str, str]
    crises: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """`total` None: hidden, or the table has none. A cell that is no count is a word already."""

    label: str
    cells: tuple[Shown | str, ...]
    total: Shown


@dataclass(frozen=True, slots=True)
class Table:
    """`head`: of the first column; `columns`: of the others. `foot`: totals of the columns, where they make sense."""

    id: str
    title: str
    about: str
    head: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    has_totals: bool
    foot: tuple[Shown, ...] | None = None

    @property
    def bars(self) -> list[tuple[str, Shown]]:
        """What a chart beside the table shows: one bar a row."""
        if self.has_totals:
            return [(row.label, row.total) for row in self.rows]
        if len(self.columns) != 1:
            return []
        return [(row.label, cell) for row in self.rows if not isinstance(cell := row.cells[0], str)]


def tables(counted: Counted, period: Period, names: Names) -> list[Table]:
    """All tables of a period, those without a single count left out."""
    days = list(counted)
    weeks = _Sums(days, period.column)
    spots = _Sums(days, lambda _: 0)
    columns = period.columns
    places = _districts()
    everything = [
        *_twins("areas", columns, weeks.rows(Kind.AREA, names.areas, _area, len(columns)),
                spots.spread(Kind.AREA, names.areas, _area)),
        _grid("districts", columns, weeks.rows(Kind.TALK, places, _district, len(columns)), additive=True),
        _grid("complex", columns, weeks.rows(Kind.COMPLEX, places, _district, len(columns)), additive=True),
        _list("pairs", spots.of(Kind.PAIR, _detail), lambda id: _pair(id, names.areas)),
        *_twins("unmet", columns, weeks.rows(Kind.UNMET, _UNMET, _detail, len(columns)),
                spots.spread(Kind.UNMET, _UNMET, _detail)),
        _list("no-window", spots.of(Kind.UNMET, _area), lambda id: names.areas.get(id, id), whole_is_known=True),
        _list("crises", spots.of(Kind.CRISIS, _detail), lambda id: names.crises.get(id, id)),
        _list("hours", spots.of(Kind.HOUR, _detail), lambda id: f"{int(id)}時台", in_order=True, whole_is_known=True),
        _windows(spots, names.windows),
        _grid("engawa", ("近くにあり", "近くになし"), _engawa(spots), additive=True),
        _models(spots),
    ]  # fmt: skip
    return [table for table in everything if table.rows]


def _area(key: Key) -> str:
    return key[1]


def _district(key: Key) -> str:
    return key[2]


def _detail(key: Key) -> str:
    return key[3]


# Title, explanation, head of the first column.
_WORDS: Final = {
    "areas": ("分野と週", "相談分野ごとの、週の相談の数。1つの相談に、いくつかの分野があることがあります。", "分野"),
    "areas-districts": ("分野と地区", "相談分野ごとの、地区の相談の数。", "分野"),
    "districts": ("地区と週", "地区ごとの、週の相談の数。", "地区"),
    "complex": (
        "いくつもの機関がかかわる相談",
        "3つ以上の分野が、2つ以上の領域にわたる相談（多機関協働）と、ダブルケア。",
        "地区",
    ),
    "pairs": ("いっしょに出る分野", "1つの相談に、ともに出た分野の組。多い順に30まで。", "分野の組"),
    "unmet": (
        "届かなかった相談",
        "窓口が出せなかった、何の相談かつかめなかった、ほかの用事だった相談。",
        "わけ",
    ),
    "unmet-districts": ("届かなかった相談と地区", "同じものを、地区ごとに。", "わけ"),
    "no-window": ("窓口がなかった分野", "分野はわかったのに、窓口が出なかった相談。", "分野"),
    "crises": ("いのちにかかわる相談", "緊急の連絡先を先に出した相談。", "危機"),
    "hours": ("時間帯", "相談が始まった時刻。", "時"),
    "windows": (
        "出した窓口",
        "出した窓口と、そのうち電話番号や時間を聞かれたもの（行ってみようとした人の目安）。",
        "窓口",
    ),
    "engawa": (
        "地域の縁側をさがした相談",
        "「近くになし」は、その地区に登録された縁側がない相談。地区がわからない相談もふくみます。",
        "地区",
    ),
    "models": (
        "モデルのようす",
        "モデルごとの返事の数。聞き返しや「ちがう」が増えたら、学習を見直す目安です。",
        "モデル",
    ),
}
_DISTRICTS: Final = (*DISTRICTS, UNKNOWN_DISTRICT)
_UNMET: Final = {
    NO_WINDOW: "窓口がない",
    CLARIFY: "何の相談かつかめない",
    OUT_OF_SCOPE: "ほかの用事",
}
_ANSWERS: Final = ("route", "crisis", "clarify", "correct", "out_of_scope")
_ANSWER_WORDS: Final = ("窓口を案内", "危機", "聞き返し", "「ちがう」と言われた", "ほかの用事", "返事のすべて")


class _Sums:
    """Counts by kind, by key and by column."""

    def __init__(self, days: Counted, column: Callable[[date], int]) -> None:
        self._sums: dict[str, Counter[tuple[Key, int]]] = defaultdict(Counter)
        for day, key, number in days:
            self._sums[key[0]][key, column(day)] += number

    def rows(self, kind: Kind, names: Mapping[str, str], row: Callable[[Key], str], width: int) -> dict[str, list[int]]:
        """A row of numbers a name, in the order of the names; unknown ids under their own name behind them."""
        found: dict[str, list[int]] = {}
        for (key, column), number in self._sums[kind].items():
            found.setdefault(row(key), [0] * width)[column] += number
        known = [id for id in names if id in found]
        return {names.get(id, id): found[id] for id in [*known, *sorted(found.keys() - names.keys())]}

    def spread(self, kind: Kind, names: Mapping[str, str], row: Callable[[Key], str]) -> dict[str, list[int]]:
        """The same with a column a district."""
        places = {district: place for place, district in enumerate((*DISTRICTS, ""))}
        moved = _Sums((), lambda _: 0)
        for (key, _), number in self._sums[kind].items():
            moved._sums[kind][key, places.get(key[2], len(DISTRICTS))] += number
        return moved.rows(kind, names, row, len(_DISTRICTS))

    def of(self, kind: Kind, part: Callable[[Key], str]) -> Counter[str]:
        """One number a `part` of the key; what is empty is left out."""
        found: Counter[str] = Counter()
        for (key, _), number in self._sums[kind].items():
            found[part(key)] += number
        del found[""]
        return found

    def by(self, kind: Kind) -> Counter[Key]:
        """One number a key."""
        found: Counter[Key] = Counter()
        for (key, _), number in self._sums[kind].items():
            found[key] += number
        return found


def _districts() -> dict[str, str]:
    return {**{district: district for district in DISTRICTS}, "": UNKNOWN_DISTRICT}


def _grid(
    id: str,
    columns: Sequence[str],
    found: Mapping[str, list[int]],
    *,
    additive: bool = False,
    keep_rows: Sequence[bool] | None = None,
) -> Table:
    """`additive`: the rows are parts of a whole, so that their sum means something and is shown."""
    shown = protect(list(found.values()), column_totals=additive, keep_rows=keep_rows)
    rows = tuple(Row(*row) for row in zip(found, shown.cells, shown.rows, strict=True))
    foot = (*shown.columns, shown.whole) if additive and rows else None
    return Table(id, *_WORDS[id], tuple(columns), rows, True, foot)


def _twins(
    id: str, columns: Sequence[str], found: Mapping[str, list[int]], spread: Mapping[str, list[int]]
) -> tuple[Table, Table]:
    """The same numbers by week and by district: a total that one of the two must hide is hidden in both."""
    keep: list[bool] | None = None
    while True:
        pair = (
            _grid(id, columns, found, keep_rows=keep),
            _grid(f"{id}-districts", _DISTRICTS, spread, keep_rows=keep),
        )
        both = [
            one.total is not None and two.total is not None for one, two in zip(*(t.rows for t in pair), strict=True)
        ]
        if keep == both:
            return pair
        keep = both


def _list(
    id: str,
    found: Counter[str],
    name: Callable[[str], str],
    *,
    in_order: bool = False,
    whole_is_known: bool = False,
) -> Table:
    """`whole_is_known`: the sum stands in another table, so that one hidden number must not be alone."""
    order = sorted(found.items()) if in_order else found.most_common(None if whole_is_known else _MOST)
    shown = protect([[number for _, number in order]] if order else [], row_totals=whole_is_known, column_totals=False)
    cells = shown.cells[0] if order else ()
    rows = tuple(Row(name(key), (cell,), None) for (key, _), cell in zip(order, cells, strict=True))
    return Table(id, *_WORDS[id], ("相談",), rows, False)


def _windows(spots: _Sums, names: Mapping[str, str]) -> Table:
    offered, followed = spots.of(Kind.OFFERED, _detail), spots.of(Kind.FOLLOWED, _detail)
    order = offered.most_common()
    shown = protect([[number, followed[id]] for id, number in order], row_totals=False, column_totals=False)
    rows = tuple(Row(names.get(id, id), cells, None) for (id, _), cells in zip(order, shown.cells, strict=True))
    return Table("windows", *_WORDS["windows"], ("出した", "電話や時間を聞かれた"), rows, False)


def _engawa(spots: _Sums) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for (_, _, district, detail), number in spots.by(Kind.ENGAWA).items():
        found.setdefault(district, [0, 0])[0 if detail == NEAR else 1] += number
    return {label: found[id] for id, label in _districts().items() if id in found}


def _models(spots: _Sums) -> Table:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for (_, model, _, kind), number in spots.by(Kind.ANSWER).items():
        found[model][kind] += number
    numbers = [[*(kinds[kind] for kind in _ANSWERS), kinds.total()] for kinds in found.values()]
    shown = protect(numbers, row_totals=False, column_totals=False)
    rows = tuple(Row(model or "不明", cells, None) for model, cells in zip(found, shown.cells, strict=True))
    return Table("models", *_WORDS["models"], _ANSWER_WORDS, rows, False)


def _pair(id: str, names: Mapping[str, str]) -> str:
    return " と ".join(names.get(area, area) for area in id.split("+"))
