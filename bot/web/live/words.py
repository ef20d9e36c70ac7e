"""What is said to somebody who waits for a person: who is there, which lines answer now, never how long it takes."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final

from bot.safety import hotlines
from bot.safety.opening import parse_hours
from bot.settings import TOKYO
from bot.web.content import SWITCHBOARD

JSON = dict[str, Any]

#: When the city's windows are open. The directory registers no hours of the live desk itself, so none are told; this is
#: what the offices of the windows have in common (agency_db/data/offices.csv: 月-金 8:30-17:00, one until 17:15).
HOURS: Final = "Mo-Fr 08:30-17:00; PH off"
HOURS_TEXT: Final = "平日の8:30〜17:00（祝日と12/29〜1/3は休み）"

_RULES = parse_hours(HOURS)
_WEEKDAYS = "月火水木金土日"
# Somebody who wants to talk to a person and is in no danger: the line for every trouble, day and night.
_LISTENER = "yorisoi"
# The longest rest is 29 December to 3 January with the weekend behind it.
_LOOK_AHEAD_DAYS = 15


def in_hours(at: datetime) -> bool:
    """Whether clerks are at their desks at `at` (aware), by the calendar."""
    return _RULES.open_at(at)


def note(*, staffed: bool, crisis: str, at: datetime) -> str:
    """A few sentences for somebody who waits. `staffed`: a clerk has the queue open; `crisis`: "none" or its kind."""
    if crisis != "none":
        if staffed:
            return (
                "職員も、このやりとりを見られるようにしました（名前や電話番号はかくしています）。"
                "職員が書くときは、ここに出ます。待たずに、上の番号に電話してください。"
            )
        return "いま、ここで文字を返せる職員はいません。待たずに、上の番号に電話してください。"
    if staffed:
        return (
            "職員に知らせました。このページを開いたままにしてください。職員が書くときは、ここに出ます。"
            "どのくらい待つかは、わかりません。電話のほうが早いこともあります。"
        )
    opening = None if in_hours(at) else next_opening(at)
    coming = f"次に開くのは、{opening}です。" if opening else ""
    return (
        f"いま、ここで文字を返せる職員はいません。市役所の窓口が開くのは、{HOURS_TEXT}です。{coming}"
        "いまは、次の電話が使えます。待っているあいだも、つなぐは答えます。"
    )


def lines(crisis: str, at: datetime) -> list[JSON]:
    """Telephone lines that answer at `at`: {"name", "phone", "when"}. None in a crisis: the reply has them."""
    if crisis != "none":
        return []
    listener = hotlines.by_id(_LISTENER)
    found = []
    if in_hours(at):
        found.append({"name": SWITCHBOARD["name"], "phone": SWITCHBOARD["phone"], "when": "市役所で話す"})
    if listener.open_at(at) == "open":
        found.append({"name": listener.name, "phone": listener.number, "when": f"{listener.hours_text}・無料"})
    return found


def next_opening(at: datetime) -> str | None:
    """When clerks are at their desks again, in words (「きょう 8:30」「あした 8:30」「11月24日（火）8:30」)."""
    local = at.astimezone(TOKYO)
    for days in range(_LOOK_AHEAD_DAYS):
        day = local.date() + timedelta(days=days)
        for _, minute, _ in _RULES.rules:
            begins = datetime.combine(day, time(minute // 60, minute % 60), TOKYO)
            if begins > local and _RULES.open_at(begins):
                named = f"{day.month}月{day.day}日（{_WEEKDAYS[day.weekday()]}）"
                return f"{('きょう', 'あした')[days] if days < 2 else named} {begins.hour}:{begins.minute:02d}"
    return None
