"""What our trained components share: the linear model mixed with the sentence encoder, and operators' corrections."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
from rasa.shared.nlu.training_data.message import Message
from scipy import sparse
from scipy.special import expit

from bot.nlu.corrections import FIRST, FURTHER, NOT, Corrections
from bot.nlu.featurizer import row_of
from bot.nlu.linear import Bools, Floats
from bot.nlu.linear_component import LinearComponent
from bot.nlu.mixture import Mixture, log_odds
from bot.nlu.training_messages import is_reviewed, measures

#: Set on a message that is to be answered as if it had never been corrected.
UNSEEN = "unseen"


class MixedComponent(LinearComponent):
    """A linear component whose probabilities are mixed with the encoder's where there is an opinion."""

    modules: ClassVar[tuple[str, ...]] = ("bot.nlu.mixed_component", "bot.nlu.mixture", "bot.nlu.corrections")
    _mixture: Mixture | None = None
    _corrections: Corrections | None = None

    def settle(self, messages: list[Message], held_out: Floats, truth: Bools) -> None:
        """Fit the mixture on the examples that the encoder was not fine-tuned on, then what operators corrected."""
        known = [index for index, message in enumerate(messages) if measures(message)]
        if known:
            self._mixture = Mixture.fit(self.judges([messages[i] for i in known], held_out[known]), truth[known])
        self._correct(messages, held_out)

    def save_settled(self, folder: Path) -> None:
        """Write the mixture and the corrections."""
        if self._mixture is not None:
            self._mixture.save(folder)
        if self._corrections is not None:
            self._corrections.save(folder)

    def load_settled(self, folder: Path) -> None:
        """Read the mixture and the corrections, where there are any."""
        if (folder / "mixture.json").exists():
            self._mixture = Mixture.load(folder)
        self._corrections = Corrections.load(folder)

    def mixed(self, message: Message, probabilities: Floats) -> tuple[Floats, Floats]:
        """Probabilities of the labels, and from where each is asserted; the linear model's own without an opinion."""
        said = self._scores([message], probabilities[None, :])[0]
        if self._corrections is not None:
            said = self._corrections.apply(row_of(message), said, unseen=bool(message.get(UNSEEN)))
        thresholds = self.model.thresholds if self._mixture is None else self._mixture.thresholds
        return np.asarray(expit(said), dtype=np.float32), thresholds

    @abstractmethod
    def judges(self, messages: Sequence[Message], linear: Floats) -> list[Floats]:
        """Scores on a log-odds scale, each messages x labels; `linear`: the linear model's probabilities."""

    def best_first(self, message: Message) -> Sequence[str] | None:
        """The labels of an operator's example, the most important first; None: nothing is corrected by it here."""
        return None

    def _scores(self, messages: Sequence[Message], linear: Floats) -> Floats:
        """Log-odds, messages x labels; every message has an opinion, or there is no mixture."""
        return log_odds(linear) if self._mixture is None else self._mixture.scores(self.judges(messages, linear))

    def _correct(self, messages: list[Message], held_out: Floats) -> None:
        """Fit the corrections on the operators' examples, if there are any."""
        lessons = {
            index: labels
            for index, message in enumerate(messages)
            if is_reviewed(message) and (labels := self.best_first(message)) is not None
        }
        if not lessons:
            return
        known = list(lessons)
        wanted = np.full((len(known), len(self.model.labels)), NOT, dtype=np.float32)
        for number, labels in enumerate(lessons.values()):
            for place, label in enumerate(labels):
                wanted[number, self.model.labels.index(label)] = FURTHER if place else FIRST
        said = self._scores([messages[index] for index in known], held_out[known])
        examples = sparse.vstack([row_of(messages[index]) for index in known]).tocsr()
        release = sparse.vstack([row_of(message) for message in messages if not is_reviewed(message)]).tocsr()
        self._corrections = Corrections.fit(examples, release, said, wanted)


def columns(said: Sequence[Mapping[str, float]], labels: Sequence[str], unknown: float) -> Floats:
    """A matrix messages x labels of what the encoder said; `unknown` for a label that it has no head for."""
    return np.array([[one.get(label, unknown) for label in labels] for one in said], dtype=np.float32)
