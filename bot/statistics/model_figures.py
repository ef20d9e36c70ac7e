"""How good the models were, over time: measured on sentences nobody learnt from; nothing of a resident is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Engine, inspect, select

from agency_db.terms import TOKYO
from bot.learning.model_records import LearntModel, ModelSwitch
from bot.statistics.periods import Period
from bot.statistics.tables import Row, Table

#: Set, figure, heading.
FIGURES: Final = (
    ("descriptions", "best_area", "いちばんの分野が正しい（場面の説明）"),
    ("posts", "best_area", "いちばんの分野が正しい（長い投稿）"),
    ("crisis", "crisis_found", "危機に気づいた"),
    ("crisis", "false_alarm", "危機でない文を危機とした"),
)
NOTHING: Final = "―"
_MOST: Final = 30
_ABOUT: Final = (
    "学習に使っていない同じ文で、モデルごとに測った割合です（住民の相談の数ではありません）。この期間の終わりまでのモデル、"
    f"新しい{_MOST}まで。「―」は、測っていないか、使わなかったものです。"
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A model; `used`: when it first went into service, and who did that."""

    name: str
    made: datetime
    figures: Mapping[str, Any]
    used: datetime | None
    who: str


@dataclass(frozen=True, slots=True)
class Models:
    """All models ever measured, oldest first, and which was put into service when."""

    measured: Sequence[Measured]
    switches: Sequence[tuple[datetime, str]]

    @classmethod
    def read(cls, engine: Engine) -> Models:
        """Also those whose archive is gone. Raises sqlalchemy.exc.SQLAlchemyError."""
        with engine.connect() as connection:
            if LearntModel.__tablename__ not in inspect(connection).get_table_names():
                return cls((), ())
            switched = connection.execute(
                select(ModelSwitch.at, ModelSwitch.model, ModelSwitch.who).order_by(ModelSwitch.id)
            ).all()
            first = {row.model: row for row in reversed(switched)}
            models = connection.execute(
                select(LearntModel.name, LearntModel.made, LearntModel.figures).order_by(LearntModel.made)
            ).all()
        measured = [
            Measured(
                row.name,
                row.made,
                row.figures,
                first[row.name].at if row.name in first else None,
                first[row.name].who if row.name in first else "",
            )
            for row in models
            if row.figures
        ]
        return cls(measured, [(row.at, row.model) for row in switched])

    def table(self, period: Period, people: Mapping[str, str]) -> Table | None:
        """A row a model; None where none was measured by then. `people`: account → name to be shown."""
        shown = [model for model in self.measured if _day(model.made) <= period.last][-_MOST:]
        if not shown:
            return None
        columns = ("使いはじめ", "切り替えた人", *(heading for _, _, heading in FIGURES))
        rows = tuple(Row(f"{_moment(model.made)} のモデル", _cells(model, people), None) for model in shown)
        return Table("model-figures", "モデルのよさの移り変わり", _ABOUT, "モデル", columns, rows, False)

    def at_the_end_of(self, years: Sequence[Period], today: date) -> tuple[str, ...]:
        """For each year the share of right best areas of the model that was last in service in it."""
        figures = {model.name: model.figures for model in self.measured}
        found = []
        for year in years:
            served = [model for at, model in self.switches if _day(at) <= min(year.last, today)]
            begun = served and year.first <= today
            found.append(percent(figures.get(served[-1]), *FIGURES[0][:2]) if begun else NOTHING)
        return tuple(found)


def percent(figures: Mapping[str, Any] | None, one: str, figure: str) -> str:
    """「88.4%」 of a set and a figure."""
    found = ((figures or {}).get(one) or {}).get(figure)
    return f"{100 * found['value']:.1f}%" if found else NOTHING


def _cells(model: Measured, people: Mapping[str, str]) -> tuple[str, ...]:
    used = _moment(model.used) if model.used else NOTHING
    who = people.get(model.who, model.who) or NOTHING
    return used, who, *(percent(model.figures, one, figure) for one, figure, _ in FIGURES)


def _day(at: datetime) -> date:
    return at.astimezone(TOKYO).date()


def _moment(at: datetime) -> str:
    return f"{at.astimezone(TOKYO):%Y-%m-%d %H:%M}"
