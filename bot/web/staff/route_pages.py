"""GET /staff/routes: which windows an area leads to, in which order and when; tried on the log, saved, taken back."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from agency_db import route_edits
from agency_db.directory import Directory, Step
from agency_db.route_edits import RouteChanged, RouteRefused
from agency_db.snapshot import read_directory
from bot.settings import TOKYO
from bot.web import content
from bot.web.errors import ApiError
from bot.web.keys import DIRECTORY, STAFF
from bot.web.payload import read_json
from bot.web.staff import layout
from bot.web.staff.area import OPERATE, Area, StaffRoute
from bot.web.staff.gate import member, note
from bot.web.staff.route_effects import effects

JSON = dict[str, Any]


async def areas(request: web.Request) -> web.Response:
    """All areas with their windows in order."""
    directory = await asyncio.to_thread(_read, request.app)
    await note(request, "routes.view")
    listed = [(area, _rows(directory, directory.routes.get(area.id, ()))) for area in directory.areas.values()]
    return layout.page(request, "routes.html", areas=listed)


async def area(request: web.Request) -> web.Response:
    """One area to be arranged, with its versions. 404 for an area there is not."""
    directory = await asyncio.to_thread(_read, request.app)
    here = directory.areas.get(request.match_info["area"])
    if here is None:
        raise web.HTTPNotFound
    await note(request, "routes.view", "area", here.id)
    versions = await asyncio.to_thread(route_edits.history, request.app[DIRECTORY], here.id)
    people = {one.name: one.display_name for one in await asyncio.to_thread(request.app[STAFF].accounts.list)}
    windows = [window for window in directory.windows.values() if window.id != "emergency"]
    data = {
        "area": here.id,
        "version": versions[0].number if versions else 0,
        "steps": [_plain(step) for step in directory.routes.get(here.id, ())],
        "windows": [{"id": window.id, "name": window.short_name} for window in windows],
        "conditions": [{"id": id, "name": name} for id, name in directory.conditions.items()],
        "versions": {version.number: [_plain(step) for step in version.steps] for version in versions},
        "most": route_edits.MOST_STEPS,
    }
    past = [
        (version, version.at.astimezone(TOKYO), people.get(version.who, "つなぐ"), _rows(directory, version.steps))
        for version in versions
    ]
    return layout.page(request, "routes_area.html", area=here, data=data, past=past)


async def preview(request: web.Request) -> web.Response:
    """Body {"steps"}; answers what would have changed in the newest turns (route_effects). 400 with the reason."""
    directory, steps, _ = await _asked(request)
    id = request.match_info["area"]
    await note(request, "routes.try", "area", id)
    found = await asyncio.to_thread(
        effects, request.app[STAFF].engine, id, directory, route_edits.with_steps(directory, id, steps)
    )
    return web.json_response(asdict(found), dumps=content.dumps)


async def save(request: web.Request) -> web.Response:
    """Body {"steps", "why", "version"}; answers {"version"}. 400 with the reason, 409 when somebody was quicker."""
    _, steps, body = await _asked(request)
    id, why, version = request.match_info["area"], body.get("why"), body.get("version")
    if not isinstance(why, str) or not isinstance(version, int):
        raise ApiError(400)
    engine, who = request.app[DIRECTORY], member(request).name
    await note(request, "routes.save", "area", id)
    try:
        saved = await asyncio.to_thread(route_edits.save, engine, id, steps, who=who, why=why, based_on=version)
    except RouteRefused as refusal:
        raise ApiError(400, code="refused", message=str(refusal)) from refusal
    except RouteChanged as error:
        raise ApiError(409) from error
    return web.json_response({"version": saved.number})


async def _asked(request: web.Request) -> tuple[Directory, tuple[Step, ...], JSON]:
    body = await read_json(request)
    listed = body.get("steps")
    if not isinstance(listed, list):
        raise ApiError(400)
    steps = [_step(one) for one in listed]
    directory = await asyncio.to_thread(_read, request.app)
    try:
        return directory, route_edits.checked(directory, request.match_info["area"], steps), body
    except RouteRefused as refusal:
        raise ApiError(400, code="refused", message=str(refusal)) from refusal


def _step(one: object) -> Step:
    match one:
        case {"window": str(window), "conditions": list(conditions), "lead": bool(lead), "reason": str(reason)} if all(
            isinstance(flag, str) for flag in conditions
        ):
            return Step(window, "+".join(conditions) or None, lead, reason.strip())
        case _:
            raise ApiError(400)


def _plain(step: Step) -> JSON:
    flags = step.condition.split("+") if step.condition else []
    return {"window": step.window, "conditions": flags, "lead": step.lead, "reason": step.reason}


def _rows(directory: Directory, steps: tuple[Step, ...]) -> list[tuple[str, str]]:
    """Window and condition of each row in words."""
    return [
        (
            directory.windows[step.window].short_name if step.window in directory.windows else step.window,
            "・".join(directory.conditions.get(flag, flag) for flag in (step.condition or "").split("+") if flag),
        )
        for step in steps
    ]


def _read(app: web.Application) -> Directory:
    try:
        return read_directory(app[DIRECTORY])
    except SQLAlchemyError as error:
        raise ApiError(404, message="案内先の台帳を、いまは読めません。") from error


AREA = Area(
    routes=(
        StaffRoute("GET", "/staff/routes", areas, OPERATE),
        StaffRoute("GET", "/staff/routes/{area}", area, OPERATE),
        StaffRoute("POST", "/api/v1/staff/routes/{area}/preview", preview, OPERATE),
        StaffRoute("POST", "/api/v1/staff/routes/{area}", save, OPERATE),
    ),
    actions={
        "routes.view": "案内先を見た",
        "routes.try": "案内先の変更をためした（会話の文を見た）",
        "routes.save": "案内先を変えた",
    },
)
