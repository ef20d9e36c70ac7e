"""/staff/handoffs: the handoff sheet, its PDF, and what became of each. Names and numbers pass through, none stays."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any, Final

import segno
from aiohttp import web

from agency_db.terms import DISTRICTS
from bot.settings import TOKYO
from bot.staff.handoffs import LISTED, Filter, Handoff, HandoffRefused, Handoffs, State, is_code, new_code
from bot.web import content
from bot.web.errors import ApiError
from bot.web.keys import GAZETTEER, STAFF
from bot.web.payload import read_json
from bot.web.staff import console, cookie, layout
from bot.web.staff.area import DESK, Area, StaffRoute
from bot.web.staff.console_choices import AGES, CONSENTS, HOUSEHOLD
from bot.web.staff.gate import member, note
from bot.web.staff.handoff_learning import compare, read_told
from bot.web.staff.handoff_pdf import pdf
from bot.web.staff.handoff_sheet import LONGEST, read_content, read_paper
from bot.web.staff.queue import read_id

_GONE: Final = "この引き継ぎは、見つかりませんでした。"
_TAKEN: Final = "ほかの人が先に変えました。開き直して、いまの状態を見てください。"
# A day that is noted may lie so far back.
_OLDEST: Final = timedelta(days=365)


async def handoffs(request: web.Request) -> web.Response:
    """The list. Query: state (given, arrived, returned), mine (1), district. 400 else."""
    query = request.query
    try:
        state = State(query["state"]) if query.get("state") else None
    except ValueError as error:
        raise ApiError(400) from error
    district = query.get("district") or None
    if district is not None and district not in DISTRICTS:
        raise ApiError(400)
    wanted = Filter(state, member(request).name if query.get("mine") else None, district)
    await note(request, "handoff.list")
    found = await asyncio.to_thread(_store(request).list, wanted)
    return layout.page(
        request,
        "handoffs.html",
        handoffs=found,
        most=LISTED,
        people=await _people(request),
        today=_today(),
        states=State,
        districts=DISTRICTS,
        query=query,
        zone=TOKYO,
    )


async def new(request: web.Request) -> web.Response:
    """An empty sheet under a fresh code; the page fills it from the console's draft."""
    directory = await console.snapshot(request)
    code = new_code()
    return layout.page(
        request,
        "handoff_new.html",
        code=code,
        address=_address(request, code),
        areas=list(directory.areas.values()) if directory else [],
        ages=AGES,
        household=HOUSEHOLD,
        consents=CONSENTS,
        districts=DISTRICTS,
        longest=LONGEST,
        today=_today(),
    )


async def handoff(request: web.Request) -> web.Response:
    """One handoff as it is kept; 404."""
    code = _code(request)
    await note(request, "handoff.view", "handoff", code)
    store = _store(request)
    try:
        one = await asyncio.to_thread(store.get, code)
    except HandoffRefused as error:
        raise ApiError(404, message=_GONE) from error
    return layout.page(
        request,
        "handoff.html",
        one=one,
        steps=await asyncio.to_thread(store.steps, code),
        people=await _people(request),
        ages={choice.id: choice.label for choice in AGES},
        household={choice.id: choice.label for choice in HOUSEHOLD},
        consents={choice.id: choice.label for choice in CONSENTS},
        states=State,
        today=_today(),
        zone=TOKYO,
    )


async def code_image(request: web.Request) -> web.Response:
    """The QR code of a handoff's address, and of nothing else."""
    image = BytesIO()
    # SVG without a style attribute or a script: the page's policy applies to it as well.
    segno.make(_address(request, _code(request)), error="m").save(image, kind="svg", border=2, scale=4, svgclass=None)
    return web.Response(body=image.getvalue(), content_type="image/svg+xml")


async def save(request: web.Request) -> web.Response:
    """Body: the sheet without the person; answers {"code", "version"}. 409 when it was followed up already.

    "talk": the id of the talk it was made from, if any; "told": what the assistant had said (handoff_learning).
    """
    code = _code(request)
    body = await read_json(request)
    talk = read_id(body, "talk") if body.get("talk") else ""
    gazetteer = request.app[GAZETTEER]
    kept = await asyncio.to_thread(read_content, body, gazetteer)
    if not kept.areas and not kept.concern.strip():
        raise ApiError(400, code="empty", message="困りごとか分野を書いてください。")
    told = read_told(body, kept)
    if talk:
        # The resident's words stay in the conversation alone, where the resident can erase them.
        kept = replace(kept, concern="")
    await note(request, "handoff.save", "handoff", code)
    try:
        one = await asyncio.to_thread(_store(request).save, code, kept, member(request).name, _today())
    except HandoffRefused as error:
        raise ApiError(409, message=_TAKEN) from error
    await compare(request, code, member(request).name, kept, told, talk)
    return _json({"code": one.code, "version": one.version})


async def print_pdf(request: web.Request) -> web.Response:
    """Body: the whole sheet with the person; answers {"pdf": base64}. Nothing of the body is kept. 404 if not saved."""
    code = _code(request)
    body = await read_json(request)
    directory = await console.snapshot(request)
    paper = read_paper(body, code, member(request).display_name, _today().isoformat())
    try:
        await asyncio.to_thread(_store(request).get, code)
    except HandoffRefused as error:
        raise ApiError(404, message=_GONE) from error
    await note(request, "handoff.print", "handoff", code)
    labels = {area.id: area.label for area in directory.areas.values()} if directory else {}
    made = await asyncio.to_thread(pdf, paper, labels, _address(request, code))
    return _json({"pdf": base64.b64encode(made).decode("ascii"), "name": f"tsunagu-{code}.pdf"})


async def printed(request: web.Request) -> web.Response:
    """The browser prints the page by itself; that it did is noted."""
    code = _code(request)
    await note(request, "handoff.print", "handoff", code)
    return _json({})


async def follow_up(request: web.Request) -> web.Response:
    """Body {"state", "on" (ISO date), "version"}; answers the same as they are now. 409 when somebody was quicker."""
    code = _code(request)
    body = await read_json(request)
    version = body.get("version")
    try:
        state, on_day = State(str(body.get("state"))), date.fromisoformat(str(body.get("on")))
    except ValueError as error:
        raise ApiError(400) from error
    if not isinstance(version, int) or isinstance(version, bool):
        raise ApiError(400)
    if not _today() - _OLDEST <= on_day <= _today():
        raise ApiError(400, code="bad_day", message="日付は、今日までの日にしてください。")
    await note(request, f"handoff.{state.value}", "handoff", code)
    try:
        one = await asyncio.to_thread(_store(request).follow_up, code, state, on_day, version, member(request).name)
    except HandoffRefused as error:
        raise ApiError(409, message=_TAKEN) from error
    return _json(_state_of(one))


def _state_of(one: Handoff) -> dict[str, Any]:
    return {"state": one.state.value, "on": one.since.isoformat(), "version": one.version}


def _store(request: web.Request) -> Handoffs:
    return Handoffs(request.app[STAFF].engine)


async def _people(request: web.Request) -> dict[str, str]:
    everybody = await asyncio.to_thread(request.app[STAFF].accounts.list)
    return {one.name: one.display_name for one in everybody}


def _code(request: web.Request) -> str:
    code = request.match_info["code"]
    if not is_code(code):
        raise ApiError(404, message=_GONE)
    return code


def _address(request: web.Request, code: str) -> str:
    scheme = "https" if cookie.is_https(request) else "http"
    return f"{scheme}://{request.host}/staff/handoffs/{code}"


def _today() -> date:
    return datetime.now(TOKYO).date()


def _json(answer: dict[str, Any]) -> web.Response:
    return web.json_response(answer, dumps=content.dumps)


AREA = Area(
    routes=(
        StaffRoute("GET", "/staff/handoffs", handoffs, DESK),
        StaffRoute("GET", "/staff/handoffs/new", new, DESK),
        StaffRoute("GET", "/staff/handoffs/{code}", handoff, DESK),
        StaffRoute("GET", "/staff/handoffs/{code}/qr.svg", code_image, DESK),
        StaffRoute("POST", "/api/v1/staff/handoffs/{code}", save, DESK),
        StaffRoute("POST", "/api/v1/staff/handoffs/{code}/pdf", print_pdf, DESK),
        StaffRoute("POST", "/api/v1/staff/handoffs/{code}/printed", printed, DESK),
        StaffRoute("POST", "/api/v1/staff/handoffs/{code}/state", follow_up, DESK),
    ),
    actions={
        "handoff.list": "引き継ぎの一覧を見た",
        "handoff.view": "引き継ぎを見た",
        "handoff.save": "引き継ぎを保存した",
        "handoff.print": "引き継ぎシートを印刷した",
        "handoff.given": "引き継ぎを「渡した」にした",
        "handoff.arrived": "引き継ぎを「つながった」にした",
        "handoff.returned": "引き継ぎを「戻ってきた」にした",
    },
)
