"""The models that there are: of what, by whom, how good, and which may go into service. The last ten stay."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, Row, delete, insert, select, update

from bot.engine.training import out_of_fold
from bot.learning.model_records import LearntModel, ModelSwitch
from bot.learning.serving import archive_of
from bot.staff.clock import Clock, now

JSON = dict[str, Any]

#: So many models stay.
KEPT: Final = 10


@dataclass(frozen=True, slots=True)
class Model:
    """One model. `summary`: of its comparison with `against` (bot.learning.comparing)."""

    name: str
    made: datetime
    who: str
    base: str
    sentences: int
    reviewed: int
    figures: JSON | None
    against: str | None
    summary: JSON | None


@dataclass(frozen=True, slots=True)
class Switch:
    """A model went into service."""

    at: datetime
    who: str
    how: str
    model: str
    before: str


class Models:
    """Safe to share between threads and processes. Methods raise SQLAlchemyError when the database does not answer."""

    def __init__(self, engine: Engine, folder: Path, clock: Clock = now) -> None:
        """`engine`: the log database; `folder`: of the archives."""
        self._engine = engine
        self._folder = folder
        self._clock = clock

    def add(self, name: str, who: str, base: str, *, sentences: int, reviewed: int) -> None:
        """A new model; one that is known already stays as it is."""
        with self._engine.begin() as connection:
            known = connection.scalar(select(LearntModel.gone).where(LearntModel.name == name))
            if known is False:
                return
            connection.execute(delete(LearntModel).where(LearntModel.name == name))
            connection.execute(
                insert(LearntModel).values(
                    name=name,
                    made=self._clock(),
                    who=who,
                    base=base,
                    sentences=sentences,
                    reviewed=reviewed,
                    gone=False,
                )
            )

    def set_figures(self, name: str, figures: JSON) -> None:
        """Set → figure → {"value", "low", "high", …}."""
        self._change(name, figures=figures)

    def set_comparison(self, name: str, against: str, summary: JSON, comparison: JSON) -> None:
        """The newest comparison replaces the one before."""
        self._change(name, against=against, summary=summary, comparison=comparison)

    def all(self) -> list[Model]:
        """Those whose archive is there, newest first."""
        query = select(*_COLUMNS).where(LearntModel.gone.is_(False)).order_by(LearntModel.made.desc())
        with self._engine.connect() as connection:
            found = [_model(row) for row in connection.execute(query)]
        return [model for model in found if archive_of(self._folder, model.name).exists()]

    def get(self, name: str) -> Model | None:
        """One of them."""
        return next((model for model in self.all() if model.name == name), None)

    def comparison(self, name: str) -> JSON | None:
        """What changed against the model that it was compared with (bot.learning.comparing)."""
        with self._engine.connect() as connection:
            return connection.scalar(select(LearntModel.comparison).where(LearntModel.name == name))

    def switched(self, model: str, before: str, who: str, how: str) -> None:
        """Note a switch."""
        with self._engine.begin() as connection:
            row = insert(ModelSwitch).values(at=self._clock(), who=who, how=how, model=model, before=before)
            connection.execute(row)

    def switches(self, limit: int = KEPT) -> list[Switch]:
        """The newest first."""
        columns = ModelSwitch.at, ModelSwitch.who, ModelSwitch.how, ModelSwitch.model, ModelSwitch.before
        query = select(*columns).order_by(ModelSwitch.id.desc()).limit(limit)
        with self._engine.connect() as connection:
            return [Switch(*row) for row in connection.execute(query)]

    def tidy(self, needed: Collection[str]) -> list[str]:
        """Remove the archives beyond the newest ten, but none that is `needed`; returns the names of those removed."""
        models = self.all()
        kept = {model.name for model in models[:KEPT]} | set(needed)
        gone = [model.name for model in models if model.name not in kept]
        for name in gone:
            archive = archive_of(self._folder, name)
            archive.unlink(missing_ok=True)
            out_of_fold(archive).unlink(missing_ok=True)
            self._change(name, gone=True, comparison=None)
        return gone

    def _change(self, name: str, **values: object) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(LearntModel).where(LearntModel.name == name).values(values))


_COLUMNS = tuple(getattr(LearntModel, name) for name in Model.__dataclass_fields__)


def _model(row: Row[Any]) -> Model:
    return Model(**row._mapping)
