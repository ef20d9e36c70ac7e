"""Hand-made sentences and answers, judged by the packaged directory."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agency_db.session import open_engine
from agency_db.snapshot import read_directory
from bot.evaluation.answers import Answer, Weighed
from bot.evaluation.guide import Guide
from bot.evaluation.heldout import Sentence
from bot.evaluation.verdicts import Verdict, judge
from bot.settings import Settings

Judge = Callable[[Sentence, Answer], Verdict]


@pytest.fixture(scope="session")
def guide(settings: Settings) -> Guide:
    """The yardstick made of the packaged routing table."""
    return Guide(read_directory(open_engine(settings.directory_url)))


@pytest.fixture(scope="session")
def judged(guide: Guide) -> Judge:
    """Judge one answer."""
    return lambda sentence, answer: judge(sentence, answer, guide)


def sentence(number: int, *areas: str, crisis: str = "none", set_name: str = "posts") -> Sentence:
    """A labelled sentence; without areas it is out of scope."""
    return Sentence(f"{set_name}:{number}", f"文 {number}", areas, crisis)


def answer(
    *areas: tuple[str, float], windows: tuple[str, ...] = (), crisis: str = "none", outside: bool = False
) -> Answer:
    """What a model said."""
    weighed = tuple(Weighed(area, score) for area, score in areas)
    return Answer("route", weighed, weighed, crisis, outside, (), windows)
