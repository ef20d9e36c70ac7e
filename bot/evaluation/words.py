"""The words of the reports, for the text and the page alike."""

from __future__ import annotations

from collections.abc import Mapping

from bot.evaluation.answers import FAILED, Answer
from bot.evaluation.figures import Figure
from bot.evaluation.heldout import CALM, CRISES, Sentence

Labels = Mapping[str, str]

_NOTHING = "なし"
_OUTSIDE = "対象外"
#: What the reports say of their own limits.
EXPLAINED = (
    "幅は95%の区間です(文を1000回引き直した値)。数が少ないほど広くなります。",
    "分野と窓口の値は、分野のラベルのある文だけで数えます。分野ごとの値は、選んだ文すべてをまとめたものです。",
    "窓口は、正しい分野のどれかの行き先なら正しいと数えます。"
    "危機の文の緊急の連絡先と、いくつもの機関にまたがる文のまとめ役は、とばして次の窓口を見ます。",
    "調整のずれ(ECE)は、モデルが考えに入れた分野の確率を10に分けて、言った確率と当たった割合の差を平均したものです。",
)


def value(figure: Figure) -> str:
    """「0.88(0.84〜0.91、317/360)」."""
    counted = f"{figure.hits}/{figure.sentences}" if figure.hits is not None else f"{figure.sentences}文"
    return f"{figure.value:.3f}({figure.low:.2f}〜{figure.high:.2f}、{counted})"


def signed(number: float) -> str:
    """「+0.012」."""
    return f"{number:+.3f}"


def crisis(kind: str) -> str:
    """A crisis by name."""
    return CRISES.get(kind, _NOTHING)


def labelled(sentence: Sentence, labels: Labels) -> str:
    """What would have been right."""
    if sentence.districts is not None:
        return f"場所 {'・'.join(sentence.districts) or _NOTHING}"
    areas = "・".join(labels[area] for area in sentence.areas or ()) or _OUTSIDE
    return areas if sentence.crisis == CALM else f"{areas}/危機 {crisis(sentence.crisis)}"


def answered(sentence: Sentence, answer: Answer, labels: Labels) -> str:
    """What was answered instead."""
    if answer.kind == FAILED:
        return "答えられませんでした"
    if sentence.districts is not None:
        return f"場所 {'・'.join(answer.places) or _NOTHING}"
    said = "・".join(f"{labels.get(area.area, area.area)} {area.score:.2f}" for area in answer.areas)
    areas = said or (_OUTSIDE if answer.out_of_scope else "聞き返し")
    return areas if answer.crisis == CALM else f"{areas}/危機 {crisis(answer.crisis)}"
