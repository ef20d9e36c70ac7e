"""A worry that every model has to find windows for: asked before any resident meets it."""

from __future__ import annotations

from typing import Final

PROBE: Final = "父が夜中に何度も出ていこうとする。湘南台に住んでいます"
