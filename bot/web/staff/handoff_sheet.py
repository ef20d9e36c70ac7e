"""The sheet as the page sends it: what is kept, and what is for the paper only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from agency_db.places import Gazetteer
from agency_db.terms import DISTRICTS
from bot.logbook.masking import mask
from bot.safety.crisis import PRIORITY
from bot.staff.handoffs import Content
from bot.web.errors import ApiError
from bot.web.staff.console_choices import AGES, CONSENTS, HOUSEHOLD

JSON = dict[str, Any]

#: Characters that fit on the sheet.
LONGEST: Final = {"concern": 500, "family": 120, "tried": 200, "wishes": 200, "reason": 250}
_LONGEST_PERSONAL: Final = {"name": 40, "kana": 40, "address": 80, "phone": 40, "birthday": 30}
_MOST: Final = 35


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything on the printed sheet. It is made, sent and forgotten: never stored, never logged."""

    code: str
    date: str
    made_by: str
    texts: dict[str, str]
    person: dict[str, str]
    areas: tuple[str, ...]
    windows: tuple[JSON, ...]
    district: str
    age: str
    household: tuple[str, ...]
    consent: str
    crisis: str
    multi_agency: bool

    def __repr__(self) -> str:
        """Without a word of what is on it: a traceback must not quote it."""
        return f"Paper({self.code})"


def read_content(body: JSON, gazetteer: Gazetteer) -> Content:
    """What is kept of a sheet, masked. Fields for the paper are not even looked at. ApiError(400) for a wrong one."""
    crisis, district = _text(body, "crisis", 32) or "none", _text(body, "district", 32)
    age, consent = _text(body, "age", 16), _text(body, "consent", 8)
    household = _ids(body, "household")
    if (
        crisis not in {"none", *PRIORITY}
        or district not in {"", *DISTRICTS}
        or age not in {"", *(one.id for one in AGES)}
        or consent not in {one.id for one in CONSENTS}
        or not set(household) <= {one.id for one in HOUSEHOLD}
        or not isinstance(body.get("multi_agency", False), bool)
    ):
        raise ApiError(400)
    return Content(
        concern=_masked(_text(body, "concern", LONGEST["concern"]), gazetteer),
        reason=_masked(_text(body, "reason", LONGEST["reason"]), gazetteer),
        areas=[{"id": _text(one, "id", 64), "label": _text(one, "label", 64)} for one in _objects(body, "areas")],
        windows=[{"id": _text(one, "id", 64), "name": _text(one, "name", 128)} for one in _objects(body, "windows")],
        crisis=crisis,
        multi_agency=body.get("multi_agency", False),
        district=district or None,
        age=age,
        household=household,
        situation=_ids(body, "situation"),
        consent=consent,
    )


def read_paper(body: JSON, code: str, made_by: str, date: str) -> Paper:
    """The whole sheet, for printing. ApiError(400) for anything that cannot stand on it."""
    person = body.get("person", {})
    if not isinstance(person, dict):
        raise ApiError(400)
    windows = tuple(
        {key: _text(one, key, 200) for key in ("name", "phone", "phone_label", "say")}
        for one in _objects(body, "windows")
    )
    household = _ids(body, "household")
    return Paper(
        code=code,
        date=date,
        made_by=made_by,
        texts={key: _text(body, key, longest) for key, longest in LONGEST.items()},
        person={key: _text(person, key, longest) for key, longest in _LONGEST_PERSONAL.items()},
        areas=tuple(_text(one, "id", 64) for one in _objects(body, "areas")),
        windows=windows,
        district=_text(body, "district", 32),
        age=next((one.label for one in AGES if one.id == body.get("age")), ""),
        household=tuple(one.label for one in HOUSEHOLD if one.id in household),
        consent=next((one.label for one in CONSENTS if one.id == body.get("consent", "")), ""),
        crisis=_text(body, "crisis", 32) or "none",
        multi_agency=bool(body.get("multi_agency")),
    )


def _masked(text: str, gazetteer: Gazetteer) -> str:
    return mask(text, gazetteer.find(text).spans)


def _text(body: JSON, key: str, longest: int) -> str:
    value = body.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > longest:
        raise ApiError(400)
    return value


def _objects(body: JSON, key: str) -> list[JSON]:
    value = body.get(key, [])
    if not isinstance(value, list) or len(value) > _MOST or not all(isinstance(one, dict) for one in value):
        raise ApiError(400)
    return value


def _ids(body: JSON, key: str) -> list[str]:
    value = body.get(key, [])
    if not isinstance(value, list) or len(value) > _MOST:
        raise ApiError(400)
    if not all(isinstance(one, str) and one.isascii() and len(one) <= 64 for one in value):
        raise ApiError(400)
    return list(dict.fromkeys(value))
