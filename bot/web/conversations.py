"""Conversation ids that only this service can have given out, and one message at a time in each conversation."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from weakref import WeakValueDictionary

_ID = re.compile(r"[A-Za-z0-9_-]{33}")
_RANDOM = 22


class Conversations:
    """Gives out ids and keeps the order of messages.

    An id is 128 random bits and a seal over them: an id that somebody made up never opens a conversation, also after a
    restart and without asking a database. No cookie and no account is behind it.
    """

    def __init__(self, key: bytes) -> None:
        """`key`: the secret of the seal, at least 32 bytes."""
        self._key = key
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @classmethod
    def of(cls, data: Path) -> Conversations:
        """With the key kept in the data folder; it is made on the first start, readable by this user only."""
        path = data / "conversation.key"
        data.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            # Written aside and linked into place: of two processes that start together neither reads half a key.
            draft = data / f"conversation.key.{os.getpid()}"
            draft.touch(mode=0o600)
            draft.write_bytes(secrets.token_bytes(32))
            with suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        return cls(path.read_bytes())

    def new(self) -> str:
        """A fresh id (33 characters, safe in a URL)."""
        random = secrets.token_urlsafe(16)
        return random + self._seal(random)

    def known(self, value: object) -> str | None:
        """The id if it is one of ours, else None: whatever a client sends, it is no error."""
        if not isinstance(value, str) or not _ID.fullmatch(value):
            return None
        return value if hmac.compare_digest(value[_RANDOM:], self._seal(value[:_RANDOM])) else None

    def turn(self, conversation: str) -> asyncio.Lock:
        """Hold it while answering: messages of one conversation wait for each other in order, others do not wait."""
        lock = self._locks.get(conversation)
        if lock is None:
            self._locks[conversation] = lock = asyncio.Lock()
        return lock

    def _seal(self, random: str) -> str:
        digest = hmac.new(self._key, random.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:8]).decode().rstrip("=")
