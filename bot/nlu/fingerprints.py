"""Rasa fingerprints a component by its own file only; the modules it uses are added here."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path


def source_hash(*modules: str) -> str:
    """Hash of the source files of the named modules. Raises ModuleNotFoundError for a name that does not exist."""
    digest = hashlib.sha256()
    for name in modules:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(name)
        digest.update(Path(spec.origin).read_bytes())
    return digest.hexdigest()
