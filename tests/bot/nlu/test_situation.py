"""What narrows a route is read from the resident's own words."""

from __future__ import annotations

import pytest

from bot.nlu.situation import flags_of


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("自宅を開放して、だれでも来られる居場所を始めたい", "start_place"),
        ("サロンでフレイル予防の講師を呼びたいのですが", "lecturer_prevention"),
        ("町内会で人生会議の勉強会をしたい。だれか話をしに来てくれますか", "lecturer_home_medical"),
        ("老人会で薬の話を聞きたい", "medication_talk"),
        ("定年になって時間ができた。何か手伝えることはありますか", "volunteer"),
        ("2歳の子と遊べる所が近くにない", "play_place"),
        ("2歳の子と遊べる所が近くにない", "infant"),
        ("病院に行こうと言っても父がいやがる", "not_connected"),
        ("母は83歳です", "older_person"),
        ("八十三歳の母が", "older_person"),
        ("20代の息子が仕事をやめた", "youth"),
        ("今夜寝る場所がない", "temporary_housing"),
        ("入院費が払えそうにない", "medical_cost"),
        ("生後2か月の赤ちゃん", "postpartum"),
        ("何度行ってもドアを開けてくれない", "hard_to_reach"),
        ("中2の娘がクラスで", "attends_school"),
        ("昼間通える作業所のような場所をさがしています", "place_to_go"),
    ],
)
def test_condition_is_read(text: str, flag: str) -> None:
    """One wording of each condition that changes a route."""
    assert flag in flags_of(text)


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("父が夜中に出ていこうとする", "child"),
        ("45歳です。仕事がない", "youth"),
        ("45歳です。仕事がない", "older_person"),
        ("薬を飲むのを忘れる", "medication_talk"),
        ("話し相手がほしい", "volunteer"),
        ("高齢の母がひとりで", "attends_school"),
    ],
)
def test_condition_is_not_imagined(text: str, flag: str) -> None:
    """Nothing is added that was not said."""
    assert flag not in flags_of(text)
