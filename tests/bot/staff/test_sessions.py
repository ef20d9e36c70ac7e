"""Sessions: they end by themselves, by one's own wish, and when a right is taken away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from bot.staff.accounts import Account
from bot.staff.register import StaffRegister
from bot.staff.roles import Role
from tests.bot.staff.conftest import Clock, unrecorded


def test_a_token_says_who_is_signed_in(register: StaffRegister, clerk: Account, chief: Account) -> None:
    first, second = register.sessions.start(clerk), register.sessions.start(chief)
    assert first != second
    assert len(first) >= 43
    assert register.sessions.find(first) == clerk
    assert register.sessions.find(second) == chief
    for unknown in ("", "x", first[:-1], "あ" * 500):
        assert register.sessions.find(unknown) is None


def test_the_database_does_not_hold_what_opens_a_session(register: StaffRegister, clerk: Account) -> None:
    token = register.sessions.start(clerk)
    with register.engine.connect() as connection:
        (row,) = connection.execute(text("SELECT * FROM staff_session")).all()
    assert token not in str(row)
    assert register.sessions.find(str(row.id)) is None


def test_an_hour_without_work_ends_it(register: StaffRegister, clerk: Account, clock: Clock) -> None:
    token = register.sessions.start(clerk)
    clock.turn(minutes=59)
    assert register.sessions.find(token)
    clock.turn(minutes=59)
    assert register.sessions.find(token)
    clock.turn(minutes=60)
    assert register.sessions.find(token) is None


def test_a_page_that_asks_by_itself_does_not_keep_it_open(
    register: StaffRegister, clerk: Account, clock: Clock
) -> None:
    token = register.sessions.start(clerk)
    for _ in range(59):
        clock.turn(minutes=1)
        assert register.sessions.find(token, at_work=False)
    clock.turn(minutes=1)
    assert register.sessions.find(token) is None


def test_half_a_day_ends_it_however_busy(register: StaffRegister, clerk: Account, clock: Clock) -> None:
    token = register.sessions.start(clerk)
    for _ in range(23):
        clock.turn(minutes=30)
        assert register.sessions.find(token)
    clock.turn(minutes=30)
    assert register.sessions.find(token) is None


def test_signing_out_ends_this_one_and_everywhere_ends_all(
    register: StaffRegister, clerk: Account, chief: Account
) -> None:
    here, there, other = register.sessions.start(clerk), register.sessions.start(clerk), register.sessions.start(chief)
    register.sessions.end(here)
    register.sessions.end(here)
    assert register.sessions.find(here) is None
    assert register.sessions.find(there)
    again = register.sessions.start(clerk)
    assert register.sessions.end_all(clerk) == 2
    assert [register.sessions.find(token) for token in (there, again)] == [None, None]
    assert register.sessions.find(other)


@pytest.mark.parametrize(
    "change",
    [
        lambda register, one: register.accounts.set_password(one, "みどりの丘にのぼる大きな月", unrecorded),
        lambda register, one: register.accounts.set_role(one, Role.OPERATOR, unrecorded),
        lambda register, one: register.accounts.set_disabled(one, True, unrecorded),
    ],
    ids=["password", "role", "disabled"],
)
def test_a_change_of_rights_ends_all_of_the_account(
    register: StaffRegister, clerk: Account, chief: Account, change: Callable[[StaffRegister, Account], None]
) -> None:
    tokens = [register.sessions.start(clerk) for _ in range(3)]
    other = register.sessions.start(chief)
    change(register, clerk)
    assert [register.sessions.find(token) for token in tokens] == [None] * 3
    assert register.sessions.find(other)


def test_sessions_that_ran_out_do_not_pile_up(register: StaffRegister, clerk: Account, clock: Clock) -> None:
    for _ in range(5):
        register.sessions.start(clerk)
        clock.turn(hours=2)
    register.sessions.start(clerk)
    with register.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM staff_session")).scalar() == 1
