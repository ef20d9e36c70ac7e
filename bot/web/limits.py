"""How much one address may ask: a token bucket each, generous enough for a family or a shelter behind one address."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil

from aiohttp import web

BURST = 60
PER_SECOND = 2.0
REMEMBERED = 20_000


class TokenBuckets:
    """`BURST` messages at once, then `PER_SECOND`; the addresses not heard from for longest are forgotten first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: seconds, never going back."""
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, address: str, cost: int = 1) -> int:
        """Take `cost` tokens (at most a full bucket); 0, or the whole seconds to wait until there are enough."""
        cost = min(cost, BURST)
        now = self._clock()
        tokens, seen = self._buckets.pop(address, (float(BURST), now))
        tokens = min(float(BURST), tokens + (now - seen) * PER_SECOND)
        enough = tokens >= cost
        self._buckets[address] = (tokens - cost if enough else tokens, now)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return 0 if enough else ceil((cost - tokens) / PER_SECOND)


def client_address(request: web.Request, *, trusted_proxy: bool) -> str:
    """Whom to count: the peer, or behind a trusted proxy the address which that proxy added last to X-Forwarded-For.

    Everything to the left of it was written by the client and is not believed. An IPv6 client owns a whole /64.
    """
    address = request.remote or ""
    if trusted_proxy:
        forwarded = ",".join(request.headers.getall("X-Forwarded-For", []))
        address = forwarded.rpartition(",")[2].strip() or address
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return request.remote or ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
