"""The resident's page in a real browser: what a tired person with an old phone can rely on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from bot.web import content
from tests.bot.web.conftest import Site, say

pytestmark = pytest.mark.browser

WORRY = "父が夜中に何度も出ていこうとする。湘南台に住んでいます"
NUMBERS = ("119", "110", "0120-279-338", "0466-25-1111")


def test_a_worry_gets_its_windows_with_reason_phone_what_to_say_and_source(page: Page) -> None:
    say(page, WORRY)
    card = page.locator(".card.first")
    expect(card.get_by_role("heading")).to_have_text(re.compile("いきいきサポートセンター"))
    expect(card).to_contain_text("認知症の相談を受けています")
    expect(card.get_by_role("link", name=re.compile("電話する"))).to_have_attribute("href", "tel:0466251111")
    expect(card).to_contain_text("市役所代表")
    expect(card).to_contain_text("高齢者支援課に、湘南台を担当するいきいきサポートセンターを聞きたい")
    expect(card).to_contain_text("広報ふじさわ（2026年2月10日）")


def test_a_card_says_when_it_is_open_and_where_it_is(page: Page) -> None:
    say(page, WORRY)
    closed = page.locator(".card", has_text="北部福祉総合相談室")
    expect(closed).to_contain_text("いまは閉まっています。次は")
    closed.get_by_text("くわしく").click()
    expect(closed.get_by_role("link", name="地図を見る")).to_have_attribute(
        "href", re.compile(r"maps/search/\?api=1&query=%E6%B9%98")
    )
    expect(closed).to_contain_text("0466-50-8415")
    expect(page.locator(".card", has_text="精神保健福祉相談")).to_contain_text("いま開いています")


def test_places_nearby_are_shown_with_their_days(page: Page) -> None:
    say(page, WORRY)
    place = page.locator(".card.engawa")
    expect(place).to_contain_text("ちょこっと湘南台")
    expect(place).to_contain_text("およそ500m")
    expect(place).to_contain_text("平日 10:00〜15:00")


def test_a_button_says_its_sentence_and_known_windows_are_not_repeated(page: Page) -> None:
    say(page, WORRY)
    page.get_by_role("button", name="電話番号は?").click()
    last = page.locator(".reply").nth(1)
    expect(last).to_contain_text("0466-25-1111")
    expect(last.locator("details.again")).to_be_visible()
    expect(last.locator(".card.first")).to_have_count(0)


def test_an_example_can_be_sent_with_one_tap(page: Page) -> None:
    page.get_by_role("button", name="母のもの忘れが増えて心配です").click()
    expect(page.locator(".card.first")).to_be_visible()


def test_in_a_crisis_the_number_to_call_comes_first(page: Page) -> None:
    say(page, "父が息をしていない")
    first = page.locator(".reply > :not(.print-only)").first
    expect(first).to_have_class(re.compile("emergency"))
    expect(first.get_by_role("link", name=re.compile("119"))).to_have_attribute("href", "tel:119")
    expect(first).to_be_in_viewport()


def test_before_the_first_message_it_says_what_happens_to_what_is_written(page: Page) -> None:
    expect(page.get_by_text(content.PRIVACY)).to_be_visible()


def test_the_numbers_stand_in_the_page_without_any_script(browser: Browser, site: Site) -> None:
    with browser.new_context(java_script_enabled=False) as plain:
        page = plain.new_page()
        page.goto(site.url)
        for number in NUMBERS:
            expect(page.locator(f'a[href="tel:{number.replace("-", "")}"]').first).to_be_visible()
        assert "<noscript>" in page.content()
        expect(page.get_by_role("link", name="すぐに閉じる")).to_have_attribute("href", content.QUICK_EXIT)


def test_enter_sends_and_shift_enter_makes_a_new_line(page: Page) -> None:
    text = page.get_by_label("困っていること")
    text.press_sequentially("父が")
    text.press("Shift+Enter")
    text.press_sequentially("夜中に")
    text.press("Enter")
    expect(page.locator(".you")).to_have_text("父が\n夜中に")
    expect(text).to_have_value("")


def test_enter_that_only_confirms_characters_of_the_input_method_does_not_send(page: Page) -> None:
    text = page.get_by_label("困っていること")
    text.fill("ははが")
    for event in ({"isComposing": True}, {"keyCode": 229}):
        text.dispatch_event("keydown", {"key": "Enter", "bubbles": True, "cancelable": True, **event})
    expect(page.locator(".you")).to_have_count(0)
    expect(text).to_have_value("ははが")


def test_the_conversation_and_a_half_written_line_survive_a_reload(page: Page) -> None:
    say(page, WORRY)
    page.get_by_label("困っていること").fill("それから")
    page.reload()
    expect(page.locator(".you")).to_have_text(WORRY)
    expect(page.locator(".card.first")).to_be_visible()
    expect(page.get_by_label("困っていること")).to_have_value("それから")


def test_another_tab_knows_nothing_of_it(page: Page, context: BrowserContext, site: Site) -> None:
    say(page, WORRY)
    other = context.new_page()
    other.goto(site.url)
    other.wait_for_selector("textarea")
    expect(other.locator(".you")).to_have_count(0)


def test_it_works_without_storage_and_sets_no_cookie(page: Page, context: BrowserContext) -> None:
    page.add_init_script("Object.defineProperty(window, 'sessionStorage', {get() { throw new Error('off'); }})")
    page.reload()
    page.wait_for_selector("textarea")
    say(page, WORRY)
    expect(page.locator(".card.first")).to_be_visible()
    assert context.cookies() == []


def test_erasing_takes_everything_away_here_and_on_the_server(page: Page, site: Site) -> None:
    say(page, WORRY)
    page.get_by_role("button", name="消す", exact=True).click()
    page.get_by_role("button", name="すべて消す").click()
    expect(page.get_by_text("消しました")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)
    assert site.engine.forgotten[-1] == site.engine.heard[-1][0]
    page.reload()
    page.wait_for_selector("textarea")
    expect(page.locator(".turn")).to_have_count(0)


def test_erasing_can_be_called_off(page: Page) -> None:
    say(page, WORRY)
    page.get_by_role("button", name="消す", exact=True).click()
    page.get_by_role("button", name="やめる").click()
    expect(page.locator(".you")).to_have_count(1)


def test_starting_over_begins_a_new_conversation(page: Page, site: Site) -> None:
    say(page, WORRY)
    page.get_by_role("button", name="はじめから").click()
    page.get_by_role("group").get_by_role("button", name="はじめから").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.get_by_text(content.PRIVACY)).to_be_visible()
    say(page, WORRY)
    (before, _), (after, _) = site.engine.heard[-2:]
    assert before != after


@pytest.mark.parametrize("way", ["button", "escape"])
def test_the_quick_exit_leaves_at_once_and_nothing_behind(page: Page, way: str, site: Site) -> None:
    page.route(
        f"{content.QUICK_EXIT}**", lambda route: route.fulfill(body="<title>天気予報</title>", content_type="text/html")
    )
    say(page, WORRY)
    if way == "button":
        page.get_by_role("link", name="すぐに閉じる").click()
    else:
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    page.wait_for_url(content.QUICK_EXIT)
    page.goto(site.url)
    page.wait_for_selector("textarea")
    expect(page.locator(".you")).to_have_count(0)


def test_the_quick_exit_cannot_be_undone_with_the_back_button(page: Page) -> None:
    page.route(
        f"{content.QUICK_EXIT}**", lambda route: route.fulfill(body="<title>天気予報</title>", content_type="text/html")
    )
    say(page, WORRY)
    page.get_by_role("link", name="すぐに閉じる").click()
    page.wait_for_url(content.QUICK_EXIT)
    page.go_back()
    assert "127.0.0.1" not in page.url


def test_without_a_network_nothing_written_is_lost_and_the_numbers_are_there(
    page: Page, context: BrowserContext
) -> None:
    context.set_offline(True)
    say(page, WORRY)
    failed = page.locator(".failed")
    expect(page.locator(".you")).to_have_text(WORRY)
    for number in NUMBERS:
        expect(failed).to_contain_text(number)
    context.set_offline(False)
    failed.get_by_role("button", name="もう一度送る").click()
    expect(page.locator(".card.first")).to_be_visible()
    expect(failed).to_have_count(0)


@pytest.mark.parametrize(("status", "words"), [(429, "少し待って"), (413, "少し短く"), (503, "うまく送れませんでした")])
def test_when_the_service_refuses_it_says_so_kindly_and_lets_try_again(page: Page, status: int, words: str) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=status, json={"error": {"code": "x", "message": "x"}})

    page.route("**/api/v1/chat", refuse)
    say(page, WORRY)
    expect(page.locator(".failed")).to_contain_text(words)
    page.reload()
    expect(page.locator(".you")).to_have_text(WORRY)
    page.unroute("**/api/v1/chat")
    page.get_by_role("button", name="もう一度送る").click()
    expect(page.locator(".card.first")).to_be_visible()


def test_an_answer_given_without_the_engine_can_be_asked_for_again(page: Page) -> None:
    resting = {"kind": "clarify", "messages": [{"text": "いま準備ができていません", "buttons": []}], "triage": None}
    page.route("**/api/v1/chat", lambda route: route.fulfill(json={**resting, "model": "safety", "conversation": "x"}))
    say(page, WORRY)
    page.unroute("**/api/v1/chat")
    page.get_by_role("button", name="もう一度送る").click()
    expect(page.locator(".card.first")).to_be_visible()


def test_waiting_is_shown_and_told_to_screen_readers(page: Page, site: Site) -> None:
    site.engine.pace["夜中のゆっくり"] = 0.6
    page.get_by_label("困っていること").fill("夜中のゆっくり")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("考えています")
    page.locator(".reply").wait_for()
    expect(page.get_by_role("status")).to_have_text("")


def test_two_messages_sent_quickly_belong_to_one_conversation(page: Page, site: Site) -> None:
    text = page.get_by_label("困っていること")
    for words in ("夜中に出ていく", "電話番号は?"):
        text.fill(words)
        text.press("Enter")
    page.locator(".reply").nth(1).wait_for()
    (first, _), (second, _) = site.engine.heard[-2:]
    assert first == second
    assert [own.inner_text() for own in page.locator(".you").all()] == ["夜中に出ていく", "電話番号は?"]


def test_markup_in_a_message_stays_text(page: Page) -> None:
    say(page, "<img src=x onerror=alert(1)><script>alert(1)</script>")
    expect(page.locator(".you img, .you script")).to_have_count(0)
    expect(page.locator(".you")).to_contain_text("<script>")


def test_on_paper_there_is_the_result_and_nothing_that_was_written(page: Page) -> None:
    say(page, WORRY)
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="この結果を印刷").click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    expect(page.locator(".card.first")).to_be_visible()
    expect(page.get_by_text("0466-50-8415")).to_be_visible()
    for hidden in (".you", ".reply > p:not(.print-only)", ".composer", ".top", ".urgent", ".about"):
        expect(page.locator(hidden).first).to_be_hidden()
