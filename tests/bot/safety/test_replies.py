"""What people read in a crisis, and what they read when the guide rests: a number first, warm words, no dead end."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from typing import Any

import pytest

from bot.safety import crisis_reply, fallback
from bot.safety.crisis import PRIORITY
from bot.safety.hotlines import lines_for, load
from bot.safety.writer import is_child
from tests.contract import REPLY, TRIAGE, WINDOW

AT = datetime(2026, 11, 24, 17, 0)
NIGHT = datetime(2026, 11, 24, 3, 0)


def words(reply: dict[str, Any]) -> str:
    """All that is said."""
    return "\n".join(message["text"] for message in reply["messages"])


@pytest.mark.parametrize(
    ("text", "crisis", "phone", "areas"),
    [
        ("もう死にたい", "suicide", "0120-279-338", ["suicide"]),
        ("夫が包丁を持って", "violence", "110", ["domestic_violence"]),
        ("赤ちゃんを揺さぶってしまいそう", "abuse", "189", ["child_abuse"]),
        ("パパがたたく", "abuse", "189", ["child_abuse"]),
        ("母の介護で手が出そうです", "abuse", "110", ["elder_abuse"]),
        ("作業所で職員に叩かれる", "abuse", "110", ["disability"]),
        ("父が息をしていません", "medical_emergency", "119", []),
        ("無理やり体を触られました", "violence", "110", []),
    ],
)
def test_without_model_and_database_a_crisis_is_answered_at_once(
    text: str, crisis: str, phone: str, areas: list[str]
) -> None:
    """The right number stands in the first message and on the first card."""
    reply = fallback.reply(text, AT)
    assert reply["kind"] == "crisis"
    assert reply["triage"]["crisis"] == crisis
    assert [area["id"] for area in reply["triage"]["areas"]] == areas
    first = reply["triage"]["windows"][0]
    assert (first["id"], first["phone"]) == ("emergency", phone)
    assert phone in reply["messages"][0]["text"]
    assert reply["triage"]["windows"][1]["phone"] == "0466-25-1111"


@pytest.mark.parametrize("text", ["", "   ", "保育園に入りたい", "hello", "\x00", "あ" * 100_000])
def test_everything_else_gets_the_switchboard_and_somebody_to_talk_to(text: str) -> None:
    """An apology, whom to call, what to say there, and よりそいホットライン; nobody is left with nothing."""
    reply = fallback.reply(text, AT)
    assert reply["kind"] == "clarify"
    assert reply["triage"]["crisis"] == "none"
    assert [window["id"] for window in reply["triage"]["windows"]] == ["fukushi_sogo"]
    for needed in ("ごめんなさい", "0466-25-1111", "福祉総合相談支援センターにつないでください", "0120-279-338"):
        assert needed in words(reply)


@pytest.mark.parametrize("text", ["もう死にたい", "保育園", "夫に殴られる", "息してない", "子どもを叩いてしまう"])
@pytest.mark.parametrize("at", [AT, NIGHT])
def test_the_reply_has_the_shape_of_the_contract(text: str, at: datetime) -> None:
    """Every field of reply, triage and window is there; evidence quotes the text."""
    reply = fallback.reply(text, at)
    assert set(reply) == REPLY
    assert reply["model"] == "safety"
    assert set(reply["triage"]) == TRIAGE
    for window in reply["triage"]["windows"]:
        assert set(window) == WINDOW
        assert window["trust"] in ("A", "B")
        assert window["open"] in ("open", "closed", "unknown")
    for area in reply["triage"]["areas"]:
        assert set(area) == {"id", "label", "score", "evidence"}
        assert all(piece in text for piece in area["evidence"])
    for message in reply["messages"]:
        assert set(message) == {"text", "buttons"}
        for button in message["buttons"]:
            assert not button["payload"].startswith(("/", "／"))


@pytest.mark.parametrize("crisis", PRIORITY)
@pytest.mark.parametrize("areas", [[], ["suicide", "school"], ["domestic_violence"], ["child_abuse"], ["elder_abuse"]])
@pytest.mark.parametrize("text", ["", "ぼく 8さい。たすけて"])
@pytest.mark.parametrize("at", [AT, NIGHT])
def test_at_most_three_short_messages_with_the_number_in_the_first(
    crisis: str, areas: list[str], text: str, at: datetime
) -> None:
    """In fear nobody reads much: three messages, none longer than a phone's screen, the call to make in the first."""
    said = crisis_reply.messages(crisis, areas, at, text)
    assert 2 <= len(said) <= 3
    assert lines_for(crisis, areas, at)[0].number in said[0]["text"]
    assert all(0 < len(message["text"]) <= 220 for message in said)
    assert said[-1]["buttons"]


def test_nobody_who_cannot_speak_is_forgotten() -> None:
    """A victim in the same room as the one who hits is shown the chat while it is open, and only then."""
    assert "https://soudanplus.jp" in words({"messages": crisis_reply.messages("violence", ["domestic_violence"], AT)})
    assert "soudanplus" not in words({"messages": crisis_reply.messages("violence", ["domestic_violence"], NIGHT)})


def test_no_closed_line_is_named() -> None:
    """At three in the morning only lines that answer, or whose hours nobody knows, are named."""
    for crisis in PRIORITY:
        for areas in ([], ["child_abuse", "school"], ["domestic_violence"]):
            said = words({"messages": crisis_reply.messages(crisis, areas, NIGHT)})
            for line in load():
                if line.open_at(NIGHT) == "closed" and len(line.number) > 4:
                    assert line.number not in said


def test_every_number_said_is_in_the_list() -> None:
    """No number is made up: digits of telephone length occur in hotlines.csv."""
    known = {line.number for line in load()}
    for crisis in PRIORITY:
        for areas in ([], ["child_abuse", "school"], ["domestic_violence"], ["elder_abuse"]):
            for message in crisis_reply.messages(crisis, areas, AT):
                for piece in message["text"].split("電話 ")[1:]:
                    assert piece.split("(")[0] in known


def test_nobody_is_blamed_or_argued_with() -> None:
    """No orders about life, no guilt, no diagnosis, for grown-ups and children."""
    for crisis in PRIORITY:
        for areas in ([], ["child_abuse"], ["domestic_violence"], ["elder_abuse"]):
            for text in ("", "ぼく 8さい。たすけて"):
                said = words({"messages": crisis_reply.messages(crisis, areas, AT, text)})
                for never in (
                    "いけません",
                    "べきです",
                    "死なないで",
                    "頑張って",
                    "がんばって",
                    "虐待です",
                    "うつ病",
                    "犯罪です",
                    "通報され",
                ):
                    assert never not in said


@pytest.mark.parametrize(
    ("text", "child"),
    [
        ("おとうさん たたく。いたい。ぼく 8さい", True),
        ("小5です。お母さんに毎日たたかれます", True),
        ("中2です。死にたい", True),
        ("ママがごはんくれない", True),
        ("パパがママをなぐってる", True),
        ("お父さんのことで相談です。介護がつらい", False),
        ("主人が子どもを蹴るんです", False),
        ("小5の娘が死にたいと言います", False),
        ("もう死にたい", False),
    ],
)
def test_who_writes(text: str, child: bool) -> None:
    """A child is answered in a child's words, a mother who writes about her child is not."""
    assert is_child(text) is child


def test_a_child_can_read_the_answer() -> None:
    """Few kanji and no official words for a child."""
    said = words({"messages": crisis_reply.messages("abuse", ["child_abuse"], AT, "ぼく 8さい。パパがたたく")})
    own = "".join(
        line for line in said.split("\n") if "電話" not in line and "ダイヤル" not in line and "番" not in line
    )
    assert sum("一" <= letter <= "龠" for letter in own) * 5 < len(own)
    assert "わるくない" in said


def test_safety_needs_nothing_heavy() -> None:
    """It answers when everything else is broken: no numpy, no database, no model is loaded with it."""
    code = (
        "import sys; import bot.safety.fallback as f; from datetime import datetime;"
        "f.reply('死にたい', datetime.now());"
        "print(*sorted({'numpy', 'sqlalchemy', 'rasa', 'spacy', 'sudachipy', 'yaml', 'aiohttp'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
