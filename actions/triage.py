"""From what was heard to the contract's triage object: the directory's windows, the crisis lines on top."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from actions import context
from actions.memory import Memory
from agency_db.lookup import Query, look_up
from agency_db.routing import MOST_WINDOWS
from bot.safety import crisis_reply, hotlines

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Assessment:
    """`triage` as in the contract; `place_question`: the answer would be better if the district were known."""

    triage: JSON
    place_question: bool


def assess(memory: Memory, at: datetime, audience: str = "resident", *, crisis: str | None = None) -> Assessment:
    """Windows and engawa for everything the conversation has told so far.

    `crisis` is that of the present message; once there was one, the emergency window stays first.
    """
    whom: Literal["resident", "staff"] = "staff" if audience == "staff" else "resident"
    found = look_up(context.directory(), Query(memory.worries, at, memory.place, memory.situation, whom))
    triage = found.as_dict()
    triage["crisis"] = memory.crisis if crisis is None else crisis
    if memory.crisis != "none":
        areas = [worry.id for worry in memory.worries]
        lines = hotlines.lines_for(memory.crisis, areas, at)
        emergency = crisis_reply.emergency_window(lines[0], areas, at)
        triage["windows"] = [emergency, *triage["windows"]][:MOST_WINDOWS]
    return Assessment(triage, found.place_question)
