"""News for requests that wait: at once when this process made them, within a second when another one did."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

log = logging.getLogger(__name__)

#: Seconds between two looks into the database, while anybody waits at all.
LOOK_EVERY = 1.0


class Bell:
    """Wakes everybody who waits whenever the number of changes grew. One task looks for all of them."""

    def __init__(self, look: Callable[[], int]) -> None:
        """`look`: the number of changes so far, from the database; called in a thread."""
        self._look = look
        self._known = 0
        self._news = asyncio.Event()
        self._asked = asyncio.Event()
        self._waiting = 0
        self._closed = False

    async def now(self) -> int:
        """The number of changes; what is read from the database after this is at least as new. SQLAlchemyError."""
        self._heard(await asyncio.to_thread(self._look))
        return self._known

    def ring(self) -> None:
        """This process changed something."""
        self._asked.set()

    async def changed(self, since: int, seconds: float) -> bool:
        """Wait until there are more changes than `since`; False after `seconds`, or when the service stops."""
        self._waiting += 1
        self._asked.set()
        try:
            async with asyncio.timeout(seconds):
                while self._known <= since and not self._closed:
                    await self._news.wait()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1
        return not self._closed

    async def run(self) -> None:
        """Look for changes until cancelled; sleeps while nobody waits."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            while self._waiting:
                try:
                    await self.now()
                except Exception as error:
                    # The next look may succeed; without this task nobody would hear anything any more.
                    log.info("no news: %s", type(error).__name__)
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY):
                        await self._asked.wait()
                self._asked.clear()

    def close(self) -> None:
        """Let everybody go: the service stops."""
        self._closed = True
        self._wake()

    def _heard(self, changes: int) -> None:
        if changes > self._known:
            self._known = changes
            self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
