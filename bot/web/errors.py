"""One shape for all that goes wrong: JSON for the API, a page in Japanese for people; no trace, no dead end."""

from __future__ import annotations

import logging
import traceback
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.web import content, pages

log = logging.getLogger(__name__)

API = "/api/"
_WITH_HOTLINES = frozenset({413, 429, 503})

# status → (code for programs, what people read)
_ERRORS = {
    400: ("bad_request", "うまく受けとれませんでした。もう一度送ってみてください。"),
    401: ("signed_out", "職員の方だけが使えるところです。もう一度サインインしてください。"),
    403: ("cross_site", "このページの外からは使えません。つなぐのページを開いて、そこから書いてください。"),
    404: ("not_found", "お探しのページは見つかりませんでした。"),
    405: ("method_not_allowed", "この使い方はできません。"),
    409: ("conflict", "ほかの人が先に変えました。開き直して、いまの状態を見てください。"),
    413: ("too_large", "文章が長すぎて、受けとれませんでした。少し短くして、もう一度送ってください。"),
    415: ("unsupported_media_type", "この形式では受けとれません。application/json で送ってください。"),
    429: (
        "too_many_requests",
        "短いあいだにたくさんのメッセージが届いています。少し待ってから、もう一度送ってください。",
    ),
    503: ("unavailable", "いま、うまく動いていません。少し待ってから、もう一度ためしてください。"),
}


class ApiError(Exception):
    """A request that cannot be answered as asked; `status`: 400, 401, 403, 404, 405, 409, 413, 415, 429 or 503."""

    def __init__(
        self, status: int, *, retry_after: int | None = None, code: str | None = None, message: str | None = None
    ) -> None:
        """`retry_after`: seconds until trying again makes sense; `code`, `message`: instead of the status's own."""
        super().__init__(status)
        self.status = status
        self.retry_after = retry_after
        self.code = code
        self.message = message


def body(status: int, code: str | None = None, message: str | None = None) -> dict[str, Any]:
    """The contract's error object; 413, 429 and 503 carry the hotlines, in the message and as data."""
    usual_code, usual_message = _ERRORS[status]
    message = message or usual_message
    error: dict[str, Any] = {"code": code or usual_code, "message": message}
    if status in _WITH_HOTLINES:
        error["message"] = f"{message}{content.hotline_sentence()}"
        error["hotlines"] = content.hotlines()
    return {"error": error}


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every failure into an answer of the right kind."""
    try:
        return await handler(request)
    except ApiError as error:
        return _answer(request, error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        status = error.status if error.status in _ERRORS else 400
        return _answer(request, ApiError(status), allow=error.headers.get("Allow"))
    except Exception as error:
        # The message of an exception may quote what a resident wrote: keep its kind and place, never its words.
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("unexpected %s\n%s", type(error).__name__, where)
        return _answer(request, ApiError(503))


def _answer(request: web.Request, error: ApiError, *, allow: str | None = None) -> web.Response:
    if request.path.startswith(API):
        object = body(error.status, error.code, error.message)
        response = web.json_response(object, status=error.status, dumps=content.dumps)
    else:
        response = pages.error_page(request, error.status, error.message or _ERRORS[error.status][1])
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    if allow is not None:
        response.headers["Allow"] = allow
    return response
