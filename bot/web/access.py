"""What the service's own log says about requests: enough to run it, nothing about anybody."""

from __future__ import annotations

import logging
from time import perf_counter

from aiohttp import web
from aiohttp.typedefs import Handler

log = logging.getLogger(__name__)


@web.middleware
async def access(request: web.Request, handler: Handler) -> web.StreamResponse:
    """One line a request: method, route, status, time. No address, no query, no path that a person typed."""
    started = perf_counter()
    response = await handler(request)
    resource = request.match_info.route.resource
    route = resource.canonical if resource is not None else "-"
    log.info("%s %s %d %.0fms", request.method, route, response.status, (perf_counter() - started) * 1000)
    return response


class Discreet(logging.Filter):
    """For aiohttp's server logger, which quotes addresses and bytes of requests that it could not read."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the kind of failure, drop everything else."""
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else record.levelname
        record.msg, record.args, record.exc_info = "a request failed below the application: %s", (kind,), None
        return True
