"""The staff's pages with an account of each role: over HTTP, and in a real browser."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from aiohttp import ClientSession, CookieJar
from argon2 import PasswordHasher
from playwright.sync_api import Browser, Page

from bot.settings import Settings
from bot.staff.accounts import Account
from bot.staff.passwords import Passwords
from bot.staff.register import StaffRegister
from bot.staff.roles import Role
from tests.bot.staff.conftest import unrecorded
from tests.bot.web.conftest import Service, Site, Start

PASSWORD = "むらさきの海をわたる小さな舟"
COOKIE = "tsunagu-staff"
#: As weak as argon2 allows: these accounts protect nothing, and tests add many.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
NAMES = {
    Role.STAFF: ("madoguchi", "窓口の 青木"),
    Role.OPERATOR: ("unyo", "運用の 井上"),
    Role.ADMIN: ("kanri", "管理の 上田"),
}


def with_accounts(settings: Settings) -> tuple[StaffRegister, dict[Role, Account]]:
    """A register on the service's database, and an account of each role with the same password."""
    register = StaffRegister(settings.log_url, passwords=Passwords(QUICK))
    accounts = {
        role: register.accounts.add(name, PASSWORD, role, shown, unrecorded) for role, (name, shown) in NAMES.items()
    }
    return register, accounts


@dataclass(frozen=True)
class Desk:
    """A running service with accounts. `register`: the tests' own door to its database."""

    service: Service
    register: StaffRegister
    accounts: dict[Role, Account]
    _stack: AsyncExitStack

    async def client(self, role: Role | None) -> ClientSession:
        """A browser of somebody with this role, signed in; None: of nobody. Each call gives another browser."""
        client = self.service.client
        cookies = {COOKIE: self.register.sessions.start(self.accounts[role])} if role is not None else {}
        return await self._stack.enter_async_context(
            ClientSession(f"http://{client.host}:{client.port}", cookies=cookies, cookie_jar=CookieJar(unsafe=True))
        )


@pytest.fixture
async def desk(start: Start) -> AsyncIterator[Desk]:
    """The web tier with a stand-in engine and an account of each role."""
    service = await start()
    register, accounts = with_accounts(service.settings)
    async with AsyncExitStack() as stack:
        yield Desk(service, register, accounts, stack)
    register.close()


@dataclass(frozen=True)
class StaffSite:
    """The running site for the browser, with accounts."""

    url: str
    site: Site
    register: StaffRegister
    accounts: dict[Role, Account]


StaffPage = Callable[..., Page]


@pytest.fixture(scope="session")
def staff_site(site: Site) -> Iterator[StaffSite]:
    """Accounts on the site that all browser tests share."""
    register, accounts = with_accounts(site.settings)
    yield StaffSite(site.url, site, register, accounts)
    register.close()


@pytest.fixture
def staff_page(browser: Browser, staff_site: StaffSite) -> Iterator[StaffPage]:
    """`staff_page(Role.STAFF, "/staff/queue")`: that page in a browser of its own, signed in (None: nobody is).

    Any error in a page's script, and anything the content security policy had to stop, fails the test.
    """
    opened: list[Page] = []
    errors: list[str] = []

    def open_page(role: Role | None, path: str = "/staff/", *, width: int = 1366, height: int = 768) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="ja-JP", timezone_id="Asia/Tokyo"
        )
        if role is not None:
            token = staff_site.register.sessions.start(staff_site.accounts[role])
            context.add_cookies([{"name": COOKIE, "value": token, "url": staff_site.url, "httpOnly": True}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(staff_site.url + path)
        page.wait_for_load_state("networkidle")
        opened.append(page)
        return page

    yield open_page
    for page in opened:
        page.context.close()
    assert errors == []
