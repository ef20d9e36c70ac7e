"""The words of the assistant: short, warm, plain; no officialese, no blame, no dead end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.safety import hotlines, switchboard

JSON = dict[str, Any]

SWITCHBOARD = switchboard.PHONE
_YORISOI = hotlines.by_id("yorisoi")
LISTENER = f"{_YORISOI.name} {_YORISOI.number}"

# What people call an issue area themselves: (title of a button, sentence that the button sends).
EVERYDAY = {
    "elderly_care": ("家族の介護のこと", "親の介護のことで困っています。"),
    "dementia": ("もの忘れ・認知症のこと", "家族のもの忘れがひどくなって困っています。"),
    "elder_abuse": ("お年寄りへの暴力や放置", "高齢の親が家族からひどい扱いを受けています。"),
    "disability": ("障がいのある暮らしのこと", "障がいがあって、暮らしのことで困っています。"),
    "developmental_disorder": ("発達障がいのこと", "大人の発達障がいのことで困っています。"),
    "higher_brain_dysfunction": (
        "病気やけがのあと人が変わった",
        "脳の病気やけがのあと、記憶や性格が変わって困っています。",
    ),
    "severe_disability": ("医療的ケアのこと", "医療的ケアが必要な子のことで困っています。"),
    "mental_health": ("こころのつらさ・眠れない", "気持ちが落ち込んで眠れません。"),
    "maternity": ("妊娠・出産・赤ちゃんのこと", "妊娠や出産、赤ちゃんのことで困っています。"),
    "parenting": ("子育てのこと", "子育てに疲れて困っています。"),
    "child_development": ("子どもの発達のこと", "子どもの発達が気になっています。"),
    "child_abuse": ("子どもがつらい目にあっている", "子どもが親からひどい扱いを受けているようです。"),
    "nursery": ("子どもの預け先", "子どもを預けるところをさがしています。"),
    "single_parent": ("離婚・ひとり親のこと", "離婚してひとりで子どもを育てていて困っています。"),
    "school": ("学校のこと", "子どもが学校に行けなくて困っています。"),
    "withdrawal": ("家から出られない", "家族が長いあいだ家から出ません。"),
    "employment": ("仕事のこと", "仕事が見つからなくて困っています。"),
    "poverty": ("お金・食べるもの", "お金がなくて生活に困っています。"),
    "housing": ("住むところ", "住むところがなくなりそうで困っています。"),
    "medical": ("入院・退院・医療費", "入院や退院のことで困っています。"),
    "home_medical": ("家での医療・看取り", "家にお医者さんに来てほしいです。"),
    "oral": ("歯・入れ歯・飲みこみ", "歯や飲みこみのことで困っています。"),
    "medication": ("薬のこと", "薬が多くて、飲み方に困っています。"),
    "isolation": ("話し相手・行くところ", "話し相手がいなくてさびしいです。"),
    "care_prevention": ("体操・元気でいたい", "足腰が弱らないように体操に通いたいです。"),
    "daily_support": ("買い物などの手助け", "買い物やごみ出しを手伝ってほしいです。"),
    "community_activity": ("地域の活動・ボランティア", "地域でボランティアをしたいです。"),
    "young_carer": ("家族の世話をしている(学生)", "学校に通いながら家族の世話をしていてつらいです。"),
    "double_care": ("介護と子育てが重なっている", "介護と子育てが重なって大変です。"),
    "hoarding": ("家が片づけられない", "家が物であふれて片づけられません。"),
    "neighbor_concern": ("近所の人が心配", "近所の人のようすが心配です。"),
    "domestic_violence": ("夫・妻・恋人がこわい", "夫や恋人がこわくて困っています。"),
    "suicide": ("生きているのがつらい", "生きているのがつらいです。"),
    "procedures": ("福祉の手続き", "福祉の手続きをどこでするのか知りたいです。"),
    "unsure": ("なにを言えばいいかわからない", "どこに相談すればいいのかわかりません。"),
}
NONE_OF_THESE = ("どれもちがう", "どれもちがう")
# Asked when the message gives no hint at all: the four commonest reasons why people turn to the city's welfare desks.
FIRST_CHOICES = ("elderly_care", "poverty", "parenting", "mental_health")

AFTER_ROUTE = (
    ("電話番号は?", "電話番号は?"),
    ("今日やってる?", "今日やってる?"),
    ("近くの縁側は?", "近くの縁側は?"),
    ("ほかには?", "ほかには?"),
)
SKIP = ("今は言わない", "今は言わない")
TALK_TO_A_PERSON = ("人と話したい", "人と話したい")


def window_name(window: JSON) -> str:
    """The window's name, with the office where one is known: 「窓口」(事務所)."""
    office = window.get("office_name")
    return f"「{window['name']}」" if not office or office == window["name"] else f"「{window['name']}」({office})"


def phone_line(window: JSON) -> str:
    """How to reach one window by phone, in one plain line."""
    if not window.get("phone"):
        return f"{window_name(window)}:電話は登録されていません。市役所 {SWITCHBOARD} で聞いてください。"
    label = f"({window['phone_label']})" if window.get("phone_label") else ""
    ask = f" {window['say']}と伝えてください。" if window.get("say") else ""
    return f"{window_name(window)}:{window['phone']}{label}。{ask}".replace("。。", "。")


def hours_line(window: JSON) -> str:
    """Whether one window is open now, in one plain line."""
    state = {
        "open": "いま開いています",
        "closed": "いまは閉まっています",
        "unknown": "開いている時間は登録されていません。電話で確かめてください",
    }[window["open"]]
    opens = f"。次に開くのは {opening(window['opens_next'])} です" if window.get("opens_next") else ""
    hours = f"({window['hours']})" if window.get("hours") else ""
    return f"{window_name(window)}:{state}{hours}{opens}。"


def opening(moment: str) -> str:
    """An ISO 8601 moment as 11月24日(火) 8:30."""
    at = datetime.fromisoformat(moment)
    return f"{at.month}月{at.day}日({'月火水木金土日'[at.weekday()]}) {at.hour}:{at.minute:02d}"
