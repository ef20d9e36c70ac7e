"""The fixed terms of the field: the city's districts, which trust levels residents see, and who is asking."""

from __future__ import annotations

from typing import Literal
from zoneinfo import ZoneInfo

Audience = Literal["resident", "staff"]

TOKYO = ZoneInfo("Asia/Tokyo")

#: The 13 地区 in the order of the city's 市民センター list.
DISTRICTS: tuple[str, ...] = (
    "片瀬",
    "鵠沼",
    "辻堂",
    "村岡",
    "藤沢",
    "明治",
    "善行",
    "湘南大庭",
    "六会",
    "湘南台",
    "遠藤",
    "長後",
    "御所見",
)

#: Districts of 北部福祉総合相談室 (contract, multi_agency).
NORTH: frozenset[str] = frozenset({"六会", "湘南台", "遠藤", "長後", "御所見"})

#: 地区福祉窓口: the plan has one in the 市民センター of every district but this one.
WELFARE_DESK = "chiku_fukushi"
WITHOUT_WELFARE_DESK = "藤沢"

#: Trust levels that a resident may see as they are; C waits until a member of staff confirms it (data/README.md).
SHOWN_TO_RESIDENTS: frozenset[str] = frozenset({"A", "B"})
