"""Keeps TensorFlow out of the engine: no component of ours uses it, and importing it costs seconds and 360 MB.

Rasa's training helpers import two base classes from Keras, for classifiers that config.yml does not name, and a model's
metadata names a validator that is run before training only and imports those classifiers. These three are given here as
empty classes. Whatever else is asked of TensorFlow fails at once, with an error that says why.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import NoReturn

_PACKAGES = ("tensorflow", "tensorflow.keras", "tensorflow.keras.callbacks", "tensorflow.keras.utils")
_VALIDATOR = "rasa.graph_components.validators.default_recipe_validator"
_CLASSES = (
    ("tensorflow.keras.callbacks", "Callback"),
    ("tensorflow.keras.utils", "Sequence"),
    (_VALIDATOR, "DefaultV1RecipeValidator"),
)


class _StandIn(ModuleType):
    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{self.__name__}.{name}: this process runs without TensorFlow (bot.engine.no_tensorflow)")


def keep_tensorflow_out() -> None:
    """Put stand-ins in TensorFlow's place; nothing happens where it is already imported."""
    if "tensorflow" in sys.modules:
        return
    modules = {path: _StandIn(path) for path in (*_PACKAGES, _VALIDATOR)}
    for path, name in _CLASSES:
        setattr(modules[path], name, type(name, (), {}))
    for path in _PACKAGES:
        modules[path].__path__ = []
        parent, _, name = path.rpartition(".")
        if parent:
            setattr(modules[parent], name, modules[path])
    sys.modules.update(modules)
