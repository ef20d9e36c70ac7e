"""The network in integers says what the fine-tuned network in floats says; the oracle is written out in numpy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from scipy.special import erf, softmax

from benchmarks.encoder.export import Arrays, Floats, network, unpacked, write
from bot.nlu.encoder import Encoder

SIZE, HEADS, WIDE, LAYERS, WORDS = 64, 4, 128, 3, 40


@pytest.fixture(scope="module")
def arrays() -> Arrays:
    """A small network with random weights and, as in the real one, a few numbers far larger than the rest."""
    random = np.random.default_rng(5)

    def some(*shape: int) -> Floats:
        return random.normal(0, shape[-1] ** -0.5, shape).astype(np.float32)

    def norm() -> Floats:
        gain = 1 + 0.2 * random.normal(size=SIZE)
        gain[7] = 15.0
        return np.stack([gain, 0.2 * random.normal(size=SIZE)]).astype(np.float32)

    made: Arrays = {"words": some(WORDS, SIZE), "positions": some(30, SIZE), "norm": norm()}
    made |= {"attention_heads": np.array(HEADS), "layers": np.array(LAYERS)}
    for layer in range(LAYERS):
        for name, rows, columns in (
            ("qkv", 3 * SIZE, SIZE),
            ("out", SIZE, SIZE),
            ("wide", WIDE, SIZE),
            ("narrow", SIZE, WIDE),
        ):
            made |= {f"{layer}.{name}": some(rows, columns), f"{layer}.{name}_bias": 0.1 * some(rows)}
        made |= {f"{layer}.norm": norm(), f"{layer}.norm_after": norm()}
    made |= {"mean": np.zeros(SIZE, np.float32), "scale": np.array(20.0, np.float32)}
    made |= {"head": some(SIZE, 9), "head_bias": some(9), "areas": np.array(["a", "b"]), "crises": np.array(["none"])}
    made["acts"] = np.array(["worry", "vague", "thanks", "deny"])
    vocabulary = ["<s>", "<pad>", "</s>", "<unk>", *(chr(ord("あ") + number) for number in range(WORDS - 4))]
    made["pieces"] = np.frombuffer("\n".join(vocabulary).encode(), np.uint8)
    made["piece_scores"] = some(WORDS)
    made["folding"] = np.frombuffer(b"65313 A", np.uint8)
    return made


def _normal(x: Floats, norm: Floats) -> Floats:
    x = x - x.mean(1, keepdims=True)
    return x / np.sqrt((x * x).mean(1, keepdims=True) + 1e-12) * norm[0] + norm[1]


def in_floats(arrays: Arrays, pieces: list[int]) -> Floats:
    x = _normal(arrays["words"][pieces] + arrays["positions"][: len(pieces)], arrays["norm"])
    for layer in range(LAYERS):
        matrix = {n: arrays[f"{layer}.{n}"].T for n in ("qkv", "out", "wide", "narrow")}
        bias = {n: arrays[f"{layer}.{n}_bias"] for n in matrix}
        qkv = (x @ matrix["qkv"] + bias["qkv"]).reshape(len(pieces), 3, HEADS, -1).transpose(1, 2, 0, 3)
        seen = softmax(qkv[0] @ qkv[1].transpose(0, 2, 1), axis=-1) @ qkv[2]
        seen = seen.transpose(1, 0, 2).reshape(len(pieces), SIZE)
        x = _normal(x + seen @ matrix["out"] + bias["out"], arrays[f"{layer}.norm"])
        wide = x @ matrix["wide"] + bias["wide"]
        wide *= 0.5 * (1 + erf(wide / np.sqrt(2)))
        x = _normal(x + wide @ matrix["narrow"] + bias["narrow"], arrays[f"{layer}.norm_after"])
    return np.asarray(x.mean(0), dtype=np.float32)


@pytest.mark.parametrize("pieces", [[0, 2], [0, 5, 9, 11, 2], [0, *range(4, 30), 2]])
def test_the_exported_network_agrees_with_the_floats(arrays: Arrays, pieces: list[int]) -> None:
    session = onnxruntime.InferenceSession(network(arrays).SerializeToString(), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"pieces": np.array(pieces)})
    meant = in_floats(arrays, pieces)
    assert found @ meant / np.linalg.norm(found) / np.linalg.norm(meant) > 0.999


def test_two_products_never_overflow_16_bits(arrays: Arrays) -> None:
    """Otherwise a processor without VNNI would see other numbers than the one the thresholds were fitted on."""
    stored = {tensor.name: tensor for tensor in network(arrays).graph.initializer}
    for layer in range(LAYERS):
        for name in ("qkv", "out", "wide", "narrow"):
            weights = np.frombuffer(stored[f"{layer}.{name}"].raw_data, np.int8).astype(int)
            assert 2 * 255 * np.abs(weights).max() < 2**15


def test_what_is_written_can_be_read(arrays: Arrays, tmp_path: Path) -> None:
    write(arrays, tmp_path)
    reader = Encoder.load(tmp_path / "encoder.onnx", tmp_path / "encoder.npz")
    assert reader.areas == ("a", "b")
    assert len(reader.scores(reader.encode("あいう")).acts) == len(reader.acts)
    assert np.isfinite(reader.encode("あいう")).all()


def test_arrays_packed_in_8_bits_are_read_as_floats() -> None:
    packed = {"m": np.array([[127] * 32 + [-127] * 32], np.int8), "m.scales": np.array([[0.5, 2.0]], np.float16)}
    assert unpacked(packed)["m"].tolist() == [[63.5] * 32 + [-254.0] * 32]
