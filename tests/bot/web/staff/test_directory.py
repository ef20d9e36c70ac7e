"""The directory over HTTP: who may do what, what is recorded, what the operators hear of."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import select
from sqlalchemy.orm import Session

from agency_db.lookup import AreaScore, Query, look_up
from agency_db.session import open_engine
from agency_db.snapshot import read_directory
from bot.commands.db import prepare_databases
from bot.staff.audit import Filter
from bot.staff.directory_notes import DirectoryNote
from bot.staff.roles import Role
from tests.agency_db.conftest import TUESDAY
from tests.bot.web.staff.conftest import Desk
from tests.bot.web.staff.test_sign_in import post

API = "/api/v1/staff/directory"
HOIKU = {"kind": "phone", "key": "hoiku_concierge.hoiku-concierge.voice"}
NUMBER = "0466-50-3526"
EDIT = {
    "value": "0466-50-0001",
    "label": "保育課",
    "source": "市のページ",
    "source_date": "2026-11-20",
    "said_by": "city",
}


@pytest.fixture
def directory(desk: Desk) -> Desk:
    """The desk with the packaged directory."""
    prepare_databases(desk.service.settings)
    return desk


async def listing(client: ClientSession, known: str = "") -> dict[str, Any]:
    async with client.get(f"{API}?known={known}") as response:
        assert response.status == 200
        answer: dict[str, Any] = await response.json()
        return answer


async def card(client: ClientSession, id: str) -> dict[str, Any]:
    cards: list[dict[str, Any]] = (await listing(client))["cards"]
    return next(one for one in cards if one["id"] == id)


def resident_sees(desk: Desk) -> str:
    engine = open_engine(desk.service.settings.directory_url)
    directory = read_directory(engine)
    engine.dispose()
    areas = [area for area, steps in directory.routes.items() if any(s.window == "hoiku_concierge" for s in steps)]
    return str(look_up(directory, Query(tuple(AreaScore(area, 0.9, ()) for area in areas), TUESDAY)).windows)


def stored(desk: Desk) -> list[DirectoryNote]:
    with Session(desk.register.engine) as session:
        return list(session.scalars(select(DirectoryNote)))


async def test_the_whole_directory_comes_once_and_then_only_when_it_changed(directory: Desk) -> None:
    client = await directory.client(Role.STAFF)
    first = await listing(client)
    assert len(first["cards"]) > 100
    again = await listing(client, first["tag"])
    assert (again["tag"], again["cards"]) == (first["tag"], None)
    await post(client, f"{API}/confirm", {**HOIKU, "seen": NUMBER})
    assert (await listing(client, first["tag"]))["cards"] is not None


async def test_what_a_clerk_confirms_carries_date_and_name_and_reaches_residents(directory: Desk) -> None:
    client = await directory.client(Role.STAFF)
    assert NUMBER not in resident_sees(directory)
    status, answer = await post(client, f"{API}/confirm", {**HOIKU, "seen": NUMBER})
    assert status == 200
    (phone,) = (await card(client, "hoiku_concierge"))["phones"]
    assert (phone["verified_by"], phone["unsure"]) == ("窓口の 青木", False)
    assert NUMBER in resident_sees(directory)
    assert "青木" not in resident_sees(directory)
    assert (await post(client, f"{API}/undo", {"change": answer["change"]}))[0] == 200
    assert NUMBER not in resident_sees(directory)


async def test_the_audit_log_names_every_confirmation_edit_note_and_undoing(directory: Desk) -> None:
    clerk, operator = await directory.client(Role.STAFF), await directory.client(Role.OPERATOR)
    _, answer = await post(clerk, f"{API}/confirm", {**HOIKU, "seen": NUMBER})
    await post(operator, f"{API}/edit", {**HOIKU, "seen": NUMBER, **EDIT})
    await post(clerk, f"{API}/wrong", {**HOIKU, "card": "hoiku_concierge", "text": "ちがいます", "correct": ""})
    await post(operator, f"{API}/undo", {"change": answer["change"]})
    (note,) = stored(directory)
    await post(operator, f"{API}/notes/{note.id}/close", {"state": "kept"})
    async with operator.get("/staff/directory/notes") as response:
        assert response.status == 200
    found = [(one.who, one.action, one.what) for one in directory.register.audit.read(Filter())]
    assert found[::-1] == [
        ("madoguchi", "directory.confirm", HOIKU["key"]),
        ("unyo", "directory.edit", HOIKU["key"]),
        ("madoguchi", "directory.wrong", HOIKU["key"]),
        ("unyo", "directory.undo", str(answer["change"])),
        ("unyo", "directory.note_closed", note.id),
        ("unyo", "directory.notes", ""),
    ]


async def test_a_departments_line_with_a_japanese_key_is_confirmed_too(directory: Desk) -> None:
    client = await directory.client(Role.STAFF)
    body = {"kind": "phone", "key": "department.障がい者支援課", "seen": "0466-50-3528"}
    assert (await post(client, f"{API}/confirm", body))[0] == 200
    lines = (await card(client, "shogai_chiiki"))["lines"]
    assert [line["verified_by"] for line in lines if line["value"] == "0466-50-3528"] == ["窓口の 青木"]


async def test_a_note_is_masked_but_the_public_number_arrives(directory: Desk) -> None:
    client = await directory.client(Role.STAFF)
    text = "山田太郎さんに 090-1234-5678 で聞いたら、移転したそうです"
    body = {**HOIKU, "card": "hoiku_concierge", "text": text, "correct": "０４６６－５０－００９９"}
    assert (await post(client, f"{API}/wrong", body))[0] == 200
    (note,) = stored(directory)
    assert "090" not in note.text
    assert "山田" not in note.text
    assert "移転した" in note.text
    assert (note.correct, note.shown, note.by, note.state) == ("0466-50-0099", NUMBER, "窓口の 青木", "open")
    operator = await directory.client(Role.OPERATOR)
    assert (await listing(operator))["notes"] == 1
    assert (await listing(client))["notes"] == 0
    async with operator.get("/staff/directory/notes") as response:
        html = await response.text()
    assert "0466-50-0099" in html
    assert "窓口の 青木" in html


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"text": "", "correct": ""}, 400),
        ({"text": "ちがう", "correct": "内線の山田さん"}, 400),
        ({"kind": "name"}, 400),
        ({"text": "あ" * 501}, 400),
        ({"card": "nobody"}, 404),
        ({"key": "nobody.voice"}, 404),
    ],
)
async def test_a_note_needs_words_and_something_that_it_is_about(
    directory: Desk, change: dict[str, str], status: int
) -> None:
    body = {**HOIKU, "card": "hoiku_concierge", "text": "ちがいます", "correct": ""} | change
    assert (await post(await directory.client(Role.STAFF), f"{API}/wrong", body))[0] == status
    assert stored(directory) == []


async def test_a_note_is_closed_once(directory: Desk) -> None:
    clerk, operator = await directory.client(Role.STAFF), await directory.client(Role.OPERATOR)
    await post(
        clerk, f"{API}/wrong", {"kind": "card", "key": "backup", "card": "backup", "text": "閉まった", "correct": ""}
    )
    (note,) = stored(directory)
    path = f"{API}/notes/{note.id}/close"
    assert (await post(clerk, path, {"state": "mended"}))[0] == 403
    assert (await post(operator, path, {"state": "gone"}))[0] == 400
    assert (await post(operator, path, {"state": "mended"}))[0] == 200
    assert (await post(operator, path, {"state": "kept"}))[0] == 409
    (note,) = stored(directory)
    assert (note.state, note.closed_by) == ("mended", "運用の 井上")


async def test_only_operators_edit_and_a_clerk_undoes_only_what_is_his_own(directory: Desk) -> None:
    clerk, operator = await directory.client(Role.STAFF), await directory.client(Role.OPERATOR)
    body = {**HOIKU, "seen": NUMBER, **EDIT}
    assert (await post(clerk, f"{API}/edit", body))[0] == 403
    status, answer = await post(operator, f"{API}/edit", body)
    assert (status, answer["readable"]) == (200, True)
    assert (await post(clerk, f"{API}/undo", {"change": answer["change"]}))[0] == 409
    assert "0466-50-0001" in resident_sees(directory)
    assert (await post(operator, f"{API}/undo", {"change": answer["change"]}))[0] == 200
    assert "0466-50-0001" not in resident_sees(directory)


async def test_what_somebody_else_changed_is_said_instead_of_written_over(directory: Desk) -> None:
    clerk, operator = await directory.client(Role.STAFF), await directory.client(Role.OPERATOR)
    await post(operator, f"{API}/edit", {**HOIKU, "seen": NUMBER, **EDIT})
    status, answer = await post(clerk, f"{API}/confirm", {**HOIKU, "seen": NUMBER})
    assert status == 409
    assert "ほかの人が先に変えました" in answer["error"]["message"]
    assert (await post(operator, f"{API}/edit", {**HOIKU, "seen": NUMBER, **EDIT}))[0] == 409


async def test_hours_that_cannot_be_read_are_taken_and_said_to_be_so(directory: Desk) -> None:
    operator = await directory.client(Role.OPERATOR)
    body = {**EDIT, "kind": "hours", "key": "seishin_hoken.seishin", "seen": "平日 8:30-17:15"}
    status, answer = await post(operator, f"{API}/edit", {**body, "value": "予約した人だけ"})
    assert (status, answer["readable"]) == (200, False)


@pytest.mark.parametrize("said_by", ["me", "", 1])
async def test_nonsense_is_refused(directory: Desk, said_by: Any) -> None:
    operator = await directory.client(Role.OPERATOR)
    for body in ({**HOIKU, "seen": NUMBER, **EDIT, "said_by": said_by}, {**EDIT, "kind": "x", "key": "y", "seen": ""}):
        assert (await post(operator, f"{API}/edit", body))[0] == 400
    for change in (0, -1, True, "1", None, 2**40):
        assert (await post(operator, f"{API}/undo", {"change": change}))[0] == 400


async def test_without_a_directory_the_desk_is_told_so(desk: Desk) -> None:
    async with (await desk.client(Role.STAFF)).get(API) as response:
        answer = await response.json()
    assert (response.status, answer["error"]["code"]) == (503, "directory_away")
    assert "台帳" in answer["error"]["message"]
