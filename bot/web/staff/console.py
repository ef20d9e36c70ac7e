"""GET /staff/: the triage console, where a working day begins. What is typed here is neither stored nor logged."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime
from typing import Any, Final

from aiohttp import web

from agency_db.cache import DirectoryCache, DirectoryUnavailable
from agency_db.directory import Directory
from agency_db.places import Gazetteer
from agency_db.terms import DISTRICTS
from bot.safety import crisis as rules
from bot.safety import fallback
from bot.settings import TOKYO
from bot.web import content, incoming
from bot.web.errors import ApiError
from bot.web.keys import GAZETTEER
from bot.web.newest import NewestOnly, Superseded
from bot.web.payload import read_json
from bot.web.staff import cookie, layout
from bot.web.staff.area import ANYBODY, DESK, Area, StaffRoute
from bot.web.staff.console_choices import (
    AGES,
    CONSENTS,
    HOUSEHOLD,
    Choices,
    Understood,
    place_of,
    read_choices,
    read_understood,
)
from bot.web.staff.console_crisis import warning
from bot.web.staff.console_ranking import ranking
from bot.web.staff.triage import ask_engine

JSON = dict[str, Any]

#: The directory in memory, as the engine has it in its own process.
SNAPSHOT: Final = web.AppKey("console_snapshot", DirectoryCache)
#: The texts that desks are asking about right now.
KEYSTROKES: Final = web.AppKey("console_keystrokes", NewestOnly)

_FIELDS: Final = {
    "care": "高齢・介護",
    "disability": "障がい",
    "child": "子ども",
    "livelihood": "くらし・仕事",
    "health": "こころと体",
    "community": "地域",
    "any": "そのほか",
}


async def console(request: web.Request) -> web.Response:
    """The desk; without the directory the page works as far as the rules do."""
    directory = await snapshot(request)
    areas = list(directory.areas.values()) if directory else []
    return layout.page(
        request,
        "console.html",
        areas=[(label, [area for area in areas if area.field == field]) for field, label in _FIELDS.items()],
        ages=AGES,
        household=HOUSEHOLD,
        consents=CONSENTS,
        districts=DISTRICTS,
        towns=request.app[GAZETTEER].town_names(),
    )


async def understand(request: web.Request) -> web.Response:
    """Body {"text", "choices"?}; answers {"understood", "ranked", "model"}. Asked as the clerk types.

    409 "superseded" when a newer text of this sign-in came before this one was looked at: it will not be missed.
    """
    body = await read_json(request)
    if not isinstance(body.get("text"), str):
        raise ApiError(400)
    message = incoming.read(body["text"])
    choices = read_choices(body.get("choices"))
    try:
        async with request.app[KEYSTROKES].turn(_sign_in(request)):
            reply = await ask_engine(request, message, None, None)
    except Superseded as error:
        raise ApiError(409, code="superseded") from error
    understood = await _understood(request, message, reply)
    ranked = await ranked_for(request, read_understood(understood), choices)
    return _json({"understood": understood, "ranked": ranked, "model": reply["model"]})


async def rank(request: web.Request) -> web.Response:
    """Body {"understood", "choices"}, the first as `understand` gave it; answers {"ranked"}. No model is asked."""
    body = await read_json(request)
    if not isinstance(body.get("choices"), dict):
        raise ApiError(400)
    return _json(
        {"ranked": await ranked_for(request, read_understood(body.get("understood")), read_choices(body["choices"]))}
    )


async def understood_from(request: web.Request, message: incoming.Message) -> tuple[JSON, str]:
    """The "understood" of `understand` for a text that nobody is typing, and the model that read it."""
    reply = await ask_engine(request, message, None, None)
    return await _understood(request, message, reply), reply["model"]


async def snapshot(request: web.Request) -> Directory | None:
    """The directory as of now; None while it cannot be read even once."""
    try:
        return await asyncio.to_thread(request.app[SNAPSHOT].get)
    except DirectoryUnavailable:
        return None


async def ranked_for(request: web.Request, understood: Understood, choices: Choices) -> JSON:
    """The "ranked" of `understand` and `rank`."""
    directory, gazetteer, at = await snapshot(request), request.app[GAZETTEER], datetime.now(TOKYO)
    if directory is None:
        return _without_directory(gazetteer, understood, choices, at)
    return await asyncio.to_thread(ranking, directory, gazetteer, understood, choices, at)


async def _understood(request: web.Request, message: incoming.Message, reply: JSON) -> JSON:
    triage = reply["triage"]
    told = reply.get("understood") or {"situation": [], "likely": []}
    words, alarming = await asyncio.to_thread(_beside_the_model, request.app[GAZETTEER], message.text)
    return {
        "areas": [{key: area[key] for key in ("id", "score", "evidence")} for area in triage["areas"]],
        "likely": told["likely"],
        "situation": told["situation"],
        "crisis": triage["crisis"],
        "alarming": [message.as_sent(word) or word for word in alarming],
        "place": words,
        "out_of_scope": triage["out_of_scope"],
    }


def _without_directory(gazetteer: Gazetteer, understood: Understood, choices: Choices, at: datetime) -> JSON:
    """The crisis lines and the one door that is certain."""
    place = place_of(gazetteer, understood, choices)
    (door,) = fallback.reply("", at)["triage"]["windows"]
    return {
        "areas": [],
        "crisis": warning(understood.crisis, [area.id for area in understood.chosen(choices)], at),
        "place": place.as_dict() if place else None,
        "place_unknown": False,
        "place_question": False,
        "windows": [{**door, "rules": [], "role": "", "programmes": [], "department": None, "offices": []}],
        "engawa": [],
        "multi_agency": None,
        "programmes": [],
        "conditions": [],
        "hard_to_reach": False,
    }


def _beside_the_model(gazetteer: Gazetteer, text: str) -> tuple[str, tuple[str, ...]]:
    """The words of the place, "" for none, and those that the crisis rules stopped at."""
    place = gazetteer.find(text).place
    crisis = rules.detect(text)
    return (place.words if place else "", crisis.evidence if crisis else ())


def _sign_in(request: web.Request) -> str:
    """Which desk this is. Its token is a secret: it does not lie about in a dictionary."""
    return hashlib.sha256((cookie.token(request) or "").encode()).hexdigest()


async def slash(_: web.Request) -> web.Response:
    """GET /staff, as people type it."""
    raise web.HTTPSeeOther("/staff/")


def _json(answer: JSON) -> web.Response:
    response = web.json_response(answer, dumps=content.dumps)
    response.enable_compression()
    return response


AREA = Area(
    routes=(
        StaffRoute("GET", "/staff", slash, ANYBODY),
        StaffRoute("GET", "/staff/", console, DESK),
        StaffRoute("POST", "/api/v1/staff/understand", understand, DESK),
        StaffRoute("POST", "/api/v1/staff/rank", rank, DESK),
    )
)
