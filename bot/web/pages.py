"""The pages and files that a browser loads."""

from __future__ import annotations

from aiohttp import web

from bot.web import content
from bot.web.keys import ASSETS
from bot.web.templating import templates


async def resident(request: web.Request) -> web.Response:
    """The resident's page. The numbers stand in its HTML, so they are there when nothing else works."""
    return _html(request, "resident.html", 200, guide=content.guide(), switchboard=content.SWITCHBOARD)


async def asset(request: web.Request) -> web.Response:
    """A static file under the address that carries its version; an outdated address gets the present file, not kept."""
    assets = request.app[ASSETS]
    lasting = request.match_info["version"] == assets.version
    return assets.respond(request, request.match_info["name"], lasting=lasting)


async def widget(request: web.Request) -> web.Response:
    """The script that another site includes; its address never changes, so it is asked for afresh each time."""
    return request.app[ASSETS].respond(request, "widget.js", lasting=False)


async def widget_guide(_: web.Request) -> web.Response:
    """What the widget shows before the first message."""
    return web.json_response(content.guide(), dumps=content.dumps, headers={"Cache-Control": "no-cache"})


def error_page(request: web.Request, status: int, message: str) -> web.Response:
    """A page that says in plain words what happened, with the numbers and the way back."""
    return _html(request, "error.html", status, message=message)


def _html(request: web.Request, template: str, status: int, **values: object) -> web.Response:
    text = templates.get_template(template).render(
        version=request.app[ASSETS].version, hotlines=content.hotlines(), exit=content.QUICK_EXIT, **values
    )
    response = web.Response(text=text, status=status, content_type="text/html")
    response.enable_compression()
    return response
