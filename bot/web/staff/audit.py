"""GET /staff/audit: who did what and when. To be read only; there is nothing here that changes it."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta

from aiohttp import web

from bot.settings import TOKYO
from bot.staff.audit import NOBODY, TERMINAL, Filter
from bot.web.errors import ApiError
from bot.web.keys import STAFF
from bot.web.staff import layout
from bot.web.staff.area import OPERATE, Area, StaffRoute
from bot.web.staff.gate import ACTIONS, note

_PAGE = 100


async def audit(request: web.Request) -> web.Response:
    """Query: from, to (dates of Asia/Tokyo, both included), who (account name), action, before (entry id). 400 else."""
    query = request.query
    wanted = Filter(
        since=_midnight(query.get("from")),
        until=_midnight(query.get("to"), days=1),
        who=query.get("who") or None,
        action=query.get("action") or None,
    )
    before = query.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 19):
        raise ApiError(400)
    log = request.app[STAFF].audit
    await note(request, "audit.view")
    entries = await asyncio.to_thread(log.read, wanted, limit=_PAGE + 1, before=int(before) if before else None)
    shown = entries[:_PAGE]
    everybody = await asyncio.to_thread(request.app[STAFF].accounts.list)
    older = None
    if len(entries) > _PAGE:
        older = str(request.rel_url.update_query({"before": str(shown[-1].id)}))
    return layout.page(
        request,
        "audit.html",
        entries_shown=[(entry, entry.at.astimezone(TOKYO)) for entry in shown],
        actions=request.app[ACTIONS],
        people={TERMINAL: "コマンド", NOBODY: "（サインイン前）"} | {one.name: one.display_name for one in everybody},
        query=query,
        older=older,
    )


def _midnight(day: str | None, *, days: int = 0) -> datetime | None:
    if not day:
        return None
    try:
        return datetime.combine(date.fromisoformat(day) + timedelta(days=days), time(), TOKYO)
    except (ValueError, OverflowError) as error:
        raise ApiError(400) from error


AREA = Area(
    routes=(StaffRoute("GET", "/staff/audit", audit, OPERATE),),
    actions={"audit.view": "この記録を見た"},
)
