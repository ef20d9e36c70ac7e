"""Rasa's training without what costs more than it brings: fingerprints, a second parse, the slowest compression."""

from __future__ import annotations

from typing import Any

from rasa.engine.storage import local_model_storage
from rasa.engine.training import graph_trainer
from rasa.engine.training.hooks import TrainingHook
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from tarsafe.tarsafe import TarSafe

# 9, Python's own choice, takes three times as long for one part in a hundred.
_COMPRESSION = 6


class _NothingKept(TrainingHook):
    """In place of Rasa's: it fingerprints every message after every component, feature by feature, and caches it.

    The whole training takes less time than finding out what of it could be reused.
    """

    def on_before_node(self, *_: Any, **__: Any) -> dict[str, Any]:
        """Nothing to remember."""
        return {}

    def on_after_node(self, *_: Any, **__: Any) -> None:
        """Nothing to keep."""


class _Archive(TarSafe):
    """Rasa's archive, compressed less."""

    @classmethod
    def gzopen(cls, *arguments: Any, **options: Any) -> _Archive:
        """See tarfile.TarFile.gzopen."""
        archive: _Archive = super().gzopen(*arguments, **{"compresslevel": _COMPRESSION} | options)
        return archive


def make_lean() -> None:
    """Change Rasa's training in this process; mypy minds that these names are Rasa's."""
    graph_trainer.TrainingHook = _NothingKept  # type: ignore[attr-defined]  # on purpose
    local_model_storage.TarSafe = _Archive  # type: ignore[attr-defined]  # on purpose
    # Rasa parses each file a second time to check its schema; the tests do that by `rasa data validate`.
    RasaYAMLReader.validate = lambda self, string: None  # type: ignore[method-assign]  # on purpose
