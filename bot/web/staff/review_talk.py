"""GET /staff/review/talks/{id}: one conversation as it was, masked, with what may be corrected in it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web

from agency_db.terms import DISTRICTS
from bot.learning.conversations import Cursor, Talk
from bot.learning.filters import KINDS, MARKS, TAGS, BadFilter, Filter
from bot.learning.review_file import ACTS
from bot.logbook.models import Label, StoredTurn
from bot.logbook.staff_triage import of_conversation
from bot.settings import TOKYO
from bot.web import content
from bot.web.errors import ApiError
from bot.web.keys import STAFF
from bot.web.staff import layout
from bot.web.staff.area import OPERATE, StaffRoute
from bot.web.staff.gate import note
from bot.web.staff.review_room import CRISES, ROOM, ReviewRoom

JSON = dict[str, Any]

# What an answer of this kind took the turn for.
_ACT_OF_KIND: Final = {
    "clarify": "vague",
    "correct": "correct",
    "hours": "ask_hours",
    "phone": "ask_phone",
    "engawa": "ask_engawa",
    "other_window": "ask_other",
    "human": "human",
    "restart": "start_over",
    "thanks": "thanks",
    "goodbye": "goodbye",
    "smalltalk": "smalltalk",
}
# A follow-up repeats the areas of an earlier turn; only here they are about the turn's own words.
_OWN_AREAS: Final = frozenset({"route", "ask_place", "crisis", "correct"})

_LISTED: Final = 8
_LOOKED_AT: Final = 40
# Offered after those that similar sentences have: what people write about most.
_COMMON: Final = (
    "elderly_care",
    "dementia",
    "mental_health",
    "poverty",
    "parenting",
    "isolation",
    "school",
    "disability",
    "daily_support",
)


async def talk(request: web.Request) -> web.Response:
    """Query: the list's filter, for the way to the next conversation and back. 404 where it is not in the log."""
    room = request.app[ROOM]
    areas = await asyncio.to_thread(room.areas)
    try:
        wanted = Filter.parse(request.query, request.query.getall("mark", []), areas=areas, districts=DISTRICTS)
    except BadFilter as error:
        raise ApiError(400) from error
    found = await asyncio.to_thread(room.conversations.open, request.match_info["id"])
    if found is None or not found.turns:
        raise web.HTTPNotFound
    await note(request, "review.view", "conversation", found.conversation.id)
    cursor = Cursor(found.conversation.last_activity, found.conversation.id)
    newer, older = await asyncio.to_thread(room.conversations.beside, wanted, cursor)
    query = f"?{urlencode(wanted.query)}" if wanted.query else ""
    values = await asyncio.to_thread(_values, request, room, found, areas)
    return layout.page(
        request,
        "review-talk.html",
        talk=found,
        started=found.conversation.started.astimezone(TOKYO),
        newer=f"/staff/review/talks/{newer}{query}" if newer else None,
        older=f"/staff/review/talks/{older}{query}" if older else None,
        back=f"/staff/review{query}",
        areas=areas,
        districts=DISTRICTS,
        acts=ACTS,
        crises=CRISES,
        tags=TAGS,
        **values,
    )


async def similar(request: web.Request) -> web.Response:
    """Training sentences like a turn's, and the areas that number keys shall offer, likely ones first:

    {"similar": [{"text", "act", "areas", "crisis", "outside", "own", "score"}], "areas": [ids]}.
    """
    room = request.app[ROOM]
    found = await asyncio.to_thread(room.conversations.turn, request.match_info["id"])
    if found is None:
        raise ApiError(404)
    hits = await asyncio.to_thread(room.trained.find, found[0].text, _LOOKED_AT)
    listed = [
        {
            "text": hit.sentence.text,
            "act": ACTS.get(hit.sentence.act, ""),
            "areas": list(hit.sentence.areas),
            "crisis": hit.sentence.crisis,
            "outside": hit.sentence.act == "out_of_scope",
            "own": hit.sentence.file == "reviewed.yml",
            "score": hit.score,
        }
        for hit in hits[:_LISTED]
    ]
    weights: dict[str, float] = {}
    for hit in hits:
        for area in hit.sentence.areas:
            weights[area] = weights.get(area, 0) + hit.score
    likely = sorted(weights, key=lambda area: -weights[area])
    offered = list(dict.fromkeys([*likely, *_COMMON]))
    return web.json_response({"similar": listed, "areas": offered}, dumps=content.dumps)


def _values(request: web.Request, room: ReviewRoom, found: Talk, areas: Mapping[str, str]) -> JSON:
    windows = {**room.windows(), "emergency": "緊急の電話"}
    people = {one.name: one.display_name for one in request.app[STAFF].accounts.list()}
    examples: dict[str, list[Any]] = {}
    for turn in found.turns:
        examples[turn.id] = room.examples.list(turn=turn.id)
    return {
        "windows": windows,
        "people": people,
        "turns": [_turn(turn, found.labels.get(turn.id, []), areas, windows, people) for turn in found.turns],
        "examples": examples,
        "marks": [
            words for mark, words in MARKS.items() if mark in found.facets and mark not in {"unreviewed", "saved"}
        ],
        "unreviewed": "unreviewed" in found.facets,
        "by_staff": [
            {
                "who": people.get(one.who, one.who),
                "at": one.at.astimezone(TOKYO),
                "areas": "・".join(areas.get(area, area) for area in one.areas) or "分野なし",
                "windows": "、".join(windows.get(window, window) for window in one.windows),
            }
            for one in of_conversation(room.log, found.conversation.id)
        ],
        "review": found.review,
    }


def _turn(
    turn: StoredTurn,
    labels: list[Label],
    areas: Mapping[str, str],
    windows: Mapping[str, str],
    people: Mapping[str, str],
) -> JSON:
    evidence = [words for area in turn.areas for words in area.get("evidence", ())]
    return {
        "id": turn.id,
        "number": turn.number,
        "at": turn.at.astimezone(TOKYO),
        "pieces": pieces(turn.text, evidence),
        "areas": [
            (areas.get(area["id"], area["id"]), round(area["score"] * 100), area.get("evidence", ()))
            for area in turn.areas
        ],
        "kind": KINDS.get(turn.kind, turn.kind),
        "crisis": CRISES.get(turn.crisis, turn.crisis) if turn.crisis != "none" else "",
        "out_of_scope": turn.out_of_scope,
        "place": (turn.place or {}).get("district") or "・".join((turn.place or {}).get("candidates", ())),
        "windows": [windows.get(window["id"], window["id"]) for window in turn.windows],
        "said": [message["text"] for message in turn.messages],
        "model": turn.model,
        "duration_ms": turn.duration_ms,
        "degraded": turn.degraded,
        "labels": [label_shown(label, areas, windows, people) for label in labels],
        "data": {
            "text": turn.text,
            "areas": [area["id"] for area in turn.areas],
            "now": _standing(labels[-1]) if labels else _as_answered(turn),
            "decided": bool(labels),
        },
    }


def label_shown(label: Label, areas: Mapping[str, str], windows: Mapping[str, str], people: Mapping[str, str]) -> JSON:
    """A label in plain words."""
    what = "・".join(areas.get(area, area) for area in label.areas) or ACTS.get(label.act, label.act)
    also = [
        ACTS.get(label.act, label.act) if label.areas and label.act != "worry" else "",
        f"危機: {CRISES.get(label.crisis, label.crisis)}" if label.crisis != "none" else "",
        f"地区: {label.district}" if label.district else "",
        f"窓口: {windows.get(label.window, label.window)}" if label.window else "",
    ]
    at = label.at.astimezone(TOKYO)
    return {
        "who": people.get(label.who, label.who),
        "at": f"{at:%m月%d日 %H:%M}",
        "what": "、".join(["対象外" if label.out_of_scope else what, *filter(None, also)]),
        "reason": label.reason,
    }


def pieces(text: str, evidence: list[str]) -> list[tuple[str, bool]]:
    """`text` cut into pieces, those that are evidence marked."""
    marked = bytearray(len(text))
    for words in evidence:
        at = text.find(words)
        while words and at >= 0:
            marked[at : at + len(words)] = b"\x01" * len(words)
            at = text.find(words, at + 1)
    cut: list[tuple[str, bool]] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or marked[at] != marked[start]:
            cut.append((text[start:at], bool(marked[start])))
            start = at
    return cut


def _as_answered(turn: StoredTurn) -> JSON:
    return {
        "areas": [area["id"] for area in turn.areas] if turn.kind in _OWN_AREAS else [],
        "act": _ACT_OF_KIND.get(turn.kind, "worry"),
        "crisis": turn.crisis if turn.kind == "crisis" else "none",
        "out_of_scope": turn.out_of_scope and turn.kind == "out_of_scope",
        "district": None,
        "window": None,
    }


def _standing(label: Label) -> JSON:
    return {
        "areas": label.areas,
        "act": label.act,
        "crisis": label.crisis,
        "out_of_scope": label.out_of_scope,
        "district": label.district,
        "window": label.window,
    }


ROUTES: Final = (
    StaffRoute("GET", "/staff/review/talks/{id}", talk, OPERATE),
    StaffRoute("GET", "/api/v1/staff/review/turns/{id}/similar", similar, OPERATE),
)
ACTIONS: Final = {"review.view": "会話を見た"}
