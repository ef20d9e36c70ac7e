"""「確認した」, 「直す」 and taking it back: facts of the directory changed by hand, always with who and when."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import date
from typing import Any, Final, TypeVar, get_args

from aiohttp import web

from agency_db.changes import Editor, NoSuchChange, Overtaken, undo
from agency_db.fact_edits import (
    Correction,
    EditRefused,
    FactId,
    Kind,
    NoSuchFact,
    SaidBy,
    confirm,
    correct,
    readable_hours,
)
from bot.staff.clock import now
from bot.staff.roles import OPERATE
from bot.web.errors import ApiError
from bot.web.keys import DIRECTORY, GAZETTEER
from bot.web.payload import read_json
from bot.web.staff.area import DESK, StaffRoute
from bot.web.staff.gate import member, note

JSON = dict[str, Any]
T = TypeVar("T")
_OUTSIDE_THE_LOG = re.compile(r"[^A-Za-z0-9_.:-]")


async def confirmed(request: web.Request) -> web.Response:
    """Body {"kind", "key", "seen"}: this value is right. Answers {"change"}; 404, 409 if it is another by now."""
    body = await read_json(request)
    fact, seen = fact_of(body), string(body, "seen")
    await note(request, "directory.confirm", fact.kind, for_log(fact.key))
    work = (request.app[DIRECTORY], fact, seen, _editor(request), now())
    return web.json_response({"change": await _tried(lambda: confirm(*work))})


async def edited(request: web.Request) -> web.Response:
    """Body {"kind", "key", "seen", "value", "label", "source", "source_date", "said_by"}; an empty value takes it out.

    Answers {"change", "readable"} (`readable`: open and closed can be told from these hours). 400 with the reason.
    """
    body = await read_json(request)
    fact, seen = fact_of(body), string(body, "seen")
    said_by = string(body, "said_by")
    if said_by not in get_args(SaidBy):
        raise ApiError(400)
    value, source, label = (string(body, name) for name in ("value", "source", "label"))
    wanted = Correction(value, source, _day(string(body, "source_date")), said_by, label)  # type: ignore[arg-type]
    await note(request, "directory.edit", fact.kind, for_log(fact.key))
    work = (request.app[DIRECTORY], request.app[GAZETTEER], fact, seen, wanted, _editor(request), now())
    change = await _tried(lambda: correct(*work))
    readable = fact.kind != "hours" or not wanted.value or readable_hours(wanted.value)
    return web.json_response({"change": change, "readable": readable})


async def undone(request: web.Request) -> web.Response:
    """Body {"change"}: everything as before. Operators may take back anybody's change, the desk its own. 409 else."""
    change = (await read_json(request)).get("change")
    if not isinstance(change, int) or isinstance(change, bool) or not 0 < change < 2**31:
        raise ApiError(400)
    await note(request, "directory.undo", "change", str(change))
    only_own = member(request).role not in OPERATE
    engine, editor = request.app[DIRECTORY], _editor(request)
    await _tried(lambda: undo(engine, change, editor, now(), only_own=only_own))
    return web.json_response({})


def fact_of(body: JSON) -> FactId:
    """{"kind", "key"} of a request; 400 for anything else."""
    kind = string(body, "kind")
    if kind not in get_args(Kind):
        raise ApiError(400)
    return FactId(kind, string(body, "key"))  # type: ignore[arg-type]


def string(body: JSON, key: str, longest: int = 300) -> str:
    """A string of a request; 400 for anything else, or for a longer one."""
    value = body.get(key)
    if not isinstance(value, str) or len(value) > longest or "\x00" in value:
        raise ApiError(400)
    return value


def for_log(key: str) -> str:
    """A key as the audit log takes it: departments' keys are Japanese words, which it leaves out."""
    return _OUTSIDE_THE_LOG.sub("", key)[:64]


def _editor(request: web.Request) -> Editor:
    who = member(request)
    return Editor(who.name, who.display_name)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ApiError(400) from error


async def _tried(work: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(work)
    except NoSuchFact as error:
        raise ApiError(404, message="この連絡先は、もう台帳にありません。") from error
    except Overtaken as error:
        raise ApiError(409, message="ほかの人が先に変えました。いまの内容を見てください。") from error
    except NoSuchChange as error:
        raise ApiError(409, message="もう取り消せません。") from error
    except EditRefused as error:
        raise ApiError(400, code="refused", message=str(error)) from error


ROUTES: Final = (
    StaffRoute("POST", "/api/v1/staff/directory/confirm", confirmed, DESK),
    StaffRoute("POST", "/api/v1/staff/directory/undo", undone, DESK),
    StaffRoute("POST", "/api/v1/staff/directory/edit", edited, OPERATE),
)
ACTIONS: Final = {
    "directory.confirm": "連絡先を確認した",
    "directory.edit": "連絡先を直した",
    "directory.undo": "連絡先の変更を取り消した",
}
