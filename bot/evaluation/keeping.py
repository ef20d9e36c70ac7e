"""Answers kept between runs: comparing two models asks neither of them a second time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from bot.evaluation.answers import Answer
from bot.evaluation.heldout import Sentence, fingerprint

# Code and data besides the model archive that make an answer.
_ANSWERING = (
    "actions/*.py",
    "agency_db/**/*.py",
    "agency_db/data/*.csv",
    "bot/engine/agent.py",
    "bot/evaluation/answers.py",
    "bot/evaluation/asking.py",
    "bot/nlu/*",
    "bot/safety/**/*.py",
    "bot/safety/data/*",
)


class KeptAnswers:
    """One JSON file a model and state of the code: set and sentences → answers, without a word of the sentences."""

    def __init__(self, folder: Path, model: Path, project: Path) -> None:
        """`model` is an archive that exists. Raises OSError when it cannot be read."""
        digest = hashlib.sha256(model.read_bytes())
        for pattern in _ANSWERING:
            for path in sorted(path for path in project.glob(pattern) if path.is_file()):
                digest.update(path.relative_to(project).as_posix().encode() + b"\0" + path.read_bytes())
        self._file = folder / f"{model.name.removesuffix('.tar.gz')}-{digest.hexdigest()[:12]}.json"

    def read(self, name: str, sentences: Sequence[Sentence]) -> list[Answer] | None:
        """The answers of a set; None where there are none for exactly these sentences."""
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))[name]
            if kept["sentences"] == fingerprint(sentences):
                return [Answer.from_dict(answer) for answer in kept["answers"]]
        except (OSError, ValueError, KeyError, TypeError):
            # Not there, or half-written by something that ended: the model is asked again.
            return None
        return None

    def write(self, name: str, sentences: Sequence[Sentence], answers: Sequence[Answer]) -> None:
        """Keep the answers of a set beside those of the others. Raises OSError."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        try:
            everything = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            everything = {}
        everything[name] = {
            "sentences": fingerprint(sentences),
            "answers": [answer.as_dict() for answer in answers],
        }
        half = self._file.with_suffix(".half")
        half.write_text(json.dumps(everything, ensure_ascii=False), encoding="utf-8")
        half.replace(self._file)
