"""A stand-in for the engine process on a Unix socket: answers of the contract's shape for a handful of messages."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.safety import contract

JSON = dict[str, Any]

SAY = "「高齢者支援課に、湘南台を担当するいきいきサポートセンターを聞きたい」"


def window(id: str, name: str, **values: Any) -> JSON:
    """A window of the contract; by default reached over the city's switchboard."""
    usual: JSON = {
        "reason": "認知症の相談を受けています",
        "areas": ["dementia"],
        "phone": "0466-25-1111",
        "phone_label": "市役所代表",
        "say": SAY,
        "trust": "A",
        "source": "広報ふじさわ",
        "source_date": "2026-02-10",
    }
    return contract.window(id=id, name=name, **{**usual, **values})


DEMENTIA: JSON = {
    "areas": [{"id": "dementia", "label": "認知症", "score": 0.93, "evidence": ["夜中に"]}],
    "crisis": "none",
    "out_of_scope": False,
    "place": {"district": "湘南台", "town": None, "candidates": ["湘南台"]},
    "windows": [
        window("ikiiki_support", "いきいきサポートセンター（地域包括支援センター）"),
        window(
            "hokubu_sogo",
            "北部福祉総合相談室",
            reason="いくつかの困りごとを、まとめて聞いています",
            address="湘南台文化センター2階（湘南台1-8）",
            hours="月〜金 8:30〜17:00",
            open="closed",
            opens_next="2026-11-24T08:30:00+09:00",
            fax="0466-50-8415",
        ),
        window(
            "seishin_hoken",
            "精神保健福祉相談",
            reason="もの忘れや受診の相談ができます",
            open="open",
            phone_label=None,
            say=None,
        ),
    ],
    "engawa": [
        {
            "id": "engawa-choko",
            "name": "ちょこっと湘南台",
            "type": "基本型",
            "address": "湘南台文化センター隣",
            "open_days": "平日 10:00〜15:00",
            "distance_m": 500,
            "open": "unknown",
            "trust": "B",
            "source": "https://www.townnews.co.jp/0601/amp/2023/05/19/679162.html",
            "source_date": "2023-05-19",
        }
    ],
    "multi_agency": False,
}
EMERGENCY = window(
    "emergency",
    "消防・救急",
    office="119",
    reason="命にかかわるときは、すぐに来てくれます",
    phone="119",
    phone_label=None,
    say=None,
    open="open",
    source="全国共通の緊急番号",
    source_date=None,
)


def reply(kind: str, *messages: JSON | str, triage: JSON | None = None) -> JSON:
    """A reply of the contract without the conversation."""
    said = [{"text": one, "buttons": []} if isinstance(one, str) else one for one in messages]
    return {"kind": kind, "messages": said, "triage": triage, "model": "stand-in"}


def _button(text: str) -> JSON:
    return {"title": text, "payload": text}


def answer(text: str) -> JSON:
    """What the stand-in says to a text."""
    if "息をして" in text:
        triage = {
            **DEMENTIA,
            "crisis": "medical_emergency",
            "windows": [EMERGENCY, *DEMENTIA["windows"][:1]],
            "engawa": [],
        }
        return reply("crisis", "すぐに119番に電話して、「息をしていない」と伝えてください。", triage=triage)
    if "人と話したい" in text:
        words = "はい。人がお話をうかがいます。市役所 0466-25-1111 に電話してください。"
        return reply("human", words, triage={**DEMENTIA, "engawa": []})
    if "はじめから" in text:
        return reply("restart", "はじめからやり直します。困っていることを書いてください。")
    if "電話番号" in text:
        return reply("phone", "いきいきサポートセンターは、市役所代表 0466-25-1111 から聞けます。", triage=DEMENTIA)
    if "夜中" in text or "もの忘れ" in text:
        more = {
            "text": "ほかに知りたいことはありますか?",
            "buttons": [_button("電話番号は?"), _button("近くの縁側は?"), _button("ほかには?")],
        }
        return reply(
            "route",
            "お父さんが夜中に出ていこうとするのですね。おつかれだと思います。こちらで話せます。",
            more,
            triage=DEMENTIA,
        )
    ask = {"text": "どんなことで困っていますか?", "buttons": [_button("お金のこと"), _button("家族のこと")]}
    triage = {
        **DEMENTIA,
        "areas": [],
        "windows": [window("fukushi_sogo", "福祉総合相談支援センター")],
        "engawa": [],
        "place": None,
    }
    return reply("clarify", ask, triage=triage)


class StandIn:
    """Serves `answer`. `heard`: the turns in the order they were taken up; `pace`: seconds an answer takes, by text."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.answered: list[tuple[str, str]] = []
        self.forgotten: list[str] = []
        self.triaged: list[JSON] = []
        self.pace: dict[str, float] = {}

    def app(self) -> web.Application:
        """The engine's addresses."""
        app = web.Application(client_max_size=2**22)
        app.add_routes(
            [
                web.post("/turn", self._turn),
                web.post("/triage", self._triage),
                web.post("/forget", self._forget),
                web.post("/status", self._status),
            ]
        )
        return app

    async def _turn(self, request: web.Request) -> web.Response:
        body = await request.json()
        turn = (body["conversation"], body["text"])
        self.heard.append(turn)
        await asyncio.sleep(self.pace.get(body["text"], 0.0))
        self.answered.append(turn)
        return web.json_response(answer(body["text"]))

    async def _triage(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.triaged.append(body)
        return web.json_response(answer(body["text"]))

    async def _forget(self, request: web.Request) -> web.Response:
        self.forgotten.append((await request.json())["conversation"])
        return web.json_response({})

    async def _status(self, _: web.Request) -> web.Response:
        return web.json_response({"ready": True, "model": "stand-in"})
