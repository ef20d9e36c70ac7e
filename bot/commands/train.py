"""`tsunagu train`."""

from __future__ import annotations

import sys

from bot.engine.training import TrainingFailed
from bot.engine.training import train as train_model
from bot.settings import Settings


def report(line: str) -> None:
    """Progress goes to standard error: standard output belongs to answers."""
    print(line, file=sys.stderr, flush=True)


def train(settings: Settings) -> int:
    """Train the model of the present data unless it exists."""
    try:
        model = train_model(settings.models, report)
    except TrainingFailed as failure:
        report(f"学習できませんでした。\n{failure}")
        return 1
    print(model)
    return 0
