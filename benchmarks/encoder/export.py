"""Make `encoder.onnx` and `encoder.npz` of what `finetune.py` wrote (also of its earlier form, packed in 8 bits).

    .venv/bin/python -m benchmarks.encoder.export finetuned.npz bot/nlu

Every matrix product runs in integers. A row of inputs (one piece of the text) is rounded to 8 bits by its own largest
number, in the graph: one scale for the whole text, as onnxruntime's own quantiser makes it, changes the best area of
one sentence in twelve, because a few numbers are far larger than the rest. A column of weights has a scale of its own,
and 7 bits: processors without VNNI add two products in 16 bits, which 8 bits overflow (seen on an emulated Haswell). So
every processor computes the same integers. Word vectors keep 8 bits with a scale for every 32 numbers.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Floats = npt.NDArray[np.float32]
Arrays = dict[str, npt.NDArray[Any]]

# Numbers of a word vector that share a scale.
BLOCK = 32
_LARGEST_INPUT, _LARGEST_WEIGHT = 127, 63
# The inputs' zero: onnxruntime's integer products take them without a sign.
_ZERO = 128
_EPSILON = 1e-12
_OPSET, _IR = 21, 10
# What the product reads beside the network.
_VOCABULARY = ("pieces", "piece_scores", "folding", "mean", "scale", "head", "head_bias", "areas", "crises", "acts")


def unpacked(arrays: Arrays) -> Arrays:
    """The fine-tuned arrays in floats; those packed in 8 bits have their scales (rows x blocks) beside them."""
    floats = {name: array for name, array in arrays.items() if not name.endswith(".scales")}
    for name, scales in arrays.items():
        if name.endswith(".scales"):
            matrix = name.removesuffix(".scales")
            blocks = arrays[matrix].reshape(len(scales), -1, BLOCK) * scales.astype(np.float32)[:, :, None]
            floats[matrix] = blocks.reshape(len(scales), -1)
    return floats


class Graph:
    """An ONNX graph while it is drawn; every method returns the name of its result."""

    def __init__(self) -> None:
        """Nothing drawn yet."""
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: Any) -> str:
        """A named array."""
        self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(value).reshape(np.shape(value)), name)
        return name

    def node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """An operator with one result."""
        return self.nodes(kind, 1, *inputs, **attributes)[0]

    def nodes(self, kind: str, count: int, *inputs: str, **attributes: Any) -> list[str]:
        """An operator with several results."""
        results = [f"{kind}.{len(self._nodes)}.{number}" for number in range(count)]
        self._nodes.append(helper.make_node(kind, list(inputs), results, name=results[0], **attributes))
        return results

    def linear(self, x: str, name: str, weight: Floats, bias: Floats) -> str:
        """x @ weight.T + bias in integers; `weight` is outputs x inputs."""
        scales = (np.abs(weight).max(axis=1) / _LARGEST_WEIGHT).astype(np.float32)
        rounded = np.rint(weight / scales[:, None]).astype(np.int8)
        zero = self.constant("zero", np.uint8(_ZERO))
        largest = self.node("ReduceMax", self.node("Abs", x), self.constant("last", np.array([-1])), keepdims=1)
        stretch = self.node("Div", self.constant("largest_input", np.float32(_LARGEST_INPUT)), largest)
        stretched = self.node("Mul", x, stretch)
        inputs = self.node("QuantizeLinear", stretched, self.constant("one", np.float32(1)), zero)
        sums = self.node("MatMulInteger", inputs, self.constant(name, rounded.T), zero)
        product = self.node(
            "Mul", self.node("Cast", sums, to=TensorProto.FLOAT), self.constant(name + ".scales", scales)
        )
        return self.node(
            "Add", self.node("Div", product, stretch), self.constant(name + "_bias", bias.astype(np.float32))
        )

    def normal(self, x: str, name: str, norm: Floats) -> str:
        """Layer normalisation; `norm` holds the gain and the shift."""
        gain, shift = norm.astype(np.float32)
        gain_name, shift_name = self.constant(name + ".gain", gain), self.constant(name + ".shift", shift)
        return self.node("LayerNormalization", x, gain_name, shift_name, epsilon=_EPSILON)

    def model(self, result: str, size: int) -> onnx.ModelProto:
        """The finished model: `pieces` (n integers) to `embedding` (size)."""
        self._nodes.append(helper.make_node("Identity", [result], ["embedding"], name="embedding"))
        graph = helper.make_graph(
            self._nodes,
            "encoder",
            [helper.make_tensor_value_info("pieces", TensorProto.INT64, ["n"])],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [size])],
            list(self._constants.values()),
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR)
        onnx.checker.check_model(model)
        return model


def network(arrays: Arrays) -> onnx.ModelProto:
    """The transformer; `arrays` in floats, matrices outputs x inputs, the attention's scale within the queries."""
    graph = Graph()
    size, heads = int(arrays["mean"].shape[0]), int(arrays["attention_heads"])
    by_head = graph.constant("by_head", np.array([0, 3 * heads, size // heads]))
    by_piece = graph.constant("by_piece", np.array([0, size]))
    x = graph.normal(_words(graph, arrays), "norm", arrays["norm"])
    for number in range(int(arrays["layers"])):

        def linear(x: str, name: str, prefix: str = f"{number}.") -> str:
            return graph.linear(x, prefix + name, arrays[prefix + name], arrays[prefix + name + "_bias"])

        parts = graph.node("Transpose", graph.node("Reshape", linear(x, "qkv"), by_head), perm=[1, 0, 2])
        q, k, v = graph.nodes("Split", 3, parts, axis=0, num_outputs=3)
        attention = graph.node("Softmax", graph.node("MatMul", q, graph.node("Transpose", k, perm=[0, 2, 1])), axis=-1)
        seen = graph.node("Transpose", graph.node("MatMul", attention, v), perm=[1, 0, 2])
        out = linear(graph.node("Reshape", seen, by_piece), "out")
        x = graph.normal(graph.node("Add", x, out), f"{number}.norm", arrays[f"{number}.norm"])
        narrow = linear(graph.node("Gelu", linear(x, "wide")), "narrow")
        x = graph.normal(graph.node("Add", x, narrow), f"{number}.norm_after", arrays[f"{number}.norm_after"])
    return graph.model(graph.node("ReduceMean", x, graph.constant("pieces_axis", np.array([0])), keepdims=0), size)


def _words(graph: Graph, arrays: Arrays) -> str:
    """Vectors of the pieces and of their positions, added."""
    blocks = arrays["words"].reshape(len(arrays["words"]), -1, BLOCK)
    scales = (np.abs(blocks).max(axis=2) / 127).astype(np.float16)
    divisor = np.where(scales > 0, scales, 1).astype(np.float32)[:, :, None]
    numbers = np.clip(np.rint(blocks / divisor), -127, 127).astype(np.int8).reshape(arrays["words"].shape)
    rows = graph.node("Gather", graph.constant("words", numbers), "pieces")
    row_scales = graph.node("Gather", graph.constant("words.scales", scales), "pieces")
    wide_scales = graph.node("Cast", row_scales, to=TensorProto.FLOAT)
    words = graph.node("DequantizeLinear", rows, wide_scales, axis=1, block_size=BLOCK)
    positions = graph.constant("positions", arrays["positions"].astype(np.float32))
    first = graph.constant("first", np.array([0]))
    return graph.node("Add", words, graph.node("Slice", positions, first, graph.node("Shape", "pieces"), first))


def write(arrays: Arrays, folder: Path) -> None:
    """Write `encoder.onnx` and `encoder.npz` into a folder."""
    floats = unpacked(arrays)
    onnx.save(network(floats), str(folder / "encoder.onnx"))
    np.savez_compressed(folder / "encoder.npz", **{name: floats[name] for name in _VOCABULARY})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("finetuned", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    with np.load(options.finetuned, allow_pickle=False) as stored:
        write({name: stored[name] for name in stored.files}, options.folder)
