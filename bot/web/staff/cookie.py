"""The cookie that holds the session's token: unreadable for scripts, never sent along from another site."""

from __future__ import annotations

from aiohttp import web

from bot.web.keys import SETTINGS

# Browsers take a `__Host-` cookie only with Secure, Path=/ and no Domain: no other host of the city can plant one.
_SECURE = "__Host-tsunagu"
_PLAIN = "tsunagu-staff"
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "[::1]"})


def is_https(request: web.Request) -> bool:
    """Whether the browser speaks https, by the word of the trusted proxy (TSUNAGU_TRUSTED_PROXY)."""
    return request.app[SETTINGS].trusted_proxy and request.headers.get("X-Forwarded-Proto") == "https"


def is_safe(request: web.Request) -> bool:
    """Whether a password may travel here: over https, or without leaving this machine."""
    host = request.host
    return is_https(request) or (host if host.endswith("]") else host.rpartition(":")[0] or host) in _THIS_MACHINE


def token(request: web.Request) -> str | None:
    """The token that the browser sent."""
    return request.cookies.get(_SECURE if is_https(request) else _PLAIN)


def put(request: web.Request, response: web.StreamResponse, value: str) -> None:
    """Hand out a token; it goes when the browser is closed, or when the server ends the session."""
    secure = is_https(request)
    name = _SECURE if secure else _PLAIN
    response.set_cookie(name, value, path="/", httponly=True, samesite="Strict", secure=secure)


def drop(request: web.Request, response: web.StreamResponse) -> None:
    """Take the token back."""
    secure = is_https(request)
    name = _SECURE if secure else _PLAIN
    response.del_cookie(name, path="/", httponly=True, samesite="Strict", secure=secure)
