"""What residents and clerks do, in a browser (page …) and over HTTP (client …)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import ClientSession
from playwright.sync_api import Locator, Page, expect

from bot.staff.roles import Role
from tests.bot.web.staff.conftest import Desk, StaffPage

JSON = dict[str, Any]
API = "/api/v1/staff/queue/"
ASK = "人と話したい"
WORRY = "父が夜中に何度も出ていこうとする。湘南台に住んでいます"
PAGE = "page-0001"
OpenPhone = Callable[[], Page]


def desk(staff_page: StaffPage, role: Role = Role.STAFF, **size: int) -> Page:
    """The queue as a clerk opens it; the page never rests, so it is ready when its first answer is there."""
    page = staff_page(role, "/staff/", **size)
    page.goto(page.url + "queue")
    expect(page.locator("#queue-empty:visible, .queue-item").first).to_be_visible()
    return page


def waiting(page: Page) -> Locator:
    return page.locator(".queue-item[data-state=waiting]")


def take(page: Page) -> None:
    waiting(page).first.click()
    page.get_by_role("button", name="引き受ける").click()
    expect(page.get_by_label("相手に書く")).to_be_visible()


def write(page: Page, text: str) -> None:
    page.get_by_label("相手に書く").fill(text)
    page.keyboard.press("Enter")
    expect(page.get_by_label("相手に書く")).to_have_value("")


def tell(page: Page, text: str) -> None:
    """A resident writes to a person: no answer is waited for."""
    page.get_by_label("困っていること").fill(text)
    page.get_by_role("button", name="送る", exact=True).click()


async def post(client: ClientSession, path: str, status: int = 200, **body: Any) -> JSON:
    async with client.post(path, json=body) as response:
        assert response.status == status, await response.text()
        answer: JSON = await response.json()
        return answer


async def watch(client: ClientSession, talk: str | None = None, version: int = 0) -> JSON:
    return await post(client, f"{API}watch", page=PAGE, talk=talk, version=version)


async def listen(desk: Desk, conversation: str, live: JSON, **more: Any) -> JSON:
    body = {"conversation": conversation, "after": live.get("after", 0), "version": live["version"], **more}
    async with desk.service.client.post("/api/v1/listen", json=body) as response:
        assert response.status == 200
        answer: JSON = await response.json()
        return answer


async def taken_by_clerk(desk: Desk, role: Role = Role.STAFF) -> tuple[ClientSession, str, str]:
    """A clerk who answers; the conversation and the talk."""
    clerk = await desk.client(role)
    reply = await desk.service.say(ASK)
    (talk,) = (await watch(clerk))["talks"]
    await post(clerk, f"{API}take", talk=talk["id"])
    return clerk, reply["conversation"], talk["id"]


def recorded(desk: Desk) -> list[tuple[str, str, str]]:
    return [(entry.who, entry.action, entry.what) for entry in reversed(desk.register.audit.read())]
