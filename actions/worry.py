"""Turns that bring a worry: route it, correct the route, ask back once, or say kindly that it is not ours."""

from __future__ import annotations

import re
from dataclasses import replace

from actions import place_questions
from actions.heard import Heard
from actions.memory import JSON, NOTHING, Memory
from actions.phrases import (
    AFTER_ROUTE,
    EVERYDAY,
    FIRST_CHOICES,
    LISTENER,
    NONE_OF_THESE,
    SWITCHBOARD,
    TALK_TO_A_PERSON,
    window_name,
)
from actions.replies import Reply, say
from actions.triage import Assessment, assess
from actions.turns import TurnAction
from bot.safety import contract, crisis_reply

# After so many questions back the person gets a person, not a third question.
_MOST_QUESTIONS = 2
# From this probability a later sentence adds an area to a worry that is already understood.
_NEW_WORRY = 0.5
_PERSON = (
    "(私|わたし|ぼく|僕|俺|おれ|自分|[祖義]?[父母](親)?|お?(じい|ばあ|父|母|とう|かあ)(さん|ちゃん)|親|夫|妻|主人|息子|娘"
    "|子(ども)?|孫|兄|姉|弟|妹|友だち|友達|隣の人)"
)
# 「母じゃなくて私の話です」: another person, the same worry.
_PERSON_SWAP = re.compile(
    rf"^(いや|いえ|いいえ|あの|違う|ちがう|違います|ちがいます|[、。\s])*"
    rf"({_PERSON}(のこと)?(じゃ|では?)なくて?[、\s]*)?{_PERSON}(の(こと|話|方|ほう))?(です|だよ|だ|なんです)?([。、!\s]|$)"
)


def route(heard: Heard, memory: Memory, kind: str) -> tuple[Reply, Memory]:
    """Windows for all that was told so far; a question about the place may follow."""
    found = assess(memory, heard.at, heard.audience)
    question, pending = place_questions.after_route(memory, found.place_question)
    messages = [say(_opening(found, kind)), say(_windows_sentence(found.triage))]
    if found.triage["engawa"]:
        messages.append(say("気軽に立ち寄れる「地域の縁側」も下にのせています。"))
    messages.append(question or say("電話のかけ方や、開いている時間もお答えします。", *AFTER_ROUTE))
    offered = memory.offered + tuple(w["id"] for w in found.triage["windows"] if w["id"] not in memory.offered)
    memory = replace(memory, triage=found.triage, offered=offered, pending=pending, clarified=0)
    return Reply(kind, tuple(messages), found.triage), memory


def clarify(heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
    """One question whose buttons are the likeliest readings; after two questions a person."""
    place = heard.place or memory.place
    found = assess(Memory(place=place, crisis=memory.crisis), heard.at, heard.audience)
    memory = replace(memory, place=place, clarified=memory.clarified + 1)
    if memory.triage is None:
        memory = replace(memory, triage=found.triage)
    if memory.clarified > _MOST_QUESTIONS:
        memory = replace(memory, pending=NOTHING)
        text = (
            "うまく聞き取れなくて、ごめんなさい。ここから先は、人がお話をうかがいます。"
            f"市役所 {SWITCHBOARD} で「福祉総合相談支援センターへ」と言ってください。どんなことでも聞いてくれます。"
        )
        return Reply("clarify", (say(text, TALK_TO_A_PERSON),), found.triage), memory
    choices = heard.likely if heard.intent == "vague" and len(heard.likely) >= 2 else FIRST_CHOICES
    buttons = [EVERYDAY[area] for area in choices] + [NONE_OF_THESE]
    memory = replace(memory, pending="worry")
    return Reply("clarify", (say(_asking_back(heard, memory), *buttons),), found.triage), memory


class RouteAction(TurnAction):
    """A clear worry is routed at once; one told later is added, not lost."""

    action_name = "action_route"

    def answer(self, heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
        """Route, unless only people of another city are concerned."""
        if heard.other_city and not heard.place and not heard.areas:
            return OutOfScopeAction().answer(heard, memory)
        areas = heard.areas
        if memory.worries:
            # Later sentences often only tell more of the same: a faint new area must not push a clear worry aside.
            known = {worry.id: worry.score for worry in memory.worries if worry.id != "unsure"}
            enough = min(_NEW_WORRY, max(known.values(), default=0.0))
            areas = tuple(area for area in areas if area.score >= max(enough, known.get(area.id, 0.0)))
        return route(heard, memory.hearing(areas, heard.situation, heard.place), "route")


class CorrectAction(TurnAction):
    """「いや、介護じゃなくて保育のこと」: what was understood before is dropped, what is meant is routed."""

    action_name = "action_correct"

    def answer(self, heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
        """Re-route by the new areas or the new place; without either, ask. At the start there is nothing to correct."""
        if memory.triage is None:
            return RouteAction().answer(heard, memory) if heard.areas else clarify(heard, memory)
        if memory.worries and _PERSON_SWAP.match(heard.text):
            return route(heard, memory.hearing((), heard.situation, heard.place), "correct")
        if heard.areas:
            fresh = replace(memory, worries=(), situation=frozenset())
            return route(heard, fresh.hearing(heard.areas, heard.situation, heard.place), "correct")
        if heard.place and memory.worries:
            return route(heard, memory.hearing((), frozenset(), heard.place), "correct")
        return clarify(heard, memory)


class ClarifyAction(TurnAction):
    """Too vague, silence, gibberish, another language, 「どれもちがう」: a kind way forward."""

    action_name = "action_clarify"

    def answer(self, heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
        """Ask back."""
        return clarify(heard, memory)


class CrisisAction(TurnAction):
    """Hotlines first, then the window."""

    action_name = "action_crisis"

    def answer(self, heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
        """Say what to do now, before anything else."""
        memory = replace(memory.hearing(heard.areas, heard.situation, heard.place), crisis=heard.crisis)
        found = assess(memory, heard.at, heard.audience)
        areas = [area.id for area in heard.areas]
        messages = [
            say(m["text"], *((b["title"], b["payload"]) for b in m["buttons"]))
            for m in crisis_reply.messages(heard.crisis, areas, heard.at, heard.text)
        ]
        later = [window for window in found.triage["windows"] if window["id"] != "emergency"]
        if later:
            messages.append(say(f"落ち着いてからでかまいません。{window_name(later[0])}も、いっしょに考えます。"))
        offered = tuple(w["id"] for w in found.triage["windows"])
        memory = replace(memory, triage=found.triage, offered=offered, pending=NOTHING, clarified=0)
        return Reply("crisis", tuple(messages), found.triage), memory


class OutOfScopeAction(TurnAction):
    """No welfare worry: the city's own line."""

    action_name = "action_out_of_scope"

    def answer(self, heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
        """Say where to ask; the triage remembered for follow-ups stays as it was."""
        if heard.other_city:
            text = (
                "ごめんなさい。ここでご案内できるのは藤沢市の窓口です。"
                f"{heard.other_city}のことは、そちらの役所の福祉の窓口に聞いてみてください。"
                f"{LISTENER} は、全国どこからでも、24時間、無料で話を聞いてくれます。"
            )
        else:
            text = (
                f"それは市役所の代表電話 {SWITCHBOARD} で聞けます。担当の課につないでくれます。"
                "もし暮らしや家族のことで困っていることがあれば、ここに書いてください。"
            )
        triage = contract.triage(out_of_scope=True, place=heard.place.as_dict() if heard.place else None)
        return Reply("out_of_scope", (say(text),), triage), replace(memory, pending=NOTHING)


def _opening(found: Assessment, kind: str) -> str:
    # Everyday words: 「生活困窮」 is a word of offices.
    labels = "」「".join(EVERYDAY[area["id"]][0] for area in found.triage["areas"][:3])
    if kind == "correct":
        return f"教えてくださって、ありがとうございます。「{labels}」の相談先を、さがし直しました。"
    return f"お話しくださって、ありがとうございます。「{labels}」の相談先です。"


def _windows_sentence(triage: JSON) -> str:
    windows = [window for window in triage["windows"] if window["id"] != "emergency"]
    first, others = windows[0], windows[1:3]
    text = f"まずは{window_name(first)}へ。{first['reason']}。"
    if triage["multi_agency"]:
        text = (
            "いくつかのことが重なっていますね。"
            f"{window_name(first)}が、まとめて話を聞き、ほかの窓口ともつないでくれます。"
        )
    if others:
        text += "".join(window_name(window) for window in others) + "にも相談できます。"
    return text.replace("。。", "。")


def _asking_back(heard: Heard, memory: Memory) -> str:
    if not heard.readable:
        return (
            "すみません、うまく読み取れませんでした。にほんごで、こまっていることを ひとこと 書いてください。"
            f"話すほうがよければ、市役所 {SWITCHBOARD} に電話できます。"
            f"(Please write in Japanese, or call Fujisawa City Hall: {SWITCHBOARD}.)"
        )
    if memory.clarified > 1:
        return (
            "もう少しだけ教えてください。近いものはありますか。"
            "「だれが」「どうして困っているか」を、ひとことでも大丈夫です。"
        )
    return "どんなことでお困りですか。近いものを選ぶか、あなたのことばで書いてください。ゆっくりで大丈夫です。"
