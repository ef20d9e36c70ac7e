"""The audit log: everything that was written stays as it was written."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.staff.accounts import Account, Record
from bot.staff.audit import AuditLog, Filter
from bot.staff.register import StaffRegister
from bot.staff.roles import Role
from tests.bot.staff.conftest import PASSWORD, Clock

EDITS = (
    "UPDATE staff_audit SET who = 'somebody'",
    "UPDATE staff_audit SET at = '2020-01-01 00:00:00+00:00' WHERE id = 1",
    "DELETE FROM staff_audit",
    "DELETE FROM staff_audit WHERE id = 1",
)
BY_DATABASE = {
    "sqlite": (
        "REPLACE INTO staff_audit (id, at, who, action, kind, what) VALUES (1, '2020-01-01', 'x', 'a.b', '', '')",
        "INSERT INTO staff_audit (id, at, who, action, kind, what) VALUES (1, '2020-01-01', 'x', 'a.b', '', '') "
        "ON CONFLICT (id) DO UPDATE SET who = 'x'",
    ),
    "postgresql": (
        "TRUNCATE staff_audit",
        "INSERT INTO staff_audit (id, at, who, action, kind, what) VALUES (1, '2020-01-01', 'x', 'a.b', '', '') "
        "ON CONFLICT (id) DO UPDATE SET who = 'x'",
    ),
}


def test_nobody_can_edit_it_not_even_in_the_database(register: StaffRegister) -> None:
    register.audit.write("aoki", "conversation.view", "conversation", "c1")
    register.audit.write("ueda", "account.add", "account", "ito")
    before = register.audit.read()
    for statement in EDITS + BY_DATABASE[register.engine.dialect.name]:
        with pytest.raises(SQLAlchemyError), register.engine.begin() as connection:
            connection.execute(text(statement))
    assert register.audit.read() == before
    assert len(before) == 2


def test_there_is_no_function_that_edits_it() -> None:
    public = {name for name, _ in inspect.getmembers(AuditLog, inspect.isfunction) if not name.startswith("_")}
    assert public == {"write", "write_with", "read", "actions"}


@pytest.mark.parametrize(
    ("action", "change"),
    [
        ("account.add", lambda it, one, record: it.accounts.add("ito", PASSWORD, Role.ADMIN, "伊藤", record)),
        ("account.role", lambda it, one, record: it.accounts.set_role(one, Role.ADMIN, record)),
        ("account.disable", lambda it, one, record: it.accounts.set_disabled(one, True, record)),
        ("account.password", lambda it, one, record: it.accounts.set_password(one, PASSWORD * 2, record)),
    ],
)
def test_a_change_of_an_account_that_cannot_be_recorded_is_undone(
    register: StaffRegister, clerk: Account, action: str, change: Callable[[StaffRegister, Account, Record], None]
) -> None:
    token = register.sessions.start(clerk)
    record = register.recording("ueda", action)
    with register.engine.begin() as connection:
        connection.execute(text("ALTER TABLE staff_audit RENAME TO elsewhere"))
    with pytest.raises(SQLAlchemyError):
        change(register, clerk, record)
    assert register.accounts.list() == [clerk]
    assert register.accounts.check("aoki", PASSWORD) == clerk
    assert register.sessions.find(token) == clerk
    with register.engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO staff_audit"))
    change(register, clerk, record)
    (entry,) = register.audit.read()
    assert (entry.who, entry.action, entry.kind) == ("ueda", action, "account")
    assert register.sessions.find(token) is None or action == "account.add"


@pytest.mark.parametrize(
    ("action", "kind", "what"),
    [
        ("conversation.view", "conversation", "母のもの忘れが心配"),
        ("conversation.view", "conversation", "Hanako Yamada"),
        ("conversation.view", "母のこと", ""),
        ("見た", "", ""),
        ("conversation.view", "conversation", "a" * 65),
        ("", "", ""),
    ],
)
def test_no_words_about_anybody_get_into_it(register: StaffRegister, action: str, kind: str, what: str) -> None:
    with pytest.raises(ValueError, match="identifiers only"):
        register.audit.write("aoki", action, kind, what)
    assert register.audit.read() == []


def test_it_is_read_newest_first_by_day_person_and_action(register: StaffRegister, clock: Clock) -> None:
    for who, action in (("aoki", "a.view"), ("ueda", "a.view"), ("aoki", "a.change")):
        register.audit.write(who, action, "thing", "1")
        clock.turn(days=1)
    assert [(entry.who, entry.action) for entry in register.audit.read()] == [
        ("aoki", "a.change"), ("ueda", "a.view"), ("aoki", "a.view"),
    ]  # fmt: skip
    assert len(register.audit.read(Filter(who="aoki"))) == 2
    assert [entry.who for entry in register.audit.read(Filter(who="aoki", action="a.change"))] == ["aoki"]
    day = Filter(since=datetime(2026, 11, 25, tzinfo=UTC), until=datetime(2026, 11, 26, tzinfo=UTC))
    assert [entry.who for entry in register.audit.read(day)] == ["ueda"]
    assert register.audit.actions() == ["a.change", "a.view"]


def test_it_is_read_page_by_page(register: StaffRegister) -> None:
    for number in range(5):
        register.audit.write("aoki", "a.view", "thing", str(number))
    first = register.audit.read(limit=2)
    second = register.audit.read(limit=2, before=first[-1].id)
    assert [entry.what for entry in (*first, *second)] == ["4", "3", "2", "1"]
    assert register.audit.read()[0].at == datetime(2026, 11, 24, tzinfo=UTC)
