"""Issue areas of a message: several at once, calibrated, each with the words that spoke for it."""

from __future__ import annotations

from collections.abc import Sequence

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.evidence import evidence
from bot.nlu.linear import Floats
from bot.nlu.mixed_component import MixedComponent, columns
from bot.nlu.mixture import log_odds
from bot.nlu.text import normalise
from bot.nlu.tokenizer import words_of
from bot.nlu.training_messages import example_metadata

OUT_OF_SCOPE = "out_of_scope"
# The candidates kept for a clarifying question.
_CANDIDATES = 6
# Log-odds of an area that the encoder has no head for.
_UNKNOWN = -6.0


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IssueAreaClassifier(MixedComponent):
    """Writes `areas` on a message: {"ranked": [{"id","score","asserted","evidence"}], "out_of_scope": probability}."""

    modules = ("bot.nlu.evidence", *MixedComponent.modules)

    def labels_of(self, message: Message) -> set[str] | None:
        """Areas from the example's metadata; out of scope is a label of its own; other acts carry no area."""
        if message.get(INTENT) == OUT_OF_SCOPE:
            return {OUT_OF_SCOPE}
        areas: list[str] = example_metadata(message).get("areas") or []
        return set(areas)

    def best_first(self, message: Message) -> Sequence[str] | None:
        """The areas in the operator's order."""
        if message.get(INTENT) == OUT_OF_SCOPE:
            return [OUT_OF_SCOPE]
        areas: list[str] = example_metadata(message).get("areas") or []
        return areas

    def judges(self, messages: Sequence[Message], linear: Floats) -> list[Floats]:
        """The linear model, and the encoder on each area and on the first one."""
        opinions = [message.get("opinion") for message in messages]
        # A label that the encoder does not know (added later by operators) is left to the linear model.
        areas = columns([opinion.areas for opinion in opinions], self.model.labels, _UNKNOWN)
        return [log_odds(linear), areas, columns([opinion.first for opinion in opinions], self.model.labels, _UNKNOWN)]

    def annotate(self, message: Message, probabilities: Floats) -> None:
        """Rank the areas; evidence is given for those asserted and for the best one."""
        normal = normalise(message.get(TEXT) or "")
        words = words_of(message)
        model = self.model
        probabilities, thresholds = self.mixed(message, probabilities)
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
