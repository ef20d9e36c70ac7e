"""Issue areas of a message: several at once, calibrated, each with the words that spoke for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.special import expit

from bot.nlu.evidence import evidence
from bot.nlu.linear import Bools, Floats
from bot.nlu.linear_component import LinearComponent
from bot.nlu.mixture import Mixture, log_odds
from bot.nlu.sentence_encoder import Opinion
from bot.nlu.text import normalise
from bot.nlu.tokenizer import words_of
from bot.nlu.training_messages import example_metadata, measures

OUT_OF_SCOPE = "out_of_scope"
# The candidates kept for a clarifying question.
_CANDIDATES = 6
# Log-odds of an area that the encoder has no head for.
_UNKNOWN = -6.0


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IssueAreaClassifier(LinearComponent):
    """Writes `areas` on a message: {"ranked": [{"id","score","asserted","evidence"}], "out_of_scope": probability}."""

    modules = ("bot.nlu.evidence", "bot.nlu.mixture")
    _mixture: Mixture | None = None

    def labels_of(self, message: Message) -> set[str] | None:
        """Areas from the example's metadata; out of scope is a label of its own; other acts carry no area."""
        if message.get(INTENT) == OUT_OF_SCOPE:
            return {OUT_OF_SCOPE}
        areas: list[str] = example_metadata(message).get("areas") or []
        return set(areas)

    def settle(self, messages: list[Message], held_out: Floats, truth: Bools) -> None:
        """Mix the linear model with the encoder on the examples that the encoder was not fine-tuned on."""
        known = [index for index, message in enumerate(messages) if measures(message)]
        if known:
            judges = self._judges([messages[index] for index in known], held_out[known])
            self._mixture = Mixture.fit(judges, truth[known])

    def save_settled(self, folder: Path) -> None:
        """Write the mixture."""
        if self._mixture is not None:
            self._mixture.save(folder)

    def load_settled(self, folder: Path) -> None:
        """Read the mixture, where there is one."""
        if (folder / "mixture.json").exists():
            self._mixture = Mixture.load(folder)

    def best_first(self, message: Message) -> Sequence[str] | None:
        """The areas in the operator's order."""
        if message.get(INTENT) == OUT_OF_SCOPE:
            return [OUT_OF_SCOPE]
        areas: list[str] = example_metadata(message).get("areas") or []
        return areas

    def judged(self, messages: Sequence[Message], probabilities: Floats) -> Floats:
        """The mixture's log-odds; where there is no mixture, the linear model's."""
        if self._mixture is None:
            return log_odds(probabilities)
        return self._mixture.scores(self._judges(messages, probabilities))

    def _judges(self, messages: Sequence[Message], linear: Floats) -> list[Floats]:
        # A label that the encoder does not know (added later by operators) is left to the linear model.
        labels = self.model.labels
        opinions: list[Opinion] = [message.get("opinion") for message in messages]
        areas = [[opinion.areas.get(label, _UNKNOWN) for label in labels] for opinion in opinions]
        first = [[opinion.first.get(label, _UNKNOWN) for label in labels] for opinion in opinions]
        return [log_odds(linear), np.array(areas, dtype=np.float32), np.array(first, dtype=np.float32)]

    def annotate(self, message: Message, probabilities: Floats) -> None:
        """Rank the areas; evidence is given for those asserted and for the best one."""
        normal = normalise(message.get(TEXT) or "")
        words = words_of(message)
        model = self.model
        thresholds = model.thresholds if self._mixture is None else self._mixture.thresholds
        probabilities = expit(self.corrected(message, probabilities))
        order = [i for i in probabilities.argsort()[::-1] if model.labels[i] != OUT_OF_SCOPE]
        ranked = []
        for rank, index in enumerate(order):
            asserted = bool(probabilities[index] >= thresholds[index])
            if rank >= _CANDIDATES and not asserted:
                break
            spans = evidence(message.get("reading"), model.weights[:, index], words) if asserted or rank == 0 else []
            ranked.append(
                {
                    "id": model.labels[index],
                    "score": round(float(probabilities[index]), 4),
                    "asserted": asserted,
                    "evidence": [normal.original(start, end) for start, end in spans],
                }
            )
        outside = model.labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in model.labels else None
        message.set(
            "areas",
            {"ranked": ranked, OUT_OF_SCOPE: 0.0 if outside is None else round(float(probabilities[outside]), 4)},
            add_to_output=True,
        )
