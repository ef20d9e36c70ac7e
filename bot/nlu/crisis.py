"""Crisis of a message: the rules of `bot.safety` and a trained model; either is enough (a miss can kill)."""

from __future__ import annotations

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.evidence import evidence
from bot.nlu.issue_areas import example_metadata
from bot.nlu.linear import Bools, Floats, LinearLabels
from bot.nlu.linear_component import LinearComponent
from bot.nlu.text import normalise
from bot.nlu.tokenizer import words_of
from bot.safety import crisis as rules

ORDER = ("medical_emergency", "violence", "suicide", "abuse")
# The label that says that somebody is in danger, whatever the kind: it decides, the kinds only name.
ANY = "any"
# The share of calm training texts (a third of them written to look like a crisis) that may be taken for one.
_FALSE_ALARMS = 0.05


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CrisisDetector(LinearComponent):
    """Writes `crisis` on a message: {"kind", "evidence", "scores"}; kind "none" when nobody is in danger."""

    modules = ("bot.nlu.evidence", "bot.safety.crisis")

    def labels_of(self, message: Message) -> set[str] | None:
        """The kind of crisis from the example's metadata, and ANY over all kinds."""
        kind = example_metadata(message).get("crisis")
        return {str(kind), ANY} if kind in ORDER else set()

    def tune(self, model: LinearLabels, held_out: Floats, truth: Bools) -> None:
        """Say crisis as early as the false alarms allow: a false alarm is annoying, a miss can kill."""
        index = model.labels.index(ANY)
        calm = held_out[~truth[:, index], index]
        model.thresholds[index] = float(np.quantile(calm, 1.0 - _FALSE_ALARMS))

    def annotate(self, message: Message, probabilities: Floats) -> None:
        """The gravest kind that the rules or the model see."""
        text = message.get(TEXT) or ""
        model = self.model
        scores = dict(zip(model.labels, (float(p) for p in probabilities), strict=True))
        threshold = float(model.thresholds[model.labels.index(ANY)]) if ANY in model.labels else 1.0
        hit = rules.detect(text)
        seen = {hit.kind} if hit is not None else set()
        if scores.get(ANY, 0.0) >= threshold:
            likeliest = max(ORDER, key=lambda kind: scores.get(kind, 0.0))
            seen |= {likeliest} | {kind for kind in ORDER if scores.get(kind, 0.0) >= 0.5}
        kind = next((kind for kind in ORDER if kind in seen), "none")
        words: list[str] = []
        if hit is not None and hit.kind == kind:
            words = list(hit.evidence)
        elif kind != "none":
            normal = normalise(text)
            index = int(np.flatnonzero(np.array(model.labels) == kind)[0])
            spans = evidence(message.get("reading"), model.weights[:, index], words_of(message))
            words = [normal.original(start, end) for start, end in spans]
        rounded = {label: round(score, 4) for label, score in scores.items()}
        message.set("crisis", {"kind": kind, "evidence": words, "scores": rounded}, add_to_output=True)
