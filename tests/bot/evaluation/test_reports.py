"""The reports: everything is in them, nothing runs in them, and strange sentences do no harm."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from bot.evaluation import text_report
from bot.evaluation.compare import Comparison, compare
from bot.evaluation.figures import KINDS
from bot.evaluation.guide import Guide
from bot.evaluation.heldout import Sentence
from bot.evaluation.html_report import page
from bot.evaluation.scores import Scores, score
from bot.evaluation.verdicts import Verdict
from tests.bot.evaluation.conftest import Judge, answer, sentence

_STRANGE = "<script>alert('父')</script> & \"家\"\n二行目"
_VOID = {"meta", "link", "br", "img", "hr", "input"}


class Strict(HTMLParser):
    """Collects tags, ids and text, and fails on an element that is not closed where it should be."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def before(judged: Judge) -> list[Verdict]:
    """A model that misses a strange sentence and finds a crisis."""
    return [
        judged(Sentence("posts:1", _STRANGE, ("dementia",)), answer(("poverty", 0.7), windows=("backup",))),
        judged(sentence(2, "suicide", crisis="suicide"), answer(("suicide", 0.9), crisis="suicide")),
        judged(sentence(3), answer(outside=True)),
        judged(Sentence("places:1", "辻堂です", districts=("辻堂",)), answer()),
    ]


@pytest.fixture(scope="module")
def after(judged: Judge) -> list[Verdict]:
    """One that is better on the first and loses the crisis."""
    return [
        judged(Sentence("posts:1", _STRANGE, ("dementia",)), answer(("dementia", 0.8), windows=("ikiiki_support",))),
        judged(sentence(2, "suicide", crisis="suicide"), answer(("suicide", 0.9))),
        judged(sentence(3), answer(outside=True)),
        judged(Sentence("places:1", "辻堂です", districts=("辻堂",)), answer()),
    ]


@pytest.fixture(scope="module")
def scores(guide: Guide, after: list[Verdict]) -> Scores:
    """Figures of the second."""
    return score("候補<1>", after, list(guide.labels))


@pytest.fixture(scope="module")
def comparison(guide: Guide, before: list[Verdict], after: list[Verdict]) -> Comparison:
    """Both."""
    return compare(("いま", before), ("候補<1>", after), list(guide.labels))


@pytest.fixture(scope="module")
def html(guide: Guide, scores: Scores, comparison: Comparison, after: list[Verdict]) -> str:
    """The fullest page there is."""
    return page(scores, guide.labels, comparison, after)


def test_the_page_is_well_formed_and_says_everything(html: str, scores: Scores, guide: Guide) -> None:
    """Every figure of the scores stands in a table, charts are there and hidden from screen readers."""
    parsed = Strict(html)
    for one in scores.sets:
        for name, figure in one.figures.items():
            assert KINDS[name].title in parsed.text
            assert f"{figure.value:.3f}" in parsed.text
            assert f"{figure.low:.2f}〜{figure.high:.2f}" in parsed.text
    for area in scores.areas:
        assert (guide.labels[area.area] in parsed.text) >= bool(area.support)
    assert scores.calibration is not None
    assert f"{scores.calibration.error:.3f}" in parsed.text
    assert parsed.tags.count("svg") == 5
    assert parsed.attributes.count(("aria-hidden", "true")) == 5
    assert parsed.tags.count("h1") == 1


def test_the_page_stands_alone_and_nothing_in_it_runs(html: str) -> None:
    """One file: no script, no handler, nothing fetched, no id twice."""
    parsed = Strict(html)
    assert "script" not in parsed.tags
    assert not [name for name, _ in parsed.attributes if name.startswith("on")]
    links = [value or "" for name, value in parsed.attributes if name in {"src", "href", "xlink:href"}]
    assert [link for link in links if not link.startswith("#")] == []
    ids = [value for name, value in parsed.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links} <= set(ids)


def test_sentences_are_shown_as_they_are(html: str) -> None:
    """Angle brackets of a resident, and of a model's name, are text."""
    assert "<script>" not in html
    assert _STRANGE in Strict(html).text
    assert "候補<1>" in Strict(html).text


def test_the_lost_crisis_is_said_first(html: str, comparison: Comparison, guide: Guide) -> None:
    """On the page and on the terminal, before any figure that became better."""
    told = text_report.comparison(comparison, guide.labels)
    for report in (Strict(html).text, told):
        assert report.index("切り替えないでください") < report.index("悪くなった文") < report.index("良くなった文")
        assert report.index("文 2") < report.index("alert('父')")
    assert "いちばんの分野が正しい" in told
    assert "場所がわかった" not in told


def test_a_plain_run_shows_no_sentence(guide: Guide, scores: Scores, after: list[Verdict]) -> None:
    """Held-out sentences are shown only where they are asked for."""
    assert "辻堂です" not in page(scores, guide.labels) + text_report.report(scores, guide.labels)
    assert "辻堂です" in text_report.errors(after, guide.labels)


def test_the_same_answers_change_nothing(guide: Guide, after: list[Verdict]) -> None:
    """And both reports say so."""
    same = compare(("a", after), ("b", after), list(guide.labels))
    assert "何も変わりません" in text_report.comparison(same, guide.labels)
    assert "何も変わりません" in page(score("b", after, list(guide.labels)), guide.labels, same)


def test_a_set_without_areas_has_a_report(guide: Guide, after: list[Verdict]) -> None:
    """`--set places` has neither areas nor crises nor calibration."""
    only = score("m", [verdict for verdict in after if verdict.sentence.set == "places"], list(guide.labels))
    assert "場所がわかった" in text_report.report(only, guide.labels)
    assert "分野ごと(全体" not in text_report.report(only, guide.labels)
    assert Strict(page(only, guide.labels)).tags.count("svg") == 1


def test_columns_stand_under_each_other() -> None:
    """A kanji is two letters wide; figures end in one column."""
    lines = text_report.table([("", "認知症", "0.5"), ("", "DV", "10.25")])
    assert lines == ["  認知症    0.5", "  DV      10.25"]


def test_every_figure_of_the_text_report_has_its_interval(guide: Guide, scores: Scores) -> None:
    """As many intervals as figures."""
    told = text_report.report(scores, guide.labels)
    assert len(re.findall(r"\d\.\d{3}\(\d\.\d\d〜\d\.\d\d、", told)) == sum(len(one.figures) for one in scores.sets)
