"""Live conversations in real browsers: residents on phones, clerks at their desks, at the same time."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from playwright.sync_api import Browser, expect

from bot.settings import TOKYO
from bot.staff.roles import Role
from bot.web.live import resident
from tests.bot.web.conftest import say
from tests.bot.web.staff.conftest import StaffPage, StaffSite
from tests.bot.web.staff.queue.play import (
    ASK,
    WORRY,
    OpenPhone,
    desk,
    take,
    tell,
    waiting,
    write,
)
from tests.bot.web.staff.test_pages import barriers

pytestmark = pytest.mark.browser


def test_a_resident_asks_for_a_person_and_talks_with_one_while_the_bot_is_silent(
    staff_page: StaffPage, phone: OpenPhone, staff_site: StaffSite
) -> None:
    clerk, page = desk(staff_page), phone()
    say(page, WORRY)
    expect(waiting(clerk)).to_have_count(0)
    say(page, ASK)
    expect(page.locator(".reply").last.locator(".live")).to_contain_text("職員に知らせました")
    expect(page.locator("#chat")).not_to_contain_text(re.compile("分以内|すぐに来"))
    expect(waiting(clerk)).to_have_count(1)
    expect(waiting(clerk).locator(".queue-tag")).to_have_text("人と話したい")
    expect(waiting(clerk).locator(".queue-last")).to_have_text(WORRY)
    expect(waiting(clerk)).to_contain_text(re.compile("湘南台.*認知症"))
    expect(clerk).to_have_title(re.compile(r"^\(1\) 順番待ち"))

    take(clerk)
    expect(clerk.locator("#queue-lines")).to_contain_text("父が夜中に何度も出ていこうとする")
    expect(clerk.locator("#queue-about")).to_contain_text("認知症")
    expect(page.locator(".talk > .live.taken")).to_contain_text("職員（人）が書いています")
    expect(page.locator(".event")).to_contain_text("職員（人）が来ました")
    expect(clerk).to_have_title(re.compile("^順番待ち"))
    write(clerk, "こんにちは、青木です。お父さんは、いまはどうされていますか。")
    said = page.locator(".person")
    expect(said).to_contain_text("職員（人）が書いています")
    expect(said).to_contain_text("青木です。お父さんは")

    heard = len(staff_site.site.engine.heard)
    tell(page, "いまは寝ています。わたしは田中です。電話は090-1234-5678です")
    expect(clerk.locator(".queue-line.resident").last).to_contain_text("いまは寝ています")
    expect(clerk.locator(".queue-line.resident").last).to_contain_text("〔名前〕です。電話は〔電話〕です")
    expect(page.locator(".reply")).to_have_count(2)
    assert len(staff_site.site.engine.heard) == heard

    clerk.get_by_role("button", name="つなぐに戻す").click()
    expect(page.locator(".event").last).to_contain_text("つなぐ（自動の案内）が答えます")
    expect(page.locator(".talk > .live")).to_be_hidden()
    say(page, "電話番号は?")
    expect(page.locator(".reply").last).to_contain_text("市役所代表 0466-25-1111")
    expect(clerk.locator("#queue-lines")).not_to_contain_text("電話番号は?")
    page.reload()
    expect(page.locator(".person")).to_contain_text("青木です。お父さんは")


def test_two_clerks_press_at_once_and_all_their_browsers_agree(staff_page: StaffPage, phone: OpenPhone) -> None:
    first, second, third = desk(staff_page), desk(staff_page, Role.OPERATOR), desk(staff_page)
    page = phone()
    say(page, ASK)
    clerks = [first, second]
    for clerk in clerks:
        waiting(clerk).first.click()
        expect(clerk.locator("#queue-take")).to_be_visible()
    for clerk in clerks:
        clerk.evaluate("document.querySelector('#queue-take').click()")
    for clerk in clerks:
        expect(waiting(clerk)).to_have_count(0)
    writing = [clerk.get_by_label("相手に書く").is_visible() for clerk in clerks]
    assert writing.count(True) == 1
    winner, loser = (first, second) if writing[0] else (second, first)
    expect(winner.locator(".queue-item")).to_contain_text("あなたが応じています")
    expect(loser.locator(".queue-item")).to_contain_text("さんが応じています")
    expect(third.locator(".queue-item")).to_contain_text("応じています")
    assert loser.get_by_role("alert").filter(has_text="ほかの職員が先に").count() == 1
    write(winner, "こんにちは")
    expect(loser.locator("#queue-lines")).to_contain_text("こんにちは")
    winner.get_by_role("button", name="終わる").click()
    for clerk in (first, second, third):
        expect(clerk.locator("#queue-empty")).to_be_visible()


def test_one_clerk_has_two_residents_and_nobody_reads_the_other_s_answer(
    staff_page: StaffPage, phone: OpenPhone
) -> None:
    clerk, one, other = desk(staff_page), phone(), phone()
    for page in (one, other):
        say(page, ASK)
        expect(waiting(clerk)).to_have_count(1)
        take(clerk)
    clerk.keyboard.press("Alt+1")
    expect(clerk.locator(".queue-item").first).to_have_attribute("aria-current", "true")
    clerk.get_by_label("相手に書く").fill("ひとりめの方への書きかけ")
    clerk.keyboard.press("Alt+2")
    expect(clerk.get_by_label("相手に書く")).to_have_value("")
    write(clerk, "ふたりめの方へ")
    expect(other.locator(".person")).to_contain_text("ふたりめの方へ")
    clerk.keyboard.press("Alt+1")
    expect(clerk.get_by_label("相手に書く")).to_have_value("ひとりめの方への書きかけ")
    clerk.keyboard.press("Enter")
    expect(one.locator(".person")).to_contain_text("ひとりめの方への書きかけ")
    expect(one.locator(".person")).to_have_count(1)
    expect(other.locator(".person")).to_have_count(1)


def test_nobody_there_at_night_is_said_and_open_lines_are_given(
    phone: OpenPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resident, "now", lambda: datetime(2026, 11, 23, 22, 0, tzinfo=TOKYO))
    page = phone()
    say(page, ASK)
    note = page.locator(".reply .live")
    expect(note).to_contain_text("いま、ここで文字を返せる職員はいません")
    expect(note).to_contain_text("次に開くのは、あした 8:30です")
    expect(note.get_by_role("link", name=re.compile("0120-279-338"))).to_be_visible()
    expect(page.locator(".talk > .live")).to_contain_text("職員はいません")


def test_a_crisis_rings_and_a_new_one_while_a_person_writes_warns_both_sides(
    staff_page: StaffPage, phone: OpenPhone
) -> None:
    clerk, page = desk(staff_page), phone()
    sound = clerk.get_by_role("button", name="音を鳴らす")
    sound.click()
    expect(clerk.get_by_role("button", name="音が鳴ります")).to_have_attribute("aria-pressed", "true")
    rung = int(clerk.evaluate("document.body.dataset.sounded || '0'"))
    say(page, "父が息をしていない")
    expect(waiting(clerk)).to_contain_text("いそぐ: 急病・けが")
    assert int(clerk.evaluate("document.body.dataset.sounded")) > rung
    take(clerk)
    tell(page, "わたしも、もう死にたい。薬を全部飲もうと思う")
    expect(clerk.locator(".queue-line.danger").last).to_contain_text("もう死にたい")
    expect(page.locator(".reply.crisis")).to_have_count(2)
    expect(page.locator(".reply.crisis").last.locator(".emergency")).to_be_visible()
    clerk.reload()
    expect(clerk.locator("#queue-sound")).to_contain_text("音を鳴らす（どこかを押すと鳴ります）")
    clerk.keyboard.press("Tab")
    expect(clerk.locator("#queue-sound")).to_have_text("音が鳴ります")


def test_everything_is_done_with_the_keyboard(staff_page: StaffPage, phone: OpenPhone) -> None:
    clerk, page = desk(staff_page), phone()
    say(page, ASK)
    expect(waiting(clerk)).to_have_count(1)
    clerk.keyboard.press("j")
    clerk.keyboard.press("Enter")
    expect(clerk.locator("#queue-take")).to_be_visible()
    clerk.keyboard.press("t")
    expect(clerk.get_by_label("相手に書く")).to_be_focused()
    clerk.keyboard.type("こんにちは")
    clerk.keyboard.press("Shift+Enter")
    clerk.keyboard.type("青木です")
    clerk.keyboard.press("Enter")
    expect(page.locator(".person")).to_contain_text("青木です")
    clerk.keyboard.type("書きかけ")
    clerk.keyboard.press("Alt+w")
    expect(clerk.get_by_role("alert").filter(has_text="書きかけがあります")).to_be_visible()
    expect(page.locator(".talk > .live.taken")).to_be_visible()
    clerk.keyboard.press("Alt+w")
    expect(page.locator(".event").last).to_contain_text("職員との話は終わりました")
    expect(clerk.locator("#queue-empty")).to_be_visible()


@pytest.mark.parametrize("width", [768, 1366])
def test_axe_finds_nothing_and_nothing_sticks_out(staff_page: StaffPage, phone: OpenPhone, width: int) -> None:
    clerk, page = desk(staff_page, width=width), phone()
    assert barriers(clerk) == []
    say(page, "父が息をしていない")
    waiting(clerk).first.click()
    expect(clerk.locator("#queue-take")).to_be_visible()
    assert barriers(clerk) == []
    take(clerk)
    write(clerk, "あ" * 300)
    expect(page.locator(".person")).to_be_visible()
    for opened, wide in ((clerk, width), (page, 390)):
        assert barriers(opened) == []
        assert opened.evaluate("document.documentElement.scrollWidth") <= wide


def test_a_person_writes_into_the_widget_on_another_site_too(
    staff_page: StaffPage, browser: Browser, staff_site: StaffSite
) -> None:
    clerk = desk(staff_page)
    context = browser.new_context(viewport={"width": 1200, "height": 800}, locale="ja-JP")
    page = context.new_page()
    page.goto(staff_site.site.origin_allowed)
    page.get_by_role("button", name="困りごとはこちら").click()
    say(page, ASK)
    take(clerk)
    write(clerk, "となりのサイトの方、こんにちは")
    expect(page.locator(".person")).to_contain_text("となりのサイトの方、こんにちは")
    context.close()
