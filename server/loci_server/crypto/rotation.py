"""The secret rotation under which a graph's vectors are stored.

It is orthogonal: lengths and angles stay as they are, so a search among rotated vectors with a rotated query finds what
it would find in clear. Without the key a stored vector means nothing to a model that was trained on clear ones, and
those of two graphs have nothing to do with each other. What it does not hide stands in docs/security.md.

A matrix of its own for each graph would be too large to keep. Instead each of a few rounds permutes the coordinates,
flips their signs, both by a keyed stream, and mixes blocks of 64 by a Walsh–Hadamard matrix, as in fast
Johnson–Lindenstrauss transforms (Ailon and Chazelle, 2009). Where 64 does not divide the dimension, the last block
overlaps the one before.
"""

from collections.abc import Sequence
from functools import cache
from typing import ClassVar, NamedTuple
from weakref import WeakSet

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from numpy.typing import NDArray

ROUNDS = 4
BLOCK = 64
MAX_KEPT = 512
"""Graphs and dimensions whose rounds are kept ready: with 384 dimensions 5 KB each, made anew in 0.1 ms. Then all are
made anew."""


class Rotation:
    """The rotation of one graph, by one `version` of a key of 32 bytes that is for nothing else. `generation`: the last
    bit of the version, by which stored vectors tell of two rotations under which they are."""

    _all: ClassVar["WeakSet[Rotation]"] = WeakSet()
    _kept: ClassVar[int] = 0

    def __init__(self, key: bytes, version: int = 0) -> None:
        self._key = key
        self._rounds: dict[int, Sequence[Round]] = {}
        """By dimension. They are gone with the rotation."""
        self.generation = version & 1
        Rotation._all.add(self)

    def apply(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """The vectors, a row each, rotated: each dimension has a rotation of its own."""
        count, dimension = vectors.shape
        matrix = hadamard(min(BLOCK, 1 << (dimension.bit_length() - 1)))
        size = len(matrix)
        whole = dimension - dimension % size
        turned = vectors
        for order, signs in self._rounds_of(dimension):
            turned = np.take(turned, order, axis=1) * signs
            # A small product for each row, not one of all: in that the library's threads would wait for each other.
            blocks = turned[:, :whole].reshape(count, whole // size, size)
            turned[:, :whole] = (blocks @ matrix).reshape(count, whole)
            if whole < dimension:
                turned[:, -size:] = turned[:, -size:] @ matrix
        return turned

    def undo(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """The vectors, a row each, that `apply` rotated into these."""
        count, dimension = vectors.shape
        matrix = hadamard(min(BLOCK, 1 << (dimension.bit_length() - 1)))  # symmetric: its own inverse
        size = len(matrix)
        whole = dimension - dimension % size
        turned = vectors.copy()
        for order, signs in reversed(self._rounds_of(dimension)):
            if whole < dimension:
                turned[:, -size:] = turned[:, -size:] @ matrix
            blocks = turned[:, :whole].reshape(count, whole // size, size)
            turned[:, :whole] = (blocks @ matrix).reshape(count, whole)
            before = np.empty_like(turned)
            before[:, order] = turned * signs
            turned = before
        return turned

    def _rounds_of(self, dimension: int) -> Sequence["Round"]:
        found = self._rounds.get(dimension)
        if found is None:
            if Rotation._kept >= MAX_KEPT:
                for rotation in list(Rotation._all):
                    rotation._rounds.clear()
                Rotation._kept = 0
            Rotation._kept += 1
            found = self._rounds[dimension] = rounds(self._key, dimension)
        return found


class Round(NamedTuple):
    """What one round does before it mixes."""

    order: NDArray[np.uint16]
    signs: NDArray[np.int8]


def rounds(key: bytes, dimension: int) -> Sequence[Round]:
    """Uniformly random orders and signs from the stream of AES-256 in counter mode."""
    stream = Cipher(AES(key), CTR(dimension.to_bytes(8, "big") + bytes(8))).encryptor()
    made = []
    for _ in range(ROUNDS):
        order = np.argsort(np.frombuffer(stream.update(bytes(8 * dimension)), dtype="<u8"), kind="stable")
        bits = np.frombuffer(stream.update(bytes(dimension)), dtype=np.int8) & 1
        made.append(Round(order.astype(np.uint16), (1 - 2 * bits).astype(np.int8)))
    return made


@cache
def hadamard(size: int) -> NDArray[np.float32]:
    """The orthogonal Walsh–Hadamard matrix of a power of two."""
    matrix = np.ones((1, 1))
    while len(matrix) < size:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    orthogonal: NDArray[np.float32] = (matrix / np.sqrt(size)).astype(np.float32)
    return orthogonal
