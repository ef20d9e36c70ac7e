"""Which model fits the present data and code, and how one is trained: always in a process of its own."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.settings import PROJECT

# What a model is made of. A change in any of these files makes another model.
_INGREDIENTS = (
    "config.yml",
    "domain.yml",
    "requirements.lock",
    "data/**/*.yml",
    "bot/nlu/*.py",
    "bot/nlu/*.npz",
    "bot/nlu/*.onnx",
)
_STAGES = re.compile(r"Starting to train component '([A-Za-z]+)'|Finished training component '([A-Za-z]+)'")


class TrainingFailed(Exception):
    """The training process ended with an error; the message holds the last lines it printed."""


def ingredients_hash() -> str:
    """Hash of every file that a model is made of (reading the files takes milliseconds, loading the data seconds)."""
    digest = hashlib.sha256()
    for pattern in _INGREDIENTS:
        for path in sorted(PROJECT.glob(pattern)):
            digest.update(path.relative_to(PROJECT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def fitting_model(models: Path) -> Path:
    """Where the model of the present data and code is kept, whether it exists or not."""
    return models / f"tsunagu-{ingredients_hash()}.tar.gz"


def train(models: Path, report: Callable[[str], None]) -> Path:
    """Train the fitting model unless it exists; `report` gets a Japanese line a step. Raises TrainingFailed."""
    target = fitting_model(models)
    if target.exists():
        return target
    models.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    report("ことばの学習を始めます(2分ほどかかります)")
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-W", "ignore", "-m", "bot.engine.train_process", str(target)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    printed: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        printed = [*printed[-20:], line.rstrip()]
        stage = _STAGES.search(line)
        if stage and stage.group(1):
            report(f"  {time.monotonic() - started:4.0f} 秒  {stage.group(1)}")
    if process.wait() != 0 or not target.exists():
        raise TrainingFailed("\n".join(printed))
    report(f"学習が終わりました({time.monotonic() - started:.0f} 秒)")
    return target
