"""What operators look for in conversations, written down with each turn so that no list has to read the turns.

A facet is a short identifier ("area:dementia", "low", "unreviewed"). A conversation has one row a facet, and each row
repeats the conversation's last activity: the newest fifty of any facet are one range of an index, at any size of log.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, func, select, update

from bot.logbook.models import Conversation, Facet, StoredTurn
from bot.logbook.upsert import insert_into

#: The best area's score is below this.
LOW_SCORE: Final = 0.5

LOW: Final = "low"
CRISIS: Final = "crisis"
OUT_OF_SCOPE: Final = "out_of_scope"
NO_WINDOW: Final = "no_window"
ASKED_TWICE: Final = "asked_twice"
THUMBS_DOWN: Final = "thumbs_down"
THUMBS_UP: Final = "thumbs_up"
#: A person of the staff answered; written by whoever takes a conversation over.
TAKEN_OVER: Final = "taken_over"
#: The staff's own triage came to another result; written by whoever compares them.
STAFF_DIFFERS: Final = "staff_differs"
UNREVIEWED: Final = "unreviewed"
SAVED: Final = "saved"
LABELLED: Final = "labelled"
DISAGREED: Final = "disagreed"

_CLARIFY = "clarify"


def of_record(record: dict[str, Any]) -> set[str]:
    """The facets that a turn's record (bot.logbook.turns) gives its conversation."""
    areas = record["areas"]
    found = {UNREVIEWED, f"kind:{record['kind']}", *(f"area:{area['id']}" for area in areas)}
    if areas and max(area["score"] for area in areas) < LOW_SCORE:
        found.add(LOW)
    if areas and not record["windows"]:
        found.add(NO_WINDOW)
    if record["crisis"] != "none":
        found.add(CRISIS)
    if record["out_of_scope"]:
        found.add(OUT_OF_SCOPE)
    if district := (record["place"] or {}).get("district"):
        found.add(f"district:{district}")
    return found


def write_turn(connection: Connection, record: dict[str, Any], at: datetime) -> None:
    """Write the facets of a turn that was just stored; all facets of the conversation move to its new activity."""
    conversation = record["conversation"]
    found = of_record(record)
    if record["kind"] == _CLARIFY:
        asked = select(func.count()).where(StoredTurn.conversation_id == conversation, StoredTurn.kind == _CLARIFY)
        if (connection.scalar(asked) or 0) > 1:
            found.add(ASKED_TWICE)
    connection.execute(update(Facet).where(Facet.conversation_id == conversation).values(last_activity=at))
    _insert(connection, conversation, found, at)


def add(connection: Connection, conversation: str, *facets: str) -> None:
    """Give a conversation facets; those that it has, and a conversation that is gone, are no error."""
    at = connection.scalar(select(Conversation.last_activity).where(Conversation.id == conversation))
    if at is not None:
        _insert(connection, conversation, facets, at)


def remove(connection: Connection, conversation: str, *facets: str) -> None:
    """Take facets away."""
    connection.execute(delete(Facet).where(Facet.conversation_id == conversation, Facet.facet.in_(facets)))


def _insert(connection: Connection, conversation: str, facets: Iterable[str], at: datetime) -> None:
    rows = [{"conversation_id": conversation, "facet": facet, "last_activity": at} for facet in sorted(facets)]
    connection.execute(insert_into(connection, Facet).on_conflict_do_nothing(), rows)
