"""The body of an API request."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from bot.web.errors import ApiError

LARGEST = 1024 * 1024


async def read_json(request: web.Request) -> dict[str, Any]:
    """The body as a JSON object. 415 unless it says application/json, 413 above 1 MiB, 400 if it is anything else."""
    if request.content_type != "application/json":
        raise ApiError(415)
    try:
        raw = await request.read()
        value = json.loads(raw.decode("utf-8"))
    except (web.RequestPayloadError, ValueError, RecursionError) as error:
        raise ApiError(400) from error
    if not isinstance(value, dict):
        raise ApiError(400)
    return value
