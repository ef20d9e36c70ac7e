"""A crisis in a conversation: the number to call comes first, whatever was talked about before."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import WANDERING, Say, windows

pytestmark = pytest.mark.slow


def test_crisis_first(say: Say) -> None:
    """「もう死にたい」: the hotline stands first, in words and in the windows."""
    reply = say("もう死にたい")
    assert reply["kind"] == "crisis"
    assert reply["triage"]["crisis"] == "suicide"
    assert windows(reply)[0] == "emergency"
    assert reply["triage"]["windows"][0]["phone"] == "0120-279-338"
    assert "0120-279-338" in reply["messages"][0]["text"]
    assert "seishin_hoken" in windows(reply)


def test_crisis_in_the_middle_of_a_talk(say: Say) -> None:
    """Whatever was talked about before, and whatever was asked."""
    say(WANDERING)
    reply = say("薬を全部飲んでしまいました")
    assert reply["kind"] == "crisis"
    assert reply["triage"]["crisis"] == "medical_emergency"
    assert reply["triage"]["windows"][0]["phone"] == "119"


def test_hotlines_stay_on_top_after_a_crisis(say: Say) -> None:
    """Until the resident starts over."""
    say("夫に殴られて逃げたい")
    reply = say("電話番号は?")
    assert reply["kind"] == "phone"
    assert reply["triage"]["crisis"] == "violence"
    assert windows(reply)[0] == "emergency"
    assert "110" in reply["messages"][0]["text"]
    assert "110" in say("ありがとう")["messages"][0]["text"]
    say("はじめから")
    assert windows(say("子どもを預けるところをさがしています"))[0] == "hoiku_concierge"


def test_a_mother_who_fears_to_hit(say: Say) -> None:
    """「叩いてしまいそう」 is abuse in the making: 189 comes before the police."""
    reply = say("泣きやまなくて、子どもを叩いてしまいそう")
    assert reply["triage"]["crisis"] == "abuse"
    assert reply["triage"]["windows"][0]["phone"] == "189"
    assert "kodomo_katei" in windows(reply)


def test_smell_behind_a_door(say: Say) -> None:
    """A neighbour not seen for days and a smell: 119 first."""
    reply = say("隣のおじいさんを一週間見ていません。ドアの前が変なにおいがします")
    assert reply["triage"]["crisis"] == "medical_emergency"
    assert reply["triage"]["windows"][0]["phone"] == "119"


@pytest.mark.parametrize(
    "words", ["死ぬほど忙しくて保育園の迎えに間に合わない", "亡くなった父の相続の手続き", "消したい検索履歴がある"]
)
def test_look_alikes_are_no_crisis(say: Say, words: str) -> None:
    """A figure of speech is not an emergency."""
    assert say(words)["kind"] != "crisis"
