"""`tsunagu train`."""

from __future__ import annotations

from bot.commands.output import report
from bot.engine.training import TrainingFailed
from bot.engine.training import train as train_model
from bot.settings import Settings


def train(settings: Settings) -> int:
    """Train the model of the present data unless it exists."""
    try:
        model = train_model(settings.models, report)
    except TrainingFailed as failure:
        return not_trained(failure)
    print(model)
    return 0


def not_trained(failure: TrainingFailed) -> int:
    """Say so; the exit code."""
    report(f"学習できませんでした。\n{failure}")
    return 1
