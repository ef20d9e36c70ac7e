"""The console's answers: ranked at once from what the clerk set, without asking the engine."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from bot.commands.db import prepare_databases
from bot.staff.roles import Role
from tests.bot.web.staff.conftest import Desk

JSON = dict[str, Any]
DEMENTIA = [{"id": "dementia", "score": 0.9}]
SEVERAL = [{"id": id, "score": 0.9} for id in ("dementia", "poverty", "parenting")]


@pytest.fixture
async def seeded(desk: Desk) -> Desk:
    await asyncio.to_thread(prepare_databases, desk.service.settings)
    return desk


async def ask(desk: Desk, path: str, body: JSON, status: int = 200) -> JSON:
    client = await desk.client(Role.STAFF)
    async with client.post(f"/api/v1/staff/{path}", json=body) as response:
        assert response.status == status, await response.text()
        answer: JSON = await response.json()
        return answer


async def rank(desk: Desk, understood: JSON | None = None, **choices: Any) -> JSON:
    answer: JSON = (await ask(desk, "rank", {"understood": understood, "choices": choices}))["ranked"]
    return answer


def ids(ranked: JSON) -> list[str]:
    return [window["id"] for window in ranked["windows"]]


async def test_what_is_typed_gives_areas_evidence_and_ranked_windows(seeded: Desk) -> None:
    text = "父が夜中に出ていく。湘南台に住んでいます"
    answer = await ask(seeded, "understand", {"text": text})
    (area,) = answer["understood"]["areas"]
    assert area["id"] == "dementia"
    assert all(words in text for words in area["evidence"])
    assert ids(answer["ranked"])[0] == "ikiiki_support"
    assert answer["ranked"]["place"]["district"] == "湘南台"
    assert answer["model"] == "stand-in"


async def test_areas_switched_by_the_clerk_are_ranked_anew_without_the_engine(seeded: Desk) -> None:
    ranked = await rank(seeded, {"areas": DEMENTIA}, off=["dementia"], on=["nursery"])
    assert [area["id"] for area in ranked["areas"]] == ["nursery"]
    assert ids(ranked) == ["hoiku_concierge"]
    assert seeded.service.engine.triaged == []


async def test_each_window_says_which_rule_of_the_plan_named_it(seeded: Desk) -> None:
    ranked = await rank(seeded, {"areas": DEMENTIA}, flags_on=["not_connected"])
    rules = {window["id"]: window["rules"] for window in ranked["windows"]}
    assert rules["ikiiki_support"] == ["「認知症」の1番目の窓口"]
    assert rules["ninchisho_team"] == ["「認知症」で「受診やサービスにつながっていない」のとき"]
    assert all(window["role"] and window["reason"] for window in ranked["windows"])


async def test_the_place_that_the_clerk_sets_beats_the_one_in_the_text(seeded: Desk) -> None:
    read = {"areas": [{"id": "unsure", "score": 0.9}], "place": "辻堂"}
    assert ids(await rank(seeded, read)) == ["fukushi_sogo"]
    north = await rank(seeded, read, place="湘南台地区")
    assert north["place"]["district"] == "湘南台"
    assert ids(north)[0] == "hokubu_sogo"
    assert (await rank(seeded, read, place="どこでもない"))["place_unknown"]


@pytest.mark.parametrize(
    ("area", "choices", "window"),
    [
        ("maternity", {"age": "newborn"}, "hello_baby"),
        ("withdrawal", {"age": "youth"}, "youth_support"),
        ("hoarding", {"age": "older"}, "ikiiki_support"),
        ("developmental_disorder", {"household": ["child"]}, "kodomo_katei"),
        ("daily_support", {"household": ["older"]}, "seikatsu_coordinator"),
        ("mental_health", {"household": ["disability"]}, "shogai_chiiki"),
    ],
)
async def test_age_and_household_change_the_ranking_at_once(
    seeded: Desk, area: str, choices: JSON, window: str
) -> None:
    read = {"areas": [{"id": area, "score": 0.9}]}
    assert window not in ids(await rank(seeded, read))
    assert window in ids(await rank(seeded, read, **choices))


async def test_a_set_age_replaces_the_one_in_the_text(seeded: Desk) -> None:
    """「70歳の母」 speaks, but it is about her grown-up child."""
    read = {"areas": [{"id": "withdrawal", "score": 0.9}], "situation": ["older_person"]}
    conditions = (await rank(seeded, read, age="youth"))["conditions"]
    assert [one["flag"] for one in conditions if one["holds"]] == ["youth"]


async def test_complex_cases_show_whom_to_call_and_which_meeting(seeded: Desk) -> None:
    ranked = await rank(seeded, {"areas": SEVERAL})
    joint = ranked["multi_agency"]
    assert ids(ranked)[:2] == ["backup", "backup_shakyo"]
    assert [one["id"] for one in joint["coordinators"]] == ["backup", "backup_shakyo"]
    assert {one["id"] for one in joint["partners"]} >= {"ikiiki_support", "kikan_hokatsu", "shogai_kikan"}
    assert all(one["phone"] and one["source"] for one in [*joint["coordinators"], *joint["partners"]])
    assert [one["name"] for one in joint["meetings"]] == ["重層的支援会議", "支援会議"]


async def test_with_consent_the_planning_meeting_without_it_the_one_bound_to_secrecy(seeded: Desk) -> None:
    (planning,) = (await rank(seeded, {"areas": SEVERAL}, consent="yes"))["multi_agency"]["meetings"]
    assert planning["name"] == "重層的支援会議"
    assert all(words in planning["when"] for words in ("プランをつくるとき", "つくり直すとき", "終えるとき", "中断"))
    (secret,) = (await rank(seeded, {"areas": SEVERAL}, consent="no"))["multi_agency"]["meetings"]
    assert secret["name"] == "支援会議"
    assert "守秘義務" in secret["then"]
    assert (await rank(seeded, {"areas": DEMENTIA}))["multi_agency"] is None


async def test_outreach_and_participation_are_offered_where_the_plan_says_so(seeded: Desk) -> None:
    read = {"areas": [{"id": "withdrawal", "score": 0.9}]}
    assert [one["name"] for one in (await rank(seeded, read))["programmes"]] == ["参加支援"]
    ranked = await rank(seeded, read, flags_on=["hard_to_reach"])
    assert [one["name"] for one in ranked["programmes"]] == ["アウトリーチ", "参加支援"]
    refusing = await rank(seeded, {"areas": DEMENTIA}, flags_on=["hard_to_reach"])
    assert "ninchisho_team" in [one["id"] for one in refusing["programmes"][0]["windows"]]


@pytest.mark.parametrize("crisis", ["suicide", "violence", "abuse", "medical_emergency"])
async def test_every_crisis_says_what_to_do_and_which_number_answers_now(seeded: Desk, crisis: str) -> None:
    warning = (await rank(seeded, {"areas": [], "crisis": crisis}))["crisis"]
    assert len(warning["steps"]) == 3
    assert warning["lines"][0]["open"] == "open"
    assert warning["lines"][0]["number"]


async def test_without_the_directory_the_crisis_lines_and_one_door_are_there(desk: Desk) -> None:
    answer = await ask(desk, "understand", {"text": "父が息をしていません"})
    assert answer["ranked"]["crisis"]["lines"][0]["number"] == "119"
    assert ids(answer["ranked"]) == ["fukushi_sogo"]


async def test_areas_added_by_hand_alone_give_windows(seeded: Desk) -> None:
    ranked = await rank(seeded, None, on=["poverty"])
    assert ids(ranked) == ["backup", "backup_shakyo"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"choices": []},
        {"choices": {"age": "very old"}},
        {"choices": {"household": ["cat"]}},
        {"choices": {"consent": "maybe"}},
        {"choices": {"on": "dementia"}},
        {"choices": {"place": 3}},
        {"choices": {}, "understood": {"crisis": "rain"}},
        {"choices": {}, "understood": {"areas": [{"id": "dementia", "score": True}]}},
        {"choices": {}, "understood": {"areas": [{"id": "dementia", "score": 2}]}},
        {"choices": {}, "understood": {"areas": [{}] * 50}},
    ],
)
async def test_what_the_page_would_never_send_is_refused(seeded: Desk, body: JSON) -> None:
    answer = await ask(seeded, "rank", body, 400)
    assert answer["error"]["code"] == "bad_request"


async def test_nothing_that_is_typed_is_kept_or_logged(seeded: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await ask(seeded, "understand", {"text": "夜中に出ていく。さくらばしです"})
    assert "さくらばし" not in caplog.text
    stored = b"".join(path.read_bytes() for path in seeded.service.settings.data.iterdir() if path.is_file())
    assert "さくらばし".encode() not in stored
