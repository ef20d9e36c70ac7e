"""Operators change where an area leads: tried on the log first, saved with a reason, seen at once, taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from agency_db.session import open_engine
from agency_db.snapshot import read_directory
from bot.commands.db import prepare_databases
from bot.learning.review_marks import Decision, ReviewMarks
from bot.logbook.models import StoredTurn
from bot.logbook.store import Logbook
from bot.logbook.turns import Turn
from bot.staff.roles import Role
from tests.bot.statistics.conftest import reply
from tests.bot.web.staff.conftest import Desk, StaffPage, StaffSite
from tests.bot.web.staff.test_sign_in import post

API = "/api/v1/staff/routes/dementia"


def step(window: str, *conditions: str, lead: bool = False) -> dict[str, Any]:
    return {"window": window, "conditions": list(conditions), "lead": lead, "reason": ""}


NEW = [step("seishin_hoken"), step("ikiiki_support")]


def say(logbook: Logbook, conversation: str, *areas: str, district: str | None = None) -> None:
    answer = reply(areas, ["ikiiki_support"], district, "route", "none", False)
    logbook.write(Turn(conversation, "母のもの忘れが心配", answer, datetime.now(UTC), 40))


def mark(desk: Desk, conversation: str, window: str | None) -> None:
    """An operator says which window would have been right; the same person may change their mind."""
    engine = desk.register.engine
    with engine.connect() as connection:
        turn = connection.scalars(select(StoredTurn.id).where(StoredTurn.conversation_id == conversation)).one()
    ReviewMarks(engine).decide(turn, "unyo", Decision(("dementia",), "worry", "none", False, window=window))


@pytest.fixture
def seeded(desk: Desk) -> Desk:
    prepare_databases(desk.service.settings)
    return desk


def windows_of(desk: Desk) -> list[str]:
    directory = read_directory(open_engine(desk.service.settings.directory_url))
    return [one.window for one in directory.routes["dementia"]]


async def test_a_change_shows_which_conversations_it_changes_before_it_is_saved(seeded: Desk) -> None:
    say(seeded.service.logbook, "a", "dementia")
    say(seeded.service.logbook, "b", "poverty", "dementia")
    say(seeded.service.logbook, "c", "poverty")
    operator = await seeded.client(Role.OPERATOR)
    before = windows_of(seeded)
    status, found = await post(operator, f"{API}/preview", {"steps": NEW})
    assert (status, found["turns"], found["changed"], found["first_changed"]) == (200, 2, 2, 1)
    assert found["listed"][-1]["text"] == "母のもの忘れが心配"
    assert found["listed"][-1]["before"][0] != found["listed"][-1]["after"][0]
    assert windows_of(seeded) == before
    same = [step("ikiiki_support"), step("kikan_hokatsu", "in_片瀬")]
    status, found = await post(operator, f"{API}/preview", {"steps": same})
    assert found["first_changed"] == 0


async def test_a_change_says_whether_the_windows_marked_as_right_come_nearer(seeded: Desk) -> None:
    """Counted first, and these conversations stand before the others."""
    right = {"up": "seishin_hoken", "down": "ikiiki_support", "none": None}
    for conversation, window in right.items():
        say(seeded.service.logbook, conversation, "dementia")
        mark(seeded, conversation, window)
    operator = await seeded.client(Role.OPERATOR)
    status, found = await post(operator, f"{API}/preview", {"steps": NEW})
    assert (status, found["marked"], found["nearer"], found["farther"]) == (200, 2, 1, 1)
    assert {one["move"] for one in found["listed"][:2]} == {"nearer", "farther"}
    assert found["listed"][2]["right"] is None
    mark(seeded, "down", "seishin_hoken")
    _, found = await post(operator, f"{API}/preview", {"steps": NEW})
    assert (found["marked"], found["nearer"], found["farther"]) == (2, 2, 0)


async def test_a_change_is_saved_with_its_reason_and_recorded(seeded: Desk) -> None:
    operator = await seeded.client(Role.OPERATOR)
    status, answer = await post(operator, API, {"steps": NEW, "why": "まず心の相談へ", "version": 0})
    assert (status, answer) == (200, {"version": 1})
    assert windows_of(seeded) == ["seishin_hoken", "ikiiki_support"]
    assert seeded.register.audit.read()[0].action == "routes.save"
    status, _ = await post(operator, API, {"steps": NEW, "why": "もう一度", "version": 0})
    assert status == 409
    async with operator.get("/staff/routes/dementia") as response:
        html = await response.text()
    assert "まず心の相談へ" in html
    assert "はじめの案内" in html
    assert "運用の 井上" in html


@pytest.mark.parametrize(
    "body",
    [
        {"steps": []},
        {"steps": "x"},
        {"steps": [{"window": "ikiiki_support"}]},
        {"steps": [step("nowhere")]},
        {"steps": NEW, "why": "", "version": 0},
        {"steps": NEW, "why": "わけ"},
    ],
)
async def test_what_cannot_be_saved_is_refused(seeded: Desk, body: dict[str, Any]) -> None:
    before = windows_of(seeded)
    status, _ = await post(await seeded.client(Role.OPERATOR), API, body)
    assert status == 400
    assert windows_of(seeded) == before


async def test_the_list_shows_every_area(seeded: Desk) -> None:
    async with (await seeded.client(Role.OPERATOR)).get("/staff/routes") as response:
        html = await response.text()
    assert html.count('href="/staff/routes/') == 35
    async with (await seeded.client(Role.OPERATOR)).get("/staff/routes/nothing") as response:
        assert response.status == 404


@pytest.fixture
def edited(staff_page: StaffPage, staff_site: StaffSite) -> Page:
    settings = staff_site.site.settings
    prepare_databases(settings)
    logbook = Logbook(settings.log_url, settings.data / "routes.spool")
    logbook.open()
    say(logbook, "r1", "dementia", district="湘南台")
    logbook.close()
    return staff_page(Role.OPERATOR, "/staff/routes/dementia")


@pytest.mark.browser
def test_an_operator_moves_a_window_up_tries_saves_and_takes_it_back(edited: Page) -> None:
    from axe_playwright_python.sync_playwright import Axe

    names = edited.locator("#rows select[aria-label=窓口]")
    first, second = (names.nth(place).input_value() for place in (0, 2))
    edited.locator("#rows .row").nth(2).get_by_label("上へ").click()
    edited.locator("#rows .row").nth(1).get_by_label("上へ").click()
    assert names.first.input_value() == second
    edited.locator("#rows select[aria-label=条件]").first.select_option("")
    edited.get_by_role("button", name="ためす").click()
    edited.locator("#effects tbody tr").first.wait_for()
    assert Axe().run(edited).response["violations"] == []
    edited.get_by_label("変えるわけ").fill("ためしに")
    edited.get_by_role("button", name="保存する").click()
    edited.get_by_role("cell", name="ためしに").wait_for()
    edited.get_by_role("button", name="この順番を上に出す").last.click()
    assert names.first.input_value() == first
    edited.get_by_role("button", name="保存する").click()
    edited.get_by_role("cell", name="前の順番に戻す").wait_for()
    assert names.first.input_value() == first
