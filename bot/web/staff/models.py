"""GET /staff/models: operators train, compare, switch and go back; a model in shadow and its disagreements."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aiohttp import web

from agency_db.snapshot import read_directory
from bot.evaluation.heldout import CRISES
from bot.learning import comparing
from bot.learning.candidates import Model
from bot.learning.fitness import FALLS, just_made
from bot.learning.jobs import Busy, Job
from bot.learning.service import Refused, Switching
from bot.learning.shadow import VERDICTS, WHAT
from bot.settings import TOKYO
from bot.web.errors import ApiError
from bot.web.keys import DIRECTORY, MODELS, STAFF
from bot.web.payload import read_json
from bot.web.staff import layout
from bot.web.staff.area import OPERATE, Area, StaffRoute
from bot.web.staff.gate import member, note

JSON = dict[str, Any]

_BUSY = "いま、ほかの学習かくらべる作業が動いています。終わるまで待ってください。"
#: The figures of the list: set, figure, heading.
_SHOWN = (
    ("descriptions", "best_area", "場面の説明"),
    ("posts", "best_area", "長い投稿"),
    ("crisis", "crisis_found", "危機に気づいた"),
    ("crisis", "false_alarm", "危機の空振り"),
)


async def models(request: web.Request) -> web.Response:
    """What is in service, what runs, and all models with what may be done."""
    service = request.app[MODELS]
    overview = await asyncio.to_thread(service.overview)
    people = await _people(request)
    by_name = {one.model.name: one for one in overview.models}
    return layout.page(
        request,
        "models.html",
        overview=overview,
        switching=service.switching,
        now_serving=by_name.get(overview.serving.model) if overview.serving else None,
        previous=next((one for one in overview.models if one.back), None),
        made=just_made(overview.job, overview.models, overview.serving, overview.switches),
        refused=FALLS,
        shown=_SHOWN,
        percent=_percent,
        day=_day,
        people=people,
        labels={name: label_of(one.model) for name, one in by_name.items()},
        heard=service.shadow.heard,
    )


async def comparison(request: web.Request) -> web.Response:
    """What a candidate changes, only that, each sentence readable. 404 without a comparison."""
    service, name = request.app[MODELS], request.match_info["name"]
    overview = await asyncio.to_thread(service.overview)
    one = next((listed for listed in overview.models if listed.model.name == name), None)
    kept = await asyncio.to_thread(service.models.comparison, name) if one else None
    if one is None or kept is None:
        raise web.HTTPNotFound
    await note(request, "model.view", "model", name)
    others = {listed.model.name: listed.model for listed in overview.models}
    view = comparing.view(kept, await _labels(request))
    before = others.get(view.before)
    return layout.page(
        request,
        "models-comparison.html",
        one=one,
        view=view,
        title=label_of(one.model),
        before=label_of(before) if before else view.before,
        refused=FALLS,
    )


async def shadow(request: web.Request) -> web.Response:
    """Where the model in shadow would have answered differently."""
    service, name = request.app[MODELS], request.match_info["name"]
    model = await asyncio.to_thread(service.models.get, name)
    if model is None:
        raise web.HTTPNotFound
    await note(request, "model.shadow_view", "model", name)
    await asyncio.to_thread(service.disagreements.forget_gone)
    found = await asyncio.to_thread(service.disagreements.of, name)
    return layout.page(
        request,
        "models-shadow.html",
        model=model,
        title=label_of(model),
        found=found,
        counts=await asyncio.to_thread(service.disagreements.counts, name),
        what=WHAT,
        verdicts=VERDICTS,
        areas=await _labels(request),
        windows=await _windows(request),
        crises=CRISES,
        day=_day,
    )


async def status(request: web.Request) -> web.Response:
    """What is under way: {"job", "switching"}, each null or an object."""
    job, switching = await asyncio.to_thread(request.app[MODELS].status)
    return web.json_response({"job": _job(job), "switching": _switching(switching)})


async def train(request: web.Request) -> web.Response:
    """Body {"confirmed": true}; answers {"job": id}. 409 with code `busy` while a job is running."""
    if (await read_json(request)).get("confirmed") is not True:
        raise ApiError(400)
    await note(request, "model.train")
    return await _begin(request, "train")


async def compare(request: web.Request) -> web.Response:
    """Compare a model with the one in service; answers {"job": id}. 404, 409 as above."""
    name = request.match_info["name"]
    if await asyncio.to_thread(request.app[MODELS].models.get, name) is None:
        raise ApiError(404)
    await note(request, "model.compare", "model", name)
    return await _begin(request, "compare", name)


async def cancel(request: web.Request) -> web.Response:
    """End a job. 404 when it is over."""
    id = request.match_info["id"]
    number = int(id) if id.isascii() and id.isdigit() and len(id) < 18 else 0
    if not await asyncio.to_thread(request.app[MODELS].jobs.cancel, number):
        raise ApiError(404, message="この学習は、もう終わっています。")
    await note(request, "model.cancel", "job", id)
    return web.json_response({})


async def switch(request: web.Request) -> web.Response:
    """Begin to put a model into service, or back. 409 with code `refused` and the reason in words."""
    service, name = request.app[MODELS], request.match_info["name"]
    try:
        await asyncio.to_thread(service.check, name)
        await note(request, "model.switch", "model", name)
        await service.switch(name, member(request).name)
    except Refused as error:
        raise ApiError(409, code="refused", message=str(error)) from error
    return web.json_response({})


async def set_shadow(request: web.Request) -> web.Response:
    """Run a model in shadow. 409 with code `refused`."""
    return await _set_shadow(request, request.match_info["name"])


async def end_shadow(request: web.Request) -> web.Response:
    """Body {"confirmed": true}: nothing runs in shadow any more."""
    if (await read_json(request)).get("confirmed") is not True:
        raise ApiError(400)
    return await _set_shadow(request, None)


async def judge(request: web.Request) -> web.Response:
    """Body {"verdict": one of VERDICTS}: who was right about a turn. 400, 404."""
    verdict, id = (await read_json(request)).get("verdict"), request.match_info["id"]
    if verdict not in VERDICTS:
        raise ApiError(400)
    number = int(id) if id.isascii() and id.isdigit() and len(id) < 18 else 0
    await note(request, "model.judge", "disagreement", id[:18])
    who = member(request).name
    if not await asyncio.to_thread(request.app[MODELS].disagreements.judge, number, str(verdict), who):
        raise ApiError(404)
    return web.json_response({})


async def _begin(request: web.Request, kind: Any, name: str = "") -> web.Response:
    try:
        job = await asyncio.to_thread(request.app[MODELS].begin, kind, member(request).name, name)
    except Busy as error:
        raise ApiError(409, code="busy", message=_BUSY) from error
    except Refused as error:
        raise ApiError(409, code="refused", message=str(error)) from error
    return web.json_response({"job": job})


async def _set_shadow(request: web.Request, name: str | None) -> web.Response:
    await note(request, "model.shadow" if name else "model.shadow_end", "model", name or "")
    try:
        await request.app[MODELS].set_shadow(name)
    except Refused as error:
        raise ApiError(409, code="refused", message=str(error)) from error
    return web.json_response({})


async def _people(request: web.Request) -> dict[str, str]:
    everybody = await asyncio.to_thread(request.app[STAFF].accounts.list)
    return {"terminal": "起動時"} | {one.name: one.display_name for one in everybody}


async def _labels(request: web.Request) -> Mapping[str, str]:
    directory = await asyncio.to_thread(read_directory, request.app[DIRECTORY])
    return {area.id: area.label for area in directory.areas.values()}


async def _windows(request: web.Request) -> Mapping[str, str]:
    directory = await asyncio.to_thread(read_directory, request.app[DIRECTORY])
    return {window.id: window.name for window in directory.windows.values()}


def label_of(model: Model) -> str:
    """A model's name for people: when it was made."""
    return f"{_day(model.made)} のモデル"


def _day(at: datetime | str) -> str:
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    local = moment.astimezone(TOKYO)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _percent(model: Model, name: str, figure: str) -> str:
    found = ((model.figures or {}).get(name) or {}).get(figure)
    return f"{100 * found['value']:.1f}%" if found else "―"


def _job(job: Job | None) -> JSON | None:
    if job is None:
        return None
    passed = (job.ended.timestamp() if job.ended else time.time()) - job.started.timestamp()
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "stage": job.words,
        "done": job.done,
        "seconds": max(0, round(passed)),
        "stopping": job.stop and job.running,
        "problem": job.problem,
        "model": job.model,
    }


def _switching(switching: Switching | None) -> JSON | None:
    if switching is None:
        return None
    return {
        "model": switching.model,
        "phase": switching.words,
        "running": switching.running,
        "problem": switching.problem,
    }


AREA = Area(
    routes=(
        StaffRoute("GET", "/staff/models", models, OPERATE),
        StaffRoute("GET", "/staff/models/{name}", comparison, OPERATE),
        StaffRoute("GET", "/staff/models/{name}/shadow", shadow, OPERATE),
        StaffRoute("GET", "/api/v1/staff/models", status, OPERATE),
        StaffRoute("POST", "/api/v1/staff/models/train", train, OPERATE),
        StaffRoute("POST", "/api/v1/staff/models/jobs/{id}/cancel", cancel, OPERATE),
        StaffRoute("POST", "/api/v1/staff/models/shadow/end", end_shadow, OPERATE),
        StaffRoute("POST", "/api/v1/staff/models/disagreements/{id}", judge, OPERATE),
        StaffRoute("POST", "/api/v1/staff/models/{name}/compare", compare, OPERATE),
        StaffRoute("POST", "/api/v1/staff/models/{name}/switch", switch, OPERATE),
        StaffRoute("POST", "/api/v1/staff/models/{name}/shadow", set_shadow, OPERATE),
    ),
    actions={
        "model.view": "モデルのくらべた結果を見た",
        "model.train": "学習を始めた",
        "model.cancel": "学習をやめた",
        "model.compare": "モデルをくらべた",
        "model.switch": "モデルを切り替えた",
        "model.shadow": "モデルを影で動かした",
        "model.shadow_end": "影のモデルを止めた",
        "model.shadow_view": "影のモデルとの違いを見た",
        "model.judge": "影のモデルとの違いを判定した",
    },
)
