"""From areas and what the clerk set to ranked windows, with the plan's rule behind each; no model is asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from agency_db import rules
from agency_db.directory import Directory
from agency_db.lookup import Query, look_up, named_window
from agency_db.places import Gazetteer
from agency_db.routing import STAFF_COORDINATORS
from bot.web.staff.console_choices import Choices, Understood, place_of
from bot.web.staff.console_crisis import warning

JSON = dict[str, Any]

#: 多機関協働 in the plan: who is called in beside the coordinators.
PARTNERS: Final = ("ikiiki_support", "kikan_hokatsu", "shogai_kikan", "shogai_chiiki", "shogai_senmon")
#: The plan's two meetings about complex cases.
_WITH_CONSENT: Final = {
    "name": "重層的支援会議",
    "when": "本人の同意があるとき。プランをつくるとき、つくり直すとき、終えるとき、中断するときに開く",
    "then": "同意のもとで、関わる窓口が情報を分け合い、プランと役割を決める",
}
_WITHOUT_CONSENT: Final = {
    "name": "支援会議",
    "when": "本人の同意がないとき、まだ会えていないとき",
    "then": "出席者には守秘義務がある。同意がなくても、気になる世帯の情報を分け合い、見守りと近づき方を決める",
}
_PROGRAMMES: Final = (
    (rules.OUTREACH, "来られない、会えない、こばんでいる人を、たずねて行く"),
    (rules.PARTICIPATION, "働く、通う、手伝うなど、社会とのつながりを本人に合わせてつくる"),
)


def ranking(directory: Directory, gazetteer: Gazetteer, understood: Understood, choices: Choices, at: datetime) -> JSON:
    """Everything that the console shows beside the text (see `static/console-result.js`)."""
    areas = understood.chosen(choices)
    situation = choices.situation(understood.situation)
    query = Query(areas, at, place_of(gazetteer, understood, choices), situation, "staff")
    found = look_up(directory, query)
    return {
        "areas": list(found.areas),
        "crisis": warning(understood.crisis, [area.id for area in areas], at),
        "place": query.place.as_dict() if query.place else None,
        "place_unknown": bool(choices.place) and query.place is None,
        "place_question": found.place_question,
        "windows": [_explained(directory, window, query) for window in found.windows],
        "engawa": list(found.engawa),
        "multi_agency": _joint_work(directory, query, choices) if found.multi_agency else None,
        "programmes": _programmes(directory, query),
        "conditions": [
            {"flag": one.flag, "name": one.name, "holds": one.holds} for one in rules.conditions(directory, query)
        ],
        "hard_to_reach": "hard_to_reach" in situation,
    }


def _explained(directory: Directory, window: JSON, query: Query) -> JSON:
    known = directory.windows[window["id"]]
    return {**window, "rules": rules.rules_of(directory, known.id, query), "role": known.role}


def _joint_work(directory: Directory, query: Query, choices: Choices) -> JSON:
    meetings = {"yes": [_WITH_CONSENT], "no": [_WITHOUT_CONSENT]}.get(
        choices.consent, [_WITH_CONSENT, _WITHOUT_CONSENT]
    )
    return {
        "coordinators": [_brief(directory, id, query) for id in STAFF_COORDINATORS if id in directory.windows],
        "partners": [_brief(directory, id, query) for id in PARTNERS if id in directory.windows],
        "meetings": meetings,
        "consent": choices.consent,
    }


def _programmes(directory: Directory, query: Query) -> list[JSON]:
    """Outreach where somebody is hard to reach, 参加支援 where the areas' own windows have it."""
    offers: list[JSON] = []
    for programme, about in _PROGRAMMES:
        if programme == rules.OUTREACH and "hard_to_reach" not in query.situation:
            continue
        windows = rules.offered(directory, programme, query)
        if windows:
            offers.append(
                {"name": programme, "about": about, "windows": [_brief(directory, id, query) for id in windows]}
            )
    return offers


def _brief(directory: Directory, id: str, query: Query) -> JSON:
    window = named_window(directory, id, query)
    kept = ("id", "name", "phone", "phone_label", "say", "open", "trust", "source", "source_date")
    return {key: window[key] for key in kept}
