"""What our trained components share that mix the linear model with the sentence encoder's opinion."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.linear import Bools, Floats
from bot.nlu.linear_component import LinearComponent
from bot.nlu.mixture import Mixture


class MixedComponent(LinearComponent):
    """A linear component whose probabilities are mixed with the encoder's where there is an opinion."""

    modules: ClassVar[tuple[str, ...]] = ("bot.nlu.mixed_component", "bot.nlu.mixture")
    _mixture: Mixture | None = None

    def settle(self, messages: list[Message], held_out: Floats, truth: Bools) -> None:
        """Fit the mixture on the examples that the encoder was not fine-tuned on."""
        known = [index for index, message in enumerate(messages) if message.get("opinion") is not None]
        if known:
            self._mixture = Mixture.fit(self.judges([messages[i] for i in known], held_out[known]), truth[known])

    def save_settled(self, folder: Path) -> None:
        """Write the mixture."""
        if self._mixture is not None:
            self._mixture.save(folder)

    def load_settled(self, folder: Path) -> None:
        """Read the mixture, where there is one."""
        if (folder / "mixture.json").exists():
            self._mixture = Mixture.load(folder)

    def mixed(self, message: Message, probabilities: Floats) -> tuple[Floats, Floats]:
        """Probabilities of the labels, and from where each is asserted; the linear model's own without an opinion."""
        if self._mixture is None or message.get("opinion") is None:
            return probabilities, self.model.thresholds
        return self._mixture.probabilities(self.judges([message], probabilities[None, :]))[0], self._mixture.thresholds

    @abstractmethod
    def judges(self, messages: Sequence[Message], linear: Floats) -> list[Floats]:
        """Scores on a log-odds scale, each messages x labels; `linear`: the linear model's probabilities."""


def columns(said: Sequence[dict[str, float]], labels: Sequence[str], unknown: float) -> Floats:
    """A matrix messages x labels of what the encoder said; `unknown` for a label that it has no head for."""
    return np.array([[one.get(label, unknown) for label in labels] for one in said], dtype=np.float32)
