"""Vectors of what is written: the caller's own, or computed in line when that is quick, or left to a job."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loci.v1.node_pb2 import Embedding, Node
from loci_server.domain.items import NodeChange
from loci_server.embedding import Embedders, Purpose
from loci_server.errors import DimensionMismatch, EmbedderUnavailable
from loci_server.store.graph_models import GraphModels
from loci_server.store.handles import GraphHandle
from loci_server.store.models import Models
from loci_server.store.rows import GIVEN, Document, vector_rows
from loci_server.writing.documents import embedded_passages, has_text, searchable_text

INLINE_CHARACTERS = 1000
"""Of all passages together; some 150 ms of work for the embedder of this process."""
INLINE_SECONDS = 0.25
PROBE_SECONDS = 10.0
GIVEN_AT_ONCE = 50_000
"""Numbers of callers' vectors that are rotated before others get their turn: some five milliseconds of work."""
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

    def __init__(self, models: Models, graph_models: GraphModels, embedders: Embedders) -> None:
        self._models = models
        self._graph_models = graph_models
        self._embedders = embedders
        self._busy = asyncio.Lock()
        self._own_dimensions: dict[str, int] = {}

    async def inline(
        self, handle: GraphHandle, changes: Sequence[NodeChange], documents: Sequence[Document | None]
    ) -> Prepared:
        """Raises DimensionMismatch for a vector of the caller's."""
        result: list[Document | None] = []
        rows: list[tuple[object, ...]] = []
        given: list[tuple[int, Embedding]] = []
        alone = sum(document is not None for document in documents) == 1
        dimensions: dict[str, int] = {}
        for change, document in zip(changes, documents, strict=True):
            if document is None or change.message is None:
                result.append(None)
            elif change.message.HasField("embedding"):
                await self.check(handle, change.message.embedding, dimensions, "node.embedding.values")
                given.append((document.number, change.message.embedding))
                result.append(document)
            else:
                short = alone and len(searchable_text(change.message)) <= INLINE_CHARACTERS
                computed = await self._computed(handle, document.number, change.message) if short else []
                rows += computed
                result.append(document._replace(embed=self.can_embed and not computed and has_text(change.message)))
        rows += await self.given(handle, given)
        return Prepared(result, rows)

    @property
    def can_embed(self) -> bool:
        """Whether there is an embedder: texts without a vector are queued for it."""
        return self._embedders.current is not None

    @property
    def computes_at_once(self) -> bool:
        """Whether vectors of short texts are computed in this process, before they are written."""
        return self._embedders.any_local

    async def check(self, handle: GraphHandle, embedding: Embedding, dimensions: dict[str, int], field: str) -> None:
        """Whether a caller's vector fits to its model, and to those of this write (`dimensions`, which it is added to).
        Raises DimensionMismatch."""
        actual = len(embedding.values)
        if embedding.model not in dimensions:
            dimensions[embedding.model] = await self._dimension(handle, embedding.model) or actual
        if dimensions[embedding.model] != actual:
            raise DimensionMismatch(field=field, expected=dimensions[embedding.model], actual=actual)

    async def given(self, handle: GraphHandle, embeddings: Sequence[tuple[int, Embedding]]) -> list[tuple[object, ...]]:
        """The rows of callers' vectors that were checked, with their documents. Raises DimensionMismatch if another
        write came between."""
        groups: dict[tuple[str, int], list[tuple[int, Embedding]]] = defaultdict(list)
        for number, embedding in embeddings:
            groups[embedding.model, len(embedding.values)].append((number, embedding))
        rows: list[tuple[object, ...]] = []
        for (name, dimension), group in groups.items():
            model = await self._models.get(handle.tenant_key, name, dimension, "node.embedding.values")
            size = max(GIVEN_AT_ONCE // dimension, 1)
            for start in range(0, len(group), size):
                part = group[start : start + size]
                vectors = units([embedding.values for _, embedding in part])
                rows += vector_rows(handle, model, [(number, GIVEN) for number, _ in part], vectors)
                await asyncio.sleep(0)
        return rows

    async def _computed(self, handle: GraphHandle, number: int, node: Node) -> list[tuple[object, ...]]:
        """The rows of a short text; none if a job shall make them."""
        if not self._embedders.any_local or self._busy.locked():
            return []
        passages = embedded_passages(node)
        if not 0 < sum(map(len, passages)) <= INLINE_CHARACTERS:
            return []
        found = await self._graph_models.find(handle)
        embedder = self._embedders.of(found.model if found is not None else self._embedders.target)
        if embedder is None or not embedder.local or (found is not None and found.replaced):
            return []  # while the graph changes its model, a text is embedded twice
        async with self._busy:
            try:
                async with asyncio.timeout(INLINE_SECONDS):
                    vectors = await embedder.embed(passages, Purpose.DOCUMENT)
            except (EmbedderUnavailable, TimeoutError):
                log.info("text was not embedded in line; a job will do it")
                return []
        try:
            model = await self._models.get(handle.tenant_key, embedder.model, vectors.shape[1], "embedder")
        except DimensionMismatch:
            return []
        return vector_rows(handle, model, [(number, place) for place in range(len(passages))], vectors)

    async def _dimension(self, handle: GraphHandle, model: str) -> int | None:
        """Of the model's vectors; None if this is the first one. That of the embedder's own model is its to say."""
        known = await self._models.find(handle.tenant_key, model)
        if known is not None:
            return known[1]
        embedder = self._embedders.of(model)
        if embedder is None:
            return None
        if model not in self._own_dimensions:
            try:
                async with asyncio.timeout(PROBE_SECONDS):
                    probe = await embedder.embed(["dimension"], Purpose.DOCUMENT)
            except (EmbedderUnavailable, TimeoutError):
                raise EmbedderUnavailable(detail="its dimension is not known yet", retry_after=1.0) from None
            self._own_dimensions[model] = probe.shape[1]
        return self._own_dimensions[model]


def units(rows: Sequence[Iterable[float]]) -> NDArray[np.float32]:
    """The vectors, a row each, at length 1. None may be zero; very large or small numbers do no harm."""
    vectors = np.array([np.fromiter(row, dtype=np.float64) for row in rows])
    scaled = vectors / np.abs(vectors).max(axis=1, keepdims=True)
    result: NDArray[np.float32] = (scaled / np.linalg.norm(scaled, axis=1, keepdims=True)).astype(np.float32)
    return result


def unit(values: Iterable[float]) -> list[float]:
    """One vector at length 1, as `units`."""
    result: list[float] = units([values])[0].tolist()
    return result
