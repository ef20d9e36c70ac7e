"""One turn of a conversation: what the web tier hands over, and the masked record that is kept of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from bot.logbook.masking import mask

JSON = dict[str, Any]
Source = Literal["page", "widget", "desk", "fallback"]


@dataclass(frozen=True, slots=True)
class Turn:
    """A message and its answer, as sent; only `record()` of it is ever written down.

    `reply`: the contract's reply. `at`: aware, when the message came. `places`: character ranges of the place words of
    `text` (agency_db.places), which masking keeps. `degraded`: answered without the engine. `id` is unique for ever:
    a turn that is stored twice is kept once.
    """

    conversation: str
    text: str
    reply: JSON
    at: datetime
    duration_ms: int
    source: Source = "page"
    degraded: bool = False
    places: Sequence[tuple[int, int]] = ()
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    def record(self) -> JSON:
        """What is kept, as JSON: the text masked, times in UTC ISO 8601.

        Evidence quotes the text: only what stands in the masked text word for word is kept.
        """
        triage: JSON = self.reply.get("triage") or {}
        text = _storable(mask(self.text, self.places))
        return {
            "id": self.id,
            "conversation": self.conversation,
            "source": self.source,
            "at": self.at.astimezone(UTC).isoformat(),
            "text": text,
            "areas": [
                {
                    "id": area["id"],
                    "score": area["score"],
                    "evidence": [words for words in area.get("evidence", ()) if words and words in text],
                }
                for area in triage.get("areas", ())
            ],
            "crisis": triage.get("crisis", "none"),
            "kind": self.reply["kind"],
            "out_of_scope": bool(triage.get("out_of_scope")),
            "windows": [
                {"id": window["id"], "office": window["office"], "phone": window["phone"]}
                for window in triage.get("windows", ())
            ],
            "place": triage.get("place"),
            "acts": self.reply.get("acts", []),
            "messages": self.reply["messages"],
            "model": self.reply["model"],
            "duration_ms": self.duration_ms,
            "degraded": self.degraded,
        }


def _storable(text: str) -> str:
    """Without NUL (PostgreSQL refuses it) and without half a surrogate pair (not encodable)."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
