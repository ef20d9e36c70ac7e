"""The house rules: the floor plan, types, style, and the standard Rasa commands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import PROJECT


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a tool of the development environment in the project."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", *command], cwd=PROJECT, capture_output=True, text=True, timeout=600
    )


def test_imports_go_one_way() -> None:
    """The floor plan of README.md, as import-linter contracts in pyproject.toml."""
    script = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_style() -> None:
    """ruff finds nothing."""
    done = run("ruff", "check", ".")
    assert done.returncode == 0, done.stdout
    formatted = run("ruff", "format", "--check", ".")
    assert formatted.returncode == 0, formatted.stdout


@pytest.mark.slow
def test_types() -> None:
    """mypy --strict finds nothing in our packages."""
    done = run("mypy")
    assert done.returncode == 0, done.stdout


def test_locks_hold_versions_and_hashes_only() -> None:
    """Every requirement is pinned with a hash; no registry's address is written anywhere."""
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (PROJECT / name).read_text(encoding="utf-8").splitlines()
        pinned = [line for line in lines if line and line[0].isalnum()]
        assert len(pinned) > 100
        assert all("==" in line for line in pinned)
        assert "://" not in "\n".join(lines)
        assert sum("--hash=sha256:" in line for line in lines) >= len(pinned)


@pytest.mark.slow
def test_rasa_accepts_the_data() -> None:
    """`rasa data validate` passes."""
    done = run("rasa", "data", "validate", "--data", "data", "--domain", "domain.yml", "--config", "config.yml")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


@pytest.mark.slow
def test_stories_are_predicted(model: Path, tmp_path: Path) -> None:
    """`rasa test core` follows every test story without a wrong prediction."""
    done = run(
        "rasa", "test", "core", "--model", str(model), "--stories", "tests/stories", "--out", str(tmp_path),
        "--fail-on-prediction-errors",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
