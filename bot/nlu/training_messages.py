"""What a training message says about itself besides its text: its labels, and where it comes from."""

from __future__ import annotations

from typing import Any

from rasa.shared.nlu.constants import METADATA
from rasa.shared.nlu.training_data.message import Message


def example_metadata(message: Message) -> dict[str, Any]:
    """The `metadata:` of a training example (Rasa keeps it one level down)."""
    found: dict[str, Any] = (message.get(METADATA) or {}).get("example") or {}
    return found


def is_reviewed(message: Message) -> bool:
    """Whether operators made this example: the group that it stands in says so (bot.learning.review_file)."""
    group = (message.get(METADATA) or {}).get("intent") or {}
    return group.get("reviewed") is True


def measures(message: Message) -> bool:
    """Whether weights and thresholds may be fitted on this example.

    The encoder must not know it; and it must not be an operator's: those were chosen because the model was wrong.
    """
    return message.get("opinion") is not None and not is_reviewed(message)
