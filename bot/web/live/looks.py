"""Which looks at the queue are in the audit log already: a page that stays open asks every few seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from aiohttp import web

#: Who looks at the same again within so many seconds goes on looking; after a longer pause it is another look.
PAUSE: Final = 60.0


class Looks:
    """For one web process: another one records its own, which is once too often rather than too seldom."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: seconds, never going back."""
        self._clock = clock
        self._last: dict[tuple[str, str], float] = {}

    def goes_on(self, account: str, what: str) -> bool:
        """Whether this account has been looking at this without a pause."""
        return self._clock() - self._last.get((account, what), -PAUSE) < PAUSE

    def looked(self, account: str, what: str) -> None:
        """This look is recorded, or goes on."""
        now = self._clock()
        self._last = {key: at for key, at in self._last.items() if now - at < PAUSE} | {(account, what): now}


LOOKS: Final = web.AppKey("live_looks", Looks)
