"""Accounts: nobody gets in with a weak password, and taking a right away works at once."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from argon2 import PasswordHasher
from sqlalchemy import inspect, text

import bot.learning
import bot.staff
import bot.statistics
from bot.logbook.database import open_engine
from bot.staff import schema
from bot.staff.accounts import Account, AccountRefused
from bot.staff.models import Base
from bot.staff.passwords import LONGEST, Passwords, WeakPassword
from bot.staff.register import StaffRegister
from bot.staff.roles import Role
from tests.bot.staff.conftest import PASSWORD, QUICK, Clock, unrecorded


def stored(register: StaffRegister, account: Account) -> str:
    with register.engine.connect() as connection:
        return str(
            connection.execute(text("SELECT password FROM staff_account WHERE id = :id"), {"id": account.id}).scalar()
        )


def test_the_right_password_lets_in_and_a_wrong_one_does_not(register: StaffRegister, clerk: Account) -> None:
    found = register.accounts.check("aoki", PASSWORD)
    assert found is not None
    assert (found.name, found.display_name, found.role) == ("aoki", "青木", Role.STAFF)
    assert register.accounts.check("aoki", PASSWORD + "!") is None
    assert register.accounts.check("aoki", "") is None
    assert register.accounts.check("nobody", "nobody") is None
    assert register.accounts.check("aoki", PASSWORD * LONGEST) is None


def test_a_password_typed_in_full_width_letters_is_the_same_password(register: StaffRegister) -> None:
    register.accounts.add("ito", "Akai-Tori 2026 to", Role.STAFF, "", unrecorded)
    assert register.accounts.check("ito", "Ａｋａｉ－Ｔｏｒｉ　２０２６　ｔｏ") is not None


def test_the_password_itself_is_not_in_the_database(register: StaffRegister, clerk: Account) -> None:
    assert stored(register, clerk).startswith("$argon2id$")
    assert PASSWORD not in stored(register, clerk)


def test_a_hash_of_older_parameters_is_renewed_when_its_owner_signs_in(
    url: str, register: StaffRegister, clerk: Account
) -> None:
    before = stored(register, clerk)
    later = StaffRegister(url, passwords=Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)))
    assert later.accounts.check("aoki", "wrong password") is None
    assert stored(register, clerk) == before
    assert later.accounts.check("aoki", PASSWORD) is not None
    assert "m=16,t=2" in stored(register, clerk)
    assert later.accounts.check("aoki", PASSWORD) is not None
    later.close()


def test_in_service_argon2_works_with_the_recommended_parameters() -> None:
    assert "$argon2id$v=19$m=65536,t=3,p=1$" in Passwords().hash(PASSWORD)


@pytest.mark.parametrize(
    "password",
    ["", "short", "11文字のパスワード", "yamada.hanako", "Yamada_Hanako2026", "yamadahanakoyamadahanako",
     "password2026!", "passwordpassword", "Fujisawa-2026", "藤沢市役所2026!!!", "123456789012", "aaaaaaaaaaaa",
     "abababababab", "qwertyuiopas", "ｐａｓｓｗｏｒｄ２０２６", "a" * 201],
)  # fmt: skip
def test_passwords_that_anybody_would_try_are_refused(register: StaffRegister, password: str) -> None:
    with pytest.raises(WeakPassword, match="パスワード"):
        register.accounts.add("yamada.hanako", password, Role.STAFF, "", unrecorded)
    assert register.accounts.list() == []


@pytest.mark.parametrize("name", ["", "a", "Aoki", "青木", "a b", "-a", "a" * 33, "terminal", "a\n", "../a"])
def test_names_that_cannot_be_used_are_refused(register: StaffRegister, name: str) -> None:
    with pytest.raises(AccountRefused):
        register.accounts.add(name, PASSWORD, Role.STAFF, "", unrecorded)


def test_a_name_is_given_once_and_never_again(register: StaffRegister, clerk: Account) -> None:
    register.accounts.set_disabled(clerk, True, unrecorded)
    with pytest.raises(AccountRefused, match="もう使われています"):
        register.accounts.add("aoki", PASSWORD, Role.ADMIN, "", unrecorded)
    with pytest.raises(AccountRefused, match="もう使われています"):
        register.accounts.require_free("aoki")


def test_a_disabled_account_cannot_sign_in_until_it_is_enabled_again(register: StaffRegister, clerk: Account) -> None:
    register.accounts.set_disabled(clerk, True, unrecorded)
    assert register.accounts.check("aoki", PASSWORD) is None
    register.accounts.set_disabled(clerk, False, unrecorded)
    assert register.accounts.check("aoki", PASSWORD) is not None


def test_after_a_change_only_the_new_password_counts(register: StaffRegister, clerk: Account) -> None:
    register.accounts.set_password(clerk, "みどりの丘にのぼる大きな月", unrecorded)
    assert register.accounts.check("aoki", PASSWORD) is None
    assert register.accounts.check("aoki", "みどりの丘にのぼる大きな月") is not None
    with pytest.raises(WeakPassword):
        register.accounts.set_password(clerk, "short", unrecorded)


def test_there_is_always_an_administrator(register: StaffRegister, chief: Account, clerk: Account) -> None:
    for change in (
        lambda: register.accounts.set_disabled(chief, True, unrecorded),
        lambda: register.accounts.set_role(chief, Role.STAFF, unrecorded),
    ):
        with pytest.raises(AccountRefused, match="管理者がひとりも"):
            change()
    assert register.accounts.get(chief.id).role is Role.ADMIN
    register.accounts.set_role(clerk, Role.ADMIN, unrecorded)
    register.accounts.set_disabled(chief, True, unrecorded)
    assert [one.disabled for one in register.accounts.list()] == [False, True]


def test_the_migrations_make_exactly_the_tables_of_the_models(url: str, clock: Clock) -> None:
    """Also when they run twice, beside the logbook's."""
    for room in (bot.staff, bot.learning, bot.statistics):
        for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
            importlib.import_module(module.name)
    engine = open_engine(url)
    schema.upgrade(engine)
    schema.upgrade(engine)
    found = inspect(engine)
    assert set(found.get_table_names()) == {*Base.metadata.tables, "staff_version"}
    for name, table in Base.metadata.tables.items():
        assert {column["name"]: column["nullable"] for column in found.get_columns(name)} == {
            column.name: column.nullable for column in table.columns
        }
        made = {index["name"] for index in found.get_indexes(name) if not index.get("duplicates_constraint")}
        assert {one for one in made if one and one.startswith("ix_")} == {index.name for index in table.indexes}
    engine.dispose()


def test_quick_hashes_are_for_tests_only() -> None:
    assert Passwords().outdated(QUICK.hash(PASSWORD))
