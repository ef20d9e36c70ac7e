"""What a change of the routes would have changed in the conversations of the last weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine, select

from agency_db.directory import Directory
from agency_db.hours import time_flag
from agency_db.places import Place
from agency_db.routing import order
from bot.logbook.models import StoredSession, StoredTurn
from bot.settings import TOKYO

#: So many of the newest routed turns are looked at; of those that change, so many are listed.
LOOKED_AT: Final = 2000
LISTED: Final = 30
_ROUTED: Final = ("route", "correct", "crisis")


@dataclass(frozen=True, slots=True)
class Effects:
    """`turns`: with this area among those looked at; `changed`: whose windows or their order change."""

    turns: int
    changed: int
    first_changed: int
    listed: list[dict[str, Any]]


def effects(engine: Engine, area: str, before: Directory, after: Directory) -> Effects:
    """Look the newest turns up again, before and after. Raises sqlalchemy.exc.SQLAlchemyError.

    The log keeps areas and place of a turn. What the person said of the situation is kept with the conversation, so
    long as it can be gone on with: older turns are looked up without it.
    """
    query = (
        select(StoredTurn.text, StoredTurn.at, StoredTurn.areas, StoredTurn.place, StoredSession.state)
        .outerjoin(StoredSession, StoredSession.id == StoredTurn.conversation_id)
        .where(StoredTurn.kind.in_(_ROUTED))
        .order_by(StoredTurn.at.desc())
        .limit(LOOKED_AT)
    )
    turns = changed = first_changed = 0
    listed: list[dict[str, Any]] = []
    with engine.connect() as connection:
        for text, at, areas, place, state in connection.execute(query):
            ids = [one["id"] for one in areas if one["id"] in before.areas]
            if area not in ids:
                continue
            turns += 1
            slots = ((state or {}).get("slots") or {}).get("situation") or ()
            situation = frozenset(slots) | {time_flag(at)}
            old, new = (_windows(directory, ids, situation, _place(place)) for directory in (before, after))
            if old == new:
                continue
            changed += 1
            first_changed += old[:1] != new[:1]
            if len(listed) < LISTED:
                listed.append(_shown(text, at, place, old, new))
    return Effects(turns, changed, first_changed, listed)


def _windows(directory: Directory, areas: list[str], situation: frozenset[str], place: Place | None) -> list[str]:
    return [
        directory.windows[named.window].short_name for named in order(directory, areas, situation, place, "resident")
    ]


def _place(fields: dict[str, Any] | None) -> Place | None:
    if not fields:
        return None
    candidates = tuple(fields.get("candidates") or ())
    return Place(fields.get("district"), fields.get("town"), candidates, None, False, "", "district")


def _shown(text: str, at: datetime, place: dict[str, Any] | None, old: list[str], new: list[str]) -> dict[str, Any]:
    return {
        "text": text if len(text) <= 120 else f"{text[:120]}…",
        "at": f"{at.astimezone(TOKYO):%m/%d %H:%M}",
        "district": (place or {}).get("district") or "",
        "before": old,
        "after": new,
    }
