"""POST /api/v1/triage: the engine's answer for a member of staff. What was written is neither stored nor logged."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.engine.client import EngineUnavailable
from bot.safety import crisis as rules
from bot.safety import fallback
from bot.safety.incoming import for_model
from bot.settings import TOKYO
from bot.web import content, incoming
from bot.web.answering import crisis_first, evidence_as_sent, unread_crisis
from bot.web.errors import ApiError
from bot.web.keys import ENGINE
from bot.web.payload import read_json
from bot.web.staff.area import DESK, Area, StaffRoute


async def triage(request: web.Request) -> web.Response:
    """Body {"text", "place"?, "at"?} as on the command line (contract); answers {"kind", "triage", "model"}.

    400 as ApiError for anything else. While the engine is away the rules alone answer (model "safety").
    """
    body = await read_json(request)
    message = incoming.read(_string(body, "text"))
    place = _string(body, "place") if body.get("place") is not None else None
    at = _moment(_string(body, "at")) if body.get("at") is not None else None
    reply = await ask_engine(request, message, place, at)
    answer = {key: reply[key] for key in ("kind", "triage", "model")}
    return web.json_response(answer, dumps=content.dumps)


async def ask_engine(
    request: web.Request, message: incoming.Message, place: str | None, at: datetime | None
) -> dict[str, Any]:
    """The engine's reply for staff, or that of the rules while it is away or for a crisis that it could not read."""
    # As for residents: scanned whole by the rules, so that neither a long text nor a missing engine hides a crisis.
    crisis = await asyncio.to_thread(rules.detect, message.text)
    try:
        reply: dict[str, Any] | None = await request.app[ENGINE].triage(for_model(message.text, crisis), place, at)
    except EngineUnavailable:
        reply = None
    if reply is None or unread_crisis(reply, crisis, message.text):
        safe = await asyncio.to_thread(fallback.reply, message.text, at or datetime.now(TOKYO))
        reply = safe if reply is None else crisis_first(reply, safe)
    evidence_as_sent(reply, message)
    return reply


def _string(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str):
        raise ApiError(400)
    return value


def _moment(value: str) -> datetime:
    try:
        at = datetime.fromisoformat(value)
    except ValueError as error:
        raise ApiError(400) from error
    return at if at.tzinfo else at.replace(tzinfo=TOKYO)


AREA = Area(routes=(StaffRoute("POST", "/api/v1/triage", triage, DESK),))
