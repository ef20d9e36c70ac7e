"""The frame of all staff pages: who is signed in, and the way to what this role may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bot.staff.accounts import Account
from bot.web.keys import ASSETS
from bot.web.templating import templates

MEMBER: Final = web.RequestKey("staff_member", Account)


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the navigation; it appears once its route is there and the role may use it."""

    path: str
    label: str
    about: str


ENTRIES: Final = (
    Entry("/staff/", "窓口", "聞いたことを書くと、分野と窓口が出ます"),
    Entry("/staff/queue", "順番待ち", "職員と話したい人、いそぐ人に、文字で応じます"),
    Entry("/staff/handoffs", "引き継ぎ", "引き継ぎシートと、その後のようす"),
    Entry("/staff/directory", "窓口をさがす", "名前、分野、地区から連絡先をさがします"),
    Entry("/staff/review", "会話を見る", "案内が合っていたかを見て、直します"),
    Entry("/staff/models", "学習", "直したことを学ばせて、くらべて、切り替えます"),
    Entry("/staff/statistics", "統計", "分野、地区、週ごとの数"),
    Entry("/staff/routes", "案内先", "どの分野を、どの窓口へ案内するか"),
    Entry("/staff/keeping", "保存と消去", "残す日数と、消すように頼まれた会話"),
    Entry("/staff/audit", "記録", "だれが、いつ、何を見て、何を変えたか"),
    Entry("/staff/accounts", "職員", "アカウントを加える、止める、役割を変える"),
)
_PROBLEMS = {
    404: "お探しのページは見つかりませんでした。",
    409: "ほかの人が先に変えました。開き直して、いまの状態を見てください。",
}


def page(request: web.Request, template: str, *, status: int = 200, **values: object) -> web.Response:
    """`template` (below templates/staff/, extending staff/base.html) in the frame.

    Beside `values` it sees `member` (bot.staff.accounts.Account or None), `entries`, `here` (the path) and `version`
    (of the static files).
    """
    account = request.get(MEMBER)
    text = templates.get_template(f"staff/{template}").render(
        version=request.app[ASSETS].version,
        member=account,
        entries=_entries(request, account),
        here=request.path,
        **values,
    )
    response = web.Response(text=text, status=status, content_type="text/html")
    response.enable_compression()
    return response


def problem(request: web.Request, status: int, message: str | None) -> web.Response:
    """A page that says in plain words why not, with the way back. `message`: instead of the status's own words."""
    words = (
        message or _PROBLEMS.get(status) or "うまく受けとれませんでした。前のページに戻って、もう一度ためしてください。"
    )
    return page(request, "problem.html", status=status, message=words)


def _entries(request: web.Request, account: Account | None) -> list[Entry]:
    if account is None:
        return []
    # Imported here: the gate draws its pages with this module.
    from bot.web.staff.gate import ROUTES

    open_to = {
        route.path
        for route in request.app[ROUTES]
        if route.method == "GET" and route.roles is not None and account.role in route.roles
    }
    return [entry for entry in ENTRIES if entry.path in open_to]
