"""The protocol that each embedder satisfies."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SETTINGS = "LOCI_EMBEDDER"
"""What the settings of the embedder begin with, for advice; those of the one before have another beginning."""


class Purpose(StrEnum):
    """What a text is embedded for. Some models were trained with another prompt for each."""

    DOCUMENT = "document"
    """It is stored, to be found."""
    QUERY = "query"
    """It is asked, to find."""


class Embedder(Protocol):
    """Turns texts into vectors of unit length, so that their dot product is their cosine.

    One instance serves many tasks at once. It belongs to the event loop that first uses it.
    """

    @property
    def model(self) -> str:
        """The id stored with each vector: vectors of two ids are never compared."""

    @property
    def batch_size(self) -> int:
        """How many texts one call should carry. More are allowed and are split."""

    @property
    def local(self) -> bool:
        """Whether it computes in this process, so that a text may be embedded while a call waits."""

    async def embed(self, texts: Sequence[str], purpose: Purpose) -> "NDArray[np.float32]":
        """One row for each text, in their order: shape (len(texts), dimension), each row of unit length.

        No text gives shape (0, 0). A text longer than the model reads is cut.

        Raises:
            EmbedderUnavailable: the model or the service cannot be used, or its answer is not what was asked for.
                The message holds neither texts nor secrets.
        """

    async def close(self) -> None:
        """Let go of threads, memory and connections. A later `embed` raises EmbedderUnavailable."""
