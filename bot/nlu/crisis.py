"""Crisis of a message: rules, linear model and encoder judge together, tuned so that hardly any crisis is missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.evidence import evidence
from bot.nlu.linear import Bools, Floats
from bot.nlu.mixed_component import MixedComponent
from bot.nlu.mixture import log_odds
from bot.nlu.text import normalise
from bot.nlu.tokenizer import words_of
from bot.nlu.training_messages import example_metadata
from bot.safety import crisis as rules

# The act of a turn that brings a worry (`bot.nlu.acts`, which comes after us).
WORRY = "worry"
ORDER = ("medical_emergency", "violence", "suicide", "abuse")
# The label that says that somebody is in danger, whatever the kind: it decides, the kinds only name.
ANY = "any"
# An alarm is due where it is right once in eight times: a miss weighs as much as seven false alarms.
_ALARM = 0.125
# In more than so many characters somebody in danger says so more than once, and much else is said that sounds like it.
_STORY = 80
_ALARM_IN_STORY = 0.3
# In so few (「ばいばい」) only plain words can tell, and those the rules know.
_WORD = 8
_ALARM_IN_WORD = 0.3
# The rules were written beside the training sentences and know them better than what a stranger writes: of the weight
# that the mixture finds for them there, so much is left.
_RULES_TRUST = 0.4
# From this length (characters) what the rules see is a crisis, whatever the models make of the whole.
_LONG = 400
# Below these log-odds of bringing any worry a turn (「ありがとう」) is calm, where the linear model sees little danger
# and the rules see none.
_NO_WORRY = -1.0
_LITTLE = 0.3


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CrisisDetector(MixedComponent):
    """Writes `crisis` on a message: {"kind", "evidence", "score"}; kind "none" when nobody is in danger."""

    modules = ("bot.nlu.evidence", "bot.safety.crisis", *MixedComponent.modules)

    def labels_of(self, message: Message) -> set[str] | None:
        """The kind of crisis from the example's metadata, and ANY over all kinds."""
        kind = example_metadata(message).get("crisis")
        return {str(kind), ANY} if kind in ORDER else set()

    def settle(self, messages: list[Message], held_out: Floats, truth: Bools) -> None:
        """Say crisis early: a false alarm is annoying, a miss can kill."""
        index = self.model.labels.index(ANY)
        super().settle(messages, held_out[:, [index]], truth[:, [index]])
        if self._mixture is not None:
            *models, ruled = self._mixture.coefficients
            self._mixture = replace(self._mixture, coefficients=(*models, _RULES_TRUST * ruled))

    def annotate(self, message: Message, probabilities: Floats) -> None:
        """Whether somebody is in danger, and how."""
        text = message.get(TEXT) or ""
        model = self.model
        index = model.labels.index(ANY)
        hit = rules.detect(text)
        opinion = message.get("opinion")
        mixed, _ = self.mixed(message, probabilities[[index]])
        score, threshold = float(mixed[0]), _alarm(text)
        if opinion is None and hit is not None:
            score = 1.0
        # In a long text a single sentence hardly moves the models; the rules see it.
        if hit is not None and len(text) >= _LONG:
            score = max(score, threshold)
        quiet = hit is None and float(probabilities[index]) < _LITTLE
        if quiet and opinion is not None and opinion.acts[WORRY] < _NO_WORRY:
            score = 0.0
        kind = "none"
        if score >= threshold:
            named = {k: float(probabilities[model.labels.index(k)]) for k in ORDER if k in model.labels}
            if opinion is not None:
                named = {k: named.get(k, 0.0) + float(np.exp(opinion.kinds.get(k, -9.0))) for k in ORDER}
            kind = hit.kind if hit is not None else max(ORDER, key=lambda k: named.get(k, 0.0))
        words: list[str] = []
        if hit is not None and kind != "none":
            words = list(hit.evidence)
        elif kind != "none":
            normal = normalise(text)
            spans = evidence(message.get("reading"), model.weights[:, model.labels.index(kind)], words_of(message))
            words = [normal.original(start, end) for start, end in spans]
        message.set("crisis", {"kind": kind, "evidence": words, "score": round(score, 4)}, add_to_output=True)

    def judges(self, messages: Sequence[Message], linear: Floats) -> list[Floats]:
        """The linear model, the encoder and the rules, each on whether anybody is in danger."""
        danger = [message.get("opinion").danger for message in messages]
        ruled = [float(rules.detect(message.get(TEXT) or "") is not None) for message in messages]
        return [
            log_odds(linear),
            np.array(danger, dtype=np.float32)[:, None],
            np.array(ruled, dtype=np.float32)[:, None],
        ]


def _alarm(text: str) -> float:
    """From which score a text of this length is a crisis."""
    if len(text) > _STORY:
        return _ALARM_IN_STORY
    return _ALARM_IN_WORD if len(text) <= _WORD else _ALARM
