"""What is said and shown first in a crisis: the number to call in plain words, then who else listens."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from bot.safety import contract
from bot.safety.hotlines import ADULT_ABUSE_AREAS, Hotline, lines_for
from bot.safety.writer import is_child

JSON = dict[str, Any]

_MORE_LINES = 3
_MORE_LINES_FOR_A_CHILD = 2
# Already named in the sentence that stands before the list.
_SAID = {"suicide": {"119"}, "violence": {"110"}, "abuse": {"110"}, "medical_emergency": {"119"}}


def emergency_window(line: Hotline, areas: Sequence[str], at: datetime) -> JSON:
    """The contract's window with id "emergency": `office` is the hotline's id, `phone` its number.

    `areas`: the asserted areas, all of which it serves. `at`: the moment of the question.
    """
    return contract.window(
        id="emergency",
        office=line.id,
        name=line.name,
        reason="いのちと体を守ることが、いちばん先です",
        areas=list(areas),
        phone=line.number,
        hours=line.hours_text,
        open=line.open_at(at),
        trust=line.trust,
        source=line.source,
        source_date=line.source_date,
    )


def messages(crisis: str, areas: Sequence[str], at: datetime, text: str = "") -> list[JSON]:
    """At most three short messages: what to do now, who else helps (a chat too, where one is open), and that we stay.

    `text`, as written, tells whether a child writes. Raises ValueError for an unknown crisis.
    """
    lines = lines_for(crisis, areas, at)
    child = is_child(text)
    texts = _texts(crisis, child=child, adult_victim=bool(set(areas) & ADULT_ABUSE_AREAS) and lines[0].id == "110")
    more = [line for line in lines[1:] if line.id not in _SAID[crisis] and (line.hours.known or line.free)]
    more = more[: _MORE_LINES_FOR_A_CHILD if child else _MORE_LINES]
    said = [_join(texts["first"], lines[:1], child=child)]
    if more:
        said.append(_join(texts["more"], more, child=child))
    elif texts["more"]:
        said.append(texts["more"])
    said.append(texts["then"])
    replies: list[JSON] = [{"text": words, "buttons": []} for words in said]
    replies[-1]["buttons"] = [
        {"title": title, "payload": payload} for title, payload in _all_texts()["buttons"].items()
    ]
    return replies


def in_words(line: Hotline, *, child: bool = False) -> str:
    """One line for people: its name, its number (or address) and when it answers."""
    cost = "無料" if line.free else "通話料がかかります"
    if child:
        cost = "お金はかからない" if line.free else "お金がかかる"
    if line.channel == "line":
        return f"{line.name}(LINE。県のページにあります。{line.hours_text})"
    if line.channel == "chat":
        return f"声を出せないとき: {line.name}\n{line.number}({line.hours_text})"
    who = "" if line.audience.startswith("誰でも") or "(" in line.name else f"({line.audience})"
    when = "いつでも" if line.hours.always else line.hours_text if line.hours.known else "出られる時間は確認中"
    return f"{line.name}{who}\n電話 {line.number}({when}・{cost})"


def _join(words: str, lines: Sequence[Hotline], *, child: bool) -> str:
    return "\n".join([*([words] if words else []), *(in_words(line, child=child) for line in lines)])


def _texts(crisis: str, *, child: bool, adult_victim: bool) -> dict[str, str]:
    texts = _all_texts()[crisis]
    if child and "child" in texts:
        found: dict[str, str] = texts["child"]
    elif crisis == "abuse" and adult_victim:
        found = texts["adult"]
    else:
        found = texts
    return found


@cache
def _all_texts() -> JSON:
    return tomllib.loads(
        resources.files("bot.safety").joinpath("data/crisis_messages.toml").read_text(encoding="utf-8")
    )
