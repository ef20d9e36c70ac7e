"""The compact report for a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from bot.evaluation import words
from bot.evaluation.compare import Change, Comparison
from bot.evaluation.figures import KINDS
from bot.evaluation.heldout import CRISES, SETS
from bot.evaluation.scores import Scores
from bot.evaluation.verdicts import Verdict
from bot.evaluation.words import Labels

_MOST_CONFUSIONS = 15
Row = Sequence[str]


def report(scores: Scores, labels: Labels) -> str:
    """All figures of one model."""
    lines = [f"モデル {scores.model}", ""]
    for one in scores.sets:
        failed = f"、うち答えられなかった文 {one.failures}" if one.failures else ""
        lines.append(f"■ {SETS[one.name]}({one.sentences}文{failed})")
        rows = [("", KINDS[name].title, words.value(figure)) for name, figure in one.figures.items()]
        lines += table(rows, left=3)
        lines.append("")
    if scores.macro_f1 is not None:
        lines += [*_crises(scores), *_areas(scores, labels), *_certainty(scores), *_confusions(scores, labels)]
    return "\n".join([*lines, *(f"※ {line}" for line in words.EXPLAINED)])


def comparison(found: Comparison, labels: Labels) -> str:
    """Only what changed between two models."""
    lines = [f"いまのモデル {found.before}", f"くらべる候補 {found.after}", f"同じ {found.sentences} 文", ""]
    if found.crisis_recall_falls:
        lines += ["!! 候補は、気づける危機が減ります。切り替えないでください。", ""]
    if not found.changes and not found.figures and not found.areas:
        return "\n".join([*lines, "何も変わりません。"])
    for name, figures in found.figures.items():
        lines.append(f"■ {SETS[name]}:変わった数字")
        lines += table(
            [("", "", "いま", "候補", "差", "差の幅(95%)"), *(
                ("", KINDS[figure].title, f"{d.before:.3f}", f"{d.after:.3f}", words.signed(d.after - d.before),
                 f"{words.signed(d.low)}〜{words.signed(d.high)}{'' if d.certain else ' 偶然かもしれない'}")
                for figure, d in figures.items()
            )]
        )  # fmt: skip
        lines.append("")
    if found.areas:
        lines.append("■ F1 が変わった分野")
        lines += table(
            [("", "", "いま", "候補", "差", "文"), *(
                ("", labels[area.area], f"{area.before:.3f}", f"{area.after:.3f}",
                 words.signed(area.after - area.before), str(area.support))
                for area in found.areas
            )]
        )  # fmt: skip
        lines.append("")
    for title, better in (("悪くなった文", False), ("良くなった文", True)):
        chosen = [change for change in found.changes if change.better == better]
        lines.append(f"■ {title}({len(chosen)})")
        for change in chosen:
            lines += _change(change, labels)
        lines.append("")
    return "\n".join(lines).rstrip()


def errors(verdicts: Sequence[Verdict], labels: Labels) -> str:
    """The sentences that were answered wrongly, with what would have been right."""
    wrong = [verdict for verdict in verdicts if verdict.faults]
    lines = [
        f"■ まちがえた文({len(wrong)}/{len(verdicts)})",
        "※ ここにある文を見て学習文を書くと、この文ではもう測れなくなります。",
    ]
    for verdict in wrong:
        sentence = verdict.sentence
        lines += [
            f"[{sentence.id}] {'、'.join(KINDS[name].title for name in verdict.faults)}",
            f"    {sentence.text}".replace("\n", " "),
            f"    正しくは {words.labelled(sentence, labels)}",
            f"    答え {words.answered(sentence, verdict.answer, labels)}",
        ]
    return "\n".join(lines)


def table(rows: Sequence[Row], left: int = 2) -> list[str]:
    """Columns aligned by the width on screen: the first `left` to the left, the others (figures) to the right."""
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(_cells(row, widths, left)).rstrip() for row in rows]


def _cells(row: Row, widths: Sequence[int], left: int) -> Iterator[str]:
    for column, (text, width) in enumerate(zip(row, widths, strict=True)):
        padding = " " * (width - _width(text))
        yield text + padding if column < left else padding + text


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def _crises(scores: Scores) -> list[str]:
    rows = [("", "", "文", "危機とした", "種類も合った", "空振り")]
    rows += [
        ("", CRISES[one.kind], str(one.sentences), str(one.found), str(one.as_this_kind), str(one.false_alarms))
        for one in scores.crises
    ]
    return ["■ 危機の種類ごと(全体)", *table(rows), ""]


def _areas(scores: Scores, labels: Labels) -> list[str]:
    rows = [("", "", "適合率", "再現率", "F1", "文")]
    rows += [
        ("", labels[one.area], f"{one.precision:.2f}", f"{one.recall:.2f}", f"{one.f1:.2f}", str(one.support))
        for one in scores.met_areas
    ]
    return [f"■ 分野ごと(全体、F1 の低い順。macro-F1 {scores.macro_f1:.3f})", *table(rows), ""]


def _certainty(scores: Scores) -> list[str]:
    lines = []
    if scores.calibration:
        found = scores.calibration
        lines.append(f"■ 確率の確かさ(ECE {found.error:.3f}、答えた分野だけでは {found.asserted_error:.3f})")
        rows = [("", "", "言った確率", "当たった割合", "数")]
        rows += [("", "", f"{one.mean:.3f}", f"{one.right:.3f}", str(one.scores)) for one in found.bins]
        lines += [*table(rows), ""]
    if scores.abstention:
        lines.append("■ いちばんの分野の確率が低いとき、聞き返すとしたら")
        rows = [("", "", "下限", "答える割合", "正しい割合")]
        rows += [
            ("", "", f"{one.limit:.1f}", f"{one.answered:.3f}", "-" if one.right is None else f"{one.right:.3f}")
            for one in scores.abstention
        ]
        lines += [*table(rows), ""]
    return lines


def _confusions(scores: Scores, labels: Labels) -> list[str]:
    if not scores.confusions:
        return []
    shown = scores.confusions[:_MOST_CONFUSIONS]
    rows = [("", f"{labels[one.missed]} → {labels[one.instead]}", str(one.times)) for one in shown]
    return ["■ 取り違え(見のがした分野 → 代わりに答えた分野、多い順)", *table(rows), ""]


def _change(change: Change, labels: Labels) -> list[str]:
    sentence = change.sentence
    return [
        f"[{sentence.id}] {KINDS[change.figure].title}",
        f"    {sentence.text}".replace("\n", " "),
        f"    正しくは {words.labelled(sentence, labels)}",
        f"    いま {words.answered(sentence, change.before, labels)}"
        f" → 候補 {words.answered(sentence, change.after, labels)}",
    ]
