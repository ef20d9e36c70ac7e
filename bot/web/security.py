"""What the browser is allowed to do with our pages, and who may call the API from a browser.

There are no cookies and no logins on the resident's side, so a classic cross-site request forgery has nothing to ride
on there; the staff's cookie is SameSite=Strict besides what follows. Another site could still make its visitors'
browsers write into the log or use up their address's share of messages.
As in datasette we judge this by headers that a page's script cannot forge, not by tokens, which would need a cookie:
`Sec-Fetch-Site` where the browser sends it, else `Origin` against `Host`. A request with neither is not from a browser
and passes. On top of it, only application/json is accepted: a plain HTML form cannot send that, and a script on another
site cannot without asking (preflight), which only the origins in TSUNAGU_ORIGINS are granted, on the widget's paths.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.settings import Settings
from bot.web.errors import ApiError
from bot.web.keys import SETTINGS

# What the widget on another site may reach.
WIDGET_API = frozenset({"/api/v1/chat", "/api/v1/erase", "/api/v1/feedback", "/api/v1/listen"})
_WIDGET_FILES = ("/static/", "/widget.js", "/widget.json")

_CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
# Forms of the staff's pages go to ourselves only.
_STAFF_CSP = _CSP.replace("form-action 'none'", "form-action 'self'")
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """on_response_prepare: the headers of every response, errors included."""
    settings = request.app[SETTINGS]
    headers = response.headers
    # "Python/3.11 aiohttp/…" tells an attacker where to look and nobody else anything.
    headers.popall("Server", None)
    for name, value in _HEADERS.items():
        headers[name] = value
    if request.path.startswith("/staff/"):
        headers["Content-Security-Policy"] = _STAFF_CSP
    # On a shared phone nothing of a conversation may come back from the cache with the back button.
    headers.setdefault("Cache-Control", "no-store")
    if settings.trusted_proxy and request.headers.get("X-Forwarded-Proto") == "https":
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if _shared(request.path):
        headers["Vary"] = "Origin, Accept-Encoding"
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if (origin := request.headers.get("Origin")) in settings.origins:
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Expose-Headers"] = "Retry-After"
    else:
        headers["Cross-Origin-Resource-Policy"] = "same-origin"


@web.middleware
async def same_site_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests that change something when a page of another site sent them; 403 as ApiError."""
    if request.method not in {"GET", "HEAD", "OPTIONS"} and not _ours(request, request.app[SETTINGS]):
        raise ApiError(403)
    return await handler(request)


async def preflight(request: web.Request) -> web.Response:
    """A browser asks whether a page of another site may call this path; yes for the origins that the city listed."""
    if request.headers.get("Origin") not in request.app[SETTINGS].origins:
        raise ApiError(403)
    return web.Response(
        status=204,
        headers={
            "Access-Control-Allow-Methods": "POST",
            "Access-Control-Allow-Headers": "Content-Type",
            "Access-Control-Max-Age": "3600",
        },
    )


def _ours(request: web.Request, settings: Settings) -> bool:
    origin = request.headers.get("Origin")
    if origin in settings.origins and request.path in WIDGET_API:
        return True
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    if origin is not None:
        return urlsplit(origin).netloc == request.host
    return True


def _shared(path: str) -> bool:
    return path in WIDGET_API or path.startswith(_WIDGET_FILES)
