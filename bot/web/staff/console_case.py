"""A resident's conversation from the queue, taken to the console: the masked words, and what was made of them."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.staff import live_reading
from bot.staff.live_talk import Talk
from bot.web import content, incoming
from bot.web.errors import ApiError
from bot.web.keys import STAFF
from bot.web.payload import read_json
from bot.web.staff import console
from bot.web.staff.area import DESK, Area, StaffRoute
from bot.web.staff.console_choices import Choices, read_choices, read_understood
from bot.web.staff.gate import note
from bot.web.staff.queue import read_id

JSON = dict[str, Any]

_GONE = "この会話は、相談した人が消しました。"


async def case(request: web.Request) -> web.Response:
    """Body {"talk"}; answers like `understand` and with "text". 404 when the resident erased it.

    The areas are those that the assistant told the resident, so that what the clerk changes is the clerk's own word;
    conditions and evidence come from reading the words once more. They stay in the clerk's tab.
    """
    id = read_id(await read_json(request), "talk")
    await note(request, "queue.case", "talk", id)
    found = await asyncio.to_thread(live_reading.one, request.app[STAFF].engine, id)
    if found is None:
        raise ApiError(404, message=_GONE)
    talk, lines = found
    text = "\n".join(line.text for line in lines if line.sender == "resident")
    message = incoming.read(text)
    understood, model = await console.understood_from(request, message)
    told = _as_told(understood, talk)
    ranked = await console.ranked_for(request, read_understood(told), _nothing_set())
    answer = {"text": text, "understood": told, "ranked": ranked, "model": model}
    return web.json_response(answer, dumps=content.dumps)


def _as_told(understood: JSON, talk: Talk) -> JSON:
    """With the areas that the resident was told of; what this reading found besides may be meant as well."""
    triage = talk.triage or {}
    evidence = {area["id"]: area["evidence"] for area in understood["areas"]}
    told = [
        {"id": area["id"], "score": area["score"], "evidence": evidence.get(area["id"], [])}
        for area in triage.get("areas", ())
    ]
    ids = {area["id"] for area in told}
    place = triage.get("place") or {}
    return {
        **understood,
        "areas": told,
        "likely": [id for id in dict.fromkeys([*evidence, *understood["likely"]]) if id not in ids],
        "crisis": talk.crisis if talk.crisis != "none" else understood["crisis"],
        "place": understood["place"] or place.get("town") or place.get("district") or "",
    }


def _nothing_set() -> Choices:
    return read_choices(None)


AREA = Area(
    routes=(StaffRoute("POST", "/api/v1/staff/case", case, DESK),),
    actions={"queue.case": "会話を窓口の画面に写した"},
)
