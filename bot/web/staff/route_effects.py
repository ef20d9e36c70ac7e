"""What a change of the routes would have changed in the conversations of the last weeks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, func, select

from agency_db.directory import Directory
from agency_db.hours import time_flag
from agency_db.places import Place
from agency_db.routing import order
from bot.logbook.models import Label, StoredSession, StoredTurn
from bot.settings import TOKYO

#: So many of the newest routed turns are looked at; of those that change, so many are listed.
LOOKED_AT: Final = 2000
LISTED: Final = 30
NEARER: Final = "nearer"
FARTHER: Final = "farther"
_ROUTED: Final = ("route", "correct", "crisis")


@dataclass(frozen=True, slots=True)
class Effects:
    """`turns`: with this area among the newest; `changed`: whose windows or their order change.

    `marked`: turns with this area for which an operator said which window would have been right; of these, how many
    have it further up after the change (`nearer`) or further down, or not at all any more (`farther`).
    """

    turns: int
    changed: int
    first_changed: int
    marked: int
    nearer: int
    farther: int
    listed: list[dict[str, Any]]


def effects(engine: Engine, area: str, before: Directory, after: Directory) -> Effects:
    """Look the newest turns up again, before and after. Raises sqlalchemy.exc.SQLAlchemyError.

    The log keeps areas and place of a turn. What the person said of the situation is kept with the conversation, so
    long as it can be gone on with: older turns are looked up without it.
    """
    columns = StoredTurn.id, StoredTurn.text, StoredTurn.at, StoredTurn.areas, StoredTurn.place, StoredSession.state
    query = (
        select(*columns)
        .outerjoin(StoredSession, StoredSession.id == StoredTurn.conversation_id)
        .where(StoredTurn.kind.in_(_ROUTED))
        .order_by(StoredTurn.at.desc())
        .limit(LOOKED_AT)
    )
    with engine.connect() as connection:
        marks = _marks(connection)
        newest = connection.execute(query).all()
        seen = {row.id for row in newest}
        older = [row for row in connection.execute(query.where(StoredTurn.id.in_(list(marks)))) if row.id not in seen]
    turns = changed = first_changed = marked = 0
    moves: Counter[str] = Counter()
    told: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for id, text, at, areas, place, state in (*newest, *older):
        ids = [one["id"] for one in areas if one["id"] in before.areas]
        if area not in ids:
            continue
        slots = ((state or {}).get("slots") or {}).get("situation") or ()
        situation = frozenset(slots) | {time_flag(at)}
        old, new = (_windows(directory, ids, situation, _place(place)) for directory in (before, after))
        right = marks.get(id)
        move = _move(right, old, new) if right else ""
        moves[move] += 1
        marked += right is not None
        if id in seen:
            turns += 1
            changed += old != new
            first_changed += old[:1] != new[:1]
        if old != new:
            old, new = ([after.windows[window].short_name for window in windows] for windows in (old, new))
            named = after.windows.get(right or "")
            (told if move else others).append(
                _shown(text, at, place, old, new) | {"right": named.short_name if named else None, "move": move}
            )
    listed = [*told, *others][:LISTED]
    return Effects(turns, changed, first_changed, marked, moves[NEARER], moves[FARTHER], listed)


def _marks(connection: Connection) -> dict[str, str]:
    """The newest turns whose standing label names a window → that window."""
    standing = select(func.max(Label.id)).group_by(Label.turn_id)
    named = select(Label.turn_id, Label.window).where(Label.id.in_(standing), Label.window.is_not(None))
    rows = connection.execute(named.order_by(Label.id.desc()).limit(LOOKED_AT))
    return {turn: window for turn, window in rows.tuples() if window}


def _move(right: str, old: list[str], new: list[str]) -> str:
    """Whether the right window comes nearer to the top; not offered at all is the farthest."""
    nowhere = len(old) + len(new)
    one, other = (windows.index(right) if right in windows else nowhere for windows in (old, new))
    if one == other:
        return ""
    return NEARER if other < one else FARTHER


def _windows(directory: Directory, areas: list[str], situation: frozenset[str], place: Place | None) -> list[str]:
    return [named.window for named in order(directory, areas, situation, place, "resident")]


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
