"""`tsunagu evaluate` on a trained model."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.running import tsunagu


def evaluate(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    """What the command answers."""
    return tsunagu("evaluate", *arguments, data=data)


def test_without_a_model_it_says_so_and_trains_nothing(tmp_path: Path) -> None:
    """A plain sentence, exit code 1, and no model afterwards."""
    run = evaluate(data=tmp_path)
    assert run.returncode == 1
    assert "モデルがありません" in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""
    assert list(tmp_path.rglob("*.tar.gz")) == []


def test_a_file_that_is_no_model_is_said_plainly(tmp_path: Path) -> None:
    """No traceback of Rasa's."""
    (tmp_path / "broken.tar.gz").write_bytes(b"nothing")
    run = evaluate("--model", str(tmp_path / "broken.tar.gz"), "--set", "places", data=tmp_path)
    assert run.returncode == 1
    assert "読み込めませんでした" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.slow
def test_a_model_is_measured_once_and_compared(model: Path, tmp_path: Path) -> None:
    """Figures on standard output and in the files; the second run asks nobody, and a copy of the model is no better."""
    copy = tmp_path / "candidate.tar.gz"
    shutil.copy(model, copy)
    first = evaluate("--set", "places", "--model", str(model), data=tmp_path)
    assert first.returncode == 0, first.stderr
    assert "場所がわかった" in first.stdout
    assert "読み込んでいます" in first.stderr
    page, figures = tmp_path / "report.html", tmp_path / "figures.json"
    files = ("--html", str(page), "--json", str(figures))
    again = evaluate("--set", "places", "--model", str(model), *files, data=tmp_path)
    assert again.stdout == first.stdout
    assert "読み込んでいます" not in again.stderr
    assert json.loads(figures.read_text(encoding="utf-8"))["sets"][0]["figures"]["place_found"]["sentences"] > 50
    assert "<svg" in page.read_text(encoding="utf-8")
    compared = evaluate("--set", "places", "--model", str(copy), "--against", str(model), data=tmp_path)
    assert "何も変わりません" in compared.stdout
    # What is measured must leave no trace in the databases of the service.
    assert list(tmp_path.rglob("*.db")) == []
