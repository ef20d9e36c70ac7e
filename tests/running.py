"""Running the `tsunagu` command as a shell would."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bot.settings import PROJECT

COMMAND = (sys.executable, "-W", "ignore", "-m", "bot.cli")


def tsunagu(*arguments: str, data: Path, lines: list[str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run it to its end; `lines`: its standard input."""
    return subprocess.run(
        [*COMMAND, "--data", str(data), *arguments],
        input="\n".join(lines) if lines is not None else None,
        capture_output=True,
        text=True,
        cwd=PROJECT,
        timeout=300,
    )
