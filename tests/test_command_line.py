"""`tsunagu triage` and `tsunagu converse`: JSON lines in, JSON lines out, whatever the lines hold."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from bot.settings import PROJECT, Settings
from tests.running import COMMAND, tsunagu

pytestmark = pytest.mark.slow

JSON = dict[str, Any]


@pytest.fixture(scope="session")
def data(settings: Settings, model: Path) -> Path:
    """A data folder that already holds the trained model."""
    models = settings.models
    models.mkdir(exist_ok=True)
    (models / model.name).symlink_to(model)
    return settings.data


def answers(run: subprocess.CompletedProcess[str]) -> list[JSON]:
    """The printed objects; anything else on standard output fails here."""
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_triage_answers_each_line_in_order(data: Path) -> None:
    """Good lines are triaged, bad ones get an error of their own, and the rest goes on."""
    lines = [
        json.dumps({"id": "a", "text": "金曜まで300円しかない", "at": "2026-11-24T10:00"}),
        "",
        "{broken",
        json.dumps({"id": "b"}),
        json.dumps({"id": "c", "text": "夜眠れません", "at": "きのう"}),
        json.dumps(["not", "an", "object"]),
        json.dumps({"id": "d", "text": "父がもの忘れで困っています", "place": "252-0804"}),
        json.dumps({"id": "e", "text": ""}),
        json.dumps({"id": "f", "text": "/restart"}),
        json.dumps({"id": "g", "text": "お金がなくて困っています。" * 9000}),
        json.dumps(
            {"id": 7, "text": "眠れない日が続いています", "place": "35.3403,139.4919", "at": "2026-11-24T12:30"}
        ),
    ]
    found = answers(tsunagu("triage", lines=lines, data=data))
    assert [answer["id"] for answer in found] == ["a", None, "b", "c", None, "d", "e", "f", "g", 7]
    by = {answer["id"]: answer for answer in found if answer["id"] is not None}
    assert by["a"]["kind"] == "route"
    assert by["a"]["triage"]["windows"][0]["id"] == "backup"
    assert "error" in by["b"]
    assert "error" in by["c"]
    assert by["d"]["triage"]["place"]["district"] == "湘南台"
    assert by["e"]["kind"] == "clarify"
    assert by["f"]["kind"] == "clarify"
    assert by["g"]["triage"]["areas"][0]["id"] == "poverty"
    assert by[7]["triage"]["windows"][0]["id"] == "seishin_hoken"


def test_converse_gives_one_reply_a_turn(data: Path, tmp_path: Path) -> None:
    """Each line is a conversation of its own."""
    file = tmp_path / "talks.jsonl"
    talks = [
        {"id": 1, "turns": ["父がもの忘れで困っています。長後です", "近くの縁側は?"]},
        {"id": 2, "turns": ["近くの縁側は?"]},
        {"id": 3, "turns": "父が"},
    ]
    file.write_text("\n".join(json.dumps(talk) for talk in talks), encoding="utf-8")
    first, second, third = answers(tsunagu("converse", "--jsonl", str(file), data=data))
    assert [reply["kind"] for reply in first["replies"]] == ["route", "engawa"]
    assert [reply["kind"] for reply in second["replies"]] == ["ask_place"]
    assert "error" in third
    assert set(first["replies"][0]) == {"kind", "messages", "triage", "model"}


def test_a_missing_file_is_said_plainly(data: Path) -> None:
    """No traceback, an exit code, and Japanese."""
    run = tsunagu("triage", "--jsonl", "/nowhere.jsonl", data=data)
    assert run.returncode == 2
    assert "ファイルを読めません" in run.stderr
    assert "Traceback" not in run.stderr


def test_directory_seed_and_check(tmp_path: Path) -> None:
    """`db seed` fills an empty folder, `db check` finds nothing wrong with it."""
    assert tsunagu("db", "seed", data=tmp_path).returncode == 0
    checked = tsunagu("db", "check", data=tmp_path)
    assert checked.returncode == 0, checked.stdout
    assert "問題は見つかりませんでした" in checked.stdout


def test_up_on_a_taken_port_says_so(data: Path) -> None:
    """A second `up` ends with 1 and says which port is taken."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = tsunagu("up", "--port", str(port), data=data)
    assert run.returncode == 1
    assert str(port) in run.stderr


def test_up_serves_until_ctrl_c(data: Path) -> None:
    """`up` prints the address, answers a worry on the page's own way, and stops cleanly on Ctrl-C."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*COMMAND, "up", "--data", str(data), "--port", str(port)]
    service = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True)
    try:
        assert service.stderr is not None
        for line in service.stderr:
            if "準備ができました" in line:
                break
        assert f"http://127.0.0.1:{port}/" in line
        body = json.dumps({"conversation": None, "text": "父が夜中に何度も出ていこうとする。湘南台に住んでいます"})
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/v1/chat", body.encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            reply = json.load(response)
        assert reply["triage"]["windows"][0]["id"] == "ikiiki_support"
    finally:
        os.kill(service.pid, signal.SIGINT)
        deadline = time.monotonic() + 20
        while service.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        service.kill()
    assert service.returncode == 0
