"""An operator at the keyboard: filter, open, correct with number keys, make an example, go on. In a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

from bot.logbook.store import Logbook
from bot.logbook.turns import Turn
from bot.staff.roles import Role
from tests.bot.web.staff.conftest import StaffPage, StaffSite
from tests.bot.web.staff.test_pages import barriers

pytestmark = pytest.mark.browser

_number = count(1)


@pytest.fixture
def book(staff_site: StaffSite, tmp_path: Path) -> Iterator[Logbook]:
    """The site's log, written by residents who are not there."""
    opened = Logbook(staff_site.site.settings.log_url, tmp_path / "spool")
    opened.open()
    yield opened
    opened.close()


def write(book: Logbook, conversation: str, text: str, **triage: Any) -> None:
    """A turn in which the model saw poverty where it is not, with little confidence."""
    values = {
        "areas": [{"id": "poverty", "score": 0.41, "evidence": ["夜中に"]}],
        "crisis": "none",
        "out_of_scope": False,
        "place": {"district": "御所見", "town": None, "candidates": ["御所見"]},
        "windows": [{"id": "backup", "office": None, "phone": "0466-25-1111"}],
        **triage,
    }
    reply = {
        "kind": "route",
        "messages": [{"text": "こちらで話せます", "buttons": []}],
        "triage": values,
        "model": "m1",
    }
    at = datetime.now(UTC) + timedelta(seconds=next(_number))
    book.write(Turn(conversation, text, reply, at, 40))


def expect_chips(page: Page) -> None:
    """Nine areas to choose from; the first time the training sentences are read for them."""
    expect(page.locator("#chips button")).to_have_count(9)


def walk(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_from_a_wrong_route_to_an_example_that_rasa_reads_without_a_mouse(
    staff_page: StaffPage, staff_site: StaffSite, book: Logbook
) -> None:
    write(book, "walk-other", "家賃のことで、夜中に考えこむ")
    write(book, "walk", "母が夜中に外へ出て、田中さんの家に行ってしまう")
    page = staff_page(Role.OPERATOR, "/staff/review")
    page.get_by_label("地区", exact=True).select_option("御所見")
    page.get_by_label("自信が低い", exact=True).check()
    page.get_by_role("button", name="しぼる", exact=True).click()
    page.wait_for_url("**/staff/review?district=*mark=low")
    expect(page.locator("#talks tbody tr")).to_have_count(2)
    page.locator("h1").click()
    walk(page, "j", "j", "k", "o")
    page.wait_for_url("**/staff/review/talks/walk?district=*mark=low")
    expect(page.locator("mark")).to_have_text("夜中に")
    expect(page.locator(".turn blockquote")).to_contain_text("〔名前〕さん")
    chips = page.locator("#chips button")
    expect_chips(page)
    labels = [text.strip() for text in chips.all_inner_texts()]
    dementia = next(number for number, text in enumerate(labels, 1) if "認知症" in text)
    walk(page, "1", str(dementia), "d")
    expect(page.locator(".labels .stands")).to_contain_text("認知症")
    expect(page.locator(".labels .stands")).to_contain_text("運用の 井上")
    expect(page.locator("#similar li").first).to_contain_text("%")

    walk(page, "e", "Control+Enter")
    expect(page.locator("#example-trouble")).to_contain_text("書きかえてください")
    page.keyboard.press("Control+a")
    page.keyboard.type("母が夜中に外へ出て、知り合いの家に行ってしまいます")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#example-done")).to_have_text("例文にしました")
    expect(page.locator(".made")).to_contain_text("知り合いの家")

    file = staff_site.site.settings.data / "nlu" / "reviewed.yml"
    read = {one.get("text"): one.get("metadata") for one in RasaYAMLReader().read(str(file)).training_examples}
    assert read["母が夜中に外へ出て、知り合いの家に行ってしまいます"]["example"] == {"areas": ["dementia"]}
    assert "井上" not in file.read_text(encoding="utf-8")

    page.locator("h1").click()
    walk(page, "r")
    expect(page.locator("#reviewed")).to_have_attribute("aria-pressed", "true")
    walk(page, "n")
    page.wait_for_url("**/staff/review/talks/walk-other?*")
    walk(page, "p")
    page.wait_for_url("**/staff/review/talks/walk?*")
    expect(page.locator("#reviewed")).to_have_attribute("aria-pressed", "true")
    walk(page, "u")
    page.wait_for_url("**/staff/review?district=*mark=low")

    page.goto(f"{staff_site.url}/staff/review/examples")
    row = page.locator("#examples tr", has_text="知り合いの家")
    row.get_by_role("button").click()
    expect(row).to_have_count(0)
    left = [one.get("text") for one in RasaYAMLReader().read(str(file)).training_examples]
    assert not any("知り合いの家" in text for text in left)


def test_a_second_person_who_disagrees_is_asked_why_and_both_opinions_stay_in_view(
    staff_page: StaffPage, book: Logbook
) -> None:
    write(book, "two", "夜中に電気代のことを考えて眠れない")
    first = staff_page(Role.OPERATOR, "/staff/review/talks/two")
    expect_chips(first)
    walk(first, "d")
    expect(first.locator(".labels .stands")).to_contain_text("生活困窮")
    second = staff_page(Role.ADMIN, "/staff/review/talks/two")
    expect_chips(second)
    walk(second, "x", "d")
    expect(second.locator("#label-trouble")).to_contain_text("理由を書いてください")
    expect(second.get_by_label("わけ")).to_be_focused()
    second.keyboard.type("税の話だけ")
    second.keyboard.press("Enter")
    expect(second.locator(".labels li")).to_have_count(2)
    expect(second.locator(".labels .stands")).to_contain_text("対象外")
    expect(second.locator(".labels .stands")).to_contain_text("税の話だけ")


def test_marking_in_the_list_and_notes_in_the_conversation_are_kept(staff_page: StaffPage, book: Logbook) -> None:
    write(book, "notes", "夜中に水もれがして、お金がない")
    write(book, "notes", "〔電話〕は出ません", place=None)
    page = staff_page(Role.OPERATOR, "/staff/review")
    walk(page, "j", "s", "r")
    row = page.locator("#talks tbody tr").first
    expect(row.locator(".is-saved")).to_be_visible()
    expect(row.locator(".is-seen")).to_be_visible()
    walk(page, "o")
    page.wait_for_url("**/talks/notes")
    walk(page, "j")
    expect(page.locator("#panel-title")).to_contain_text("2番目")
    page.get_by_role("button", name="みんなで話す").click()
    page.get_by_role("textbox", name="メモ").fill("田中さんに 090-1234-5678 で聞く")
    page.get_by_role("button", name="メモを残す").click()
    expect(page.get_by_role("textbox", name="メモ")).to_have_value("〔名前〕さんに 〔電話〕 で聞く")
    page.reload()
    expect(page.get_by_role("button", name="みんなで話す")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#saved")).to_have_attribute("aria-pressed", "true")


def test_a_half_written_example_survives_a_reload(staff_page: StaffPage, book: Logbook) -> None:
    write(book, "draft", "夜中に何も食べていない")
    page = staff_page(Role.OPERATOR, "/staff/review/talks/draft")
    page.locator("#sentence").fill("夜になっても食べるものが")
    page.reload()
    expect(page.locator("#sentence")).to_have_value("夜になっても食べるものが")


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (820, 1180)])
def test_the_pages_can_be_used_by_everybody(staff_page: StaffPage, book: Logbook, width: int, height: int) -> None:
    write(book, "axe", "夜中に何も食べていない")
    for path in ("/staff/review", "/staff/review/talks/axe", "/staff/review/suggestions", "/staff/review/examples"):
        page = staff_page(Role.OPERATOR, path, width=width, height=height)
        assert barriers(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
