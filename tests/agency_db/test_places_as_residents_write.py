"""Places as residents write them: old characters, kana, Latin letters, short forms, slips, schools; and look-alikes."""

from __future__ import annotations

import pytest

from agency_db.place_names import rows
from agency_db.places import Gazetteer
from agency_db.terms import DISTRICTS
from tests.agency_db.conftest import place


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("辻\U000e0100堂に母がいます", "辻堂"),
        ("片瀨に住んでいます", "片瀬"),
        ("六會に住む者です", "六会"),
        ("湘南臺です", "湘南台"),
        ("柄澤に住んでいます", "村岡"),
        ("つじ堂に住んでます", "辻堂"),
        ("ぜん行に住んでいます", "善行"),
        ("湘南おおばに住んでます", "湘南大庭"),
        ("しょうなん台に住んでいます", "湘南台"),
        ("ちょう後に住んでいます", "長後"),
    ],
)
def test_old_characters_and_words_half_in_kana_are_read(text, district):
    assert place(text).district == district


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("Shonandaiに住んでいます", "湘南台"),
        ("I live in Tsujido", "辻堂"),
        ("tujidouです", "辻堂"),
        ("Chōgo", "長後"),
        ("zengyoです", "善行"),
        ("mutuaiにすんでます", "六会"),
        ("SHONANDAI 2-3", "湘南台"),
    ],
)
def test_latin_letters_are_read_in_every_system(text, district):
    assert place(text).district == district


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("湘台に住んでます", ("湘南台",)),
        ("鵠海に住んでいます", ("鵠沼",)),
        ("片江のあたりです", ("片瀬",)),
        ("太平台に住んでいます", ("辻堂",)),
        ("湘南第に住んでいます", ("湘南台",)),
        ("辻道に住んでいます", ("辻堂",)),
        ("鵜沼海岸に住んでいます", ("鵠沼",)),
        ("六合日大前に住んでいます", ("六会",)),
    ],
)
def test_a_short_form_or_a_slip_is_confirmed_with_one_tap(text, candidates):
    found = place(text)
    assert (found.district, found.candidates, found.confirm) == (None, candidates, True)


@pytest.mark.parametrize("text", ["二五二の〇八〇四です", "二五二－〇八〇四", "252の0804です"])
def test_a_postal_code_as_it_is_spoken(text):
    assert place(text).district == "湘南台"


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("湘南台の3丁目あたりに住んでます", "湘南台三丁目"),
        ("湘南台5丁め", "湘南台五丁目"),
        ("善行の七丁目です", "善行七丁目"),
    ],
)
def test_a_chome_with_a_particle_or_half_in_kana(text, town):
    assert place(text).town == town


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("大越小の近くです", ("善行",)),
        ("鵠洋小学校区です", ("鵠沼",)),
        ("湘洋中に通う息子が不登校です", ("辻堂", "鵠沼")),
        ("駒寄小の2年生の娘がいます", ("湘南大庭",)),
        ("藤沢市民センターの近くに住んでいます", ("藤沢",)),
        ("石川分館の近くに住んでいます", ("六会", "湘南大庭", "湘南台", "遠藤")),
        ("藤沢市の北部に住んでいます", ("六会", "湘南台", "遠藤", "長後", "御所見")),
        ("江ノ電の石上が最寄りです", ("鵠沼", "藤沢")),
    ],
)
def test_schools_centres_stations_and_the_north_give_candidates(text, candidates):
    found = place(text)
    assert (found.district, found.candidates) == (None, candidates)


@pytest.mark.parametrize(
    ("text", "candidate"),
    [
        ("高倉に30年住んでいます", "長後"),
        ("遠藤に長く住んでいます", "遠藤"),
        ("川名で母を介護しています", "村岡"),
        ("柄沢なんですけど、バスがなくて", "村岡"),
        ("葛原で農業をしています", "御所見"),
        ("大庭のURに住んでいます", "湘南大庭"),
        ("石川のコンビニの裏に住んでます", "六会"),
        ("大庭の母のことで", "湘南大庭"),
        ("母は大庭、私は東京", "湘南大庭"),
        ("実家（大庭）の父が", "湘南大庭"),
        ("明治小に通う娘のことで", "明治"),
        ("こつかにははがいます", "村岡"),
    ],
)
def test_a_town_that_is_also_a_family_name_counts_beside_a_cue(text, candidate):
    assert candidate in place(text).candidates


@pytest.mark.parametrize(
    "text",
    [
        "村岡係長にパワハラされています",
        "片瀬先輩が怖い",
        "辻堂さんから聞きました",
        "上司の村岡が怖い",
        "旧姓は片瀬です",
        "村岡が怒鳴ってくる",
        "石川という男につきまとわれています",
        "隣の村岡がうるさい",
        "Muraokaさんに言われた",
        "夫の名字は善行といいます",
        "片瀬です。と名乗る男が家に来ます",
    ],
)
def test_nobody_is_taken_for_a_town(text):
    assert place(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "契約の延長後に連絡がない",
        "市長後援会に入れと言われた",
        "業務改善行動計画",
        "第六会場で受付",
        "善行って何ですか",
    ],
)
def test_a_part_of_a_longer_word_is_no_town(text):
    assert place(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "辻堂行きのバスの中で倒れた",
        "湘南台で電車を降りられなくなりました",
        "辻堂のテラスモールで働いてます",
        "湘南台の美容院で働いています",
        "湘南台に通勤しています",
        "片瀬海岸で泳いだ",
        "江ノ島で花火を見たい",
        "大庭城址公園に散歩に行きました",
        "岐阜の遠藤に住む",
        "横浜の本町に住んでいます",
    ],
)
def test_a_way_a_job_an_outing_or_another_citys_town_is_no_home(text):
    assert place(text) is None


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("去年まで善行にいましたが、いまは長後です", "長後"),
        ("前は辻堂に住んでいたけど、離婚して湘南台に来ました", "湘南台"),
        ("湘南台から六会に引っ越しました", "六会"),
    ],
)
def test_where_they_live_now_counts_in_a_message_and_in_an_answer(text, district):
    assert place(text).district == district
    assert Gazetteer.load().resolve(text).district == district


def test_every_spelling_and_landmark_of_the_files_can_be_answered():
    for row in rows("place_spellings.csv"):
        found = Gazetteer.load().resolve(row["spelling"])
        same = Gazetteer.load().resolve(row["name"])
        assert found.candidates == same.candidates, row["spelling"]
        assert found.district == (same.district if row["certain"] == "yes" else None), row["spelling"]
    for row in rows("landmarks.csv"):
        for name in (row["name"], *filter(None, row["aliases"].split("|"))):
            found = Gazetteer.load().resolve(name)
            assert found.candidates == tuple(row["candidates"].split("|")), name
            assert set(found.candidates) <= set(DISTRICTS)
            assert found.district is None, name
