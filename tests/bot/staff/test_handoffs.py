"""Handoffs on both databases: kept once, followed up, and the forgotten ones first."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.staff.handoffs import Content, Filter, HandoffRefused, Handoffs, State, is_code, new_code
from bot.staff.register import StaffRegister
from tests.bot.staff.conftest import Clock

TODAY = date(2026, 11, 24)


def content(concern: str = "夜中に出ていく", district: str | None = "湘南台") -> Content:
    return Content(
        concern=concern,
        reason="認知症の相談",
        areas=[{"id": "dementia", "label": "認知症"}],
        windows=[{"id": "ikiiki_support", "name": "いきいきサポートセンター"}],
        crisis="none",
        multi_agency=False,
        district=district,
        age="older",
        household=["older"],
        situation=["not_connected"],
        consent="yes",
    )


@pytest.fixture
def handoffs(register: StaffRegister, clock: Clock) -> Handoffs:
    return Handoffs(register.engine, clock)


def test_a_sheet_is_kept_as_it_was_made_and_begins_as_given(handoffs: Handoffs) -> None:
    code = new_code()
    handoffs.save(code, content(), "aoki", TODAY)
    kept = handoffs.get(code)
    assert (kept.content, kept.made_by, kept.state, kept.since) == (content(), "aoki", State.GIVEN, TODAY)
    assert [(step.who, step.state) for step in handoffs.steps(code)] == [("aoki", State.GIVEN)]


def test_sent_twice_it_is_one_handoff_with_the_newer_words(handoffs: Handoffs) -> None:
    code = new_code()
    handoffs.save(code, content(), "aoki", TODAY)
    handoffs.save(code, content("書きなおした"), "aoki", TODAY)
    assert [one.content.concern for one in handoffs.list()] == ["書きなおした"]
    assert len(handoffs.steps(code)) == 1


def test_nobody_else_can_overwrite_it_and_nobody_after_it_was_followed_up(handoffs: Handoffs) -> None:
    code = new_code()
    handoffs.save(code, content(), "aoki", TODAY)
    with pytest.raises(HandoffRefused):
        handoffs.save(code, content("別の人"), "ito", TODAY)
    handoffs.follow_up(code, State.ARRIVED, TODAY, 1, "ito")
    with pytest.raises(HandoffRefused):
        handoffs.save(code, content("あとから"), "aoki", TODAY)
    assert handoffs.get(code).content == content()


def test_of_two_clerks_who_follow_up_at_once_the_second_is_told(handoffs: Handoffs) -> None:
    code = new_code()
    handoffs.save(code, content(), "aoki", TODAY)
    handoffs.follow_up(code, State.ARRIVED, TODAY, 1, "ito")
    with pytest.raises(HandoffRefused):
        handoffs.follow_up(code, State.RETURNED, TODAY, 1, "ueda")
    assert handoffs.get(code).state is State.ARRIVED
    assert [(step.who, step.state) for step in handoffs.steps(code)][1:] == [("ito", State.ARRIVED)]


def test_those_that_nobody_confirmed_come_first_the_oldest_on_top(handoffs: Handoffs, clock: Clock) -> None:
    codes = {}
    for name, days in (("old", 20), ("done", 15), ("back", 9), ("new", 0)):
        codes[name] = new_code()
        handoffs.save(codes[name], content(), "aoki", TODAY - timedelta(days=days))
        clock.turn(minutes=1)
    handoffs.follow_up(codes["done"], State.ARRIVED, TODAY, 1, "ito")
    handoffs.follow_up(codes["back"], State.RETURNED, TODAY - timedelta(days=8), 1, "ito")
    listed = handoffs.list()
    assert [one.code for one in listed] == [codes[name] for name in ("old", "back", "new", "done")]
    assert [one.overdue(TODAY) for one in listed] == [True, True, False, False]


def test_the_list_can_be_narrowed(handoffs: Handoffs) -> None:
    mine, other = new_code(), new_code()
    handoffs.save(mine, content(), "aoki", TODAY)
    handoffs.save(other, content(district=None), "ito", TODAY)
    assert [one.code for one in handoffs.list(Filter(made_by="aoki"))] == [mine]
    assert [one.code for one in handoffs.list(Filter(district="湘南台"))] == [mine]
    assert handoffs.list(Filter(state=State.RETURNED)) == []


def test_a_code_can_be_read_out_and_is_hard_to_guess() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(is_code(code) and not set(code) & set("01ilo") for code in codes)
    assert not any(map(is_code, ("", "new", "ABCDEFGH", "../../..", "あいうえおかきく")))
