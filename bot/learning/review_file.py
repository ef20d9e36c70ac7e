"""The training file of an installation, `nlu/reviewed.yml` in its data folder, written by the product alone."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Final

from bot.staff.reviewed import ReviewedExample

#: Letters of a sentence.
LONGEST: Final = 2000

#: What a turn can do, besides being a crisis or out of scope (domain.yml), in plain words.
ACTS: Final = {
    "worry": "困りごとを話す",
    "vague": "まだ中身がわからない",
    "correct": "言い直す",
    "ask_phone": "電話番号を聞く",
    "ask_hours": "開いている時間を聞く",
    "ask_engawa": "縁側・居場所を聞く",
    "ask_other": "ほかの窓口を聞く",
    "human": "人と話したい",
    "give_place": "住まいを答える",
    "skip": "答えたくない",
    "affirm": "はい",
    "deny": "いいえ",
    "start_over": "はじめから",
    "thanks": "お礼",
    "goodbye": "おわり",
    "smalltalk": "あいさつなど",
}

_HEADER = (
    "# 運用の担当が確かめた例文です。つなぐが書き出します。ここで直しても、次の書き出しで消えます。\n# 版: {number}\n"
)
_NUMBER = re.compile(r"^# 版: (\d+)$", re.M)
# Rasa reads [words](entity) and {…} in a sentence as marks of its own.
_MARKS = str.maketrans("[]{}", "［］｛｝")


def one_line(text: str) -> str:
    """The sentence as the file holds it: no control characters, no line breaks, none of Rasa's marks."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return re.sub(r"\s+", " ", printable).strip().translate(_MARKS)


def intent_of(example: ReviewedExample) -> str:
    """The Rasa intent, as in data/nlu: a crisis and what is out of scope come before the act."""
    if example.crisis != "none":
        return "crisis"
    return "out_of_scope" if example.out_of_scope else example.act


class ExampleFile:
    """One file with its earlier versions beside it (reviewed-<number>.yml)."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def held(self) -> Iterator[None]:
        """Only one process of this machine writes at a time."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def digest(self, examples: Sequence[ReviewedExample]) -> str:
        """SHA-256 of what will be written, the header aside."""
        return hashlib.sha256(_body(examples).encode()).hexdigest()

    def write(self, examples: Sequence[ReviewedExample], number: int) -> None:
        """Replace the file at once; whoever reads it meets the old one or the new one, whole."""
        if self._path.exists():
            before = _NUMBER.search(self._path.read_text(encoding="utf-8"))
            shutil.copy2(self._path, self._path.with_name(f"{self._path.stem}-{before[1] if before else 0}.yml"))
        draft = self._path.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as out:
            out.write(_HEADER.format(number=number) + _body(examples))
            out.flush()
            os.fsync(out.fileno())
        draft.replace(self._path)

    def drop_earlier(self) -> None:
        """Delete the earlier versions: they hold words that were taken back."""
        for path in [*self._path.parent.glob(f"{self._path.stem}-*.yml"), self._path]:
            path.unlink(missing_ok=True)


def _body(examples: Sequence[ReviewedExample]) -> str:
    lines = ['version: "3.1"', "", "nlu:" if examples else "nlu: []"]
    for intent, group in groupby(sorted(examples, key=intent_of), key=intent_of):
        lines += [f"  - intent: {intent}", "    metadata:", "      reviewed: true", "    examples:"]
        for example in group:
            lines += ["      - text: |", f"          {example.text}", *_metadata(example)]
    return "\n".join(lines) + "\n"


def _metadata(example: ReviewedExample) -> list[str]:
    found = []
    if example.crisis != "none" and example.act != "worry":
        found.append(f"acts: [{example.act}, worry]")
    if example.areas and not example.out_of_scope:
        found.append(f"areas: [{', '.join(example.areas)}]")
    if example.crisis != "none":
        found.append(f"crisis: {example.crisis}")
    return ["        metadata:", *(f"          {line}" for line in found)] if found else []
