"""The last touches to an answer of the engine, for residents and for staff alike."""

from __future__ import annotations

from typing import Any

from bot.web.incoming import Message

JSON = dict[str, Any]

MOST_WINDOWS = 5


def crisis_first(reply: JSON, safe: JSON) -> JSON:
    """The engine overlooked a crisis that the rules see: their reply (`safe`) wins, the engine's windows follow."""
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
