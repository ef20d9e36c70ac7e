"""Whatever shows or changes a record writes into the audit log: every address of the staff, read in the source."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from bot.web.staff.area import StaffRoute
from bot.web.staff.routes import AREAS

#: What writes an entry, or hands one to the change that it belongs to.
WRITERS = {"note", "recording", "audit.write"}
#: Addresses that need none: they show nothing of anybody and change nothing that stays.
NOTHING_TO_RECORD = {
    ("GET", "/staff"): "leads on",
    ("GET", "/staff/"): "an empty desk",
    ("POST", "/api/v1/staff/understand"): "what a clerk types is not kept",
    ("POST", "/api/v1/staff/rank"): "the same",
    ("POST", "/api/v1/triage"): "the same",
    ("GET", "/staff/handoffs/new"): "an empty sheet",
    ("GET", "/staff/handoffs/{code}/qr.svg"): "an address",
    ("GET", "/staff/queue"): "an empty page; what it shows comes with watch",
    ("POST", "/api/v1/staff/queue/away"): "a page was closed",
    ("GET", "/staff/directory"): "an empty page",
    ("GET", "/api/v1/staff/directory"): "public contacts",
    ("GET", "/staff/account"): "the own name",
    ("GET", "/api/v1/staff/me"): "the same",
    ("GET", "/staff/accounts"): "names of colleagues, for administrators",
    ("GET", "/staff/sign-in"): "a form",
    ("GET", "/staff/keeping"): "how long words are kept",
    ("GET", "/staff/models"): "names and figures of models",
    ("GET", "/api/v1/staff/models"): "the same",
    ("GET", "/api/v1/staff/review/turns/{id}/similar"): "training sentences; the turn was opened before",
}
ROUTES = [route for area in AREAS for route in area.routes]


def called(function: Callable[..., Any]) -> Iterator[str]:
    """Names of all that a function of a page's module calls, also by way of the module's other functions."""
    module = inspect.getmodule(function)
    assert isinstance(module, ModuleType)
    seen: set[str] = set()
    waiting = [function]
    while waiting:
        source = inspect.getsource(waiting.pop())
        for one in ast.walk(ast.parse(source)):
            if isinstance(one, ast.Call | ast.Attribute | ast.Name):
                name = ast.unparse(one.func if isinstance(one, ast.Call) else one)
                yield name
                local = getattr(module, name, None)
                if inspect.isfunction(local) and local.__module__ == module.__name__ and name not in seen:
                    seen.add(name)
                    waiting.append(local)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_address_writes_into_the_audit_log_or_says_why_not(route: StaffRoute) -> None:
    writes = any(name in WRITERS or name.endswith(".audit.write") for name in called(route.handler))
    assert writes != ((route.method, route.path) in NOTHING_TO_RECORD)
