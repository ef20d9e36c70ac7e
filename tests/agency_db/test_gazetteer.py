"""Where somebody lives, read from how people really write it: certain, to be asked, or not a place at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agency_db.places import Gazetteer
from agency_db.terms import DISTRICTS
from tests.agency_db.conftest import place


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("父が夜中に何度も出ていこうとする。湘南台に住んでいます", "湘南台"),
        ("湘南台です", "湘南台"),
        ("六会です", "六会"),
        ("善行", "善行"),
        ("長後の母が心配", "長後"),
        ("片瀬に一人で暮らす祖父", "片瀬"),
        ("おばあちゃんちが御所見にあります", "御所見"),
        ("村岡在住です", "村岡"),
        ("湘南大庭地区で一人暮らし", "湘南大庭"),
        ("藤沢地区です", "藤沢"),
        ("遠藤地区に住んでいます", "遠藤"),
        ("明治地区", "明治"),
        ("鵠沼地区の民生委員です", "鵠沼"),
        ("湘南台市民センターの近く", "湘南台"),
        ("長後公民館の近所です", "長後"),
        ("しょうなんだいにすんでいます", "湘南台"),
        ("ｼｮｳﾅﾝﾀﾞｲに住んでます", "湘南台"),
        ("ショウナンダイです", "湘南台"),
        ("ははがつじどうにひとりでくらしています", "辻堂"),
        ("ちょうごにいるははがしんぱい", "長後"),
        ("むつあいのだんちにすんでる", "六会"),
        ("朝日町に住んでいます", "藤沢"),
        ("鵠沼海岸に住んでいます", "鵠沼"),
        ("本町に住んでいます", "藤沢"),
    ],
)
def test_a_district_or_town_that_is_certain(text, district):
    found = place(text)
    assert (found.district, found.candidates, found.confirm) == (district, (district,), False)


@pytest.mark.parametrize(
    ("text", "town", "district"),
    [
        ("湘南台2丁目", "湘南台二丁目", "湘南台"),
        ("湘南台二丁目です", "湘南台二丁目", "湘南台"),
        ("湘南台2-3-4", "湘南台二丁目", "湘南台"),
        ("湘南台２－３－４", "湘南台二丁目", "湘南台"),
        ("湘南台２ー３", "湘南台二丁目", "湘南台"),
        ("神奈川県藤沢市湘南台1-8", "湘南台一丁目", "湘南台"),
        ("鵠沼松ヶ岡2丁目", "鵠沼松が岡二丁目", "鵠沼"),
        ("藤ケ岡二丁目", "藤が岡二丁目", "藤沢"),
        ("藤沢一丁目の母", "藤沢一丁目", "藤沢"),
        ("藤沢1049番地", "藤沢", "藤沢"),
        ("本町4丁目", "本町四丁目", "藤沢"),
        ("羽鳥3丁目のアパート", "羽鳥三丁目", "明治"),
        ("江ノ島1丁目", "江の島一丁目", "片瀬"),
        ("うちもどりにすんでいます", "打戻", "御所見"),
    ],
)
def test_a_town_with_its_chome_however_it_is_written(text, town, district):
    found = place(text)
    assert (found.town, found.district) == (town, district)


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("石川に住んでいます", ("六会", "湘南大庭", "湘南台", "遠藤")),
        ("藤沢市遠藤に住んでいます", ("遠藤", "湘南大庭", "六会")),
        ("大庭の実家", ("湘南大庭", "善行", "明治")),
        ("鵠沼に住む祖母", ("鵠沼", "藤沢", "片瀬")),
        ("高倉の方に住んでます", ("長後", "湘南台")),
        ("亀井野に母がいます", ("六会", "善行")),
        ("藤が岡に住んでいます", ("藤沢", "村岡")),
        ("辻堂駅の近く", ("辻堂", "明治")),
        ("ライフタウンに住んでいます", ("湘南大庭", "遠藤")),
        ("251-0002に住んでいます", ("藤沢", "村岡")),
    ],
)
def test_a_place_of_several_districts_is_asked_never_guessed(text, candidates):
    found = place(text)
    assert (found.district, found.candidates, found.confirm) == (None, candidates, False)


@pytest.mark.parametrize(
    ("text", "candidate"),
    [
        ("善行坂に住んでいます", "善行"),
        ("本藤沢4丁目", "善行"),
        ("湘南台駅の近く", "湘南台"),
        ("片瀬江ノ島駅から歩いて5分", "片瀬"),
    ],
)
def test_a_single_candidate_that_is_not_certain_is_confirmed_with_one_tap(text, candidate):
    found = place(text)
    assert (found.district, found.candidates, found.confirm) == (None, (candidate,), True)


@pytest.mark.parametrize("text", ["252-0804", "〒252-0804", "2520804", "〒２５２－０８０４", "郵便番号は252 0804です"])
def test_a_postal_code_in_any_spelling(text):
    found = place(text)
    assert (found.kind, found.district) == ("postal", "湘南台")


@pytest.mark.parametrize("text", ["電話は0466-25-1111です", "090-2520-8041", "12520804", "999-0000"])
def test_other_numbers_are_no_postal_codes(text):
    assert place(text) is None


@pytest.mark.parametrize(
    "text", ["藤沢に住んでいます", "藤沢市です", "藤沢駅の近く", "ふじさわです", "藤沢駅南口のマンションに住んでいます"]
)
def test_the_name_of_the_city_says_nothing_about_the_district(text):
    assert place(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "石川さんに言われた",
        "石川君にいじめられています",
        "遠藤先生に相談した",
        "遠藤さんという方が近所にいて心配です",
        "高倉健が好きな父です",
        "隣の大庭さんの家がごみだらけ",
        "遠藤と申します",
        "村岡さんに聞きました",
        "遠藤です。母のことで相談です",
        "小塚先生",
        "宮原さんちの猫",
        "横浜市の石川町",
        "石川県に住む祖父",
        "明治生まれの祖母",
        "善行を積みたい",
    ],
)
def test_a_family_name_or_a_word_is_no_place(text):
    assert place(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "いまだに眠れない",
        "薬が必要なようだ",
        "もう勝たせたい",
        "かわないでいる",
        "このかたせきがとまらない",
        "湘南に住んでいます",
    ],
)
def test_everyday_words_that_sound_like_towns_are_no_places(text):
    assert place(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "辻堂の会社で働いています",
        "藤沢湘南台病院に入院しています",
        "辻堂から引っ越してきた",
        "湘南台文化センターに行った",
        "江の島に遊びに行った",
        "善行のクリニックで断られた",
    ],
)
def test_a_place_where_nobody_lives_is_not_taken_for_the_home(text):
    assert place(text) is None


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("辻堂に住む私、母は長後", "長後"),
        ("母は長後、私は辻堂に住んでいます", "長後"),
        ("私は湘南台在住で、善行で一人暮らしの母が心配", "善行"),
        ("東京に住んでいますが、父が長後で一人暮らしです", "長後"),
        ("私は辻堂に住んでいます。六会の実家の父がころびました", "六会"),
        ("片瀬に住む80代の母と、辻堂に住む私", "片瀬"),
        ("善行から引っ越して今は六会です", "六会"),
        ("長後じゃなくて湘南台です", "湘南台"),
        ("善行じゃないほう、川名です", "村岡"),
        ("湘南台ではなく湘南大庭です", "湘南大庭"),
        ("夫と湘南台に住んでいます", "湘南台"),
    ],
)
def test_of_two_places_that_of_the_person_who_needs_help_counts(text, district):
    assert place(text).district == district


@pytest.mark.parametrize(
    ("text", "city", "district"),
    [
        ("横浜に住む母が認知症です", "横浜市", None),
        ("茅ヶ崎の実家の父", "茅ヶ崎市", None),
        ("鎌倉市に住む者です", "鎌倉市", None),
        ("私は鎌倉に住んでいますが、長後の実家の父が", "鎌倉市", "長後"),
        ("母は平塚、私は辻堂", "平塚市", "辻堂"),
        ("横浜市役所の電話番号", "横浜市", None),
        ("横浜から引っ越してきました", None, None),
        ("横浜の病院に通っています", None, None),
        ("川崎さんが怖い", None, None),
        ("藤沢に住んでいます", None, None),
    ],
)
def test_another_city_is_noticed_when_somebody_lives_there(text, city, district):
    found = Gazetteer.load().find(text)
    assert found.other_city == city
    assert (found.place.district if found.place else None) == district


def test_place_words_are_marked_in_the_text_as_sent_and_family_names_are_not():
    text = "湘南台２－３に住む、鵠沼地区の石川さんと横浜の母。ﾂｼﾞﾄﾞｳです"
    marked = [text[start:end] for start, end in Gazetteer.load().find(text).spans]
    assert marked == ["湘南台２", "鵠沼地区", "横浜", "ﾂｼﾞﾄﾞｳ"]


_PIECES = st.sampled_from(
    [
        "湘南台",
        "藤沢",
        "石川",
        "さん",
        "に住む",
        "2-3",
        "丁目",
        "母は",
        "ｼﾞﾞ",
        "゛",
        "か゛",
        "横浜",
        "〒252-0804",
        "\u3000",
        "😀",
        "\ud800",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(_PIECES, max_size=12).map("".join)))
def test_whatever_is_typed_the_marked_ranges_lie_in_the_text_in_order(text):
    found = Gazetteer.load().find(text)
    ends = 0
    for start, end in found.spans:
        assert ends <= start < end <= len(text)
        ends = end
    if found.place:
        assert set(found.place.candidates) <= set(DISTRICTS)
        assert found.place.district is None or found.place.candidates == (found.place.district,)
    Gazetteer.load().resolve(text)
