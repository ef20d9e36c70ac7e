"""A register of staff on both databases, with a clock that tests turn by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection

from bot.logbook.database import open_engine
from bot.staff import schema
from bot.staff.accounts import Account
from bot.staff.passwords import Passwords
from bot.staff.register import StaffRegister
from bot.staff.roles import Role

PASSWORD = "むらさきの海をわたる小さな舟"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def unrecorded(_: Connection, __: Account) -> None:
    """For accounts that a test starts with: nobody made them."""


class Clock:
    """A clock that stands still until it is turned."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def turn(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def register(url: str, clock: Clock) -> Iterator[StaffRegister]:
    """An empty register with its tables."""
    engine = open_engine(url)
    schema.upgrade(engine)
    engine.dispose()
    opened = StaffRegister(url, passwords=Passwords(QUICK), clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def clerk(register: StaffRegister) -> Account:
    return register.accounts.add("aoki", PASSWORD, Role.STAFF, "青木", unrecorded)


@pytest.fixture
def chief(register: StaffRegister) -> Account:
    return register.accounts.add("ueda", PASSWORD, Role.ADMIN, "上田", unrecorded)
