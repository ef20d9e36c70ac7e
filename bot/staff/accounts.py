"""Accounts: adding, disabling, roles and passwords. Whatever takes rights away also ends the account's sessions."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.staff.clock import Clock, now
from bot.staff.models import StaffAccount, StaffSession
from bot.staff.passwords import Passwords, require_strong
from bot.staff.roles import Role

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
# The audit log says these of nobody's account.
_RESERVED = frozenset({"terminal"})
_LONGEST_DISPLAY = 64


class AccountRefused(ValueError):
    """What was asked cannot be done; the message is Japanese and says why."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in. `name` is for signing in and for the audit log, `display_name` for colleagues."""

    id: str
    name: str
    display_name: str
    role: Role
    disabled: bool
    created: datetime


#: Writes into the audit log that this account was changed, in the change's own transaction (StaffRegister.recording).
Record = Callable[[Connection, Account], None]


class Accounts:
    """Safe to share between threads. Every method raises SQLAlchemyError when the database does not answer.

    A change whose `record` fails is not made.
    """

    def __init__(self, engine: Engine, passwords: Passwords, clock: Clock = now) -> None:
        """`engine`: the log database with the staff's tables."""
        self._engine = engine
        self._passwords = passwords
        self._clock = clock

    def add(self, name: str, password: str, role: Role, display_name: str, record: Record) -> Account:
        """A new account. AccountRefused for a name that is taken or cannot be used, WeakPassword for the password."""
        self.require_free(name)
        shown = display_name.strip() or name
        if len(shown) > _LONGEST_DISPLAY:
            raise AccountRefused(f"表示名は{_LONGEST_DISPLAY}文字までにしてください。")
        require_strong(password, name)
        at = self._clock()
        account = Account(uuid.uuid4().hex, name, shown, role, False, at)
        row = insert(StaffAccount).values(
            id=account.id,
            name=name,
            display_name=shown,
            role=role.value,
            password=self._passwords.hash(password),
            disabled=False,
            created=at,
            password_changed=at,
        )
        try:
            with self._engine.begin() as connection:
                connection.execute(row)
                record(connection, account)
        except IntegrityError as error:
            raise _taken(name) from error
        return account

    def require_free(self, name: str) -> None:
        """AccountRefused for a name that is taken or cannot be used: said before anybody types a password twice."""
        if not _NAME.fullmatch(name) or name in _RESERVED:
            raise AccountRefused("名前は、英字の小文字と数字（と . _ -）で、2文字から32文字にしてください。")
        with self._engine.connect() as connection:
            if connection.execute(select(StaffAccount.id).where(StaffAccount.name == name)).one_or_none():
                raise _taken(name)

    def list(self) -> Sequence[Account]:
        """Everybody, by name; disabled accounts too."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(StaffAccount.__table__).order_by(StaffAccount.name))
            return [account_of(row) for row in rows]

    def named(self, name: str) -> Account:
        """AccountRefused if there is none."""
        return self._one(StaffAccount.name == name)

    def get(self, id: str) -> Account:
        """AccountRefused if there is none."""
        return self._one(StaffAccount.id == id)

    def check(self, name: str, password: str) -> Account | None:
        """The account if the password is right and it is not disabled. Takes as long when there is no such account.

        A hash made with older parameters is renewed: this is the only moment when the password is known.
        """
        with self._engine.connect() as connection:
            row = connection.execute(select(StaffAccount.__table__).where(StaffAccount.name == name)).one_or_none()
        stored = row.password if row is not None else None
        if not self._passwords.matches(stored, password) or row is None or row.disabled:
            return None
        if self._passwords.outdated(row.password):
            renewed = update(StaffAccount).where(StaffAccount.id == row.id, StaffAccount.password == row.password)
            with self._engine.begin() as connection:
                connection.execute(renewed.values(password=self._passwords.hash(password)))
        return account_of(row)

    def set_password(self, account: Account, password: str, record: Record) -> None:
        """A new password; signed out everywhere. Raises WeakPassword."""
        require_strong(password, account.name)
        self._change(account, record, password=self._passwords.hash(password), password_changed=self._clock())

    def set_role(self, account: Account, role: Role, record: Record) -> None:
        """Another role; signed out everywhere. AccountRefused for the last administrator."""
        self._change(account, record, role=role.value)

    def set_disabled(self, account: Account, disabled: bool, record: Record) -> None:
        """Nobody can sign in any more (or again); signed out everywhere. AccountRefused for the last administrator."""
        self._change(account, record, disabled=disabled)

    def _change(self, account: Account, record: Record, **values: Any) -> None:
        with self._engine.begin() as connection:
            before = _administrators(connection)
            connection.execute(update(StaffAccount).where(StaffAccount.id == account.id).values(**values))
            if before and not _administrators(connection):
                raise AccountRefused("管理者がひとりもいなくなるので、変えられません。先に別の管理者を決めてください。")
            connection.execute(delete(StaffSession).where(StaffSession.account_id == account.id))
            record(connection, account)

    def _one(self, condition: Any) -> Account:
        with self._engine.connect() as connection:
            row = connection.execute(select(StaffAccount.__table__).where(condition)).one_or_none()
        if row is None:
            raise AccountRefused("その名前の職員は登録されていません。")
        return account_of(row)


def _taken(name: str) -> AccountRefused:
    return AccountRefused(f"「{name}」は、もう使われています。")


def account_of(row: Row[Any]) -> Account:
    """From a row with the columns of staff_account."""
    return Account(row.id, row.name, row.display_name, Role(row.role), row.disabled, row.created)


def _administrators(connection: Connection) -> int:
    """How many can manage accounts; locked until the change is made, so that two changes do not remove the last two."""
    query = select(StaffAccount.id).where(StaffAccount.role == Role.ADMIN.value, StaffAccount.disabled.is_(False))
    return len(connection.execute(query.with_for_update()).all())
