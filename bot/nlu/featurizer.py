"""Rasa featurizer: one sparse sentence row a message, shared by all our linear models."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse

from bot.nlu.features import FeatureSpace, Reading
from bot.nlu.fingerprints import source_hash
from bot.nlu.tokenizer import normal_form, words_of
from bot.nlu.training_messages import is_reviewed

_ORIGIN = "TextFeaturizer"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class TextFeaturizer(GraphComponent):
    """Learns the terms of the training texts and reads messages as rows of them (see `bot.nlu.features`)."""

    def __init__(self, storage: ModelStorage, resource: Resource, space: FeatureSpace | None = None) -> None:
        """`space` is None until trained or loaded."""
        self._storage = storage
        self._resource = resource
        self._space = space

    @classmethod
    def required_components(cls) -> list[type]:
        """A tokenizer comes first."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing to set: choices are made by measurement, in code."""
        return {}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Retrain when a module that makes the features changes."""
        return source_hash("bot.nlu.text", "bot.nlu.words", "bot.nlu.features", "bot.nlu.training_messages")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TextFeaturizer:
        """See rasa.engine.graph.GraphComponent."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TextFeaturizer:
        """Read the trained feature space."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, FeatureSpace.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn terms from every training text."""
        messages = [message for message in training_data.training_examples if message.get(TEXT)]
        # Twice, what operators corrected: a word that is new to the city must be learnt from a single sentence.
        messages += [message for message in messages if is_reviewed(message)]
        self._space = FeatureSpace.fit([(normal_form(message), words_of(message)) for message in messages])
        with self._storage.write_to(self._resource) as folder:
            self._space.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the row to every training message."""
        for message in training_data.training_examples:
            if message.get(TEXT):
                _add_row(message, self._read(message).row)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the row, and for evidence the single occurrences, to every message."""
        for message in messages:
            reading = self._read(message)
            message.set("reading", reading)
            _add_row(message, reading.row)
        return messages

    def _read(self, message: Message) -> Reading:
        if self._space is None:
            raise RuntimeError("TextFeaturizer is used before it is trained or loaded")
        return self._space.read(normal_form(message), words_of(message))


def row_of(message: Message) -> sparse.csr_matrix:
    """The feature row of a message."""
    return sparse.csr_matrix(next(f for f in message.features if f.origin == _ORIGIN).features)


def _add_row(message: Message, row: sparse.csr_matrix) -> None:
    message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, _ORIGIN))
