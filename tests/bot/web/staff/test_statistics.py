"""Operators read, download and print the numbers; nothing small is in them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.commands.db import prepare_databases
from bot.learning.candidates import Models
from bot.logbook.store import Logbook
from bot.logbook.turns import Turn
from bot.settings import TOKYO
from bot.staff.roles import Role
from bot.statistics.model_figures import Models as Figures
from bot.statistics.periods import PLAN_YEARS, recent, whole_year
from tests.bot.learning.material import add_model
from tests.bot.statistics.conftest import reply
from tests.bot.web.staff.conftest import Desk, StaffPage, StaffSite

PERIOD = recent(datetime.now(TOKYO).date())[0]


def fill(logbook: Logbook, *, many: int = 9) -> None:
    """Talks of today: enough about two areas, too few about a third."""
    for area, window, district, number in (
        ("dementia", "ikiiki_support", "湘南台", many),
        ("poverty", "backup", "辻堂", many + 3),
        ("suicide", "seishin_hoken", "片瀬", 2),
    ):
        for talk in range(number):
            answer = reply([area], [window], district, "route", "none", False)
            logbook.write(Turn(f"{area}{talk}", "ことば", answer, datetime.now(UTC), 40))


async def test_the_page_shows_large_counts_and_hides_small_ones(desk: Desk) -> None:
    fill(desk.service.logbook)
    operator = await desk.client(Role.OPERATOR)
    async with operator.get("/staff/statistics") as response:
        html = await response.text()
    assert response.status == 200
    assert "地区と週" in html
    assert "＊" in html
    assert ">2<" not in html
    for path in ("?period=2026-9", "?period=x"):
        async with operator.get(f"/staff/statistics{path}") as response:
            assert response.status == 404


async def test_a_table_is_downloaded_for_a_spreadsheet(desk: Desk) -> None:
    fill(desk.service.logbook)
    operator = await desk.client(Role.OPERATOR)
    async with operator.get(f"/staff/statistics/csv?period={PERIOD.id}&table=districts") as response:
        content = await response.read()
    assert content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in response.headers["Content-Disposition"]
    lines = content.decode("utf-8-sig").split("\r\n")
    assert any(line.startswith("辻堂,") and line.endswith(",12") for line in lines)
    assert not any(line.startswith("片瀬,") and ",2" in line for line in lines)
    assert [entry.what for entry in desk.register.audit.read()] == [f"{PERIOD.id}:districts"]
    async with operator.get(f"/staff/statistics/csv?period={PERIOD.id}&table=nothing") as response:
        assert response.status == 404


async def test_the_yearly_sheet_is_a_pdf(desk: Desk) -> None:
    prepare_databases(desk.service.settings)
    fill(desk.service.logbook)
    async with (await desk.client(Role.OPERATOR)).get("/staff/statistics/sheet") as response:
        assert (response.status, response.content_type) == (200, "application/pdf")
        assert (await response.read()).startswith(b"%PDF")


async def test_without_a_single_talk_the_page_says_so(desk: Desk) -> None:
    async with (await desk.client(Role.ADMIN)).get("/staff/statistics?period=2024-1") as response:
        assert "まだ数えるものがありません" in await response.text()


async def test_the_models_figures_over_time_are_shown_and_downloaded(desk: Desk) -> None:
    """Who put which model into service when, and how good it was on the sentences that measure it."""
    engine, folder = desk.register.engine, desk.service.settings.models
    for name in ("tsunagu-a", "tsunagu-b"):
        add_model(engine, folder, name)
    Models(engine, folder).switched("tsunagu-b", "tsunagu-a", "unyo", "switch")
    operator = await desk.client(Role.OPERATOR)
    async with operator.get("/staff/statistics") as response:
        html = await response.text()
    assert "モデルのよさの移り変わり" in html
    assert "88.4%" in html
    async with operator.get(f"/staff/statistics/csv?period={PERIOD.id}&table=model-figures") as response:
        first, second = (await response.read()).decode("utf-8-sig").split("\r\n")[3:5]
    assert ",―,―,88.4%,88.4%,88.4%,9.1%" in first
    assert second.split(",")[2:] == ["運用の 井上", "88.4%", "88.4%", "88.4%", "9.1%"]
    plan = [whole_year(year) for year in PLAN_YEARS]
    today = datetime.now(TOKYO).date()
    began = [year.first <= today <= year.last for year in plan]
    assert [words == "88.4%" for words in Figures.read(engine).at_the_end_of(plan, today)] == began


@pytest.mark.browser
@pytest.mark.parametrize("width", [1366, 820])
def test_the_page_is_readable_by_everybody(staff_page: StaffPage, staff_site: StaffSite, width: int) -> None:
    """axe-core finds nothing; the page does not grow wider than the screen."""
    from axe_playwright_python.sync_playwright import Axe

    logbook = Logbook(staff_site.site.settings.log_url, staff_site.site.settings.data / "statistics.spool")
    logbook.open()
    fill(logbook, many=17)
    logbook.close()
    prepare_databases(staff_site.site.settings)
    page = staff_page(Role.OPERATOR, "/staff/statistics", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page).response["violations"] == []
