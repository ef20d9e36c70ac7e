"""GET /staff/statistics: what residents bring, in numbers that point to nobody; as a page, as CSV, as a yearly PDF."""

from __future__ import annotations

import asyncio
from datetime import date, datetime

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from agency_db.directory import Directory
from agency_db.snapshot import read_directory
from bot.settings import TOKYO
from bot.statistics import handoffs, periods, sheet, spreadsheet
from bot.statistics.directory import city_of, names_of
from bot.statistics.model_figures import Models
from bot.statistics.periods import Period
from bot.statistics.rollup import by_day
from bot.statistics.tables import Table, tables
from bot.web.errors import ApiError
from bot.web.keys import DIRECTORY, STAFF
from bot.web.staff import layout
from bot.web.staff.area import OPERATE, Area, StaffRoute
from bot.web.staff.gate import note


async def statistics(request: web.Request) -> web.Response:
    """Query: period ("2026-3"; without it the present quarter). 404 for a period there is not."""
    choices = periods.recent(_today())
    period = periods.find(request.query["period"]) if "period" in request.query else choices[0]
    if period is None:
        raise web.HTTPNotFound
    await note(request, "statistics.view", "period", period.id)
    shown = await asyncio.to_thread(_tables, request.app, period)
    return layout.page(
        request,
        "statistics.html",
        tables=shown,
        period=period,
        choices=choices,
        running=period.last >= _today(),
        mark=spreadsheet.MARK,
        note=spreadsheet.NOTE,
    )


async def download(request: web.Request) -> web.Response:
    """A table as CSV. Query: period, table (id). 404 for what there is not."""
    period = periods.find(request.query.get("period", ""))
    if period is None:
        raise web.HTTPNotFound
    shown = await asyncio.to_thread(_tables, request.app, period)
    table = next((one for one in shown if one.id == request.query.get("table")), None)
    if table is None:
        raise web.HTTPNotFound
    await note(request, "statistics.csv", "table", f"{period.id}:{table.id}")
    return _file(spreadsheet.as_csv(table, period.label), "text/csv", f"tsunagu-{period.id}-{table.id}.csv")


async def yearly(request: web.Request) -> web.Response:
    """The sheet for the committees as PDF, over the plan's years."""
    await note(request, "statistics.sheet")
    directory = await asyncio.to_thread(_directory, request.app)
    if directory is None:
        raise ApiError(404, message="案内先の台帳を読めないので、いまは作れません。")

    def made() -> bytes:
        engine, city = request.app[STAFF].engine, city_of(directory)
        plan = [periods.whole_year(year) for year in periods.PLAN_YEARS]
        years = [list(by_day(engine, city, year.first, year.last)) for year in plan]
        models = Models.read(engine).at_the_end_of(plan, _today())
        return sheet.pdf(sheet.figures(years, directory, models), _today())

    return _file(await asyncio.to_thread(made), "application/pdf", f"tsunagu-{_today():%Y%m%d}.pdf")


def _tables(app: web.Application, period: Period) -> list[Table]:
    directory = _directory(app)
    engine, names = app[STAFF].engine, names_of(directory)
    period = period.until(_today())
    shown = tables(by_day(engine, city_of(directory), period.first, period.last), period, names)
    people = {"terminal": "起動時"} | {one.name: one.display_name for one in app[STAFF].accounts.list()}
    more = handoffs.table(engine, period, names), Models.read(engine).table(period, people)
    return [*shown, *(table for table in more if table is not None)]


def _directory(app: web.Application) -> Directory | None:
    try:
        return read_directory(app[DIRECTORY])
    except SQLAlchemyError:
        return None


def _file(content: bytes, kind: str, name: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    charset = "utf-8" if kind.startswith("text/") else None
    return web.Response(body=content, content_type=kind, charset=charset, headers=headers)


def _today() -> date:
    return datetime.now(TOKYO).date()


AREA = Area(
    routes=(
        StaffRoute("GET", "/staff/statistics", statistics, OPERATE),
        StaffRoute("GET", "/staff/statistics/csv", download, OPERATE),
        StaffRoute("GET", "/staff/statistics/sheet", yearly, OPERATE),
    ),
    actions={
        "statistics.view": "統計を見た",
        "statistics.csv": "統計を CSV で取り出した",
        "statistics.sheet": "年のまとめを PDF で取り出した",
    },
)
