"""Where a command speaks: answers on standard output, everything else on standard error."""

from __future__ import annotations

import os
import sys
from typing import TextIO


def report(line: str) -> None:
    """Progress, and what went wrong."""
    print(line, file=sys.stderr, flush=True)


def answers_only() -> TextIO:
    """Standard output for the answers alone: whatever a library prints from now on goes to standard error."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return out
