"""What a model would have said to sentences that it is trained on, had it not seen them.

The linear models score each training sentence by a model that was trained on the other folds (bot.nlu.linear); the
encoder never saw an operator's example. From these two the components answer as they do in service.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse

from bot.nlu.crisis import CrisisDetector
from bot.nlu.features import Reading
from bot.nlu.issue_areas import IssueAreaClassifier
from bot.nlu.linear import Floats
from bot.nlu.linear_component import LinearComponent
from bot.nlu.mixed_component import UNSEEN

JSON = dict[str, Any]

_NONE = np.zeros(0, dtype=np.int32)
# Evidence is not asked for here, but a component gives it with its answer.
_UNREAD = Reading(sparse.csr_matrix((1, 1)), _NONE, np.zeros(0, dtype=np.float32), _NONE, _NONE)


class OutOfFold:
    """Collects, while a model is trained, its honest answers to some of its training sentences."""

    def __init__(self, sentences: TrainingData) -> None:
        """`sentences`: those that are wanted, as Rasa read them."""
        self._wanted = {str(message.get(TEXT)) for message in sentences.training_examples}
        self._found: dict[str, JSON] = {}

    def listen(self) -> None:
        """Change the components of this process; call before the training."""
        self._hear(IssueAreaClassifier, "areas")
        self._hear(CrisisDetector, "crisis")

    def write(self, path: Path) -> None:
        """JSON: text → {"areas": {"ranked", "out_of_scope"}, "crisis": {"kind", …}}. Raises OSError."""
        path.write_text(json.dumps(self._found, ensure_ascii=False), encoding="utf-8")

    def _hear(self, component: type[LinearComponent], key: str) -> None:
        def answer(mine: LinearComponent, messages: list[Message], held_out: Floats) -> None:
            for message, probabilities in zip(messages, held_out, strict=True):
                text = str(message.get(TEXT))
                if text in self._wanted:
                    data = {**message.data, "reading": _UNREAD, UNSEEN: True}
                    answered = Message(data=data, features=message.features)
                    mine.annotate(answered, probabilities)
                    self._found.setdefault(text, {})[key] = answered.get(key)

        component.learnt = answer  # type: ignore[method-assign, assignment]  # on purpose, see `listen`
