"""GET /staff/directory: the telephone numbers of the field at hand, searched as one types."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from agency_db.cards import cards
from agency_db.terms import DISTRICTS
from bot.settings import TOKYO
from bot.staff.clock import now
from bot.staff.directory_notes import DirectoryNotes
from bot.staff.roles import OPERATE
from bot.web import content
from bot.web.errors import ApiError
from bot.web.keys import DIRECTORY, STAFF
from bot.web.staff import directory_facts, directory_notes, layout
from bot.web.staff.area import DESK, Area, StaffRoute
from bot.web.staff.gate import member

JSON = dict[str, Any]
_AWAY = "窓口の台帳をいま読めません。運用の人に知らせてください。"


async def directory(request: web.Request) -> web.Response:
    """The page; what it shows is fetched."""
    return layout.page(request, "directory.html", districts=DISTRICTS, may_edit=member(request).role in OPERATE)


async def listing(request: web.Request) -> web.Response:
    """All cards of agency_db.cards at once (about 40 KB compressed), so that the browser searches without asking.

    Query: known (the `tag` that the page has). Answers {"tag", "at", "notes", "cards"}; `cards` is null where nothing
    changed, neither a fact nor whether somewhere is open. `notes`: open findings, for operators.
    """
    at = now()
    try:
        found = await asyncio.to_thread(cards, request.app[DIRECTORY], at)
    except SQLAlchemyError as error:
        raise ApiError(503, code="directory_away", message=_AWAY) from error
    notes = 0
    if member(request).role in OPERATE:
        notes = await asyncio.to_thread(DirectoryNotes(request.app[STAFF].engine).count)
    written = content.dumps(found)
    tag = hashlib.sha256(written.encode()).hexdigest()[:16]
    same = request.query.get("known") == tag
    head = content.dumps({"tag": tag, "at": at.astimezone(TOKYO).isoformat(), "notes": notes})
    text = f'{head[:-1]}, "cards": {"null" if same else written}}}'
    response = web.Response(text=text, content_type="application/json")
    response.enable_compression()
    return response


AREA = Area(
    routes=(
        StaffRoute("GET", "/staff/directory", directory, DESK),
        StaffRoute("GET", "/api/v1/staff/directory", listing, DESK),
        *directory_facts.ROUTES,
        *directory_notes.ROUTES,
    ),
    actions={**directory_facts.ACTIONS, **directory_notes.ACTIONS},
)
