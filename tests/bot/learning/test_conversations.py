"""Operators find every conversation that they ask for, once, newest first; and what is erased is gone everywhere."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from bot.learning.conversations import BadCursor, Cursor
from bot.learning.filters import Filter
from bot.learning.review_marks import Decision
from bot.logbook import facets, feedback
from bot.logbook.models import Base, Feedback, Label, Review
from tests.bot.learning.conftest import AT, Log

EVERYTHING = Filter()


def ids(log: Log, wanted: Filter = EVERYTHING) -> list[str]:
    return [row.id for row in log.conversations.page(wanted)]


def test_the_conversation_with_the_newest_activity_comes_first(log: Log) -> None:
    for one in ("a", "b", "a", "c"):
        log.write(one)
    assert ids(log) == ["c", "a", "b"]


@pytest.fixture
def mixed(log: Log) -> Log:
    """One conversation for each thing to look for."""
    log.write("calm", district="湘南台")
    log.write("low", "家賃が払えない", ("poverty", 0.49), ("housing", 0.2), district="長後")
    log.write("asked", kind="clarify")
    log.write("twice", kind="clarify", district="湘南台")
    log.write("twice", kind="clarify")
    log.write("corrected", kind="route")
    log.write("corrected", kind="correct")
    log.write("outside", kind="out_of_scope")
    log.write("crisis", kind="crisis", crisis="suicide")
    log.write("nothing", "お米がない", ("poverty", 0.8), windows=[])
    log.write("thumb")
    assert feedback.keep(log.engine, "thumb", False, AT)
    with log.engine.begin() as connection:
        facets.add(connection, "calm", facets.TAKEN_OVER, facets.STAFF_DIFFERS)
    return log


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(area="poverty"), {"low", "nothing"}),
        (Filter(area="housing"), {"low"}),
        (Filter(district="湘南台"), {"calm", "twice"}),
        (Filter(kind="correct"), {"corrected"}),
        (Filter(marks=("low",)), {"low"}),
        (Filter(marks=("abstained",)), {"asked", "twice"}),
        (Filter(marks=("asked_twice",)), {"twice"}),
        (Filter(marks=("corrected",)), {"corrected"}),
        (Filter(marks=("out_of_scope",)), {"outside"}),
        (Filter(marks=("crisis",)), {"crisis"}),
        (Filter(marks=("no_window",)), {"nothing"}),
        (Filter(marks=("thumbs_down",)), {"thumb"}),
        (Filter(marks=("taken_over",)), {"calm"}),
        (Filter(marks=("staff_differs",)), {"calm"}),
        (Filter(marks=("abstained", "asked_twice"), district="湘南台"), {"twice"}),
        (Filter(area="poverty", marks=("low",), district="湘南台"), set()),
    ],
)
def test_every_filter_finds_its_conversations_and_filters_combine(mixed: Log, wanted: Filter, found: set[str]) -> None:
    assert set(ids(mixed, wanted)) == found


def test_days_are_days_of_japan(log: Log) -> None:
    log.write("a")
    assert AT.astimezone(UTC).date() == date(2026, 11, 24)
    assert ids(log, Filter(since=date(2026, 11, 24), until=date(2026, 11, 24))) == ["a"]
    assert ids(log, Filter(since=date(2026, 11, 25))) == []
    assert ids(log, Filter(until=date(2026, 11, 23), area="dementia")) == []


def test_page_after_page_shows_each_conversation_once_also_those_of_the_same_moment(log: Log) -> None:
    for number in range(23):
        log.write(f"c{number:02}")
        log._minutes -= number % 3 != 0
    for wanted in (Filter(), Filter(area="dementia", marks=("unreviewed",))):
        seen: list[str] = []
        before = None
        while rows := log.conversations.page(wanted, before=before, limit=5):
            seen += [row.id for row in rows]
            before = Cursor.parse(str(rows[-1].cursor))
        assert len(seen) == len(set(seen)) == 23
        middle = seen[10]
        rows = log.conversations.page(wanted)
        cursor = next(row.cursor for row in rows if row.id == middle)
        assert log.conversations.beside(wanted, cursor) == (seen[9], seen[11])


def test_a_place_in_the_list_keeps_its_microseconds() -> None:
    cursor = Cursor(datetime(2026, 11, 24, 1, 2, 3, 45, tzinfo=UTC), "abc")
    assert Cursor.parse(str(cursor)) == cursor


@pytest.mark.parametrize("text", ["", "1~", "x~a", "999999999999999999~a", "~a", "1 OR 1=1~a"])
def test_a_made_up_place_in_the_list_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        Cursor.parse(text)


def test_new_activity_makes_a_seen_conversation_unseen_again(log: Log) -> None:
    log.write("a")
    log.marks.set_reviewed("a", "unyo", True)
    assert ids(log, Filter(marks=("unreviewed",))) == []
    log.write("a")
    assert ids(log, Filter(marks=("unreviewed",))) == ["a"]


def test_a_conversation_shows_all_that_is_known_of_it(log: Log) -> None:
    log.write("a", "母のもの忘れがひどい")
    log.write("a", kind="thanks")
    [first, _] = log.turns("a")
    feedback.keep(log.engine, "a", True, AT)
    log.marks.decide(first, "unyo", Decision(("dementia",), "worry", "none", False))
    talk = log.conversations.open("a")
    assert talk is not None
    assert [turn.number for turn in talk.turns] == [1, 2]
    assert talk.turns[0].areas == [{"id": "dementia", "score": 0.9, "evidence": ["もの忘れ"]}]
    assert [label.who for label in talk.labels[first]] == ["unyo"]
    assert set(talk.feedback.values()) == {True}
    assert {"labelled", "thumbs_up", "unreviewed"} <= talk.facets
    assert log.conversations.open("nobody") is None


def test_what_a_resident_erases_takes_the_operators_notes_along(log: Log) -> None:
    log.write("a")
    log.write("kept")
    [turn] = log.turns("a")
    log.marks.set_note("a", "話し合う")
    log.marks.decide(turn, "unyo", Decision(("dementia",), "worry", "none", False))
    feedback.keep(log.engine, "a", True, AT)
    log.book.erase("a")
    assert ids(log) == ["kept"]
    with log.engine.connect() as connection:
        for table in (Review, Label, Feedback):
            assert connection.scalar(select(func.count()).select_from(table)) == 0
        facet = Base.metadata.tables["log_facet"]
        assert set(connection.scalars(select(facet.c.conversation_id))) == {"kept"}
