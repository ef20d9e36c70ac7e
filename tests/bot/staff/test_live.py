"""The queue of live conversations: nobody is taken twice, nobody is forgotten, nothing stays that was to go."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from bot.logbook import schema as logbook_schema
from bot.logbook.models import Conversation
from bot.staff import live_reading
from bot.staff.accounts import Account
from bot.staff.live import GIVEN_UP, LEASE, LiveQueue
from bot.staff.live_models import LiveMessage
from bot.staff.live_talk import Event, State
from bot.staff.register import StaffRegister
from tests.bot.staff.conftest import Clock

TRIAGE = {"areas": [{"id": "dementia", "label": "認知症", "score": 0.9, "evidence": []}], "windows": []}


@pytest.fixture
def queue(register: StaffRegister, clock: Clock) -> LiveQueue:
    logbook_schema.upgrade(register.engine)
    return LiveQueue(register.engine, clock)


def events(queue: LiveQueue, talk: str) -> list[str]:
    return [message.text for message in queue.messages(talk) if message.sender == "system"]


def test_of_many_clerks_who_press_at_once_exactly_one_has_it(queue: LiveQueue) -> None:
    talk = queue.ask("one", "none", TRIAGE)
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda number: queue.take(talk.id, f"clerk-{number}"), range(8)))
    assert got.count(True) == 1
    found = queue.find("one")
    assert found is not None
    assert (found.state, found.taken_by) == (State.TAKEN, f"clerk-{got.index(True)}")
    assert events(queue, talk.id) == [Event.JOINED]


def test_many_messages_at_once_are_all_kept_in_one_order(queue: LiveQueue) -> None:
    talk = queue.ask("one", "none", TRIAGE)
    queue.take(talk.id, "aoki")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: queue.say(talk.id, "aoki", str(number), f"key-{number}"), range(12)))
    messages = queue.messages(talk.id)
    assert [message.number for message in messages] == list(range(1, 14))
    assert {message.text for message in messages[1:]} == {str(number) for number in range(12)}


def test_who_waits_keeps_the_place_and_a_crisis_goes_first(
    queue: LiveQueue, clock: Clock, register: StaffRegister
) -> None:
    first = queue.ask("first", "none", TRIAGE)
    clock.turn(minutes=1)
    queue.ask("second", "none", TRIAGE)
    clock.turn(minutes=1)
    assert queue.ask("first", "none", TRIAGE).asked_at == first.asked_at
    assert [entry.talk.conversation for entry in live_reading.entries(register.engine)] == ["first", "second"]
    queue.ask("second", "suicide", TRIAGE)
    queue.ask("second", "none", TRIAGE)
    entries = live_reading.entries(register.engine)
    assert [(entry.talk.conversation, entry.talk.reason) for entry in entries] == [
        ("second", "crisis"),
        ("first", "human"),
    ]


def test_a_clerk_who_vanishes_releases_what_was_taken(queue: LiveQueue, clock: Clock) -> None:
    talk = queue.ask("one", "none", TRIAGE)
    queue.beat("page-of-aoki", "aoki")
    queue.take(talk.id, "aoki")
    for _ in range(5):
        clock.turn(seconds=LEASE.total_seconds() - 1)
        queue.beat("page-of-aoki", "aoki")
    before = queue.tick()
    assert queue.held(talk.id, "aoki")
    clock.turn(seconds=LEASE.total_seconds())
    assert queue.hear("one", "まだいますか", "none") is None
    assert queue.tick() > before
    found = queue.find("one")
    assert found is not None
    assert (found.state, found.taken_by, found.asked_at) == (State.WAITING, None, talk.asked_at)
    assert events(queue, talk.id) == [Event.JOINED, Event.VANISHED]
    assert not queue.say(talk.id, "aoki", "おくれました", "key-1")
    assert queue.take(talk.id, "ueda")


def test_only_who_has_taken_it_may_write_hand_back_and_end(queue: LiveQueue) -> None:
    talk = queue.ask("one", "none", TRIAGE)
    assert not queue.say(talk.id, "aoki", "こんにちは", "key-1")
    queue.take(talk.id, "aoki")
    assert not queue.take(talk.id, "ueda")
    assert not queue.say(talk.id, "ueda", "こんにちは", "key-2")
    assert not queue.close(talk.id, "ueda", Event.ENDED)
    assert queue.close(talk.id, "aoki", Event.HANDED_BACK)
    assert not queue.close(talk.id, "aoki", Event.ENDED)
    assert queue.hear("one", "ありがとう", "none") is None
    assert queue.ask("one", "none", TRIAGE).state == State.WAITING


def test_a_message_sent_again_over_a_bad_line_arrives_once(queue: LiveQueue) -> None:
    talk = queue.ask("one", "none", TRIAGE)
    queue.take(talk.id, "aoki")
    assert queue.say(talk.id, "aoki", "こんにちは", "the-same")
    assert queue.say(talk.id, "aoki", "こんにちは", "the-same")
    assert [message.text for message in queue.messages(talk.id, after=1)] == ["こんにちは"]


def test_somebody_is_there_while_a_page_is_open(queue: LiveQueue, clock: Clock) -> None:
    assert not queue.staffed()
    queue.beat("first-page", "aoki")
    queue.beat("other-page", "aoki")
    queue.away("first-page")
    assert queue.staffed()
    clock.turn(seconds=LEASE.total_seconds())
    assert not queue.staffed()
    queue.beat("first-page", "aoki")
    queue.away("first-page")
    assert not queue.staffed()


def test_who_closed_the_page_does_not_wait_for_ever(queue: LiveQueue, clock: Clock) -> None:
    talk = queue.ask("one", "none", TRIAGE)
    clock.turn(seconds=GIVEN_UP.total_seconds() - 60)
    queue.seen("one")
    clock.turn(seconds=GIVEN_UP.total_seconds() - 60)
    queue.tick()
    assert not events(queue, talk.id)
    clock.turn(minutes=2)
    queue.tick()
    assert events(queue, talk.id) == [Event.RESIDENT_LEFT]
    found = queue.find("one")
    assert found is not None
    assert found.state == State.LEFT


def test_after_the_end_a_clerk_does_not_read_on(queue: LiveQueue, register: StaffRegister, clerk: Account) -> None:
    talk = queue.ask("one", "none", TRIAGE)
    queue.take(talk.id, clerk.id)
    queue.hear("one", "どうも", "none")
    assert [entry.clerk for entry in live_reading.entries(register.engine)] == ["青木"]
    queue.close(talk.id, clerk.id, Event.ENDED)
    found = live_reading.one(register.engine, talk.id)
    assert found is not None
    assert [line.text for line in found[1]] == ["joined", "どうも", "ended"]
    assert not live_reading.entries(register.engine)


def test_erasing_takes_every_message_along(queue: LiveQueue, register: StaffRegister) -> None:
    talk = queue.ask("one", "none", TRIAGE)
    queue.take(talk.id, "aoki")
    queue.hear("one", "消したいこと", "none")
    before = queue.tick()
    queue.forget("one")
    assert queue.tick() > before
    assert queue.find("one") is None
    assert live_reading.one(register.engine, talk.id) is None
    with register.engine.connect() as connection:
        assert not connection.execute(select(LiveMessage.id)).all()


def test_talks_go_after_ninety_days_and_with_their_conversation(
    queue: LiveQueue, clock: Clock, register: StaffRegister
) -> None:
    start = clock.at
    for name in ("old", "young", "erased"):
        queue.ask(name, "none", TRIAGE)
    with register.engine.begin() as connection:
        for name in ("old", "young"):
            row = {"id": name, "started": start, "last_activity": start, "source": "page"}
            connection.execute(insert(Conversation).values(row))
    assert queue.expire(start - timedelta(days=90)) == 0
    clock.turn(hours=2)
    assert queue.expire(start - timedelta(days=90)) == 1
    assert queue.find("erased") is None
    clock.turn(days=91)
    queue.seen("young")
    assert queue.expire(clock.at - timedelta(days=90)) == 1
    assert queue.find("old") is None
    assert queue.find("young") is not None
