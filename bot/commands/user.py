"""`tsunagu user add|list|disable|password`."""

from __future__ import annotations

import argparse
import sys
from getpass import getpass

from bot.commands.db import prepare_log
from bot.settings import Settings
from bot.staff.accounts import AccountRefused, Accounts
from bot.staff.audit import TERMINAL
from bot.staff.passwords import WeakPassword
from bot.staff.register import StaffRegister
from bot.staff.roles import Role


def user(settings: Settings, options: argparse.Namespace) -> int:
    """Run one task on the accounts; 1 when it is refused, with the reason on standard error."""
    settings.data.mkdir(parents=True, exist_ok=True)
    prepare_log(settings)
    register = StaffRegister(settings.log_url)
    try:
        match options.task:
            case "add":
                _add(register, options)
            case "password":
                _password(register, options)
            case "disable":
                account = register.accounts.named(options.name)
                register.accounts.set_disabled(account, True, register.recording(TERMINAL, "account.disable"))
                print(f"「{account.name}」は使えなくなりました。サインインしていた画面も、すぐに使えなくなります。")
            case _:
                _list(register.accounts)
    except (AccountRefused, WeakPassword) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    finally:
        register.close()
    return 0


def anybody(settings: Settings) -> bool:
    """Whether there is any account; the tables are there."""
    register = StaffRegister(settings.log_url)
    found = bool(register.accounts.list())
    register.close()
    return found


def _add(register: StaffRegister, options: argparse.Namespace) -> None:
    role = Role(options.role)
    register.accounts.require_free(options.name)
    password, record = _ask(options.password_stdin), register.recording(TERMINAL, "account.add")
    account = register.accounts.add(options.name, password, role, options.display_name, record)
    print(f"「{account.name}」を加えました（{role.label}）。")


def _password(register: StaffRegister, options: argparse.Namespace) -> None:
    account = register.accounts.named(options.name)
    record = register.recording(TERMINAL, "account.password")
    register.accounts.set_password(account, _ask(options.password_stdin), record)
    print(f"「{account.name}」のパスワードを新しくしました。サインインしていた画面は、サインインし直しになります。")


def _list(accounts: Accounts) -> None:
    everybody = accounts.list()
    if not everybody:
        print("職員はまだ登録されていません。加えるには: ./tsunagu user add NAME --role admin")
    for account in everybody:
        state = "（使えません）" if account.disabled else ""
        print(f"{account.name}\t{account.role.label}\t{account.display_name}{state}")


def _ask(from_stdin: bool) -> str:
    """The password, never from the command line: other users of the machine could read it there."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass("パスワード（12文字以上、画面には出ません）: ")
    if getpass("もういちど: ") != password:
        raise WeakPassword("2回のパスワードが同じではありません。もう一度やり直してください。")
    return password
