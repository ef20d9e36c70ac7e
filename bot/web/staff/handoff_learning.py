"""Whether the triage on a saved sheet is the assistant's, and keeping it for the operators where it is not.

A sheet from a resident's conversation (queue) marks that conversation. A sheet from the console has none: its case
comes into the log as a conversation of its own, with the concern as it is kept with the sheet, masked, and only where
the clerk came to another result. What is typed at the console and never saved as a handoff is not logged at all.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.logbook import staff_triage
from bot.logbook.staff_triage import Differing
from bot.logbook.turns import Turn
from bot.settings import TOKYO
from bot.staff import live_reading
from bot.staff.handoffs import Content
from bot.staff.live_talk import Talk
from bot.web.errors import ApiError
from bot.web.keys import GAZETTEER, LOGBOOK, STAFF
from bot.web.staff import console
from bot.web.staff.console_choices import Understood, read_choices, read_understood
from bot.web.staff.console_ranking import ranking

JSON = dict[str, Any]
log = logging.getLogger(__name__)

#: The rules answered without the engine: areas added by hand then are no disagreement with anybody.
_NO_MODEL: Final = "safety"
_OF_THE_DESK: Final = "desk-"
_LONGEST_MODEL: Final = 200


@dataclass(frozen=True, slots=True)
class Told:
    """What the assistant had said at the console before the clerk changed anything."""

    understood: Understood
    out_of_scope: bool
    model: str


def read_told(body: JSON, kept: Content) -> Told | None:
    """Body "told": {"areas", "crisis", "out_of_scope", "model"} of the console's answer; None without one. 400 else."""
    told = body.get("told")
    if told is None:
        return None
    if not isinstance(told, dict) or not isinstance(told.get("out_of_scope", False), bool):
        raise ApiError(400)
    model = told.get("model")
    if not isinstance(model, str) or len(model) > _LONGEST_MODEL:
        raise ApiError(400)
    if model == _NO_MODEL:
        return None
    heard = {**told, "situation": kept.situation, "place": kept.district or ""}
    return Told(read_understood(heard), told.get("out_of_scope", False), model)


async def compare(request: web.Request, code: str, who: str, kept: Content, told: Told | None, talk: str) -> None:
    """After the sheet was saved. `talk`: id of the talk it came from, or "". Never raises: the sheet is what counts."""
    try:
        found = await asyncio.to_thread(live_reading.one, request.app[STAFF].engine, talk) if talk else None
        if found is not None:
            await _with_talk(request, code, who, kept, found[0])
        elif told is not None and not talk:
            await _with_console(request, code, who, kept, told)
    except (SQLAlchemyError, OSError) as error:
        log.warning("a handoff was not compared: %s", type(error).__name__)


async def _with_talk(request: web.Request, code: str, who: str, kept: Content, talk: Talk) -> None:
    if talk.triage is None:
        return
    areas = [{"id": area["id"], "score": area["score"]} for area in talk.triage.get("areas", ())]
    heard = {"areas": areas, "situation": kept.situation, "crisis": kept.crisis, "place": kept.district or ""}
    windows = await _windows(request, read_understood(heard), kept)
    # For staff other coordinators come first than for residents: either's first one is the assistant's word.
    first = _first(talk.triage.get("windows", []), talk.triage.get("multi_agency", False)) | _first(*windows)
    await _keep(request, talk.conversation, code, who, kept, {area["id"] for area in areas}, first)


async def _with_console(request: web.Request, code: str, who: str, kept: Content, told: Told) -> None:
    windows, multi_agency = await _windows(request, told.understood, kept)
    areas, first = {area.id for area in told.understood.areas}, _first(windows, multi_agency)
    conversation, logbook = f"{_OF_THE_DESK}{code}", request.app[LOGBOOK]
    # Saved once more, the sheet may say something else.
    await asyncio.to_thread(logbook.erase, conversation)
    if kept.concern.strip() and _differs(kept, areas, first):
        reply, places = _reply(told, kept, windows), request.app[GAZETTEER].find(kept.concern).spans
        turn = Turn(conversation, kept.concern, reply, datetime.now(UTC), 0, source="desk", places=places)
        await asyncio.to_thread(logbook.write, turn)
        await _keep(request, conversation, code, who, kept, areas, first)


async def _keep(
    request: web.Request, conversation: str, code: str, who: str, kept: Content, areas: set[str], first: set[str]
) -> None:
    engine = request.app[STAFF].engine
    if not _differs(kept, areas, first):
        await asyncio.to_thread(staff_triage.drop, engine, code)
        return
    chosen = [one["id"] for one in kept.areas], [one["id"] for one in kept.windows]
    await asyncio.to_thread(staff_triage.keep, engine, conversation, Differing(code, who, datetime.now(UTC), *chosen))


def _differs(kept: Content, areas: set[str], first: set[str]) -> bool:
    """Other areas, or none of the windows that the assistant put first; a sheet may also name no window."""
    windows = {one["id"] for one in kept.windows}
    return {one["id"] for one in kept.areas} != areas or bool(windows and first and not windows & first)


def _first(windows: list[JSON], multi_agency: bool) -> set[str]:
    """Those that the sheet ticks by itself (static/handoff-new.js)."""
    named = [window["id"] for window in windows if window["id"] != "emergency"]
    return set(named[: 2 if multi_agency else 1])


async def _windows(request: web.Request, understood: Understood, kept: Content) -> tuple[list[JSON], bool]:
    """What the assistant puts first for its own areas, with everything else as the clerk knows it."""
    directory = await console.snapshot(request)
    if directory is None:
        return [], False
    choices = read_choices(
        {"age": kept.age, "household": kept.household, "consent": kept.consent, "place": kept.district or ""}
    )
    ranked = await asyncio.to_thread(
        ranking, directory, request.app[GAZETTEER], understood, choices, datetime.now(TOKYO)
    )
    return ranked["windows"], ranked["multi_agency"] is not None


def _reply(told: Told, kept: Content, windows: list[JSON]) -> JSON:
    """As a turn of the log: what the assistant had answered."""
    understood = told.understood
    kind = "crisis" if understood.crisis != "none" else "out_of_scope" if told.out_of_scope else "route"
    return {
        "kind": kind if understood.areas or kind != "route" else "clarify",
        "messages": [],
        "model": told.model,
        "triage": {
            "areas": [{"id": area.id, "score": area.score} for area in understood.areas],
            "crisis": understood.crisis,
            "out_of_scope": told.out_of_scope,
            "windows": [{key: window[key] for key in ("id", "office", "phone")} for window in windows],
            "place": {"district": kept.district, "town": None, "candidates": [kept.district]}
            if kept.district
            else None,
        },
    }
