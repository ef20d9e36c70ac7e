"""Every refusal has one shape, says in plain words what to do, and never leaves anybody without a number to call."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web

from bot.web import chat as chat_module
from tests.bot.web.conftest import Service

NUMBERS = ("110", "119", "0120-279-338", "0466-25-1111")


def assert_error(body: dict[str, Any], code: str, *, hotlines: bool = False) -> None:
    error = body["error"]
    assert error["code"] == code
    assert error["message"]
    if hotlines:
        assert [line["phone"] for line in error["hotlines"]] == ["119", "110", "0120-279-338", "0466-25-1111"]
        assert all(number in error["message"] for number in NUMBERS)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"text": null}',
        b'{"text": 5}',
        b'{"text": ["a"]}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
async def test_a_body_that_is_no_message_is_a_bad_request(service: Service, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    for path in ("/api/v1/chat", "/api/v1/erase"):
        if path == "/api/v1/erase" and body.startswith(b"{") and body != b"{":
            continue
        async with service.client.post(path, data=body, headers=headers) as response:
            assert response.status == 400
            assert_error(await response.json(), "bad_request")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_only_json_is_accepted(service: Service, kind: str) -> None:
    async with service.client.post("/api/v1/chat", data=b'{"text": "a"}', headers={"Content-Type": kind}) as response:
        assert response.status == 415
        assert_error(await response.json(), "unsupported_media_type")


async def test_more_than_a_mebibyte_is_too_large_and_the_answer_names_the_hotlines(service: Service) -> None:
    body = b'{"text": "' + b"a" * 2**20 + b'"}'
    async with service.client.post("/api/v1/chat", data=body, headers={"Content-Type": "application/json"}) as response:
        assert response.status == 413
        assert_error(await response.json(), "too_large", hotlines=True)


async def test_exactly_a_mebibyte_is_still_read(service: Service) -> None:
    frame = b'{"text": ""}'
    body = frame[:-2] + b"a" * (2**20 - len(frame)) + frame[-2:]
    assert len(body) == 2**20
    async with service.client.post("/api/v1/chat", data=body, headers={"Content-Type": "application/json"}) as response:
        assert response.status == 200


async def test_an_unknown_address_of_the_api_answers_in_json(service: Service) -> None:
    async with service.client.get("/api/v1/nothing") as response:
        assert response.status == 404
        assert_error(await response.json(), "not_found")


async def test_the_wrong_method_is_named(service: Service) -> None:
    async with service.client.get("/api/v1/chat") as response:
        assert response.status == 405
        assert "POST" in response.headers["Allow"]
        assert_error(await response.json(), "method_not_allowed")


async def test_a_missing_page_is_a_page_in_japanese_with_the_numbers_and_the_way_back(service: Service) -> None:
    for path in ("/nothing", "/static/x/nothing.js", "/static/x/..%2f..%2fsettings.py"):
        async with service.client.get(path) as response:
            assert response.status == 404
            assert response.content_type == "text/html"
            html = await response.text()
        assert "見つかりませんでした" in html
        assert 'href="/"' in html
        assert all(number in html for number in NUMBERS)


async def test_a_fault_of_ours_is_no_500_shows_no_trace_and_leaks_nothing_into_the_log(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    written = "山田太郎のこと"

    def fail(_: web.Request, **__: object) -> str:
        raise RuntimeError(written)

    monkeypatch.setattr(chat_module, "client_address", fail)
    async with service.client.post("/api/v1/chat", json={"text": "母のこと"}) as response:
        assert response.status == 503
        text = await response.text()
        assert_error(await response.json(), "unavailable", hotlines=True)
    assert "Traceback" not in text
    assert "RuntimeError" in caplog.text
    assert written not in caplog.text
