"""Reading the held-out sets."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.guide import Guide
from bot.evaluation.heldout import SETS, BadHeldOut, Sentence, fingerprint, read_set
from bot.settings import PROJECT


def test_the_frozen_sets_can_be_read(guide: Guide) -> None:
    """As many sentences as the README of the sets says."""
    folder = PROJECT / "tests" / "heldout"
    assert [len(read_set(folder, name, guide.labels)) for name in SETS] == [360, 320, 240, 80]


def test_labels_and_line_breaks(tmp_path: Path) -> None:
    """Areas best first, no areas for out of scope, breaks where they were, a bar in the text stays."""
    (tmp_path / "posts.txt").write_text("b+a|abuse|一行目\\n二|行目\n\nout_of_scope|none|ごみ\n", encoding="utf-8")
    assert read_set(tmp_path, "posts", {"a", "b"}) == (
        Sentence("posts:1", "一行目\n二|行目", ("b", "a"), "abuse"),
        Sentence("posts:3", "ごみ", (), "none"),
    )


def test_places(tmp_path: Path) -> None:
    """Districts, several where the text leaves it open, none where there is no place; areas are not labelled."""
    (tmp_path / "places.txt").write_text("藤沢/善行|本町\n-|石川さん\n", encoding="utf-8")
    first, second = read_set(tmp_path, "places", ())
    assert (first.districts, second.districts, first.areas) == (("藤沢", "善行"), (), None)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("posts", "a|none"),
        ("posts", "a|none| "),
        ("posts", "nowhere|none|ひみつの文"),
        ("posts", "a|danger|ひみつの文"),
        ("places", "江の島|ひみつの文"),
    ],
)
def test_a_bad_line_is_named_without_its_sentence(tmp_path: Path, name: str, line: str) -> None:
    """File and line number, never the words."""
    good = "-|x" if name == "places" else "a|none|x"
    (tmp_path / f"{name}.txt").write_text(f"{good}\n{line}\n", encoding="utf-8")
    with pytest.raises(BadHeldOut, match=rf"{name}\.txt の 2 行目") as raised:
        read_set(tmp_path, name, {"a"})
    assert "ひみつ" not in str(raised.value)


def test_a_missing_set_is_said_plainly(tmp_path: Path) -> None:
    """In Japanese."""
    with pytest.raises(BadHeldOut, match="読めません"):
        read_set(tmp_path, "posts", ())


def test_another_sentence_is_another_fingerprint() -> None:
    """Kept answers must not be taken for those of an edited set."""
    one, other = Sentence("posts:1", "あ"), Sentence("posts:1", "い")
    assert fingerprint([one]) == fingerprint([one]) != fingerprint([other])
