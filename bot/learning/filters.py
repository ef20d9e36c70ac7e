"""What operators look for among the conversations, as it stands in the address bar: identifiers and dates only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from bot.logbook import facets

#: Marks of a conversation, with the words that operators read, in the order of the page.
MARKS: Final[Mapping[str, str]] = {
    facets.UNREVIEWED: "まだ見ていない",
    facets.LOW: "自信が低い",
    "abstained": "聞き返した",
    facets.ASKED_TWICE: "二度聞き返した",
    "corrected": "ちがうと言われた",
    facets.THUMBS_DOWN: "役に立たなかった",
    facets.THUMBS_UP: "役に立った",
    facets.NO_WINDOW: "窓口がなかった",
    facets.CRISIS: "危機",
    facets.OUT_OF_SCOPE: "対象外",
    facets.TAKEN_OVER: "職員が引き受けた",
    facets.STAFF_DIFFERS: "職員の見立てとちがう",
    facets.LABELLED: "直しがある",
    facets.DISAGREED: "直しが分かれた",
    facets.SAVED: "あとで見る",
}
#: Marks that are a kind of answer under another name.
_KINDS = {"abstained": "kind:clarify", "corrected": "kind:correct"}

#: Kinds of an answer (contract) in plain words.
KINDS: Final[Mapping[str, str]] = {
    "route": "窓口を案内した",
    "clarify": "聞き返した",
    "ask_place": "住まいを聞いた",
    "crisis": "危機に答えた",
    "engawa": "縁側",
    "hours": "開いている時間",
    "phone": "電話番号",
    "other_window": "ほかの窓口",
    "correct": "言い直しに答えた",
    "human": "人と話したい",
    "restart": "はじめから",
    "thanks": "お礼",
    "goodbye": "おわり",
    "smalltalk": "あいさつなど",
    "out_of_scope": "対象外",
}

#: What operators may attach to a conversation. Fixed words: free ones would end up in the address bar.
TAGS: Final[Mapping[str, str]] = {
    "wrong_route": "案内ちがい",
    "wording": "ことばづかい",
    "missing_window": "窓口が足りない",
    "place": "場所のまちがい",
    "discuss": "みんなで話す",
    "good": "よい例",
}


class BadFilter(ValueError):
    """A filter that nobody could have chosen on the page."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Everything may be left out; what is given must hold together. `since`, `until`: days, both included."""

    since: date | None = None
    until: date | None = None
    area: str | None = None
    district: str | None = None
    kind: str | None = None
    tag: str | None = None
    marks: tuple[str, ...] = ()

    @classmethod
    def parse(
        cls, query: Mapping[str, str], marks: Sequence[str], *, areas: Collection[str], districts: Collection[str]
    ) -> Filter:
        """From a query string; `marks`: its values of `mark`. Empty values count as left out. Raises BadFilter."""
        return cls(
            since=_day(query.get("from")),
            until=_day(query.get("to")),
            area=_one_of(query.get("area"), areas),
            district=_one_of(query.get("district"), districts),
            kind=_one_of(query.get("kind"), KINDS),
            tag=_one_of(query.get("tag"), TAGS),
            marks=tuple(mark for mark in MARKS if mark in {_one_of(one, MARKS) for one in marks}),
        )

    @property
    def query(self) -> list[tuple[str, str]]:
        """The query string's pairs, which `parse` reads again."""
        pairs = [
            ("from", self.since.isoformat() if self.since else None),
            ("to", self.until.isoformat() if self.until else None),
            ("area", self.area),
            ("district", self.district),
            ("kind", self.kind),
            ("tag", self.tag),
            *(("mark", mark) for mark in self.marks),
        ]
        return [(name, value) for name, value in pairs if value]

    @property
    def facets(self) -> tuple[str, ...]:
        """The facets that a conversation must have (bot.logbook.facets)."""
        named = {"area": self.area, "district": self.district, "kind": self.kind, "tag": self.tag}
        wanted = [f"{name}:{value}" for name, value in named.items() if value]
        return tuple(dict.fromkeys([*wanted, *(_KINDS.get(mark, mark) for mark in self.marks)]))

    def span(self, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
        """First moment included and first moment excluded."""
        since = datetime.combine(self.since, time(), zone) if self.since else None
        until = datetime.combine(self.until + timedelta(days=1), time(), zone) if self.until else None
        return since, until

    def with_mark(self, mark: str) -> Filter:
        """The same with one mark more."""
        return replace(self, marks=tuple(one for one in MARKS if one in {*self.marks, mark}))


def _one_of(value: str | None, known: Collection[str]) -> str | None:
    if not value:
        return None
    if value not in known:
        raise BadFilter(value)
    return value


def _day(value: str | None) -> date | None:
    if not value:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise BadFilter(value) from error
    if not 2000 <= day.year <= 2100:
        raise BadFilter(value)
    return day
