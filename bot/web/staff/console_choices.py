"""What the clerk sets beside the text: areas switched on or off, place, age group, household, situation, consent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from agency_db.lookup import AreaScore
from agency_db.places import Gazetteer, Place
from bot.safety.crisis import PRIORITY
from bot.web.errors import ApiError

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose, and the conditions of the routing table that follow from it."""

    id: str
    label: str
    flags: frozenset[str] = frozenset()


#: Of the person who needs help; the borders are those of the plan's windows (as in bot.nlu.situation).
AGES: Final = (
    Choice("unborn", "妊娠中"),
    Choice("newborn", "出産後4か月まで", frozenset({"postpartum", "infant", "preschool", "child"})),
    Choice("infant", "3歳まで", frozenset({"infant", "preschool", "child"})),
    Choice("preschool", "4歳から就学前", frozenset({"preschool", "child"})),
    Choice("school", "小学生から17歳", frozenset({"child", "attends_school"})),
    Choice("youth", "18歳から39歳", frozenset({"youth"})),
    Choice("adult", "40歳から64歳"),
    Choice("older", "65歳から", frozenset({"older_person"})),
)
#: Who in the household needs support.
HOUSEHOLD: Final = (
    Choice("self", "本人"),
    Choice("child", "子ども", frozenset({"child", "has_children"})),
    Choice("older", "高齢者", frozenset({"older_person"})),
    Choice("disability", "障がい", frozenset({"welfare_service"})),
    Choice("language", "外国語"),
)
CONSENTS: Final = (Choice("", "まだ聞いていない"), Choice("yes", "あり"), Choice("no", "なし"))
_CONSENT_FLAGS: Final = {"yes": "consent_given", "no": "consent_refused"}
_FLAGS: Final = {**{f"age:{one.id}": one.flags for one in AGES}, **{f"home:{one.id}": one.flags for one in HOUSEHOLD}}
_MOST = 40
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Choices:
    """The clerk's word; it beats what was read from the text. `on`, `off`: areas; `flags_on`, `flags_off`: conditions.

    `place`: as written, "" for the one in the text. `age`: id of AGES or "". `household`: ids of HOUSEHOLD.
    """

    on: tuple[str, ...]
    off: frozenset[str]
    place: str
    age: str
    household: tuple[str, ...]
    flags_on: frozenset[str]
    flags_off: frozenset[str]
    consent: str

    def situation(self, read: frozenset[str]) -> frozenset[str]:
        """Conditions that hold; `read`: those in the text.

        A set age replaces what the text says about ages: the text may speak of somebody else's.
        """
        flags = set(read)
        if self.age:
            flags -= {flag for one in AGES for flag in one.flags}
            flags |= _FLAGS[f"age:{self.age}"]
        for member in self.household:
            flags |= _FLAGS[f"home:{member}"]
        if self.consent:
            flags.add(_CONSENT_FLAGS[self.consent])
        return frozenset((flags | self.flags_on) - self.flags_off)


@dataclass(frozen=True, slots=True)
class Understood:
    """What was read from the text: areas best first, conditions, the crisis (or "none"), the place."""

    areas: tuple[AreaScore, ...]
    situation: frozenset[str]
    crisis: str
    place: str

    def chosen(self, choices: Choices) -> tuple[AreaScore, ...]:
        """The areas that count: those read and not switched off, then those that the clerk added."""
        read = tuple(area for area in self.areas if area.id not in choices.off)
        known = {area.id for area in read}
        return read + tuple(AreaScore(id, 1.0, ()) for id in choices.on if id not in known)


def read_choices(value: object) -> Choices:
    """From the page's JSON; whatever is left out is not set. ApiError(400) for anything else."""
    body = _object(value)
    household = _strings(body, "household")
    age, consent = _string(body, "age"), _string(body, "consent")
    if (
        not set(household) <= {one.id for one in HOUSEHOLD}
        or age not in {"", *(one.id for one in AGES)}
        or consent not in {one.id for one in CONSENTS}
    ):
        raise ApiError(400)
    return Choices(
        on=tuple(dict.fromkeys(_strings(body, "on"))),
        off=frozenset(_strings(body, "off")),
        place=_string(body, "place").strip(),
        age=age,
        household=tuple(one.id for one in HOUSEHOLD if one.id in household),
        flags_on=frozenset(_strings(body, "flags_on")),
        flags_off=frozenset(_strings(body, "flags_off")),
        consent=consent,
    )


def read_understood(value: object) -> Understood:
    """What the page was told before, as it sends it back. ApiError(400) for anything else."""
    body = _object(value)
    areas = body.get("areas", [])
    crisis = body.get("crisis", "none")
    if not isinstance(areas, list) or len(areas) > _MOST or crisis not in {"none", *PRIORITY}:
        raise ApiError(400)
    return Understood(
        tuple(_area(one) for one in areas), frozenset(_strings(body, "situation")), crisis, _string(body, "place")
    )


def place_of(gazetteer: Gazetteer, understood: Understood, choices: Choices) -> Place | None:
    """The place that the clerk set, else the one in the text; None where neither is known."""
    words = choices.place or understood.place
    return gazetteer.resolve(words) if words else None


def _area(value: object) -> AreaScore:
    one = _object(value)
    score = one.get("score")
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
        raise ApiError(400)
    return AreaScore(_string(one, "id"), float(score), ())


def _object(value: object) -> JSON:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ApiError(400)
    return value


def _string(body: JSON, key: str) -> str:
    value = body.get(key, "")
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise ApiError(400)
    return value


def _strings(body: JSON, key: str) -> tuple[str, ...]:
    value = body.get(key, [])
    if not isinstance(value, list) or len(value) > _MOST:
        raise ApiError(400)
    if not all(isinstance(one, str) and len(one) <= _LONGEST for one in value):
        raise ApiError(400)
    return tuple(value)
