"""What the benchmarks store: texts, queries and vectors, the same in each run.

A text is half function words, which analysis leaves out, and half words of a vocabulary of 20,000, drawn by a
Zipf–Mandelbrot law, so that the commonest stands in some 15 % of the texts. Vectors lie in clusters on the unit sphere.
"""

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

VOCABULARY = 20_000
WORDS = 40
DIMENSION = 384
CLUSTERS = 200
BLOCK = 1000
"""Texts and vectors are made in blocks, each from a seed of its own."""

_SHIFT = 20
_FUNCTION_SHARE = 0.4
_SPREAD = 0.06
_FUNCTION_TEXT = "the of and to in a is that it was for on are as with his they at be this from i have or by"
_FUNCTION_WORDS = _FUNCTION_TEXT.split()


def texts(first: int, count: int, words: int = WORDS) -> list[str]:
    """The texts from number `first` on. Both numbers are multiples of a block."""
    return [text for block in blocks(first, count) for text in _texts(block, words)]


def queries(count: int) -> list[str]:
    """Four to six different words each, that stand together in one of the texts."""
    random = np.random.default_rng([3, count])
    common = set(_FUNCTION_WORDS)
    found: list[str] = []
    for text in texts(0, -(-count // BLOCK) * BLOCK)[:count]:
        words = sorted(set(text.split()) - common)
        size = min(int(random.integers(4, 7)), len(words))
        found.append(" ".join(random.choice(words, size, replace=False)))
    return found


def vectors(first: int, count: int, stream: int = 0) -> NDArray[np.float32]:
    """Unit vectors from number `first` on, a row each. Streams differ in their vectors, not in the clusters."""
    return np.concatenate([_vectors(block, stream) for block in blocks(first, count)])


def sentences(first: int, count: int, stream: int = 0) -> NDArray[np.float32]:
    """Unit vectors that are alike as those of sentences are: most of them a little, in every degree up to very."""
    return np.concatenate([_sentences(block, stream) for block in blocks(first, count)])


def blocks(first: int, count: int) -> Iterator[int]:
    if first % BLOCK or count % BLOCK:
        raise ValueError(f"{first} and {count} must be multiples of {BLOCK}")
    return iter(range(first // BLOCK, (first + count) // BLOCK))


def _texts(block: int, words: int) -> list[str]:
    random = np.random.default_rng([1, block])
    lengths = np.maximum(random.poisson(words, BLOCK), 5)
    total = int(lengths.sum())
    ranks = np.searchsorted(_cumulated(), random.random(total))
    drawn = _vocabulary()[ranks]
    functional = random.random(total) < _FUNCTION_SHARE
    drawn[functional] = random.choice(np.array(_FUNCTION_WORDS, dtype=object), int(functional.sum()))
    return [" ".join(part) for part in np.split(drawn, np.cumsum(lengths)[:-1])]


def _vectors(block: int, stream: int) -> NDArray[np.float32]:
    random = np.random.default_rng([2, stream, block])
    centre = _centres()[random.integers(0, CLUSTERS, BLOCK)]
    return _unit(centre + _SPREAD * random.standard_normal((BLOCK, DIMENSION)))


def _sentences(block: int, stream: int) -> NDArray[np.float32]:
    """A few directions tell more than most: the deviations fall by a power law, set after those of minilm."""
    random = np.random.default_rng([6, stream, block])
    return _unit(random.standard_normal((BLOCK, DIMENSION)) * (1.0 + np.arange(DIMENSION)) ** -0.35)


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


@cache
def _centres() -> NDArray[np.float32]:
    return _unit(np.random.default_rng(4).standard_normal((CLUSTERS, DIMENSION)))


@cache
def _cumulated() -> NDArray[np.float64]:
    shares = 1.0 / (np.arange(VOCABULARY) + 1 + _SHIFT)
    cumulated: NDArray[np.float64] = np.cumsum(shares) / shares.sum()
    cumulated[-1] = 1.0
    return cumulated


@cache
def _vocabulary() -> NDArray[np.object_]:
    """Words of two to four syllables, commonest first; common ones tend to be short."""
    random = np.random.default_rng(5)
    syllables = np.array([first + second for first in "bcdfghklmnprstvz" for second in "aeiou"], dtype=object)
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        size = 2 + int(len(words) > 2000) + int(random.random() < 0.3)
        words["".join(random.choice(syllables, size)) + "n" * int(random.random() < 0.5)] = None
    return np.array(list(words), dtype=object)
