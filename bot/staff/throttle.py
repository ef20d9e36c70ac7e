"""Guessing passwords is made slow, for each account and for each address.

Kept in memory on purpose: an attacker cannot restart the service, no address is ever stored, and a clerk whom somebody
locked out by mischief is free after a restart. Several web processes allow so many times more guesses, which is still
nothing against twelve characters.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Final

#: Wrong passwords without any delay: people mistype; an office behind one address has many people.
FREE_PER_ACCOUNT: Final = 5
FREE_PER_ADDRESS: Final = 30
#: Seconds: the first delay; it doubles with each further mistake up to the longest.
FIRST_DELAY: Final = 15.0
LONGEST_DELAY: Final = 900.0
#: Seconds without a mistake after which all is forgotten.
FORGET: Final = 3600.0
_REMEMBERED = 20_000


@dataclass(slots=True)
class _Record:
    mistakes: int = 0
    last: float = 0.0


class Throttle:
    """Not for several threads: asked from the event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: seconds, never going back."""
        self._clock = clock
        self._records: OrderedDict[str, _Record] = OrderedDict()
        self._at_home: OrderedDict[tuple[str, str], None] = OrderedDict()

    def attempt(self, name: str, address: str) -> int:
        """Count an attempt as a mistake until `succeeded`; 0, or the whole seconds to wait (then nothing is counted).

        Counted beforehand, so that a hundred attempts at the same moment are a hundred.
        """
        keys = self._keys(name, address)
        wait = max(self._wait(key, free) for key, free in keys)
        if wait > 0:
            return ceil(wait)
        for key, _ in keys:
            record = self._record(key)
            record.mistakes += 1
            record.last = self._clock()
        return 0

    def succeeded(self, name: str, address: str) -> None:
        """The attempt was right: the account's mistakes are forgotten; the address only gets this one back.

        (Else somebody with one account could guess at others for ever.)
        """
        (account, _), (whole, _) = self._keys(name, address)
        self._records.pop(account, None)
        record = self._record(whole)
        record.mistakes = max(0, record.mistakes - 1)
        self._at_home[name, address] = None
        self._at_home.move_to_end((name, address))
        if len(self._at_home) > _REMEMBERED:
            self._at_home.popitem(last=False)

    def _keys(self, name: str, address: str) -> tuple[tuple[str, int], tuple[str, int]]:
        # Where an account signed in before, mistakes made elsewhere do not count: a stranger cannot lock a clerk out.
        account = f"{name}\n{address}" if (name, address) in self._at_home else name
        return (f"account\n{account}", FREE_PER_ACCOUNT), (f"address\n{address}", FREE_PER_ADDRESS)

    def _wait(self, key: str, free: int) -> float:
        record = self._record(key)
        over = record.mistakes - free
        if over < 0:
            return 0.0
        delay = min(FIRST_DELAY * 2.0 ** min(over, 20), LONGEST_DELAY)
        return max(0.0, record.last + delay - self._clock())

    def _record(self, key: str) -> _Record:
        record = self._records.setdefault(key, _Record(0, self._clock()))
        self._records.move_to_end(key)
        if self._clock() - record.last >= FORGET:
            record.mistakes = 0
        if len(self._records) > _REMEMBERED:
            self._records.popitem(last=False)
        return record
