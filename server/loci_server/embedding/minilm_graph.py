"""The ONNX model of all-MiniLM-L6-v2, built from its weights: `python -m loci_server.embedding.minilm_graph FROM TO`.

BERT with the fused operators of ONNX Runtime (attention, layer norms, bias and GELU), then the mean over a text's
tokens and unit length. The weights stand in a file beside the model, so that ONNX Runtime maps them: of the table of
words, half of all weights, only the pages that are used come into memory.

The weights stay float32. On a processor with AVX2, int8 was at best 1.5 times as fast, and the cosine to float32
fell to 0.976-0.984 (0.990 with only half of the matrices); 8 bits in blocks kept 0.999 and took twice the time.

Run in a process of its own: building takes about 300 MB for two seconds.
"""

import fcntl
import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

MAX_TOKENS = 256
FUSED = "com.microsoft"


def build(source: Path, target: Path) -> None:
    """Write `target` and its weights beside it, unless it is there: whole or not at all, once among processes."""
    with target.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if target.is_file():
            return
        weights = target.with_suffix(".weights")
        fresh = target.with_suffix(".tmp")
        weights.unlink(missing_ok=True)
        onnx.save_model(
            model(source),
            str(fresh),
            save_as_external_data=True,
            all_tensors_to_one_file=True,
            location=weights.name,
            size_threshold=1024,
        )
        for path in (weights, fresh):
            with path.open("rb") as file:
                os.fsync(file.fileno())
        fresh.replace(target)


def model(source: Path) -> onnx.ModelProto:
    """Inputs `ids` and `mask`, int32 (texts, tokens); output `vectors`, float32 (texts, 384), each of unit length."""
    config = json.loads((source / "config.json").read_text())
    weights = {name.removeprefix("bert."): array for name, array in load_file(source / "model.safetensors").items()}
    graph = _Graph(heads=config["num_attention_heads"], epsilon=config["layer_norm_eps"])
    hidden = graph.embeddings(weights)
    for layer in range(config["num_hidden_layers"]):
        prefix = f"encoder.layer.{layer}."
        of_layer = {name.removeprefix(prefix): array for name, array in weights.items() if name.startswith(prefix)}
        hidden = graph.layer(layer, hidden, of_layer)
    graph.pool(hidden)
    return graph.finished(config["hidden_size"])


Weights = dict[str, NDArray[np.float32]]


class _Graph:
    """A graph under construction. Each method adds a part and returns the name of its output."""

    def __init__(self, *, heads: int, epsilon: float) -> None:
        self._heads = heads
        self._epsilon = epsilon
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[TensorProto] = []

    def embeddings(self, weights: Weights) -> str:
        """Words and positions, normalised. All texts are of type 0, so its row is added to the positions here."""
        kind = weights["embeddings.token_type_embeddings.weight"][0]
        inputs = [
            "ids",
            "",
            self._constant("words", weights["embeddings.word_embeddings.weight"]),
            self._constant("positions", weights["embeddings.position_embeddings.weight"][:MAX_TOKENS] + kind),
            "",
            self._constant("embeddings.scale", weights["embeddings.LayerNorm.weight"]),
            self._constant("embeddings.shift", weights["embeddings.LayerNorm.bias"]),
        ]
        outputs = ["embeddings", "embeddings.unused"]
        return self._fused("EmbedLayerNormalization", inputs, outputs, epsilon=self._epsilon)

    def layer(self, number: int, hidden: str, weights: Weights) -> str:
        """Attention and feed-forward, each added to its input and normalised."""
        at = f"layer{number}."
        parts = [f"attention.self.{part}" for part in ("query", "key", "value")]
        attention = self._fused(
            "Attention",
            [
                hidden,
                self._constant(at + "qkv", np.concatenate([weights[f"{part}.weight"] for part in parts]).T),
                self._constant(at + "qkv.bias", np.concatenate([weights[f"{part}.bias"] for part in parts])),
                "mask",
            ],
            [at + "attention"],
            num_heads=self._heads,
        )
        attended = self._joined(at + "attended", attention, hidden, weights, "attention.output")
        wide = self._times(at + "wide", attended, weights["intermediate.dense.weight"])
        bias = self._constant(at + "wide.bias", weights["intermediate.dense.bias"])
        active = self._fused("BiasGelu", [wide, bias], [at + "active"])
        return self._joined(at + "output", active, attended, weights, "output")

    def pool(self, hidden: str) -> None:
        """The sum over the tokens of each text, at unit length: the length undoes the division of the mean."""
        axis = self._constant("axis", np.array([1], np.int64))
        self._add("", "Cast", ["mask"], ["mask.float"], to=TensorProto.FLOAT)
        self._add("", "Unsqueeze", ["mask.float", axis], ["mask.row"])
        self._add("", "MatMul", ["mask.row", hidden], ["sum.row"])
        self._add("", "Squeeze", ["sum.row", axis], ["sum"])
        self._add("", "LpNormalization", ["sum"], ["vectors"], axis=-1, p=2)

    def finished(self, dimension: int) -> onnx.ModelProto:
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT32, ["texts", "tokens"]) for name in ("ids", "mask")
        ]
        output = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", dimension])
        graph = helper.make_graph(self._nodes, "minilm", inputs, [output], self._constants)
        operators = [helper.make_opsetid("", 18), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(graph, opset_imports=operators, ir_version=9)

    def _joined(self, name: str, value: str, skip: str, weights: Weights, part: str) -> str:
        inputs = [
            self._times(name + ".dense", value, weights[f"{part}.dense.weight"]),
            skip,
            self._constant(name + ".scale", weights[f"{part}.LayerNorm.weight"]),
            self._constant(name + ".shift", weights[f"{part}.LayerNorm.bias"]),
            self._constant(name + ".bias", weights[f"{part}.dense.bias"]),
        ]
        return self._fused("SkipLayerNormalization", inputs, [name], epsilon=self._epsilon)

    def _times(self, name: str, value: str, weight: NDArray[np.float32]) -> str:
        return self._add("", "MatMul", [value, self._constant(name + ".weight", weight.T)], [name])

    def _fused(self, operator: str, inputs: list[str], outputs: list[str], **attributes: Any) -> str:
        return self._add(FUSED, operator, inputs, outputs, **attributes)

    def _add(self, domain: str, operator: str, inputs: list[str], outputs: list[str], **attributes: Any) -> str:
        self._nodes.append(
            helper.make_node(operator, inputs, outputs, name=f"{outputs[0]}.node", domain=domain, **attributes)
        )
        return outputs[0]

    def _constant(self, name: str, array: NDArray[Any]) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
