"""Rasa component: what the fine-tuned sentence encoder makes of a message (see `bot.nlu.encoder`)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.encoder import Encoder, Floats, held_back
from bot.nlu.fingerprints import source_hash
from bot.nlu.training_messages import is_reviewed

NETWORK = Path(__file__).with_name("encoder.onnx")
VOCABULARY = Path(__file__).with_name("encoder.npz")


@dataclass(frozen=True, slots=True)
class Opinion:
    """The encoder's scores for one message.

    `areas`: log-odds of each area; `first`: log-probability of each area to be the first; `danger`: log-odds of any
    crisis; `kinds`: log-probability of each kind of crisis; `acts`: log-odds of each dialogue act.
    """

    areas: Mapping[str, float]
    first: Mapping[str, float]
    danger: float
    kinds: Mapping[str, float]
    acts: Mapping[str, float]

    def fingerprint(self) -> str:
        """Hash for Rasa's training graph."""
        return hashlib.sha256(repr((self.areas, self.danger, self.acts)).encode()).hexdigest()


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    """The encoder; loaded once a process."""
    return Encoder.load(NETWORK, VOCABULARY)


def opinion(text: str) -> Opinion:
    """Ask the encoder about one text."""
    reader = encoder()
    scores = reader.scores(reader.encode(text))
    kinds = _named(reader.crises, _log_softmax(scores.crisis))
    calm = kinds.pop("none")
    return Opinion(
        areas=_named(reader.areas, scores.areas),
        first=_named(reader.areas, _log_softmax(scores.first)),
        danger=float(np.logaddexp.reduce(list(kinds.values()))) - calm,
        kinds=kinds,
        acts=_named(reader.acts, scores.acts),
    )


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(GraphComponent):
    """Writes `opinion` on messages; in training only on those that the encoder was not fine-tuned on."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """See rasa.engine.graph.GraphComponent."""
        encoder()
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Retrain when the weights or their reader change."""
        weights = hashlib.sha256(NETWORK.read_bytes() + VOCABULARY.read_bytes())
        return source_hash("bot.nlu.encoder", "bot.nlu.training_messages") + weights.hexdigest()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Opinions on the examples that were held back from the fine-tuning: only there they are honest.

        What operators added, the fine-tuning never saw.
        """
        texts = [message for message in training_data.training_examples if message.get(TEXT)]
        self.process([m for m in texts if is_reviewed(m) or held_back(m.get(TEXT))])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """An opinion on every message."""
        for message in messages:
            message.set("opinion", opinion(message.get(TEXT) or ""))
        return messages


def _named(names: Iterable[str], values: Floats) -> dict[str, float]:
    return dict(zip(names, (float(value) for value in values), strict=True))


def _log_softmax(values: Floats) -> Floats:
    return np.asarray(values - np.logaddexp.reduce(values), dtype=np.float32)
