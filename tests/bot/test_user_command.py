"""`tsunagu user`: accounts from the terminal, the password never among the arguments."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import cli
from bot.settings import Settings
from bot.staff.register import StaffRegister

PASSWORD = "むらさきの海をわたる小さな舟"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TSUNAGU_DIRECTORY_URL", "")


@pytest.fixture
def register(tmp_path: Path) -> Iterator[StaffRegister]:
    opened = StaffRegister(Settings(data=tmp_path).log_url)
    yield opened
    opened.close()


def user(tmp_path: Path, *arguments: str, password: str | None = None, monkeypatch: pytest.MonkeyPatch) -> int:
    if password is not None:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        arguments = (*arguments, "--password-stdin")
    return cli.main(["--data", str(tmp_path), "user", *arguments])


def test_the_first_administrator_is_added_listed_and_can_sign_in(
    tmp_path: Path, register: StaffRegister, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert user(tmp_path, "list", monkeypatch=monkeypatch) == 0
    assert "まだ登録されていません" in capsys.readouterr().out
    arguments = ("add", "ueda", "--role", "admin", "--display-name", "上田")
    assert user(tmp_path, *arguments, password=PASSWORD, monkeypatch=monkeypatch) == 0
    assert user(tmp_path, "list", monkeypatch=monkeypatch) == 0
    assert "ueda\t管理者\t上田" in capsys.readouterr().out
    assert register.accounts.check("ueda", PASSWORD) is not None
    (entry,) = register.audit.read()
    assert (entry.who, entry.action, entry.what) == ("terminal", "account.add", "ueda")


def test_the_password_is_asked_twice_on_the_terminal(
    tmp_path: Path, register: StaffRegister, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter([PASSWORD, PASSWORD + "!", PASSWORD, PASSWORD])
    monkeypatch.setattr("bot.commands.user.getpass", lambda _: next(typed))
    assert user(tmp_path, "add", "aoki", "--role", "staff", monkeypatch=monkeypatch) == 1
    assert "同じではありません" in capsys.readouterr().err
    assert user(tmp_path, "add", "aoki", "--role", "staff", monkeypatch=monkeypatch) == 0
    assert register.accounts.check("aoki", PASSWORD) is not None


@pytest.mark.parametrize("password", ["", "short", "aokiaokiaoki", "password2026"])
def test_a_weak_password_is_refused_in_japanese(
    tmp_path: Path,
    register: StaffRegister,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    password: str,
) -> None:
    assert user(tmp_path, "add", "aoki", "--role", "staff", password=password, monkeypatch=monkeypatch) == 1
    assert "パスワード" in capsys.readouterr().err
    assert register.accounts.list() == []


def test_there_is_no_default_role_and_no_password_argument(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments in (
        ("add", "aoki"),
        ("add", "aoki", "--role", "king"),
        ("add", "aoki", "--role", "staff", "--password", "x"),
    ):
        with pytest.raises(SystemExit):
            user(tmp_path, *arguments, password=PASSWORD, monkeypatch=monkeypatch)


def test_disabling_and_a_new_password_end_the_sessions(
    tmp_path: Path, register: StaffRegister, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    user(tmp_path, "add", "aoki", "--role", "staff", password=PASSWORD, monkeypatch=monkeypatch)
    token = register.sessions.start(register.accounts.named("aoki"))
    assert user(tmp_path, "password", "aoki", password="みどりの丘にのぼる大きな月", monkeypatch=monkeypatch) == 0
    assert register.sessions.find(token) is None
    assert user(tmp_path, "disable", "aoki", monkeypatch=monkeypatch) == 0
    assert register.accounts.check("aoki", "みどりの丘にのぼる大きな月") is None
    assert user(tmp_path, "disable", "nobody", monkeypatch=monkeypatch) == 1
    assert "登録されていません" in capsys.readouterr().err
