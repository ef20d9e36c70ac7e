"""The short code of a conversation: what a resident can read out on the phone to have it deleted.

Made from the id, stored nowhere, and no way back to the id, which opens the conversation for writing.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select

from bot.logbook.models import Conversation, StoredTurn

# Crockford's letters: none that sounds or looks like another.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011")
_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation with the code; `started` tells two apart should they ever share one."""

    conversation: str
    started: datetime
    last_activity: datetime
    turns: int


def code_of(conversation: str) -> str:
    """Eight letters in two groups: 「7KQX-93MF」."""
    number = int.from_bytes(hashlib.sha256(conversation.encode()).digest()[:5], "big")
    letters = "".join(_LETTERS[number >> 5 * place & 31] for place in reversed(range(_LENGTH)))
    return f"{letters[:4]}-{letters[4:]}"


def read_code(written: str) -> str | None:
    """The code as somebody typed it: any width, case and hyphens, O for 0, I and L for 1. None when it is none."""
    folded = unicodedata.normalize("NFKC", written).upper().translate(_MISREAD)
    letters = "".join(letter for letter in folded if letter.isalnum())
    if len(letters) != _LENGTH or not set(letters) <= set(_LETTERS):
        return None
    return f"{letters[:4]}-{letters[4:]}"


def find(engine: Engine, code: str) -> list[Found]:
    """The conversations with this code, as a rule one or none. Raises sqlalchemy.exc.SQLAlchemyError.

    Every id is looked at: a second for a million, and no index that would lead from a code to a person's words.
    """
    with engine.connect() as connection:
        ids = connection.execution_options(yield_per=10_000).scalars(select(Conversation.id))
        same = [id for id in ids if code_of(id) == code]
    with engine.connect() as connection:
        turns = (
            select(func.count()).where(StoredTurn.conversation_id == Conversation.id).correlate(Conversation)
        ).scalar_subquery()
        query = select(Conversation.id, Conversation.started, Conversation.last_activity, turns)
        return [Found(*row) for row in connection.execute(query.where(Conversation.id.in_(same)))]
