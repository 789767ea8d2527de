"""What an embedder is given and what it gives back, made safe to use.

Whatever a model or a service answers, only finite rows of one dimension and unit length leave this package.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from loci_server.errors import EmbedderUnavailable


def unit_rows(rows: Sequence[object], count: int) -> NDArray[np.float32]:
    """`rows` as a matrix of `count` rows, each scaled to unit length.

    Raises:
        EmbedderUnavailable: another number of rows, rows of different lengths, something that is not a number, or a
            row without a direction: NaN, infinite or zero.
    """
    if len(rows) != count:
        raise EmbedderUnavailable(detail=f"it answered with {len(rows)} vectors for {count} texts")
    try:
        given: NDArray[Any] = np.asarray(rows)
    except ValueError:
        raise EmbedderUnavailable(detail="it answered with vectors of different lengths") from None
    if given.ndim != 2 or given.shape[1] == 0 or given.dtype.kind not in "fiu":
        raise EmbedderUnavailable(detail="it answered with something that is not a list of numbers for each text")
    matrix = given.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or not (lengths > 0).all():
        raise EmbedderUnavailable(detail="it answered with a vector that is not finite or is zero")
    unit: NDArray[np.float32] = (matrix / lengths).astype(np.float32)
    return unit


def no_rows() -> NDArray[np.float32]:
    """What no texts give."""
    return np.zeros((0, 0), np.float32)


def well_formed(texts: Sequence[str]) -> list[str]:
    """The texts without lone surrogates, which neither a tokenizer nor JSON over HTTP can carry."""
    return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
