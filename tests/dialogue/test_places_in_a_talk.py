"""The place in a conversation: asked once, never guessed, never insisted on; and what is near it."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import WANDERING, WANDERING_NOWHERE, Say, areas, buttons, text, windows

pytestmark = pytest.mark.slow


def test_engawa_near_the_district(say: Say) -> None:
    """The district once given is kept; nobody asks twice."""
    say(WANDERING)
    reply = say("近くの縁側は?")
    assert reply["kind"] == "engawa"
    assert "ちょこっと湘南台" in text(reply)
    assert "39か所" in text(reply)


def test_engawa_without_a_place_asks_where(say: Say) -> None:
    """Without a place nothing can be near; the answer to the question has the kind of what was asked for."""
    asked = say("近くに縁側ってありますか")
    assert asked["kind"] == "ask_place"
    reply = say("湘南台です")
    assert reply["kind"] == "engawa"
    assert "ちょこっと湘南台" in text(reply)


def test_engawa_place_may_be_left_unsaid(say: Say) -> None:
    """Whoever does not want to say where they live gets a way to find out all the same."""
    say("近くに縁側ってありますか")
    reply = say("言いたくないです")
    assert reply["kind"] == "engawa"
    assert "0466-25-1111" in text(reply)


def test_place_is_asked_after_the_route_and_may_be_given(say: Say) -> None:
    """Windows first, then the question; the answer routes again with the district."""
    routed = say(WANDERING_NOWHERE)
    assert routed["kind"] == "route"
    assert "お住まい" in text(routed)
    reply = say("長後です")
    assert reply["kind"] == "route"
    assert reply["triage"]["place"]["district"] == "長後"
    assert areas(reply)[0] == "dementia"


def test_place_may_be_skipped(say: Say) -> None:
    """「今は言わない」 is respected and not asked again."""
    say(WANDERING_NOWHERE)
    reply = say("今は言わない")
    assert reply["kind"] == "route"
    assert "お住まい" not in text(reply)


def test_a_town_of_several_districts_is_a_question(say: Say) -> None:
    """遠藤 belongs to three districts: one button each, never a guess."""
    say(WANDERING_NOWHERE)
    reply = say("遠藤に住んでいます")
    assert reply["triage"]["place"]["district"] is None
    assert set(reply["triage"]["place"]["candidates"]) == {"遠藤", "湘南大庭", "六会"}
    assert "湘南大庭地区です" in buttons(reply)
    chosen = say("湘南大庭地区です")
    assert chosen["triage"]["place"]["district"] == "湘南大庭"


def test_a_town_from_an_unsure_source_is_confirmed_with_one_tap(say: Say) -> None:
    """善行四丁目 is 善行 by a third-party source: 「はい」 is enough."""
    say(WANDERING_NOWHERE)
    asked = say("善行四丁目です")
    assert asked["triage"]["place"]["district"] is None
    assert "善行地区でよろしいですか" in text(asked)
    reply = say("はい")
    assert reply["triage"]["place"]["district"] == "善行"


def test_an_unsure_town_may_be_wrong(say: Say) -> None:
    """「ちがいます」 drops the guess."""
    say(WANDERING_NOWHERE)
    say("善行四丁目です")
    reply = say("ちがいます")
    assert reply["triage"]["place"] is None


def test_correction_of_the_place(say: Say) -> None:
    """「湘南台じゃなくて長後です」 keeps the worry and changes the district."""
    say(WANDERING)
    reply = say("湘南台じゃなくて長後です")
    assert reply["triage"]["place"]["district"] == "長後"
    assert areas(reply)[0] == "dementia"


def test_a_place_without_an_engawa_nearby_is_told_so(say: Say) -> None:
    """Nothing is called near that is not: 遠藤 has none registered, the next ones are named as farther away."""
    say(WANDERING_NOWHERE)
    reply = say("遠藤地区の縁側は?")
    assert reply["kind"] == "engawa"
    assert "近くの「地域の縁側」は" not in text(reply)
    assert "少し離れたところ" in text(reply)


def test_a_postal_code_alone_answers_the_question_about_the_place(say: Say) -> None:
    """A number without a letter is an answer, not gibberish."""
    before = say(WANDERING_NOWHERE)
    reply = say("〒251-0047")
    assert reply["kind"] == "route"
    assert windows(reply)[0] == windows(before)[0]
    assert "辻堂" in reply["triage"]["place"]["candidates"]
