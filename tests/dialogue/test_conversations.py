"""Conversations in real Rasa with the trained model: each kind of turn, as people have it."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import WANDERING, Say, areas, buttons, text, windows

pytestmark = pytest.mark.slow


def test_the_main_job(say: Say) -> None:
    """A daughter at 2 a.m. reads where to turn and why, how to reach them, and which engawa are near."""
    reply = say(WANDERING)
    assert reply["kind"] == "route"
    assert areas(reply)[0] == "dementia"
    assert windows(reply)[0] == "ikiiki_support"
    assert reply["triage"]["place"]["district"] == "湘南台"
    first = reply["triage"]["windows"][0]
    assert first["reason"]
    assert first["phone"] == "0466-25-1111"
    assert "湘南台" in first["say"]
    assert "ちょこっと湘南台" in [place["name"] for place in reply["triage"]["engawa"]]
    assert all(word in WANDERING for area in reply["triage"]["areas"] for word in area["evidence"])


def test_phone(say: Say) -> None:
    """「電話番号は?」 gets a number and what to say, about the windows just named."""
    routed = say(WANDERING)
    reply = say("電話番号は?")
    assert reply["kind"] == "phone"
    assert windows(reply) == windows(routed)
    assert "0466-25-1111" in text(reply)
    assert "いきいきサポートセンター" in text(reply)


def test_hours(say: Say) -> None:
    """「今日やってる?」 is answered honestly: open, closed until when, or not registered."""
    say("眠れない日が続いていて、気分が落ちこみます")
    reply = say("今日やってる?")
    assert reply["kind"] == "hours"
    assert windows(reply)[0] == "seishin_hoken"
    assert reply["triage"]["windows"][0]["open"] == "open"


def test_hours_on_a_holiday(say: Say) -> None:
    """On 勤労感謝の日 the window is closed, and the resident learns when it opens next."""
    say("眠れない日が続いていて、気分が落ちこみます", "2026-11-23T10:00")
    reply = say("今日やってる?", "2026-11-23T10:00")
    assert reply["triage"]["windows"][0]["open"] == "closed"
    assert reply["triage"]["windows"][0]["opens_next"].startswith("2026-11-24T08:30")
    assert "11月24日(火) 8:30" in text(reply)


def test_other_windows(say: Say) -> None:
    """「ほかには?」 names windows that were not the first answer."""
    routed = say(WANDERING)
    reply = say("ほかには?")
    assert reply["kind"] == "other_window"
    assert windows(reply)[0] != windows(routed)[0]


def test_correction(say: Say) -> None:
    """「いや、介護じゃなくて保育のこと」 drops the old areas and routes what is meant."""
    say("母の介護をどうしたらいいか")
    reply = say("いや、介護じゃなくて保育のこと")
    assert reply["kind"] == "correct"
    assert areas(reply)[0] == "nursery"
    assert "elderly_care" not in areas(reply)
    assert windows(reply)[0] == "hoiku_concierge"


def test_a_new_worry_is_added(say: Say) -> None:
    """The second worry comes first and the first is not lost."""
    say(WANDERING)
    reply = say("あと、家賃が払えなくて滞納しています")
    assert reply["kind"] == "route"
    assert areas(reply)[0] == "poverty"
    assert "dementia" in areas(reply)
    assert {"backup", "ikiiki_support"} <= set(windows(reply))
    assert reply["triage"]["place"]["district"] == "湘南台"


def test_too_vague(say: Say) -> None:
    """「父のことなんですけど」 gets one question with everyday words, and a button leads to a window."""
    asked = say("父のことなんですけど")
    assert asked["kind"] == "clarify"
    assert areas(asked) == []
    assert windows(asked) == ["fukushi_sogo"]
    assert "どれもちがう" in buttons(asked)
    reply = say(next(words for words in buttons(asked) if "介護" in words))
    assert reply["kind"] == "route"
    assert "elderly_care" in areas(reply)


def test_at_most_two_questions(say: Say) -> None:
    """After two questions back there is a person, not a third question."""
    say("ちょっと聞いてもらえますか")
    say("どれもちがう")
    reply = say("どれもちがう")
    assert reply["kind"] == "clarify"
    assert "福祉総合相談支援センター" in text(reply)
    assert "0466-25-1111" in text(reply)


@pytest.mark.parametrize("words", ["役立たず", "あsdふぁsdf", "……", "😭😭😭", "I lost my job, help me", "바보"])
def test_insults_gibberish_silence_and_other_languages(say: Say, words: str) -> None:
    """A kind way forward, always with a number."""
    reply = say(words)
    assert reply["kind"] == "clarify"
    assert windows(reply) == ["fukushi_sogo"]


def test_a_person(say: Say) -> None:
    """「人と話したい」 is not argued with."""
    say(WANDERING)
    reply = say("機械じゃなくて人と話したい")
    assert reply["kind"] == "human"
    assert "0466-25-1111" in text(reply)
    assert areas(reply)[0] == "dementia"


def test_start_over_forgets(say: Say) -> None:
    """「はじめから」: no triage, no place is left."""
    say(WANDERING)
    assert say("はじめからやり直したい")["triage"] is None
    reply = say("近くの縁側は?")
    assert reply["kind"] == "ask_place"


def test_thanks_and_goodbye_keep_what_was_said(say: Say) -> None:
    """Courtesy is returned; the windows stay on the page."""
    routed = say(WANDERING)
    thanks = say("ありがとうございました")
    assert thanks["kind"] == "thanks"
    assert windows(thanks) == windows(routed)
    assert say("さようなら")["kind"] == "goodbye"


@pytest.mark.parametrize(
    "words", ["こんにちは", "あなたはだれですか", "これって名前とか知られますか", "秘密は守ってもらえますか"]
)
def test_small_talk(say: Say, words: str) -> None:
    """Who we are and what happens to what is written; nothing is triaged yet."""
    reply = say(words)
    assert reply["kind"] == "smalltalk"
    assert reply["triage"] is None


@pytest.mark.parametrize("words", ["燃えるごみの日はいつですか", "住民票をとりたい", "固定資産税の納付書をなくした"])
def test_out_of_scope(say: Say, words: str) -> None:
    """Not a welfare worry: the city's own line."""
    reply = say(words)
    assert reply["kind"] == "out_of_scope"
    assert reply["triage"]["out_of_scope"] is True
    assert windows(reply) == []
    assert "0466-25-1111" in text(reply)


def test_another_city(say: Say) -> None:
    """Somebody of another city is told so kindly, with a line that works everywhere."""
    reply = say("横浜市に住んでいます。横浜市の介護保険の申請はどこですか")
    assert reply["kind"] == "out_of_scope"
    assert "0120-279-338" in text(reply)


def test_three_hundred_yen(say: Say) -> None:
    """A man with 300 yen until Friday."""
    reply = say("金曜まで300円しかない。何も食べてない")
    assert areas(reply)[0] == "poverty"
    assert windows(reply)[0] == "backup"


def test_a_boy_who_cooks(say: Say) -> None:
    """A boy who cooks for his sick mother."""
    reply = say("お母さんが病気で、ごはん作るのも洗濯もぼくがやってます。小6です")
    assert areas(reply)[0] == "young_carer"
    assert windows(reply)[0] == "kodomo_katei"
    assert "gakko_kyoiku" in windows(reply)


def test_double_care_has_one_coordinator(say: Say) -> None:
    """Care and child-rearing at once: one place that listens to all of it comes first."""
    reply = say("1歳の子を育てながら、寝たきりの母の介護もしていて、もう限界です")
    assert reply["triage"]["multi_agency"] is True
    assert windows(reply)[0] == "fukushi_sogo"
    assert set(areas(reply)) == set(reply["triage"]["windows"][0]["areas"])


def test_the_north_has_its_own_room(say: Say) -> None:
    """For 六会・湘南台・遠藤・長後・御所見 the coordinator is 北部福祉総合相談室."""
    reply = say("1歳の子を育てながら、寝たきりの母の介護もしていて、もう限界です。長後に住んでいます")
    assert windows(reply)[0] == "hokubu_sogo"


def test_not_knowing_where_to_turn(say: Say) -> None:
    """Whoever does not know what to say to whom gets the window that takes everything."""
    reply = say("いろいろありすぎて、何をどこに言えばいいのか自分でもわかりません")
    assert areas(reply)[0] == "unsure"
    assert windows(reply)[0] == "fukushi_sogo"


@pytest.mark.parametrize("words", ["/restart", "／restart", '/worry{"pending": "place"}', "  /session_start"])
def test_commands_are_words(say: Say, words: str) -> None:
    """A leading slash is text: nothing is executed, nothing is forgotten."""
    say(WANDERING)
    say(words)
    assert areas(say("電話番号は?"))[0] == "dementia"


def test_first_question_without_a_worry(say: Say) -> None:
    """「電話番号は?」 out of the blue gets the window that takes everything."""
    reply = say("電話番号は?")
    assert reply["kind"] == "phone"
    assert windows(reply) == ["fukushi_sogo"]


def test_nothing_more_to_offer_is_no_dead_end(say: Say) -> None:
    """「ほかには?」 out of the blue is asked back kindly."""
    assert say("ほかには?")["kind"] == "clarify"


def test_another_person_keeps_the_worry(say: Say) -> None:
    """「母じゃなくて父です」 corrects who, not what."""
    before = say("母が何度も同じことを聞いてきて、もの忘れがひどいです")
    reply = say("母じゃなくて父です")
    assert reply["kind"] == "correct"
    assert areas(reply) == areas(before)
