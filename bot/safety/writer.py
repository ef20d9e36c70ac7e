"""Who writes and about whom, as far as the crisis rules need it when no model has read the text."""

from __future__ import annotations

import re

from bot.safety.folding import fold, fold_rule

# A child: says its school year, or speaks of its parents as children do in a text almost without kanji.
_SAYS_SO = re.compile(
    fold_rule(
        r"小学?[1-6一二三四五六](?:年|です|の)|小学生です|中学?[1-3一二三](?:年|です)|中学生です|高校生です|"
        r"(?<!\d)(?:[6-9]|1[0-7])さい(?:です)?(?:。|$)|(?:わたし|私|ぼく|僕|おれ|俺)は?1[0-7]歳|クラスの子"
    )
)
_OWN_PARENTS = re.compile(
    fold_rule(
        r"(?:お父さん|お母さん|おとうさん|おかあさん|パパ|(?<![のわこそあ])ママ|お兄ちゃん|おにいちゃん)"
        r"(?:が|は|に|から|の|を|と|[^。]{0,2}(?:たた|なぐ|け))"
    )
)
_GROWN_UP = re.compile(
    fold_rule("主人|旦那|だんな|夫|妻|息子|娘|孫|うちの子|上の子|会社|仕事|介護|保育園|認知症|施設|歳の子|姑|年金")
)

_ABOUT = {
    "suicide": re.compile(
        fold_rule(
            "(?<![a-z])od|オーバードーズ|\\d錠|十錠|(?:薬|くすり)〜(?:大量|たくさん|全部|いっぱい)|首を(?:吊|つ)|手首|練炭"
        ).replace("〜", "[^。]{0,10}")
    ),
    "domestic_violence": re.compile(
        fold_rule("夫|旦那|だんな|主人|妻|彼氏|彼女|かれし|恋人|元カレ|交際相手|婚約者|dv|でぃぶい|husband|boyfriend")
    ),
    "elder_abuse": re.compile(
        fold_rule(
            "介護|認知症|おばあ|おじい|ばあちゃん|じいちゃん|祖母|祖父|高齢|年金|老人|特養|デイサービス|ショートステイ|入居者|"
            "利用者|[789]\\d歳|(?:母|父)(?:を|の首|の介護|に手|が寝たきり)"
        )
    ),
    "disability": re.compile(fold_rule("障がい|障害|作業所|グループホーム|知的|車いす|手帳")),
    "child_abuse": re.compile(
        fold_rule(
            "子ども|子供|こども|赤ちゃん|赤ん坊|児童|園児|娘|息子|孫|の子|\\d歳|泣き声|パパ|(?<![のわこそあ])ママ|お?父さんに|"
            "お?母さんに|おとうさん|おかあさん|親に|ごはんもらえ|食べさせてもら|いえにいれ|家に入れ"
        )
    ),
}


def is_child(text: str) -> bool:
    """True when a child seems to be writing, so that the answer should use simple words."""
    folded = fold(text).text
    if _GROWN_UP.search(folded):
        return False
    if _SAYS_SO.search(folded):
        return True
    kanji = sum("一" <= letter <= "龠" for letter in folded)
    return bool(_OWN_PARENTS.search(folded)) and kanji * 4 <= len(folded)


def areas_of(text: str, crisis: str) -> tuple[str, ...]:
    """The issue area that a crisis without a model is about; empty where the text does not tell."""
    if crisis == "suicide":
        return ("suicide",)
    folded = fold(text).text
    possible = {
        "violence": ("domestic_violence", "elder_abuse"),
        "abuse": ("disability", "elder_abuse", "child_abuse"),
        "medical_emergency": ("suicide",),
    }[crisis]
    for area in possible:
        if _ABOUT[area].search(folded) and not (area == "elder_abuse" and is_child(text)):
            return (area,)
    return ("child_abuse",) if crisis == "abuse" else ()
