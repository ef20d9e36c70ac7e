"""What the desk sees first in a crisis: what to do now, and the numbers that answer now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from bot.safety.hotlines import lines_for

JSON = dict[str, Any]

_MOST_LINES = 4
_LABELS: Final = {
    "medical_emergency": "いのちの危険（急病・けが・薬をのんだ・返事がない）",
    "violence": "暴力",
    "suicide": "自殺のおそれ",
    "abuse": "虐待のおそれ",
}
# For somebody who has the person before them or on the phone; no diagnosis and no promise that we cannot keep.
_STEPS: Final = {
    "medical_emergency": (
        "すぐ 119。場所、だれが、どうなっているかを伝える",
        "電話の人には、切らずに待ってもらう。別の電話からかける",
        "返事のないお宅は 110 でもよい",
    ),
    "violence": (
        "いま安全か、けががないかを聞く。あぶないときは 110、けがは 119",
        "折り返してよい電話と時間を聞く。家にかけない、手紙を出さない",
        "「あなたは悪くない」と伝える。本人のいないところで相手に連絡しない",
    ),
    "suicide": (
        "ひとりにしない。電話は切らない。責めず、はげまさず、聞く",
        "「死にたいと思うほどですか」と聞いてよい。薬やけががあれば 119",
        "もうひとりの職員を呼び、つなぎ先の人が出るまでいっしょにいる",
    ),
    "abuse": (
        "いまけがや命の危険があれば 110・119",
        "子どもは 189 か子ども家庭課、高齢者は基幹型地域包括支援センターへ、今日のうちに伝える",
        "「かもしれない」で伝えてよい。だれから聞いたかは、もらさない",
    ),
}


def warning(crisis: str, areas: Sequence[str], at: datetime) -> JSON | None:
    """What to show on top: {"kind", "label", "steps", "lines"}, the lines best first; None where crisis is "none"."""
    if crisis == "none":
        return None
    lines = lines_for(crisis, areas, at)[:_MOST_LINES]
    return {
        "kind": crisis,
        "label": _LABELS[crisis],
        "steps": list(_STEPS[crisis]),
        "lines": [
            {
                "id": line.id,
                "name": line.name,
                "number": line.number,
                "hours": line.hours_text,
                "open": line.open_at(at),
                "free": line.free,
                "for": line.audience,
                "source": line.source,
                "source_date": line.source_date,
            }
            for line in lines
        ],
    }
