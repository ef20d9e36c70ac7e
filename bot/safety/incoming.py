"""What of a message reaches the model: never a command, never too much, and never without the passage of a crisis."""

from __future__ import annotations

import unicodedata

from bot.safety.crisis import Crisis

# Contract: up to 10,000 characters are read whole; of longer texts head and tail, and all is scanned for a crisis.
READ_WHOLE = 10_000
_HEAD = 6_500
_TAIL = 2_500
_AROUND = 450


def for_model(text: str, crisis: Crisis | None) -> str:
    """What the model reads: never a command, never more than `READ_WHOLE` characters (and a mark or two).

    Rasa strips a text and executes whatever then begins with "/" (also a full-width "／" once NFKC is applied) as an
    intent with confidence 1.0, slots included. White space in front would be stripped again, so a comma goes in front:
    it survives strip() and NFKC, means nothing to the classifier, and leaves the resident's own words whole, so that
    evidence still stands in the text.
    """
    text = excerpt(text, crisis)
    if unicodedata.normalize("NFKC", text.lstrip()[:1]).startswith("/"):
        return f"、{text.lstrip()}"
    return text


def excerpt(text: str, crisis: Crisis | None = None) -> str:
    """The text; of one longer than `READ_WHOLE` head, tail and the passage where the crisis rules found something.

    It is also what the log keeps of a long text: what led to the answer, and no more.
    """
    if len(text) <= READ_WHOLE:
        return text
    parts = [text[:_HEAD], text[-_TAIL:]]
    found = text.find(crisis.evidence[0]) if crisis and crisis.evidence else -1
    if _HEAD <= found < len(text) - _TAIL:
        parts.insert(1, text[max(_HEAD, found - _AROUND) : found + _AROUND])
    return "\n".join(parts)
