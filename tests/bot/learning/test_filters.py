"""What stands in the address bar can be kept as a bookmark, and says nothing about anybody."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.filters import KINDS, MARKS, TAGS, BadFilter, Filter

AREAS = ["dementia", "poverty"]
DISTRICTS = ["湘南台", "長後"]


def parse(pairs: list[tuple[str, str]]) -> Filter:
    marks = [value for name, value in pairs if name == "mark"]
    return Filter.parse(dict(pairs), marks, areas=AREAS, districts=DISTRICTS)


@given(
    st.builds(
        Filter,
        since=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
        until=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
        area=st.none() | st.sampled_from(AREAS),
        district=st.none() | st.sampled_from(DISTRICTS),
        kind=st.none() | st.sampled_from(sorted(KINDS)),
        tag=st.none() | st.sampled_from(sorted(TAGS)),
        marks=st.sets(st.sampled_from(sorted(MARKS))).map(lambda chosen: tuple(m for m in MARKS if m in chosen)),
    )
)
def test_every_filter_survives_the_way_through_the_address_bar(wanted: Filter) -> None:
    assert parse(wanted.query) == wanted


@pytest.mark.parametrize(
    "pairs",
    [
        [("area", "田中さん")],
        [("district", "横浜")],
        [("kind", "x")],
        [("mark", "0466-25-1111")],
        [("tag", "free words")],
        [("from", "yesterday")],
        [("to", "9999-12-31")],
    ],
)
def test_nothing_but_identifiers_and_dates_is_taken(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(BadFilter):
        parse(pairs)


def test_empty_fields_of_the_form_count_as_left_out() -> None:
    assert parse([("area", ""), ("from", ""), ("tag", "")]) == Filter()
