"""A whole reply of the contract without model or database: when the engine starts, restarts or is gone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.safety import contract, crisis_reply, switchboard
from bot.safety.crisis import Crisis, detect
from bot.safety.hotlines import lines_for
from bot.safety.writer import areas_of

JSON = dict[str, Any]

MODEL = "safety"

# The rules do not measure a probability; this says "likely" to whoever sorts by it.
_SCORE = 0.8
_LABELS = {
    "suicide": "自殺・希死念慮",
    "domestic_violence": "DV",
    "child_abuse": "児童虐待",
    "elder_abuse": "高齢者虐待",
    "disability": "障がい",
}
_RESTING = (
    "ごめんなさい。いま案内の準備ができていません。少し待って、もう一度送ってください。\n"
    "お急ぎなら、市役所へどうぞ。\n市役所 代表 電話 "
    f"{switchboard.PHONE}\n"
    "「福祉総合相談支援センターにつないでください」と言えば大丈夫です。"
)
_LISTENING = "話を聞いてほしいときは、こちらもあります。"


def reply(text: str, at: datetime) -> JSON:
    """The contract's reply (without "conversation") to any text, also an empty one; `at` naive = time of Japan.

    A crisis gets its hotlines, everything else the city's switchboard, what to say there and よりそいホットライン.
    """
    crisis = detect(text)
    return _in_crisis(text, crisis, at) if crisis else _otherwise(at)


def _in_crisis(text: str, crisis: Crisis, at: datetime) -> JSON:
    areas = areas_of(text, crisis.kind)
    first = lines_for(crisis.kind, areas, at)[0]
    return {
        "kind": "crisis",
        "messages": crisis_reply.messages(crisis.kind, areas, at, text),
        "triage": contract.triage(
            crisis=crisis.kind,
            areas=[_area(area, crisis) for area in areas],
            windows=[crisis_reply.emergency_window(first, areas, at), _front_door(areas)],
        ),
        "model": MODEL,
    }


def _area(area: str, crisis: Crisis) -> JSON:
    return {"id": area, "label": _LABELS[area], "score": _SCORE, "evidence": list(crisis.evidence)}


def _otherwise(at: datetime) -> JSON:
    listener = lines_for("suicide", (), at)[0]
    return {
        "kind": "clarify",
        "messages": [
            {"text": _RESTING, "buttons": []},
            {"text": f"{_LISTENING}\n{crisis_reply.in_words(listener)}", "buttons": []},
        ],
        "triage": contract.triage(windows=[_front_door(())]),
        "model": MODEL,
    }


def _front_door(areas: tuple[str, ...]) -> JSON:
    """福祉総合相談支援センター by the city's switchboard."""
    return contract.window(
        id="fukushi_sogo",
        name="福祉総合相談支援センター",
        reason="どこに相談すればよいかわからないときも、受け付けています",
        areas=list(areas),
        phone=switchboard.PHONE,
        phone_label=switchboard.LABEL,
        say="「福祉総合相談支援センターにつないでください」",
        trust="A",
        source=switchboard.SOURCE,
        source_date=switchboard.SOURCE_DATE,
    )
