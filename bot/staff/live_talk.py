"""What a live conversation is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

JSON = dict[str, Any]
Sender = Literal["resident", "staff", "system"]


class State(StrEnum):
    """Where a talk stands; `LEFT`: the resident went, `ENDED`: the clerk ended it or handed it back."""

    WAITING = "waiting"
    TAKEN = "taken"
    ENDED = "ended"
    LEFT = "left"


class Event(StrEnum):
    """What happened in a talk, as text of a message from `system`."""

    JOINED = "joined"
    HANDED_BACK = "handed_back"
    ENDED = "ended"
    VANISHED = "vanished"
    RESIDENT_LEFT = "resident_left"


@dataclass(frozen=True, slots=True)
class Talk:
    """`id` for the staff's side, `conversation` for the resident's; `crisis` "none" or its kind; `triage` of the last
    answer before a person came, without evidence; `taken_by` an account's id."""

    id: str
    conversation: str
    asked_at: datetime
    reason: str
    crisis: str
    triage: JSON | None
    state: State
    taken_by: str | None
    seen_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Message:
    """`number` counts from 1 within the talk; `text` is masked, or an Event's name when the sender is `system`."""

    number: int
    sender: Sender
    text: str
    crisis: str
    at: datetime
