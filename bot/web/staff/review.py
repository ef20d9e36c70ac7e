"""GET /staff/review: conversations by newest activity, the turns that would teach most, and the reviewed examples."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web

from agency_db.terms import DISTRICTS
from bot.learning.conversations import PAGE, BadCursor, Cursor, Row
from bot.learning.filters import KINDS, MARKS, TAGS, BadFilter, Filter
from bot.learning.suggestions import suggest
from bot.settings import TOKYO
from bot.web.errors import ApiError
from bot.web.keys import STAFF
from bot.web.staff import layout, review_changes, review_talk
from bot.web.staff.area import OPERATE, Area, StaffRoute
from bot.web.staff.gate import note
from bot.web.staff.review_room import ROOM

_LIST: Final = "/staff/review"
# One click from the top of the list: what an operator asks for every day.
_DAILY: Final = ("unreviewed", "low", "corrected", "thumbs_down", "asked_twice", "crisis", "saved")
_EXCERPT: Final = 80


async def conversations(request: web.Request) -> web.Response:
    """Query: from, to, area, district, kind, tag, mark (several), before (a place in the list). 400 for anything else.

    All of it identifiers and dates, so that a list can be kept as a bookmark and passed on.
    """
    room = request.app[ROOM]
    areas = await asyncio.to_thread(room.areas)
    wanted = read_filter(request, areas)
    try:
        before = Cursor.parse(request.query["before"]) if request.query.get("before") else None
    except BadCursor as error:
        raise ApiError(400) from error
    await note(request, "review.list")
    room.warm_up()
    found = await asyncio.to_thread(room.conversations.page, wanted, before=before, limit=PAGE + 1)
    rows = found[:PAGE]
    query = urlencode(wanted.query)
    return layout.page(
        request,
        "review.html",
        rows=[_shown(row, areas) for row in rows],
        wanted=wanted,
        query=f"?{query}" if query else "",
        older=_address(wanted, before=str(rows[-1].cursor)) if len(found) > PAGE else None,
        first=_address(wanted) if before else None,
        daily=[(MARKS[mark], _address(Filter(marks=(mark,))), wanted == Filter(marks=(mark,))) for mark in _DAILY],
        areas=areas,
        districts=DISTRICTS,
        kinds=KINDS,
        tags=TAGS,
        marks=MARKS,
    )


async def suggestions(request: web.Request) -> web.Response:
    """The turns that would teach most, best first."""
    room = request.app[ROOM]
    areas = await asyncio.to_thread(room.areas)
    await note(request, "review.suggestions")
    found = await asyncio.to_thread(suggest, room.log, room.trained)
    return layout.page(request, "review-suggestions.html", found=found, areas=areas, excerpt=_excerpt)


async def examples(request: web.Request) -> web.Response:
    """The sentences of the training file, with who made them and when."""
    room = request.app[ROOM]
    areas = await asyncio.to_thread(room.areas)
    await note(request, "review.examples")
    found = await asyncio.to_thread(room.examples.list)
    versions = await asyncio.to_thread(room.examples.versions)
    everybody = await asyncio.to_thread(request.app[STAFF].accounts.list)
    return layout.page(
        request,
        "review-examples.html",
        found=[(one, one.at.astimezone(TOKYO)) for one in found],
        versions=[(one, one.at.astimezone(TOKYO)) for one in versions],
        people={one.name: one.display_name for one in everybody},
        areas=areas,
    )


def read_filter(request: web.Request, areas: Any) -> Filter:
    """The filter in the address bar. 400 as ApiError."""
    try:
        return Filter.parse(request.query, request.query.getall("mark", []), areas=areas, districts=DISTRICTS)
    except BadFilter as error:
        raise ApiError(400) from error


def _address(wanted: Filter, **more: str) -> str:
    query = urlencode([*wanted.query, *more.items()])
    return f"{_LIST}?{query}" if query else _LIST


def _shown(row: Row, areas: Any) -> dict[str, Any]:
    best = sorted(row.turn.areas, key=lambda area: -area["score"])
    return {
        "id": row.id,
        "at": row.last_activity.astimezone(TOKYO),
        "text": _excerpt(row.turn.text),
        "areas": [(areas.get(area["id"], area["id"]), round(area["score"] * 100)) for area in best[:3]],
        "kind": KINDS.get(row.turn.kind, row.turn.kind),
        "district": row.district,
        "turns": row.turns,
        "unreviewed": "unreviewed" in row.facets,
        "saved": "saved" in row.facets,
        "marks": _marks(row.facets),
        "crisis": "crisis" in row.facets,
    }


def _marks(facets: Sequence[str] | frozenset[str]) -> list[str]:
    quiet = {"unreviewed", "saved"}
    tags = [words for tag, words in TAGS.items() if f"tag:{tag}" in facets]
    corrected = ["ちがうと言われた"] if "kind:correct" in facets else []
    return [words for mark, words in MARKS.items() if mark in facets and mark not in quiet] + corrected + tags


def _excerpt(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _EXCERPT else f"{plain[:_EXCERPT]}…"


AREA = Area(
    routes=(
        StaffRoute("GET", "/staff/review", conversations, OPERATE),
        StaffRoute("GET", "/staff/review/suggestions", suggestions, OPERATE),
        StaffRoute("GET", "/staff/review/examples", examples, OPERATE),
        *review_talk.ROUTES,
        *review_changes.ROUTES,
    ),
    actions={
        "review.list": "会話の一覧を見た",
        "review.suggestions": "直すとよい発言を見た",
        "review.examples": "例文の一覧を見た",
        **review_talk.ACTIONS,
        **review_changes.ACTIONS,
    },
)
