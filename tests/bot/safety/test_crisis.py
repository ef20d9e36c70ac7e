"""A crisis is seen however it is written, and talk that only sounds like one is left in peace."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.crisis import PRIORITY, detect

DATA = Path(__file__).parent / "data"


def sentences(name: str) -> list[tuple[str, str]]:
    """(crisis, text) of a file. The `aside` halves were not looked at while the rules were written."""
    with (DATA / name).open(encoding="utf-8") as file:
        return [(row["crisis"], row["text"]) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


@pytest.mark.parametrize("half", ["known", "aside"])
def test_at_least_nineteen_of_twenty_crises_are_seen(half: str) -> None:
    """Of 190 crises in the words of all sorts of people at most 5 % are missed, and nine in ten get the right kind."""
    crises = sentences(f"crisis_{half}.tsv")
    found = [detect(text) for _, text in crises]
    missed = [text for (_, text), crisis in zip(crises, found, strict=True) if crisis is None]
    right = [crisis is not None and crisis.kind == kind for (kind, _), crisis in zip(crises, found, strict=True)]
    assert len(missed) <= 0.05 * len(crises), missed
    assert sum(right) >= 0.9 * len(crises)


@pytest.mark.parametrize("half", ["known", "aside"])
def test_few_look_alikes_raise_an_alarm(half: str) -> None:
    """Of 180 harmless or past things that sound alike at most 8 % are taken for a crisis."""
    harmless = sentences(f"lookalike_{half}.tsv")
    alarmed = [text for _, text in harmless if detect(text)]
    assert len(alarmed) <= 0.08 * len(harmless), alarmed


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("夫が包丁を持って", "violence"),
        ("薬を50錠のんだ", "medical_emergency"),
        ("隣のおじいさん一週間見ない、変なにおい", "medical_emergency"),
        ("赤ちゃんを揺さぶってしまいそう", "abuse"),
        ("もう疲れた、全部終わりにしたい", "suicide"),
        ("母の年金を兄が取り上げている", "abuse"),
        ("ロープ買った", "suicide"),
        ("3日食べさせてもらってない", "abuse"),
        ("お父さんが夜ふとんに入ってくる", "abuse"),
        ("息してない", "medical_emergency"),
        ("ろれつが回らない", "medical_emergency"),
        ("子どもを叩いてしまいそう", "abuse"),
        ("夫に殴られています", "violence"),
        ("彼氏に殴られて意識がもうろうとする", "medical_emergency"),
        ("夫が3歳の息子を毎日殴ります", "abuse"),
        ("パパがママをなぐってる", "violence"),
    ],
)
def test_these_words_mean_this(text: str, kind: str) -> None:
    """Situations that the service exists for get the kind that decides which number comes first."""
    crisis = detect(text)
    assert crisis is not None
    assert crisis.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "しにたい",
        "シニタイ",
        "ｼﾆﾀｲ",
        "死 に た い",
        "タヒにたい",
        "4にたい",
        "４にたい",
        "氏にたい",
        "〇にたい",
        "しにたぃ",
        "しーにーたーい",
        "し\nに\nた\nい",
        "「死にたい」",
        "きえたい",
        "もうしにたい",
        "死にてぇ",
        "死\u200bにたい",
        "死・に・た・い",
        "🥲しにたい🥲",
    ],
)
def test_dying_is_understood_however_it_is_spelled(text: str) -> None:
    """Kana, half-width letters, gaps, stretched letters and the spellings people use to slip past a filter."""
    crisis = detect(text)
    assert crisis is not None
    assert crisis.kind == "suicide"


@pytest.mark.parametrize(
    "text",
    [
        "死ぬほど忙しい",
        "亡くなった父の相続",
        "叩き売り",
        "消したい履歴がある",
        "殴り書き",
        "首を長くして待つ",
        "死角",
        "必死で働く",
        "自殺防止ボランティアをしたい",
        "昔たたかれたことを思い出す",
        "ドラマで人が死ぬ場面",
        "ニュースで虐待を見た",
        "虐待防止の講演会",
        "死亡届はどこ",
        "死んだ祖母の遺品",
        "死にたくない",
        "家で死にたい",
        "薬を飲み忘れる",
        "",
        "🙂",
        "保育園に入れますか",
    ],
)
def test_everyday_words_are_no_crisis(text: str) -> None:
    """Figures of speech, mourning, news, errands and silence."""
    assert detect(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "料理がまずいと夫に殴られました",
        "ごみの出し方が悪いと夫が包丁を持って怒る",
        "保育園のことで夫とけんかになって首を絞められた",
        "犬がうるさいと主人に蹴られる",
        "引っ越しのことで疲れて死にたい",
        "講演会に行きたい。でも死にたい",
        "ニュースを見て自分も死にたくなった",
        "ゲームを取り上げたら息子が暴れて包丁を出した",
        "猫が死んで、自分も死にたい",
    ],
)
def test_an_everyday_word_beside_it_does_not_hide_a_crisis(text: str) -> None:
    """Words that excuse a look-alike (料理, ごみ, 講演会 …) also stand in sentences about real danger."""
    assert detect(text) is not None


def test_the_gravest_comes_first() -> None:
    """Contract: medical_emergency > violence > suicide > abuse, wherever in the text they stand."""
    parts = {
        "abuse": "母の年金を兄が取り上げています。",
        "suicide": "もう死にたいです。",
        "violence": "夫が包丁を持って暴れています。",
        "medical_emergency": "息をしていません。",
    }
    text = ""
    for kind in reversed(PRIORITY):
        text += parts[kind]
        crisis = detect(text)
        assert crisis is not None
        assert crisis.kind == kind


def test_what_goes_on_counts_even_if_it_began_long_ago() -> None:
    """「昔から今も」 is a crisis, 「昔、もう終わった」 is none."""
    assert detect("子どものころ父に殴られました。今は離れて元気です") is None
    assert detect("子どものころから今も父に殴られています") is not None


def test_a_crisis_hidden_in_a_long_message_is_found() -> None:
    """The sentence that matters may stand after a hundred thousand characters about something else."""
    assert detect("保育園の申し込みについて教えてください。" * 5000 + "妻が包丁を持っています") is not None
    assert detect("ほいくえん" * 20_000 + "息をしていません") is not None
    assert detect("保育園の申し込みについて教えてください。" * 5000) is None


@given(st.text(st.sampled_from("死しにたいぬ夫が殴ら。、 \n薬を5錠飲んだ息ｼﾆﾀｲﾞー・「」子母叩😢"), max_size=60))
def test_evidence_is_quoted_as_written(text: str) -> None:
    """Evidence can be marked in what the resident sees: each piece is a substring of the text as sent."""
    crisis = detect(text)
    if crisis is not None:
        assert crisis.kind in PRIORITY
        assert 1 <= len(crisis.evidence) <= 3
        assert all(piece and piece in text for piece in crisis.evidence)


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=200))
def test_no_text_breaks_the_rules(text: str) -> None:
    """Whatever is typed, half an emoji included, there is an answer."""
    detect(text)
