"""The handoff sheet over HTTP: what is kept, what is only printed, and who may change what became of it."""

from __future__ import annotations

import asyncio
import base64
import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.commands.db import prepare_databases
from bot.settings import TOKYO
from bot.staff.handoffs import new_code
from bot.staff.roles import Role
from tests.bot.web.staff import paper, qr
from tests.bot.web.staff.conftest import Desk

JSON = dict[str, Any]
PERSON = {
    "name": "鯨岡 みなと",
    "kana": "くじらおか みなと",
    "address": "藤沢市鵠沼海岸9-98-7",
    "phone": "0466-99-8877",
    "birthday": "1947年2月3日",
}
SHEET: JSON = {
    "concern": "夫が夜中に出ていきます。うちの電話は0466-99-8877です",
    "reason": "認知症の相談",
    "areas": [{"id": "dementia", "label": "認知症"}],
    "windows": [{"id": "ikiiki_support", "name": "いきいきサポートセンター"}],
    "district": "湘南台",
    "age": "older",
    "household": ["older", "language"],
    "consent": "yes",
    "crisis": "none",
    "multi_agency": False,
    "situation": ["not_connected"],
}


@pytest.fixture
async def seeded(desk: Desk) -> Desk:
    await asyncio.to_thread(prepare_databases, desk.service.settings)
    return desk


async def post(client: ClientSession, path: str, body: JSON) -> tuple[int, JSON]:
    async with client.post(f"/api/v1/staff/handoffs/{path}", json=body) as response:
        return response.status, await response.json()


def stored(desk: Desk) -> bytes:
    files = [path for path in desk.service.settings.data.rglob("*") if path.is_file()]
    return b"".join(path.read_bytes() for path in files)


async def test_the_pdf_is_one_page_of_japanese_with_everything_on_it(seeded: Desk) -> None:
    client, code = await seeded.client(Role.STAFF), new_code()
    assert (await post(client, code, SHEET))[0] == 200
    whole = {**SHEET, "tried": "包括に電話した", "wishes": "家で暮らしたい", "family": "妻とふたり", "person": PERSON}
    status, answer = await post(client, f"{code}/pdf", whole)
    assert status == 200
    made = base64.b64decode(answer["pdf"])
    assert paper.pages(made) == 1
    words = paper.text(made).replace("\n", "")
    for expected in (*PERSON.values(), "夫が夜中に出ていきます", "■認知症", "□住まい", "65歳から", "外国語", code):
        assert expected in words, expected
    for expected in ("包括に電話した", "家で暮らしたい", "妻とふたり", "いきいきサポートセンター", "同意: あり"):
        assert expected in words, expected


async def test_the_longest_sheet_is_still_one_page(seeded: Desk) -> None:
    client, code = await seeded.client(Role.STAFF), new_code()
    long = {
        "concern": "困\n" * 250,
        "tried": "話" * 200,
        "wishes": "願\n" * 100,
        "reason": "理" * 250,
        "family": "家" * 120,
    }
    many = [{"name": "とても長い名前の窓口" * 5, "phone": "0466-25-1111", "say": "言うこと" * 20}] * 5
    assert (await post(client, code, SHEET))[0] == 200
    whole = {**SHEET, **long, "windows": many, "person": {"address": "藤沢市" * 26}}
    _, answer = await post(client, f"{code}/pdf", whole)
    assert paper.pages(base64.b64decode(answer["pdf"])) == 1


async def test_neither_database_nor_log_holds_what_was_typed_for_the_paper(
    seeded: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    client, code = await seeded.client(Role.STAFF), new_code()
    with caplog.at_level(logging.DEBUG):
        # Even where a page sends too much, nothing of it is kept.
        await post(client, code, {**SHEET, "person": PERSON, "tried": "鯨岡さんに電話した"})
        await post(client, f"{code}/pdf", {**SHEET, "person": PERSON})
        await post(client, f"{code}/pdf", {**SHEET, "person": {**PERSON, "birthday": "長" * 99}})
    kept = stored(seeded)
    for words in (*PERSON.values(), "鯨岡", "みなと", "99-8877"):
        assert words.encode() not in kept, words
        assert words not in caplog.text
    assert "〔電話〕".encode() in kept or b"\\u3014" in kept
    assert "夜中に出ていきます".encode() in kept


async def test_a_letter_that_the_type_face_lacks_is_not_named_in_the_log(
    seeded: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    client, code = await seeded.client(Role.STAFF), new_code()
    await post(client, code, SHEET)
    with caplog.at_level(logging.DEBUG):
        status, _ = await post(client, f"{code}/pdf", {**SHEET, "person": {"name": "🦉 \U00030edd"}})
    assert status == 200
    assert "🦉" not in caplog.text
    assert "1F989" not in caplog.text.upper()
    assert not [record for record in caplog.records if record.name.startswith(("fpdf", "fontTools"))]


async def test_the_qr_code_holds_the_address_of_the_handoff_and_nothing_else(seeded: Desk) -> None:
    client, code = await seeded.client(Role.STAFF), new_code()
    await post(client, code, SHEET)
    await post(client, f"{code}/pdf", {**SHEET, "person": PERSON})
    async with client.get(f"/staff/handoffs/{code}/qr.svg") as response:
        assert response.content_type == "image/svg+xml"
        picture = await response.text()
    site = seeded.service.client
    assert qr.read(qr.modules(picture, border=2)) == f"http://{site.host}:{site.port}/staff/handoffs/{code}"


async def test_every_view_and_change_is_in_the_audit_log(seeded: Desk) -> None:
    client, code = await seeded.client(Role.STAFF), new_code()
    await post(client, code, SHEET)
    await post(client, f"{code}/pdf", SHEET)
    await post(client, f"{code}/printed", {})
    today = datetime.now(TOKYO).date().isoformat()
    await post(client, f"{code}/state", {"state": "arrived", "on": today, "version": 1})
    for path in (f"/staff/handoffs/{code}", "/staff/handoffs"):
        async with client.get(path) as response:
            assert response.status == 200
    entries = [(one.who, one.action, one.what) for one in reversed(seeded.register.audit.read())]
    assert entries == [
        ("madoguchi", "handoff.save", code),
        ("madoguchi", "handoff.print", code),
        ("madoguchi", "handoff.print", code),
        ("madoguchi", "handoff.arrived", code),
        ("madoguchi", "handoff.view", code),
        ("madoguchi", "handoff.list", ""),
    ]


async def test_another_desk_opens_it_and_says_that_the_person_arrived(seeded: Desk) -> None:
    giver, taker, code = await seeded.client(Role.STAFF), await seeded.client(Role.OPERATOR), new_code()
    await post(giver, code, SHEET)
    yesterday = (datetime.now(TOKYO).date() - timedelta(days=1)).isoformat()
    status, now = await post(taker, f"{code}/state", {"state": "arrived", "on": yesterday, "version": 1})
    assert (status, now) == (200, {"state": "arrived", "on": yesterday, "version": 2})
    status, error = await post(giver, f"{code}/state", {"state": "returned", "on": yesterday, "version": 1})
    assert (status, error["error"]["code"]) == (409, "conflict")
    async with giver.get(f"/staff/handoffs/{code}") as response:
        page = await response.text()
    assert "つながった（運用の 井上）" in page
    assert "〔電話〕" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost"},
        {"on": "yesterday"},
        {"on": "2199-01-01"},
        {"on": "2001-01-01"},
        {"version": "1"},
    ],
)
async def test_an_impossible_follow_up_is_refused(seeded: Desk, wrong: JSON) -> None:
    client, code = await seeded.client(Role.STAFF), new_code()
    await post(client, code, SHEET)
    today = datetime.now(TOKYO).date().isoformat()
    assert (await post(client, f"{code}/state", {"state": "arrived", "on": today, "version": 1, **wrong}))[0] == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"concern": "長" * 501},
        {"concern": 3},
        {"areas": "dementia"},
        {"district": "東京"},
        {"age": "99"},
        {"consent": "maybe"},
        {"household": ["犬"]},
        {"crisis": "rain"},
        {"multi_agency": "yes"},
        {"concern": " ", "areas": []},
    ],
)
async def test_a_sheet_that_cannot_be_is_refused(seeded: Desk, wrong: JSON) -> None:
    client = await seeded.client(Role.STAFF)
    assert (await post(client, new_code(), {**SHEET, **wrong}))[0] == 400


async def test_what_was_not_saved_cannot_be_printed_and_is_not_found(seeded: Desk) -> None:
    client, code = await seeded.client(Role.STAFF), new_code()
    assert (await post(client, f"{code}/pdf", SHEET))[0] == 404
    for path in (f"/staff/handoffs/{code}", "/staff/handoffs/unknown"):
        async with client.get(path) as response:
            assert response.status == 404


async def test_the_list_refuses_a_filter_that_does_not_exist(seeded: Desk) -> None:
    client = await seeded.client(Role.STAFF)
    for query in ("state=lost", "district=東京"):
        async with client.get(f"/staff/handoffs?{query}") as response:
            assert response.status == 400
