"""Vectors of what is written: the caller's own, or computed in line when that is quick, or left to a job."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from loci.v1.node_pb2 import Embedding
from loci_server.domain.items import NodeChange
from loci_server.embedding import Embedder, Purpose, chunks
from loci_server.errors import DimensionMismatch, EmbedderUnavailable
from loci_server.store.handles import GraphHandle
from loci_server.store.models import Models
from loci_server.store.rows import Document
from loci_server.writing.documents import searchable_text

INLINE_CHARACTERS = 1000
INLINE_SECONDS = 0.25
PROBE_SECONDS = 10.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """The documents with their `embed` flags set, and the loci.vector_row's that are known already."""

    documents: list[Document | None]
    rows: list[tuple[object, ...]]


class Vectors:
    """Decides where the vectors of a commit come from.

    A single short text is embedded in line if the embedder runs in this process and is idle, so that what was just
    remembered is found at once; everything else is queued with the commit.
    """

    def __init__(self, models: Models, embedder: Embedder | None) -> None:
        self._models = models
        self._embedder = embedder
        self._busy = asyncio.Lock()
        self._own_dimension: int | None = None

    async def inline(
        self, handle: GraphHandle, changes: Sequence[NodeChange], documents: Sequence[Document | None]
    ) -> Prepared:
        """Raises DimensionMismatch for a vector of the caller's."""
        result: list[Document | None] = []
        rows: list[tuple[object, ...]] = []
        alone = sum(document is not None for document in documents) == 1
        dimensions: dict[str, int] = {}
        for change, document in zip(changes, documents, strict=True):
            if document is None or change.message is None:
                result.append(None)
            elif change.message.HasField("embedding"):
                await self.check(handle, change.message.embedding, dimensions, "node.embedding.values")
                rows.append(await self.given(handle, document.number, change.message.embedding))
                result.append(document)
            else:
                text = searchable_text(change.message)
                row = await self._computed(handle, document.number, text) if alone else None
                if row is not None:
                    rows.append(row)
                queue = row is None and self.can_embed and bool(text.strip())
                result.append(replace(document, embed=queue))
        return Prepared(result, rows)

    @property
    def can_embed(self) -> bool:
        """Whether there is an embedder: texts without a vector are queued for it."""
        return self._embedder is not None

    async def check(self, handle: GraphHandle, embedding: Embedding, dimensions: dict[str, int], field: str) -> None:
        """Whether a caller's vector fits to its model, and to those of this write (`dimensions`, which it is added to).
        Raises DimensionMismatch."""
        actual = len(embedding.values)
        if embedding.model not in dimensions:
            dimensions[embedding.model] = await self._dimension(handle, embedding.model) or actual
        if dimensions[embedding.model] != actual:
            raise DimensionMismatch(field=field, expected=dimensions[embedding.model], actual=actual)

    async def given(self, handle: GraphHandle, number: int, embedding: Embedding) -> tuple[object, ...]:
        """The row of a caller's vector that was checked. Raises DimensionMismatch if another write came between."""
        model = await self._models.get(
            handle.tenant_key, embedding.model, len(embedding.values), "node.embedding.values"
        )
        return number, model, 0, unit(embedding.values)

    async def _computed(self, handle: GraphHandle, number: int, text: str) -> tuple[object, ...] | None:
        embedder = self._embedder
        if embedder is None or not embedder.local or self._busy.locked() or len(chunks(text)) != 1:
            return None
        if len(text) > INLINE_CHARACTERS:
            return None
        async with self._busy:
            try:
                async with asyncio.timeout(INLINE_SECONDS):
                    vector = (await embedder.embed([text], Purpose.DOCUMENT))[0]
            except (EmbedderUnavailable, TimeoutError):
                log.info("text was not embedded in line; a job will do it")
                return None
        try:
            model = await self._models.get(handle.tenant_key, embedder.model, len(vector), "embedder")
        except DimensionMismatch:
            return None
        return number, model, 0, vector.tolist()

    async def _dimension(self, handle: GraphHandle, model: str) -> int | None:
        """Of the model's vectors; None if this is the first one. That of the embedder's own model is its to say."""
        known = await self._models.find(handle.tenant_key, model)
        if known is not None:
            return known[1]
        embedder = self._embedder
        if embedder is None or model != embedder.model:
            return None
        if self._own_dimension is None:
            try:
                async with asyncio.timeout(PROBE_SECONDS):
                    probe = await embedder.embed(["dimension"], Purpose.DOCUMENT)
            except (EmbedderUnavailable, TimeoutError):
                raise EmbedderUnavailable(detail="its dimension is not known yet", retry_after=1.0) from None
            self._own_dimension = probe.shape[1]
        return self._own_dimension


def unit(values: Iterable[float]) -> list[float]:
    """The vector at length 1. It must not be zero; very large or small numbers do no harm."""
    vector: NDArray[np.float64] = np.fromiter(values, dtype=np.float64)
    scaled = vector / np.abs(vector).max()
    result: list[float] = (scaled / np.linalg.norm(scaled)).tolist()
    return result
