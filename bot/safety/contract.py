"""The contract's objects with nothing known in them yet: whoever answers fills in what it knows."""

from __future__ import annotations

from typing import Any

JSON = dict[str, Any]


def window(**known: Any) -> JSON:
    """A window. What is not in `known` is null; `open` is "unknown"."""
    unknown: JSON = {
        "id": None,
        "office": None,
        "name": None,
        "reason": None,
        "areas": [],
        "phone": None,
        "phone_label": None,
        "say": None,
        "fax": None,
        "url": None,
        "address": None,
        "hours": None,
        "open": "unknown",
        "opens_next": None,
        "distance_m": None,
        "trust": None,
        "source": None,
        "source_date": None,
        "verified_on": None,
    }
    return {**unknown, **known}


def triage(**known: Any) -> JSON:
    """A triage. What is not in `known` is calm, empty or null."""
    nothing: JSON = {
        "areas": [],
        "crisis": "none",
        "out_of_scope": False,
        "place": None,
        "windows": [],
        "engawa": [],
        "multi_agency": False,
    }
    return {**nothing, **known}
