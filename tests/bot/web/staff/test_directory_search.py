"""The directory in a real browser: found by whatever a clerk types."""

from __future__ import annotations

from datetime import datetime

import pytest
from playwright.sync_api import expect

from tests.agency_db.conftest import TUESDAY
from tests.bot.web.staff.conftest import StaffPage
from tests.bot.web.staff.test_directory_pages import at, names, opened, seeded

pytestmark = pytest.mark.browser

__all__ = ["at", "seeded"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("ばっくあっぷふじさわ", "バックアップふじさわ(自立相談支援機関)"),
        ("バックアップ", "バックアップふじさわ(自立相談支援機関)"),
        ("ﾊﾞｯｸｱｯﾌﾟ", "バックアップふじさわ(自立相談支援機関)"),
        ("ほいくこんしぇるじゅ", "保育コンシェルジュ"),
        ("むつあい ぼらんてぃあ", "六会地区ボランティアセンター"),
        ("ぜんぎょう いきいき", "善行いきいきサポートセンター（善行地域包括支援センター）"),
        ("503526", "保育コンシェルジュ"),
        ("０４６６－５０－３５２６", "保育コンシェルジュ"),
        ("かわうそ", "北部障がい者地域相談支援センター（かわうそ）"),
        ("よりそい", "よりそいホットライン"),
    ],
)
def test_a_window_is_found_by_kana_pieces_half_width_and_numbers(staff_page: StaffPage, typed: str, first: str) -> None:
    page = opened(staff_page)
    page.keyboard.type(typed)
    assert names(page)[0] == first
    expect(page.locator("#card h2")).to_have_text(first)


def test_a_slip_of_the_finger_still_finds_what_is_near(staff_page: StaffPage) -> None:
    page = opened(staff_page)
    page.keyboard.type("ほいくこんしぇりゅじゅ")
    assert "保育コンシェルジュ" in names(page)
    expect(page.locator("#count")).to_contain_text("近いもの")
    page.locator("#query").fill("ぬぬぬぬ")
    assert names(page) == []
    expect(page.locator("#count")).to_contain_text("見つかりませんでした")


def test_district_area_kind_and_open_now_narrow_it_down(staff_page: StaffPage, at: None) -> None:
    page = opened(staff_page)
    page.get_by_label("地区").select_option("長後")
    assert set(names(page)) == {"長後市民センター", "yell"}
    page.get_by_label("地区").select_option("")
    page.get_by_label("分野").select_option(label="DV")
    page.get_by_label("種類").select_option("hotline")
    assert "DV相談プラス" in names(page)
    page.get_by_label("いま開いている").check()
    shown = names(page)
    assert "DV相談プラス" in shown
    assert "DV相談プラス(チャット)" not in shown
    assert "DV相談ナビ" not in shown
    expect(page.locator("#count")).to_contain_text("時間がわからないところが")


def test_open_and_the_next_opening_are_said_by_the_clock(
    staff_page: StaffPage, at: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(staff_page)
    page.keyboard.type("かわうそ")
    expect(page.locator("#card .kind")).to_contain_text("開いています")
    monkeypatch.setattr("bot.web.staff.directory.now", lambda: TUESDAY.replace(hour=18))
    page.reload()
    expect(page.locator("#card .kind")).to_contain_text("閉まっています（次は あす 8:30）")
    monkeypatch.setattr("bot.web.staff.directory.now", lambda: datetime(2026, 11, 21, 9, tzinfo=TUESDAY.tzinfo))
    page.reload()
    expect(page.locator("#card .kind")).to_contain_text("次は 11月24日（火） 8:30")
