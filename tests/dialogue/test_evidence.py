"""The words that spoke for an area are those that a clerk would underline (60 sentences marked by another writer)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable

import pytest

from bot.engine.agent import TriageAgent
from bot.settings import PROJECT

pytestmark = pytest.mark.slow


def characters(text: str, spans: Iterable[str]) -> set[int]:
    """Positions of the characters that the spans cover, wherever they occur."""
    found: set[int] = set()
    for span in spans:
        start = text.find(span)
        while start >= 0:
            found.update(range(start, start + len(span)))
            start = text.find(span, start + 1)
    return found


def test_evidence_is_what_a_clerk_would_underline(agent: TriageAgent) -> None:
    """Nine times in ten a marked word is shown, most of what is shown is marked, and all of it was written."""
    hits = shown = marked = areas = 0
    for line in (PROJECT / "tests" / "heldout" / "evidence.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        text = case["text"]
        reply = asyncio.run(agent.once(text, {"at": "2026-11-24T10:00"}))
        for area in reply["triage"]["areas"]:
            assert all(words in text for words in area["evidence"])
            if area["id"] in case["areas"]:
                spoke, mark = characters(text, area["evidence"]), characters(text, case["areas"][area["id"]])
                areas += 1
                hits += bool(spoke & mark)
                shown += len(spoke)
                marked += len(spoke & mark)
    assert areas >= 60
    assert hits / areas >= 0.9
    assert marked / shown >= 0.65
