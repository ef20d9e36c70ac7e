"""What the encoder is fine-tuned on: every example of data/nlu, and messages made of two or three of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import yaml

from bot.nlu.encoder import prepare

OUT_OF_SCOPE = "out_of_scope"
# In the contract's order: of two crises in one message the first named here is the message's.
CRISES = ("none", "medical_emergency", "violence", "suicide", "abuse")
# Several messages in one are no longer than this (pieces), nor more than three.
_JOINED_LENGTH = 150
_THIRD = 0.3
# The value that cross-entropy passes over.
UNKNOWN_FIRST = -100


@dataclass(frozen=True, slots=True)
class Row:
    """A text of data/nlu; `areas` best first, [OUT_OF_SCOPE], or empty for a turn that brings no worry."""

    text: str
    areas: tuple[str, ...]
    crisis: str
    acts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Example:
    """A row as numbers; `first` is UNKNOWN_FIRST where there is no first area."""

    pieces: list[int]
    areas: torch.Tensor
    first: int
    crisis: int
    acts: torch.Tensor


def read_rows(folder: Path) -> list[Row]:
    """Every example once, in a fixed order."""
    found: dict[str, Row] = {}
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for example in block["examples"]:
                text, intent = prepare(example["text"]), block["intent"]
                meta = example.get("metadata") or {}
                areas = (OUT_OF_SCOPE,) if intent == OUT_OF_SCOPE else tuple(meta.get("areas") or ())
                acts = frozenset(meta.get("acts") or ["worry" if intent == "crisis" else intent])
                if text:
                    found.setdefault(text, Row(text, areas, meta.get("crisis") or "none", acts))
    return list(found.values())


def as_numbers(row: Row, pieces: list[int], areas: Sequence[str], acts: Sequence[str]) -> Example:
    """A row with its pieces; `areas` and `acts` name the columns."""
    return Example(
        pieces,
        torch.tensor([float(area in row.areas) for area in areas]),
        areas.index(row.areas[0]) if row.areas else UNKNOWN_FIRST,
        CRISES.index(row.crisis),
        torch.tensor([float(act in row.acts) for act in acts]),
    )


def joined(examples: Sequence[Example], share: float, prefix: int, outside: int) -> list[Example]:
    """Messages of two or three worries, `share` as many as `examples`: areas joined, the graver crisis, no first area.

    `prefix`: pieces at the start of every example that are no text; `outside`: column of OUT_OF_SCOPE, which yields to
    any worry.
    """
    done = []
    for _ in range(int(share * len(examples))):
        parts = [examples[int(i)] for i in np.random.choice(len(examples), 3 if np.random.rand() < _THIRD else 2)]
        if not all(part.areas.any() for part in parts) or sum(len(part.pieces) for part in parts) > _JOINED_LENGTH:
            continue
        areas = torch.stack([part.areas for part in parts]).amax(0)
        acts = torch.stack([part.acts for part in parts]).amax(0)
        if areas.sum() > 1:
            areas[outside] = 0.0
        pieces = parts[0].pieces[:-1]
        for part in parts[1:]:
            pieces = pieces + part.pieces[prefix:-1]
        end = parts[0].pieces[-1:]
        crises = [part.crisis for part in parts if part.crisis]
        done.append(Example(pieces + end, areas, UNKNOWN_FIRST, min(crises, default=0), acts))
    return done


def batches(lengths: list[int], tokens: int, shuffle: bool) -> list[list[int]]:
    """Texts of like length together, up to `tokens` pieces with padding."""
    noise = np.random.rand(len(lengths)) * 8 if shuffle else np.zeros(len(lengths))
    done: list[list[int]] = []
    now: list[int] = []
    widest = 0
    for i in np.argsort(np.array(lengths) + noise, kind="stable").tolist():
        if now and max(widest, lengths[i]) * (len(now) + 1) > tokens:
            done.append(now)
            now, widest = [], 0
        now.append(i)
        widest = max(widest, lengths[i])
    done.append(now)
    if shuffle:
        random.shuffle(done)
    return done


def padded(texts: list[list[int]], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """One matrix of pieces, and which of them are real."""
    width = max(map(len, texts))
    matrix = torch.tensor([text + [pad] * (width - len(text)) for text in texts])
    return matrix, torch.arange(width)[None, :] < torch.tensor([[len(text)] for text in texts])
