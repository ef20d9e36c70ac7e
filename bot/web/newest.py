"""One request of somebody at a time; of those that wait, only the newest is worth answering."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Superseded(Exception):
    """A newer request of the same person came while this one waited."""


class NewestOnly:
    """A page that asks as somebody types asks again before the last answer came. Not for several threads."""

    def __init__(self) -> None:
        self._busy: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, object] = {}

    @asynccontextmanager
    async def turn(self, who: str) -> AsyncIterator[None]:
        """Around the work. Raises Superseded instead of beginning it when a newer request of `who` came meanwhile."""
        mine = object()
        self._waiting[who] = mine
        lock = self._busy.setdefault(who, asyncio.Lock())
        try:
            async with lock:
                if self._waiting.get(who) is not mine:
                    raise Superseded
                yield
        finally:
            if self._waiting.get(who) is mine:
                del self._waiting[who]
            if not lock.locked() and who not in self._waiting:
                self._busy.pop(who, None)
