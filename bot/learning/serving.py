"""Which model is in service, remembered beside the models: `tsunagu up` starts it again."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.engine.training import fitting_model, ingredients_hash


@dataclass(frozen=True, slots=True)
class Serving:
    """Names of models, without ".tar.gz". `base`: hash of the release's data and code that `model` was made of.

    `previous`: the one before, for the way back. `shadow`: runs beside it, until `shadow_until` (ISO 8601).
    """

    model: str
    base: str
    since: str
    who: str
    previous: str | None = None
    shadow: str | None = None
    shadow_until: str | None = None

    @classmethod
    def read(cls, models: Path) -> Serving | None:
        """What was remembered in the folder `models`; None where nothing readable is."""
        try:
            return cls(**json.loads(_file(models).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, models: Path) -> None:
        """Remember it. Raises OSError."""
        models.mkdir(parents=True, exist_ok=True)
        half = models / f"service.{os.getpid()}.half"
        half.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")
        half.replace(_file(models))

    def with_model(self, model: str, base: str, who: str, at: datetime) -> Serving:
        """After a switch; a shadow that took over is none any more."""
        changed = replace(self, model=model, base=base, previous=self.model, who=who, since=at.isoformat())
        return changed.in_shadow(None) if self.shadow == model else changed

    def in_shadow(self, model: str | None, until: datetime | None = None) -> Serving:
        """With another model in shadow, or none."""
        return replace(self, shadow=model, shadow_until=until.isoformat() if until else None)


def model_to_serve(models: Path) -> Path:
    """The archive that belongs into service: the remembered one if this release's data and code can still run it.

    Else the fitting one, which may have to be trained first: a new release brings data or code that an older model does
    not know. The operators' examples are in it as well.
    """
    remembered = Serving.read(models)
    if remembered is not None and remembered.base == ingredients_hash():
        archive = archive_of(models, remembered.model)
        if archive.exists():
            return archive
    return fitting_model(models)


def archive_of(models: Path, name: str) -> Path:
    """Where a model's archive is."""
    return models / f"{name}.tar.gz"


def _file(models: Path) -> Path:
    return models / "service.json"
