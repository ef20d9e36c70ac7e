"""Guessing passwords becomes slow, and a clerk who mistypes is not shut out."""

from __future__ import annotations

import pytest

from bot.staff.throttle import FORGET, FREE_PER_ACCOUNT, FREE_PER_ADDRESS, LONGEST_DELAY, Throttle
from tests.clock import Clock


@pytest.fixture
def seconds() -> Clock:
    return Clock()


@pytest.fixture
def throttle(seconds: Clock) -> Throttle:
    return Throttle(seconds)


def test_a_few_mistakes_cost_nothing_then_each_costs_twice_as_long(throttle: Throttle, seconds: Clock) -> None:
    for number in range(FREE_PER_ACCOUNT):
        assert throttle.attempt("aoki", f"10.0.0.{number}") == 0
    waits = []
    for number in range(8):
        waits.append(throttle.attempt("aoki", f"10.0.1.{number}"))
        assert throttle.attempt("aoki", "10.0.2.1") == waits[-1], "asking while waiting does not make it longer"
        seconds.now += waits[-1]
        assert throttle.attempt("aoki", f"10.0.3.{number}") == 0
    assert waits[:3] == [15, 30, 60]
    assert max(waits) == LONGEST_DELAY


def test_one_address_trying_many_names_is_slowed_down_too(throttle: Throttle) -> None:
    for number in range(FREE_PER_ADDRESS):
        assert throttle.attempt(f"name{number}", "10.0.0.1") == 0
    assert throttle.attempt("somebody", "10.0.0.1") > 0
    assert throttle.attempt("somebody", "10.0.0.2") == 0


def test_many_attempts_at_the_same_moment_are_counted_before_any_is_checked(throttle: Throttle) -> None:
    let_through = [throttle.attempt("aoki", f"10.0.0.{number}") for number in range(100)].count(0)
    assert let_through == FREE_PER_ACCOUNT


def test_signing_in_forgets_the_accounts_mistakes(throttle: Throttle) -> None:
    for _ in range(FREE_PER_ACCOUNT):
        assert throttle.attempt("aoki", "10.0.0.1") == 0
    throttle.succeeded("aoki", "10.0.0.1")
    assert throttle.attempt("aoki", "10.0.0.1") == 0


def test_somebody_with_an_account_cannot_guess_at_others_without_end(throttle: Throttle) -> None:
    tried = 0
    for number in range(200):
        if throttle.attempt(f"name{number}", "10.0.0.1") == 0:
            tried += 1
        if throttle.attempt("own", "10.0.0.1") == 0:
            throttle.succeeded("own", "10.0.0.1")
    assert tried <= FREE_PER_ADDRESS


def test_a_stranger_cannot_lock_a_clerk_out_of_the_own_desk(throttle: Throttle) -> None:
    assert throttle.attempt("aoki", "10.0.0.1") == 0
    throttle.succeeded("aoki", "10.0.0.1")
    for number in range(100):
        throttle.attempt("aoki", f"192.0.2.{number}")
    assert throttle.attempt("aoki", "198.51.100.1") > 0
    assert throttle.attempt("aoki", "10.0.0.1") == 0


def test_an_hour_later_all_is_forgotten(throttle: Throttle, seconds: Clock) -> None:
    for _ in range(FREE_PER_ACCOUNT):
        throttle.attempt("aoki", "10.0.0.1")
    assert throttle.attempt("aoki", "10.0.0.1") > 0
    seconds.now += FORGET
    for _ in range(FREE_PER_ACCOUNT):
        assert throttle.attempt("aoki", "10.0.0.1") == 0
