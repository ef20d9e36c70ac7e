"""The last touches to an answer of the engine, for residents and for staff alike."""

from __future__ import annotations

from typing import Any

from agency_db.routing import MOST_WINDOWS
from bot.safety.crisis import Crisis
from bot.safety.incoming import READ_WHOLE
from bot.web.incoming import Message

JSON = dict[str, Any]


def unread_crisis(said: JSON, crisis: Crisis | None, text: str) -> bool:
    """Whether the rules saw a crisis in a text that the engine was not given whole.

    What the engine read whole it has judged with the same rules beside its models; on the held-out texts, letting the
    rules overrule it found no crisis more and doubled the false alarms (docs/decisions.md).
    """
    return crisis is not None and len(text) > READ_WHOLE and (said.get("triage") or {}).get("crisis", "none") == "none"


def crisis_first(reply: JSON, safe: JSON) -> JSON:
    """Only the rules saw a crisis: their reply (`safe`) wins, the windows of `reply` follow."""
    triage = reply.get("triage") or safe["triage"]
    emergency, *_ = safe["triage"]["windows"]
    areas = triage["areas"] or safe["triage"]["areas"]
    others = [window for window in triage["windows"] if window["id"] != "emergency"]
    windows = [{**emergency, "areas": [area["id"] for area in areas]}, *others]
    return {
        **reply,
        "kind": "crisis",
        "messages": safe["messages"],
        "triage": {
            **triage,
            "areas": areas,
            "crisis": safe["triage"]["crisis"],
            "out_of_scope": False,
            "windows": windows[:MOST_WINDOWS],
        },
    }


def evidence_as_sent(reply: JSON, message: Message) -> None:
    """Evidence was found in the cleaned text: give back the words exactly as the resident sent them.

    A follow-up repeats an earlier turn's triage; its evidence stands in that turn's text and stays as it is.
    """
    for area in (reply.get("triage") or {}).get("areas", []):
        area["evidence"] = [message.as_sent(words) or words for words in area["evidence"]]
