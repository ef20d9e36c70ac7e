"""Evidence must be quotable: whatever the spelling, the way back to the text as sent holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.text import normalise


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("ﾊﾊが ﾃﾞﾃいった", "ハハが デテいった"),
        ("おかね が　　ない", "おかね が ない"),
        ("ＡＤＨＤかも", "adhdかも"),
        ("①番の窓口", "1番の窓口"),
    ],
)
def test_spellings_are_folded(sent: str, read: str) -> None:
    """Half-width kana, wide spaces and wide letters read like everyone else's writing."""
    assert normalise(sent).text == read


def test_evidence_quotes_the_text_as_sent() -> None:
    """「ﾃﾞﾃいった」 is quoted as it was typed, not as it was read."""
    normal = normalise("ﾊﾊが ﾃﾞﾃいった")
    start = normal.text.index("デテ")
    assert normal.original(start, start + 2) == "ﾃﾞﾃ"


@given(st.text(max_size=60), st.data())
def test_every_range_leads_back_into_the_text(sent: str, data: st.DataObject) -> None:
    """Any text at all: a range of the normal form is a substring of what was sent."""
    normal = normalise(sent)
    start = data.draw(st.integers(0, len(normal.text)))
    end = data.draw(st.integers(start, len(normal.text)))
    assert normal.original(start, end) in sent
