"""What our trained Rasa components share: a linear model over the featurizer's rows, kept as JSON and numpy files."""

from __future__ import annotations

import zlib
from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse
from sklearn.model_selection import KFold

from bot.nlu.featurizer import TextFeaturizer, row_of
from bot.nlu.fingerprints import source_hash
from bot.nlu.linear import FOLDS, SEED, Bools, Floats, Ints, LinearLabels
from bot.nlu.training_messages import is_reviewed


class LinearComponent(GraphComponent):
    """Trains one `LinearLabels` from the labels that `labels_of` reads on a training message."""

    modules: ClassVar[tuple[str, ...]] = ()

    def __init__(self, storage: ModelStorage, resource: Resource, model: LinearLabels | None = None) -> None:
        """`model` is None until trained or loaded."""
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def required_components(cls) -> list[type]:
        """The rows come from our featurizer."""
        return [TextFeaturizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing to set: choices are made by measurement, in code."""
        return {}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Retrain when a module that this component uses changes."""
        shared = ("bot.nlu.linear", "bot.nlu.linear_component", "bot.nlu.training_messages")
        return source_hash(*shared, *cls.modules)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
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
    ) -> Self:
        """Read the trained model."""
        with model_storage.read_from(resource) as folder:
            component = cls(model_storage, resource, LinearLabels.load(folder))
            component.load_settled(folder)
            return component

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on every training message for which `labels_of` has an answer."""
        examples = [
            (message, labels)
            for message in training_data.training_examples
            if message.get(TEXT) and message.get(INTENT) and (labels := self.labels_of(message)) is not None
        ]
        names = sorted({label for _, labels in examples for label in labels})
        rows = sparse.vstack([row_of(message) for message, _ in examples]).tocsr()
        truth = np.array([[name in labels for name in names] for _, labels in examples])
        messages = [message for message, _ in examples]
        self._model, held_out = LinearLabels.fit(rows, truth, names, _folds(messages))
        self.settle(messages, held_out, truth)
        self.learnt(messages, held_out)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
            self.save_settled(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training messages pass unchanged: nothing after us is trained on our answer."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Let `annotate` write the answer on every message."""
        for message in messages:
            self.annotate(message, self.model.probabilities(row_of(message))[0])
        return messages

    @property
    def model(self) -> LinearLabels:
        """The trained model. Raises RuntimeError before training or loading."""
        if self._model is None:
            raise RuntimeError(f"{type(self).__name__} is used before it is trained or loaded")
        return self._model

    def settle(self, messages: list[Message], held_out: Floats, truth: Bools) -> None:
        """What is fitted on top of the linear model; `held_out`: its out-of-fold probabilities (texts x labels)."""

    def learnt(self, messages: list[Message], held_out: Floats) -> None:
        """Called when everything is fitted; bot.engine.out_of_fold listens here."""

    def save_settled(self, folder: Path) -> None:
        """Write what `settle` fitted."""

    def load_settled(self, folder: Path) -> None:
        """Read what `save_settled` wrote."""

    @abstractmethod
    def labels_of(self, message: Message) -> set[str] | None:
        """The labels of a training message (empty: none holds), or None when it teaches nothing here."""

    @abstractmethod
    def annotate(self, message: Message, probabilities: Floats) -> None:
        """Write the answer on a message; `probabilities` in the order of `model.labels`."""


def _folds(messages: Sequence[Message]) -> Ints:
    """The fold of each message. An operator's example moves no other one, so that candidates differ by what they learnt
    rather than by chance.
    """
    folds = np.array([zlib.crc32(str(message.get(TEXT)).encode()) % FOLDS for message in messages], dtype=np.int32)
    release = np.array([index for index, message in enumerate(messages) if not is_reviewed(message)])
    for number, (_, test) in enumerate(KFold(FOLDS, shuffle=True, random_state=SEED).split(release)):
        folds[release[test]] = number
    return folds
