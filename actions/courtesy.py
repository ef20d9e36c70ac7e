"""Turns around the worry: a person, from the beginning, thanks, goodbye, small talk."""

from __future__ import annotations

from dataclasses import replace

from actions.follow_ups import spoken_of
from actions.heard import Heard
from actions.memory import Memory
from actions.phrases import SWITCHBOARD, phone_line
from actions.replies import Reply, say
from actions.turns import TurnAction


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
            "夜や休みの日は、よりそいホットライン 0120-279-338 が24時間、無料で話を聞いてくれます。"
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
        """Who we are, what happens to what is written, and an open door."""
        text = (
            "こんにちは。「つなぐ」です。困りごとを書いてもらうと、藤沢市の相談窓口をおさがしする自動の案内です。\n"
            "名前は聞きません。書かれたことは、名前や電話番号をかくしてから保存し、90日で消します。どんなことでお困りですか。"
        )
        return Reply("smalltalk", (say(text),), memory.triage), memory
