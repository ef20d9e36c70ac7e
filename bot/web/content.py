"""What the page and the widget tell people before anything is asked: phone numbers, privacy, examples, the way out."""

from __future__ import annotations

import json
from functools import cache, partial
from typing import Any

from bot.safety import hotlines as registry
from bot.safety import switchboard

# A page that nobody asks about when it is seen on a shared phone: the weather forecast of 気象庁.
QUICK_EXIT = "https://www.jma.go.jp/bosai/forecast/"

# The four numbers that stand in every page and every refusal, with the words that say when to use them.
_WHEN = {"119": "急病・けが・火事", "110": "暴力・事件", "yorisoi": "つらい気持ちのとき"}
SWITCHBOARD = {
    "id": "shiyakusho",
    "name": switchboard.LABEL,
    "phone": switchboard.PHONE,
    "when": "迷ったとき",
    "hours": "",
}

WELCOME = "ひとりで抱えなくて大丈夫です"
GREETING = "困っていることを、そのまま書いてください。話せる窓口と、近くの居場所をいっしょに探します。"
PRIVACY = (
    "名前や住所は書かないでください。書いてあっても、かくしてから保存します。だれが書いたかは、だれにも伝えません。"
    "案内をよくするために90日だけ残して、そのあと消します。「消す」を押せば、すぐに消えます。"
    "人と話したいときや、あぶないときは、かくしたあとの文を職員が読みます。"
    "だれのことかわからない文に直して、90日より長く、案内の勉強に使うことがあります。"
)
EXAMPLES = (
    "母のもの忘れが増えて心配です",
    "家賃が払えそうにありません",
    "子どもが学校に行きたがりません",
    "子育てがつらいです",
    "話し相手がいなくてさびしいです",
    "どこに相談すればいいかわかりません",
)

dumps = partial(json.dumps, ensure_ascii=False)


@cache
def hotlines() -> list[dict[str, str]]:
    """The four: id, name, phone, when (in plain words), hours (empty if not known)."""
    lines = [(registry.by_id(id), when) for id, when in _WHEN.items()]
    named = [
        {"id": line.id, "name": line.name, "phone": line.number, "when": when, "hours": line.hours_text}
        for line, when in lines
    ]
    return [*named, SWITCHBOARD]


@cache
def hotline_sentence() -> str:
    """The same numbers as one stretch of plain text, to follow an error message."""
    parts = [f"{line['when']}は {line['phone']}（{line['name']}）" for line in hotlines()]
    return f"電話はいつでも使えます。{'、'.join(parts)}。"


@cache
def guide() -> dict[str, Any]:
    """Everything the browser side needs to know, as one JSON object."""
    return {
        "welcome": WELCOME,
        "greeting": GREETING,
        "privacy": PRIVACY,
        "examples": EXAMPLES,
        "hotlines": hotlines(),
        "exit": QUICK_EXIT,
    }
