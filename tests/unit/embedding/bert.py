"""BERT in numpy, written after its paper and sentence-transformers' description of the model: slow and plain.

The reference that the ONNX model is held against. One text at a time, so there is no padding to get wrong.
"""

import json
import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

Array = NDArray[np.float64]


class Bert:
    def __init__(self, folder: Path) -> None:
        self._config = json.loads((folder / "config.json").read_text())
        self._weights = {
            name: array.astype(np.float64) for name, array in load_file(folder / "model.safetensors").items()
        }
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(256)

    def embed(self, text: str) -> Array:
        ids = self._tokenizer.encode(text).ids
        at = "embeddings."
        hidden = (
            self._weights[at + "word_embeddings.weight"][ids]
            + self._weights[at + "position_embeddings.weight"][: len(ids)]
            + self._weights[at + "token_type_embeddings.weight"][0]
        )
        hidden = self._norm(hidden, at + "LayerNorm")
        for layer in range(self._config["num_hidden_layers"]):
            hidden = self._layer(hidden, f"encoder.layer.{layer}.")
        mean: Array = hidden.mean(axis=0)
        unit: Array = mean / np.linalg.norm(mean)
        return unit

    def _layer(self, hidden: Array, at: str) -> Array:
        heads = self._config["num_attention_heads"]
        size = hidden.shape[1] // heads
        query, key, value = (
            self._dense(hidden, f"{at}attention.self.{part}").reshape(-1, heads, size).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(size)
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        attended = (shares @ value).transpose(1, 0, 2).reshape(hidden.shape)
        attended = self._dense(attended, at + "attention.output.dense")
        attended = self._norm(attended + hidden, at + "attention.output.LayerNorm")
        wide = self._dense(attended, at + "intermediate.dense")
        wide = wide * 0.5 * (1 + np.vectorize(math.erf)(wide / math.sqrt(2)))
        return self._norm(self._dense(wide, at + "output.dense") + attended, at + "output.LayerNorm")

    def _dense(self, value: Array, name: str) -> Array:
        return value @ self._weights[name + ".weight"].T + self._weights[name + ".bias"]

    def _norm(self, value: Array, name: str) -> Array:
        centred = value - value.mean(axis=-1, keepdims=True)
        deviation = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + self._config["layer_norm_eps"])
        scaled: Array = centred / deviation * self._weights[name + ".weight"] + self._weights[name + ".bias"]
        return scaled
