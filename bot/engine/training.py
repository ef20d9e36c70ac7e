"""Which model fits the present data and code, and how one is trained: always in a process of its own."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.settings import PROJECT

#: The training data of a release.
DATA = PROJECT / "data"
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
_STAGES = re.compile(r"Starting to train component '([A-Za-z]+)'")


class TrainingFailed(Exception):
    """The training process ended with an error; the message holds the last lines it printed."""


def ingredients_hash() -> str:
    """Hash of every file of the release that a model is made of (milliseconds; loading the data takes seconds)."""
    digest = hashlib.sha256()
    for pattern in _INGREDIENTS:
        for path in sorted(PROJECT.glob(pattern)):
            digest.update(path.relative_to(PROJECT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def reviewed_examples(models: Path) -> Path:
    """The operators' examples, which lie beside the folder `models`; the file may be missing."""
    return models.parent / "nlu" / "reviewed.yml"


def model_name(reviewed: Path) -> str:
    """The name of the model of this release's data and code and of the examples in `reviewed`, if it exists."""
    digest = ingredients_hash()
    if reviewed.exists():
        digest = hashlib.sha256(digest.encode() + b"\0" + reviewed.read_bytes()).hexdigest()[:12]
    return f"tsunagu-{digest}"


def fitting_model(models: Path) -> Path:
    """Where the model of the present data and code is kept, whether it exists or not."""
    return models / f"{model_name(reviewed_examples(models))}.tar.gz"


def name_of(archive: Path) -> str:
    """What the model in an archive is called."""
    return archive.name.removesuffix(".tar.gz")


def out_of_fold(archive: Path) -> Path:
    """Where a model's honest answers to the operators' examples are kept (JSON, see bot.engine.out_of_fold)."""
    return archive.with_name(f"{name_of(archive)}.reviewed.json")


@contextmanager
def training(target: Path, sources: Sequence[Path], reviewed: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that trains `target` (an archive) from `sources` and the operators' examples in `reviewed`, if any.

    What it prints is for `stages`. It ends at the latest with the block, and with this process, however this one ends.
    """
    command = [sys.executable, "-W", "ignore", "-m", "bot.engine.train_process", str(target), *map(str, sources)]
    if reviewed.exists():
        command += ["--reviewed", str(reviewed)]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command,
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        # The training lives as long as its standard input is open: closing it ends one that is not done.
        assert process.stdin is not None
        with suppress(OSError):
            process.stdin.close()
        process.wait()


def stages(process: subprocess.Popen[str]) -> Iterator[str]:
    """The names of the components as their training starts. Raises TrainingFailed at the end, if it failed."""
    printed: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        printed = [*printed[-20:], line.rstrip()]
        if stage := _STAGES.search(line):
            yield stage.group(1)
    if (code := process.wait()) != 0:
        raise TrainingFailed("\n".join([*printed, f"(exit code {code})"]))


def train(models: Path, report: Callable[[str], None]) -> Path:
    """Train the fitting model unless it exists; `report` gets a Japanese line a step. Raises TrainingFailed."""
    target = fitting_model(models)
    if target.exists():
        return target
    models.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    report("ことばの学習を始めます(2分ほどかかります)")
    with training(target, [DATA], reviewed_examples(models)) as process:
        for stage in stages(process):
            report(f"  {time.monotonic() - started:4.0f} 秒  {stage}")
    if not target.exists():
        raise TrainingFailed(f"{target} was not written")
    report(f"学習が終わりました({time.monotonic() - started:.0f} 秒)")
    return target
