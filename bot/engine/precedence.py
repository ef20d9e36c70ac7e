"""Residents before staff: a clerk's keystrokes wait while anybody's turn is being answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

#: Seconds that a triage for staff waits at most: at the desk somebody is waiting, too.
PATIENCE: Final = 1.0


class ResidentsFirst:
    """One triage for staff at a time, and it begins only when no resident's turn is under way.

    Understanding a text holds up the whole process for some ten milliseconds; whoever comes meanwhile waits for it. A
    resident therefore waits for at most one triage, however many clerks are typing.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        """`patience`: seconds after which a triage for staff begins although residents are being answered."""
        self._patience = patience
        self._residents = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._staff = asyncio.Lock()

    @contextmanager
    def resident(self) -> Iterator[None]:
        """Around a resident's turn, from its arrival (waiting for an earlier turn of its conversation included)."""
        self._residents += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._residents -= 1
            if not self._residents:
                self._idle.set()

    @asynccontextmanager
    async def staff(self) -> AsyncIterator[None]:
        """Around a triage for staff."""
        async with self._staff:
            try:
                async with asyncio.timeout(self._patience):
                    # Those whose message has already arrived but was not yet taken up go first as well.
                    await asyncio.sleep(0)
                    while self._residents:
                        await self._idle.wait()
                        await asyncio.sleep(0)
            except TimeoutError:
                pass
            yield
