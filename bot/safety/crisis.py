"""Recognise a crisis in what somebody writes, by rules alone: no model, no database, no network.

The rules answer when the model is down and stand beside it when it is up, so they prefer a false alarm to a miss
(docs/labels.md, 危機). They live in data/crisis_rules.toml and can be read and changed without touching code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from bot.safety.folding import Folded, fold, fold_rule

# Contract: several crises in one text are reported as the first of these.
PRIORITY = ("medical_emergency", "violence", "suicide", "abuse")

_GAP = "[^。]{0,18}?"
_BLANK = "\ue000"
# An exception counts only this close to the hit: 「ごみのことで夫に殴られた」 is about the blow.
_NEAR = 8
_LONGEST_SENTENCE = 400
_MAX_EVIDENCE = 3


@dataclass(frozen=True, slots=True)
class Crisis:
    """`kind`: one of PRIORITY; `evidence`: up to three substrings of the text as written, in order of appearance."""

    kind: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    cues: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None
    within: int | None

    def spans(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Ranges of `text` between start and end that this rule matches."""
        if self.within is None:
            yield from (match.span() for match in self.patterns[0].finditer(text, start, end))
            return
        first, *others = self.patterns
        for match in first.finditer(text, start, end):
            around = (max(0, match.start() - self.within), match.end() + self.within)
            if all(other.search(text, *around) for other in others):
                yield match.span()


@dataclass(frozen=True, slots=True)
class _Rules:
    rules: tuple[_Rule, ...]
    look_alikes: re.Pattern[str]
    told: re.Pattern[str]
    over: re.Pattern[str]
    over_later: re.Pattern[str]
    now: re.Pattern[str]
    by_first_letter: dict[str, tuple[tuple[str, int], ...]]
    """First letter of a cue → (cue, number of its rule): most sentences touch only a few."""

    def candidates(self, sentence: str) -> list[_Rule]:
        """The rules of which a cue occurs in the sentence, in the order of the file."""
        found = {
            number
            for letter in self.by_first_letter.keys() & set(sentence)
            for cue, number in self.by_first_letter[letter]
            if cue in sentence
        }
        return [self.rules[number] for number in sorted(found)]


def detect(text: str) -> Crisis | None:
    """The crisis of `text`, or None. Any length; linear in it. Of several kinds the gravest by PRIORITY is given."""
    rules = _rules()
    folded = fold(text)
    cleaned = rules.look_alikes.sub(lambda match: _BLANK * len(match.group()), folded.text)
    hits: list[tuple[int, int, str]] = []
    for start, end in _sentences(cleaned):
        hits += _hits(rules, cleaned, start, end)
    if not hits:
        return None
    kind = min((kind for _, _, kind in hits), key=PRIORITY.index)
    spans = sorted((start, end) for start, end, of in hits if of == kind)
    evidence = dict.fromkeys(_written(folded, start, end) for start, end in spans)
    return Crisis(kind, tuple(evidence)[:_MAX_EVIDENCE])


def _hits(rules: _Rules, text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """(start, end, kind) of every rule that holds in one sentence."""
    sentence = text[start:end]
    candidates = rules.candidates(sentence)
    if not candidates or _not_lived_now(rules, text, start, end):
        return []
    hits: list[tuple[int, int, str]] = []
    for rule in candidates:
        for left, right in rule.spans(text, start, end):
            if rule.unless and rule.unless.search(text, max(start, left - _NEAR), min(end, right + _NEAR)):
                continue
            # Who does it to whom is settled by the earlier, more specific rule.
            if not any(left < done_right and done_left < right for done_left, done_right, _ in hits):
                hits.append((left, right, rule.kind))
    return hits


def _not_lived_now(rules: _Rules, text: str, start: int, end: int) -> bool:
    """True for news, lessons and what is over, unless the sentence says that it goes on."""
    if rules.now.search(text, start, end):
        return False
    if rules.told.search(text, start, end):
        return True
    following = min(len(text), end + 1 + _LONGEST_SENTENCE // 4)
    return bool(rules.over.search(text, start, end) and rules.over_later.search(text, start, following))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Ranges of the sentences; overlong ones are cut with an overlap so that no phrase is lost at the cut."""
    for match in re.finditer("[^。]+", text):
        start, end = match.span()
        while end - start > _LONGEST_SENTENCE:
            yield start, start + _LONGEST_SENTENCE
            start += _LONGEST_SENTENCE - 60
        yield start, end


def _written(folded: Folded, start: int, end: int) -> str:
    return folded.as_written(start, end).strip("、。 \u3000\n")


@cache
def _rules() -> _Rules:
    """Read the rule file. Raises ValueError naming the pattern that cannot be compiled."""
    data: dict[str, Any] = tomllib.loads(
        resources.files("bot.safety").joinpath("data/crisis_rules.toml").read_text(encoding="utf-8")
    )
    words: dict[str, str] = data["words"]

    def compiled(pattern: str) -> re.Pattern[str]:
        for name, alternatives in words.items():
            pattern = pattern.replace("{" + name + "}", f"(?:{alternatives})")
        pattern = fold_rule(pattern.replace("〜", _GAP))
        try:
            return re.compile(pattern)
        except re.error as error:
            raise ValueError(f"crisis_rules.toml: {error}: {pattern}") from error

    def rule(row: dict[str, Any]) -> _Rule:
        within = row.get("within")
        return _Rule(
            kind=PRIORITY[PRIORITY.index(row["kind"])],
            cues=tuple(fold_rule(cue) for cue in row["cues"]),
            patterns=tuple(map(compiled, row["all"] if within else ["|".join(row["any"])])),
            unless=compiled(row["unless"]) if "unless" in row else None,
            within=within,
        )

    all_rules = tuple(rule(row) for row in [*data["rule"], *data["together"]])
    by_first_letter: dict[str, list[tuple[str, int]]] = {}
    for number, one in enumerate(all_rules):
        for cue in one.cues:
            by_first_letter.setdefault(cue[0], []).append((cue, number))
    return _Rules(
        rules=all_rules,
        by_first_letter={letter: tuple(cues) for letter, cues in by_first_letter.items()},
        look_alikes=compiled("|".join(data["look_alikes"]["phrases"])),
        told=compiled(data["look_alikes"]["told"]),
        over=compiled(data["look_alikes"]["over"]),
        over_later=compiled(data["look_alikes"]["over_later"]),
        now=compiled(words["now"]),
    )
