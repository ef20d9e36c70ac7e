"""Turns around the worry: a person, from the beginning, thanks, goodbye, small talk."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.follow_ups import spoken_of
from actions.heard import Heard
from actions.memory import Memory
from actions.phrases import LISTENER, SWITCHBOARD, TALK_TO_A_PERSON, phone_line
from actions.replies import Reply, say
from actions.turns import TurnAction

_PRIVACY = re.compile(
    "秘密|ひみつ|内緒|ないしょ|匿名|とくめい|名前|なまえ|個人情報|住所|ばれ|バレ|知られ|しられ|漏れ|もれ|記録|残り"
)
_IDENTITY = re.compile("誰|だれ|人間|にんげん|ロボット|機械|きかい|AI|AI|本物|自動|何者|なにもの")
_KEPT = "名前は聞きません。書かれたことは、名前や電話番号をかくしてから保存し、90日で消します。"


class HumanAction(TurnAction):
    """「人と話したい」"""

    action_name = "action_human"

    def answer(self, heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
        """People who listen, by phone; never an argument for going on with a machine."""
        memory = memory.hearing(heard.areas if heard.areas and not memory.worries else (), heard.situation, heard.place)
        triage, memory = spoken_of(heard, memory)
        first = next((w for w in triage["windows"] if w["id"] != "emergency"), None)
        text = (
            f"はい。人がお話をうかがいます。市役所 {SWITCHBOARD} に電話して"
            "「福祉総合相談支援センターへ」と言ってください。どんなことでも聞いてくれます。\n"
            f"夜や休みの日は、{LISTENER} が24時間、無料で話を聞いてくれます。"
        )
        if first is not None and first["id"] != "fukushi_sogo":
            text += "\n" + phone_line(first)
        return Reply("human", (say(text),), triage), memory


class StartOverAction(TurnAction):
    """「はじめから」: nothing is remembered any more."""

    action_name = "action_start_over"

    def answer(self, heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
        """A fresh conversation."""
        text = "はじめからやり直します。これまでのお話は忘れました。困っていることを、あなたのことばで書いてください。"
        return Reply("restart", (say(text),), None), Memory()


class ThanksAction(TurnAction):
    """「ありがとう」"""

    action_name = "action_thanks"

    def answer(self, heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
        """You are welcome."""
        text = "こちらこそ、話してくださってありがとうございます。また困ったら、いつでもここに書いてください。"
        return Reply("thanks", (say(text),), memory.triage), replace(memory, clarified=0)


class GoodbyeAction(TurnAction):
    """「さようなら」"""

    action_name = "action_goodbye"

    def answer(self, heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
        """Take care."""
        text = "お話しできてよかったです。無理をしないでくださいね。ここは夜でも休みの日でも開いています。"
        return Reply("goodbye", (say(text),), memory.triage), memory


class SmallTalkAction(TurnAction):
    """A greeting, 「あなたはだれ」, 「秘密は守られますか」."""

    action_name = "action_smalltalk"

    def answer(self, heard: Heard, memory: Memory) -> tuple[Reply, Memory]:
        """What was asked comes first: what happens to what is written, or who we are; then an open door."""
        if _PRIVACY.search(heard.text):
            text = f"名前や住所は言わなくて大丈夫です。{_KEPT}"
        elif _IDENTITY.search(heard.text):
            text = f"わたしは「つなぐ」という、市の自動の案内です。人ではありません。{_KEPT}"
        elif memory.triage is None:
            text = f"こんにちは。「つなぐ」です。困りごとを書くと、藤沢市の相談窓口をさがす、自動の案内です。\n{_KEPT}"
        else:
            text = "はい、聞いています。"
        door = (
            "どんなことでお困りですか。" if memory.triage is None else "ほかにも気になることがあれば、書いてください。"
        )
        buttons = () if memory.triage is None else (TALK_TO_A_PERSON,)
        return Reply("smalltalk", (say(text + door, *buttons),), memory.triage), memory
