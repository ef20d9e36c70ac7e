"""「違っている」: from the desk to the operators, and their list (GET /staff/directory/notes)."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from aiohttp import web
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from agency_db.cards import cards
from agency_db.changes import Done, changes
from agency_db.fact_edits import EditRefused, number
from bot.logbook.masking import mask
from bot.settings import TOKYO
from bot.staff.clock import now
from bot.staff.directory_notes import CLOSED, DirectoryNotes, Finding
from bot.staff.roles import OPERATE
from bot.web.errors import ApiError
from bot.web.keys import DIRECTORY, STAFF
from bot.web.payload import read_json
from bot.web.staff import layout
from bot.web.staff.area import DESK, StaffRoute
from bot.web.staff.directory_facts import for_log, string
from bot.web.staff.gate import member, note

JSON = dict[str, Any]
_LONGEST = 500
_KINDS = {"phone": "電話番号", "address": "住所", "hours": "時間", "card": "窓口"}
_DONE = {"confirm": "確認した", "edit": "直した", "remove": "消した"}
_VALUES = {"phone": "number", "address": "address_1", "schedule": "notes"}


async def wrong(request: web.Request) -> web.Response:
    """Body {"card", "kind", "key", "text", "correct"}: this is wrong. `kind` "card": the whole entry.

    `text` is masked before it is stored; `correct` is the office's public number, address or hours, kept as written.
    400 when nothing is said, or when `correct` is no telephone number where it should be one.
    """
    body = await read_json(request)
    card, kind, key = (string(body, name) for name in ("card", "kind", "key"))
    text, right = string(body, "text", _LONGEST).strip(), string(body, "correct").strip()
    if kind not in _KINDS:
        raise ApiError(400)
    if not text and not right:
        raise ApiError(400, code="refused", message="何が違うのかを、ひとことでも書いてください。")
    if kind == "phone" and right:
        try:
            right = number(right)
        except EditRefused as error:
            raise ApiError(400, code="refused", message=str(error)) from error
    found = await asyncio.to_thread(cards, request.app[DIRECTORY], now())
    one = next((one for one in found if one["id"] == card), None)
    shown = _shown(one, kind, key) if one else None
    if one is None or shown is None:
        raise ApiError(404, message="この連絡先は、もう台帳にありません。")
    await note(request, "directory.wrong", kind, for_log(key))
    masked = await asyncio.to_thread(mask, text)
    finding = Finding(card, one["name"], f"{kind}:{key}", shown, right, masked)
    await asyncio.to_thread(DirectoryNotes(request.app[STAFF].engine).add, finding, member(request))
    return web.json_response({})


def _shown(card: JSON, kind: str, key: str) -> str | None:
    if kind == "card":
        return ""
    facts = [*card["phones"], *card["lines"], card["address"], card["hours"]]
    value = next((fact["value"] for fact in facts if fact and (fact["kind"], fact["key"]) == (kind, key)), None)
    return str(value) if value is not None else None


async def notes(request: web.Request) -> web.Response:
    """What the desk found wrong, and what was changed by hand."""
    await note(request, "directory.notes")
    store = DirectoryNotes(request.app[STAFF].engine)
    waiting = await asyncio.to_thread(store.waiting)
    closed = await asyncio.to_thread(store.closed)
    return layout.page(
        request,
        "directory_notes.html",
        waiting=waiting,
        closed=closed,
        done=await asyncio.to_thread(_by_hand, request.app[DIRECTORY]),
        kinds=_KINDS,
        zone=TOKYO,
    )


async def close(request: web.Request) -> web.Response:
    """Body {"state"}: "mended" (「直した」) or "kept" (「そのまま」). 409 when somebody else closed it."""
    state = (await read_json(request)).get("state")
    if state not in CLOSED:
        raise ApiError(400)
    id = request.match_info["id"]
    await note(request, "directory.note_closed", "note", for_log(id))
    if not await asyncio.to_thread(DirectoryNotes(request.app[STAFF].engine).close, id, state, member(request)):
        raise ApiError(409)
    return web.json_response({})


def _by_hand(directory: Engine) -> list[JSON]:
    """The newest changes by hand; none while the directory cannot be read: the notes are there all the same."""
    try:
        names = _names(cards(directory, now()))
        done = changes(directory)
    except SQLAlchemyError:
        return []
    return [_done(one, names) for one in done if one.subject.partition(":")[0] in _KINDS]


def _names(found: list[JSON]) -> dict[str, str]:
    """The card's name for each fact."""
    names: dict[str, str] = {}
    for card in found:
        for fact in (*card["phones"], *card["lines"], card["address"], card["hours"]):
            if fact:
                names.setdefault(f"{fact['kind']}:{fact['key']}", card["name"])
        if card["office"]:
            names.setdefault(f"address:{card['office']}", card["name"])
            names.setdefault(f"hours:{card['office']}", card["name"])
            names.setdefault(f"phone:{card['office']}.voice", card["name"])
    return names


def _done(change: Done, names: dict[str, str]) -> JSON:
    before, after = ("", "")
    for table, _, old, new in change.rows:
        if table in _VALUES:
            before = before or str((old or {}).get(_VALUES[table], ""))
            after = after or str((new or {}).get(_VALUES[table], ""))
    kind, _, key = change.subject.partition(":")
    return {
        "id": change.id,
        "at": change.at,
        "by": change.editor.name,
        "what": _DONE.get(change.kind, change.kind),
        "kind": _KINDS.get(kind, kind),
        "name": names.get(change.subject, key),
        "before": before,
        "after": after,
        "undone": f"{change.undone_by}が取り消しました" if change.undone_at else "",
    }


ROUTES: Final = (
    StaffRoute("POST", "/api/v1/staff/directory/wrong", wrong, DESK),
    StaffRoute("GET", "/staff/directory/notes", notes, OPERATE),
    StaffRoute("POST", "/api/v1/staff/directory/notes/{id}/close", close, OPERATE),
)
ACTIONS: Final = {
    "directory.wrong": "連絡先が違うと知らせた",
    "directory.notes": "違っているところの一覧を見た",
    "directory.note_closed": "違っているという知らせを終えた",
}
