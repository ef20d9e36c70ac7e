"""Asking a model once, and never again for the same sentences."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation.answers import Answer
from bot.evaluation.asking import ask
from bot.evaluation.keeping import KeptAnswers
from tests.bot.evaluation.conftest import answer, sentence


class Broken(Exception):
    """What the stand-in raises."""


class StandIn:
    """An agent that answers everything but one sentence."""

    def __init__(self) -> None:
        self.moments: set[str] = set()

    async def examine(
        self, text: str, metadata: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Thanks for everything."""
        self.moments.add((metadata or {})["at"])
        if text == "文 2":
            raise Broken
        return {"kind": "thanks", "triage": None}, []


async def test_one_failure_does_not_stop_the_measuring() -> None:
    """It counts as an answer that is wrong everywhere; every sentence is asked at the same fixed moment."""
    agent, told = StandIn(), []
    answers = await ask(agent, [sentence(number) for number in range(1, 202)], Broken, told.append)
    assert [said.kind for said in answers[:3]] == ["thanks", "failed", "thanks"]
    assert len(answers) == 201
    assert told == [100, 200]
    assert len(agent.moments) == 1


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Code that answers, and a model."""
    (tmp_path / "actions").mkdir()
    (tmp_path / "actions" / "triage.py").write_text("one = 1")
    (tmp_path / "m.tar.gz").write_bytes(b"model")
    return tmp_path


def kept(project: Path) -> KeptAnswers:
    """The answers of the model."""
    return KeptAnswers(project / "evaluations", project / "m.tar.gz", project)


def test_answers_are_kept_by_set(project: Path) -> None:
    """Two sets side by side, without a word of the sentences."""
    one, other = [sentence(1, "dementia")], [sentence(1, "poverty", set_name="crisis")]
    kept(project).write("posts", one, [answer(("dementia", 0.9))])
    kept(project).write("crisis", other, [answer()])
    assert kept(project).read("posts", one) == [answer(("dementia", 0.9))]
    assert kept(project).read("crisis", other) == [answer()]
    (file,) = (project / "evaluations").iterdir()
    assert "文 1" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("change", ["sentence", "model", "code", "file"])
def test_kept_answers_are_not_used_for_something_else(project: Path, change: str) -> None:
    """Another sentence, another model of the same name, other code, or a file that is not ours: ask again."""
    told = [sentence(1, "dementia")]
    kept(project).write("posts", told, [Answer("route")])
    match change:
        case "sentence":
            told = [sentence(2, "dementia")]
        case "model":
            (project / "m.tar.gz").write_bytes(b"another")
        case "code":
            (project / "actions" / "triage.py").write_text("one = 2")
        case _:
            (file,) = (project / "evaluations").iterdir()
            file.write_text(json.dumps({"posts": [1]}))
    assert kept(project).read("posts", told) is None
