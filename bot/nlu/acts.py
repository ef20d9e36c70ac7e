"""Dialogue acts: what the turn does. One act becomes the Rasa intent, the first that fits in the contract's order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.issue_areas import OUT_OF_SCOPE
from bot.nlu.linear import Floats
from bot.nlu.mixed_component import MixedComponent, columns
from bot.nlu.mixture import log_odds
from bot.nlu.training_messages import example_metadata

# Log-odds of an act that the encoder has no head for.
_UNKNOWN = -6.0
WORRY = "worry"
VAGUE = "vague"
# The contract's order ("first that fits"); place, yes and no are answers and come behind questions.
FIRST_THAT_FITS = (
    "human",
    "start_over",
    "correct",
    WORRY,
    "ask_engawa",
    "ask_hours",
    "ask_phone",
    "ask_other",
    "give_place",
    "skip",
    "affirm",
    "deny",
    VAGUE,
    OUT_OF_SCOPE,
    "thanks",
    "goodbye",
    "smalltalk",
)
# What may be left besides the place words when a message only answers "where do you live?".
_PLACE_FILLER = re.compile(
    r"(((お?住まい|住所|場所|家|うち|郵便番号|最寄り?(駅)?)は)|に?(住|す)んで(い|お)?(ます|る|ります)|です|だよ|だと思います|在住|の?(あたり|へん|辺|近く|方|ほう)(です)?|えっと|たぶん|多分|藤沢市?の?|神奈川県?|市民センター|地区|駅|に(い|居)ます|かな|〒|。|、|です。|\s)+"
)
# The person themselves lives in another city, and nobody of Fujisawa is mentioned.
_LIVES_ELSEWHERE = re.compile(
    r"^(?!.*(藤沢|母|父|親|祖|姉|妹|兄|弟|娘|息子|実家|友|知人)).*[市区町村県都](に住んで|に住む|在住|の者|民です|に住所)",
    re.DOTALL,
)
# What our own buttons send (actions/phrases.py, actions/place_questions.py) means one thing only.
_BUTTONS = {
    "電話番号は?": "ask_phone",
    "今日やってる?": "ask_hours",
    "近くの縁側は?": "ask_engawa",
    "ほかには?": "ask_other",
    "今は言わない": "skip",
    "地区はわからない": "skip",
    "どれもちがう": "deny",
    "ちがいます": "deny",
    "人と話したい": "human",
}
# The bare word, however it is put, is the question for the number; a person is asked for in other words.
_NUMBER = re.compile(
    r"^(そ[このっ]ち?の?|上の|一つ目の|今のやつの|先方の|何番に?)?(電話|でんわ|TEL|tel|テル|番号)"
    r"(番号|したい|ください|下さい|教えて|おしえて|は|を|も|、)*[??!!。]*$"
)
_WHO_ARE_YOU = re.compile(
    r"^(あなた|あんた|きみ|君|これ|ここ|おたく|つなぐ)?(は|って)?、?(誰|だれ|人間?|AI|AI|ロボット|機械|なまえ|名前)"
    r"(ですか|なの|です|か|は|、|人間|誰|[??])*$"
)
_JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠々ー]")
_KANA = re.compile(r"[ぁ-んァ-ヶ]")
# Words that Chinese needs in nearly every sentence and Japanese does not use alone.
_CHINESE = re.compile(r"[我你您]|不[起到会能了]|[没沒]有|什[么麼]|[怎][么麼样樣]|[吗嗎呢吧]$")
# Latin words that Japanese people type on their own.
_LATIN_WORDS = re.compile(
    r"^(tel|ok|okay|no|yes|hello|hi|bye|thanks?|thank ?you|sos|dv|adhd|asd|lgbtq?|als|nhk|ai)[^a-z]*$"
)
_REPEATED = re.compile(r"^(.{1,3}?)\1{3,}$")


@dataclass(frozen=True, slots=True)
class Signals:
    """What the act is chosen from: calibrated act scores with their thresholds, and the other components' answers."""

    text: str
    scores: Mapping[str, float]
    asserted: frozenset[str]
    best_area: float
    area_asserted: bool
    outside: float
    crisis: str
    has_place: bool
    place_spans: Sequence[tuple[int, int]]
    other_city: bool


def choose(signals: Signals) -> str:
    """The intent of a message."""
    if signals.crisis != "none":
        return "crisis"
    # Before readability: a postal code is an answer without a single letter.
    if signals.has_place and only_place(signals.text, signals.place_spans):
        return "give_place"
    if unreadable(signals.text):
        return VAGUE
    if act := _plainly(signals.text.strip()):
        return act
    fitting = set(signals.asserted) or {_likeliest(signals)}
    if signals.has_place and "skip" in fitting:
        # Who names a place does not refuse to.
        fitting = fitting - {"skip"} | {"give_place"}
    if fitting & {OUT_OF_SCOPE, WORRY, VAGUE}:
        fitting -= {OUT_OF_SCOPE, WORRY, VAGUE}
        fitting.add(_matter(signals))
    return next((act for act in FIRST_THAT_FITS if act in fitting), VAGUE)


def _likeliest(signals: Signals) -> str:
    """Where no act is sure enough: what was recognised in the text says more than the best of the weak."""
    if signals.area_asserted:
        return WORRY
    return "give_place" if signals.has_place else max(signals.scores, key=lambda act: signals.scores[act])


def _plainly(text: str) -> str | None:
    """The act of a sentence that can mean one thing only."""
    if _NUMBER.match(text):
        return "ask_phone"
    return "smalltalk" if _WHO_ARE_YOU.match(text) else _BUTTONS.get(text)


def _matter(signals: Signals) -> str:
    """Worry, out of scope or too vague to say; any worry wins."""
    if signals.other_city and not signals.has_place and _LIVES_ELSEWHERE.search(signals.text):
        return OUT_OF_SCOPE
    worry, outside, vague = (signals.scores.get(act, 0.0) for act in (WORRY, OUT_OF_SCOPE, VAGUE))
    if vague > max(worry, outside) and not signals.area_asserted:
        return VAGUE
    if signals.outside > signals.best_area or signals.outside + outside > signals.best_area + worry:
        return OUT_OF_SCOPE
    if signals.area_asserted and worry >= 0.3:
        return WORRY
    return VAGUE if vague > worry else WORRY


def unreadable(text: str) -> bool:
    """Silence, key mashing, emoji alone, or a language that we do not read."""
    letters = [c for c in text if unicodedata.category(c)[0] == "L"]
    if not letters or _REPEATED.match("".join(letters)):
        return True
    if _LATIN_WORDS.match(unicodedata.normalize("NFKC", text).strip().lower()):
        return False
    if _chinese(text):
        return True
    japanese = sum(1 for c in letters if _JAPANESE.match(c))
    # Small Latin letters among kana come from a keyboard in the wrong mode; large ones are words (ADHD, DV, LINE).
    mashed = sum(1 for c in letters if "a" <= c <= "z")
    return japanese < 0.3 * len(letters) or mashed > japanese


def _chinese(text: str) -> bool:
    """Whether a text without kana holds characters or words of Chinese that Japanese does not use."""
    if _KANA.search(text):
        return False
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return any("一" <= c <= "龥" for c in text)
    return bool(_CHINESE.search(text))


def only_place(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether nothing but a place is said."""
    rest = list(text)
    for start, end in spans:
        rest[start:end] = " " * (end - start)
    return not _PLACE_FILLER.sub("", re.sub(r"[0-90-9一二三四五六七八九十丁目番地号\--]", "", "".join(rest))).strip()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DialogueActClassifier(MixedComponent):
    """Sets the Rasa intent with its ranking, and writes `readable`."""

    modules = MixedComponent.modules

    def labels_of(self, message: Message) -> set[str] | None:
        """The example's intent, or the several acts of its metadata; a crisis is a worry here."""
        acts = example_metadata(message).get("acts")
        if isinstance(acts, list):
            return {str(act) for act in acts}
        intent = str(message.get(INTENT))
        return {WORRY if intent == "crisis" else intent}

    def judges(self, messages: Sequence[Message], linear: Floats) -> list[Floats]:
        """The linear model and the encoder."""
        opinions = [message.get("opinion") for message in messages]
        return [log_odds(linear), columns([opinion.acts for opinion in opinions], self.model.labels, _UNKNOWN)]

    def annotate(self, message: Message, probabilities: Floats) -> None:
        """Choose the intent from the act scores and what the components before us wrote."""
        model = self.model
        probabilities, thresholds = self.mixed(message, probabilities)
        scores = {label: float(p) for label, p in zip(model.labels, probabilities, strict=True)}
        areas = message.get("areas")
        place = message.get("place")
        signals = Signals(
            text=message.get(TEXT) or "",
            scores=scores,
            asserted=frozenset(
                label for label, p, t in zip(model.labels, probabilities, thresholds, strict=True) if p >= t
            ),
            best_area=areas["ranked"][0]["score"] if areas["ranked"] else 0.0,
            area_asserted=any(area["asserted"] for area in areas["ranked"]),
            outside=areas[OUT_OF_SCOPE],
            crisis=message.get("crisis")["kind"],
            has_place=place["place"] is not None,
            place_spans=[(start, end) for start, end in place["spans"]],
            other_city=place["other_city"] is not None,
        )
        intent = choose(signals)
        confidence = 1.0 if intent == "crisis" else round(scores.get(intent, 1.0), 4)
        top = sorted(scores.items(), key=lambda item: -item[1])[:5]
        message.set("intent", {"name": intent, "confidence": confidence}, add_to_output=True)
        message.set("intent_ranking", [{"name": n, "confidence": round(s, 4)} for n, s in top], add_to_output=True)
        readable = intent == "give_place" or not unreadable(signals.text)
        message.set("readable", readable, add_to_output=True)
