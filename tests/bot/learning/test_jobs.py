"""One job at a time, seen by whoever looks, and honest about its end; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.learning.jobs import LOST, SILENCE, Busy, Jobs
from bot.logbook.database import open_engine
from bot.staff import schema


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def database(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    schema.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def jobs(database: Engine, clock: Clock) -> Jobs:
    return Jobs(database, clock)


def test_a_second_job_is_refused_while_one_runs(jobs: Jobs, database: Engine, clock: Clock) -> None:
    """Also from another process: the database itself refuses."""
    job = jobs.begin("train", "unyo")
    with pytest.raises(Busy):
        Jobs(database, clock).begin("compare", "kanri", "tsunagu-a")
    jobs.end(job, "done", model="tsunagu-a")
    assert jobs.begin("train", "kanri") > job


def test_how_far_it_is_is_seen_by_everybody(jobs: Jobs, database: Engine) -> None:
    job = jobs.begin("train", "unyo")
    jobs.progress(job, "CrisisDetector", 55)
    seen = Jobs(database, jobs._clock).latest()
    assert seen is not None
    assert (seen.stage, seen.words, seen.done, seen.running) == ("CrisisDetector", "危機を学んでいます", 55, True)


def test_cancelled_its_process_hears_of_it(jobs: Jobs) -> None:
    job = jobs.begin("train", "unyo")
    assert jobs.alive(job)
    assert jobs.cancel(job)
    assert not jobs.alive(job)
    jobs.end(job, "cancelled")
    assert not jobs.cancel(job)
    latest = jobs.latest()
    assert latest is not None
    assert latest.state == "cancelled"


def test_a_job_without_a_sign_of_life_is_said_to_have_stopped(jobs: Jobs, clock: Clock) -> None:
    """And its process, should it wake up again, learns that it must stop, and changes nothing any more."""
    job = jobs.begin("train", "unyo")
    clock.at += SILENCE - timedelta(seconds=1)
    assert jobs.alive(job)
    clock.at += SILENCE + timedelta(seconds=1)
    lost = jobs.latest()
    assert lost is not None
    assert (lost.state, lost.problem) == ("failed", LOST)
    assert not jobs.alive(job)
    jobs.end(job, "done", model="tsunagu-a")
    assert jobs.latest() == lost
    jobs.begin("train", "unyo")


def test_the_time_of_the_last_training_is_known(jobs: Jobs, clock: Clock) -> None:
    assert jobs.usual("train") is None
    job = jobs.begin("train", "unyo")
    clock.at += timedelta(seconds=40)
    jobs.end(job, "done")
    assert jobs.usual("train") == 40
