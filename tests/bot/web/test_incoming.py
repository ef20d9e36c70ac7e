"""What a message goes through before it is read, and that no word of it is lost or moved on the way."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.safety.crisis import Crisis
from bot.safety.incoming import READ_WHOLE, for_model
from bot.web import incoming

_ANY = st.text(st.characters(), max_size=60)
_TRICKY = st.text("あか゛゙゚\u3099\u309a\u200b\u0301é\x00\n/／ \ud800e", max_size=30)


@given(_ANY | _TRICKY)
def test_every_stretch_of_the_cleaned_text_leads_back_to_the_text_as_sent(sent: str) -> None:
    message = incoming.read(sent)
    for end in range(1, len(message.text) + 1):
        words = message.text[:end]
        assert (found := message.as_sent(words)) is not None
        assert found in sent
        assert words in incoming.read(found).text


@given(_ANY | _TRICKY)
def test_whatever_is_sent_the_engine_is_given_no_command(sent: str) -> None:
    text = for_model(incoming.read(sent).text, None)
    assert not unicodedata.normalize("NFKC", text.strip()).startswith("/")
    text.encode("utf-8")


def test_ordinary_words_reach_the_engine_as_they_are() -> None:
    text = "母が転びました。\n1/2は食べています 🙏"
    assert for_model(incoming.read(text).text, None) == text


def test_letters_typed_in_two_parts_are_read_as_one() -> None:
    message = incoming.read("か\u3099っこう")
    assert message.text == "がっこう"
    assert message.as_sent("がっ") == "か\u3099っ"


def test_of_a_long_text_the_beginning_the_end_and_the_cry_for_help_are_read() -> None:
    sent = "はじめ" + "あ" * 20_000 + "きえたい" + "い" * 20_000 + "おわり"
    text = for_model(incoming.read(sent).text, Crisis("suicide", ("きえたい",)))
    assert text.startswith("はじめ")
    assert "きえたい" in text
    assert text.endswith("おわり")
    assert len(text) <= READ_WHOLE + 2


def test_words_that_are_not_in_the_text_lead_nowhere() -> None:
    assert incoming.read("母").as_sent("父") is None
    assert incoming.read("母").as_sent("") is None
