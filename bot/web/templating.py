"""The templates of all pages: everything is escaped, a name that is missing is an error."""

from __future__ import annotations

import jinja2

templates = jinja2.Environment(
    loader=jinja2.PackageLoader("bot.web"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
