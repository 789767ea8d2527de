"""The job that embeds documents. No connection is held while the embedder works."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from loci_server.embedding import Embedder, Embedders
from loci_server.errors import EmbedderUnavailable, GraphNotFound, KeyServiceUnavailable, LociError, Unavailable
from loci_server.jobs.texts import Document, embed_documents, read_documents
from loci_server.jobs.turns import Turns
from loci_server.store.graph_models import GraphModels
from loci_server.store.handles import GraphHandle, Handles
from loci_server.store.items import Items, OtherFields
from loci_server.store.jobs import Job, JobKind, Jobs
from loci_server.store.models import Models
from loci_server.store.rows import vector_rows

LEASE = 120.0
GRAPHS = 4
"""Graphs that get their turn in one run."""
BATCH = 32
"""Documents of one graph in one run."""
MAX_PAUSE = 300.0
REFUSED_PAUSE = 600.0
"""Seconds until the embedder is asked again for a text that it refused."""
DELETED_PAUSE = 3600.0
FOREIGN_PAUSE = 15.0
"""Seconds for which the work of a graph is left to servers that have the embedder of its model."""
NEXT_SECONDS = 5.0
"""For which the vectors of a graph wait for those of its next model."""
NEXT_PAUSE = 30.0
"""Seconds for which the next model is not asked along again when it did not answer in time."""
MAX_DOUBLINGS = 10
log = logging.getLogger(__name__)


class Made(NamedTuple):
    """Vectors of a model, a row each, with the documents and places that they are of."""

    model: int
    places: Sequence[tuple[int, int]]
    vectors: NDArray[np.float32]


class EmbedJob:
    """Embeds what is queued, a batch of each of a few graphs at a time, all graphs in turns.

    Each graph gets vectors of the model that it is searched by, and while that is being replaced also of the next one.
    """

    def __init__(
        self,
        jobs: Jobs,
        handles: Handles,
        items: Items,
        models: Models,
        graph_models: GraphModels,
        embedders: Embedders,
    ) -> None:
        self._jobs = jobs
        self._handles = handles
        self._items = items
        self._models = models
        self._graph_models = graph_models
        self._embedders = embedders
        self._turns = Turns(jobs, JobKind.EMBED, LEASE, graphs=GRAPHS, limit=BATCH)
        self._next_from = 0.0

    async def run_once(self) -> bool:
        """Does a batch of a few graphs. True if there was work. Raises Unavailable after putting off what could not be
        done; a graph whose keys or vectors do not fit is put off alone, and so is a text that the embedder refuses.

        As long as servers with another embedder are up and this one has only its own, all is left to them."""
        if self._embedders.of(self._embedders.target) is None:
            return False
        by_graph: dict[tuple[int, int], list[Job]] = defaultdict(list)
        for job in await self._turns.claim():
            by_graph[job.tenant_key, job.graph_key].append(job)
        away: dict[str, Unavailable] = {}
        for (tenant_key, graph_key), jobs in by_graph.items():
            subjects = [job.subject for job in jobs]
            try:
                await self._embed_graph(tenant_key, graph_key, subjects, away)
                continue
            except GraphNotFound:  # deleted; the jobs are due when it comes back
                await self._jobs.put_off_deleted(JobKind.EMBED, tenant_key, graph_key, subjects, DELETED_PAUSE)
                continue
            except KeyServiceUnavailable:
                log.info("documents of a graph wait for the key service to be embedded")
            except Unavailable as error:
                away.setdefault("", error)
            except LociError as error:
                log.warning("documents of a graph are not embedded: %s", error.reason_name())
            attempts = min(job.attempts for job in jobs)
            pause = min(MAX_PAUSE, 2.0 ** min(attempts, MAX_DOUBLINGS))
            await self._jobs.postpone(JobKind.EMBED, tenant_key, graph_key, subjects, pause)
        if away:
            raise away[""]
        return bool(by_graph)

    async def _embed_graph(
        self, tenant_key: int, graph_key: int, subjects: Sequence[int], away: dict[str, Unavailable]
    ) -> None:
        """`away`: embedders that were found so in this run, which is added to."""
        # The graphs before this one may have taken their time.
        await self._jobs.postpone(JobKind.EMBED, tenant_key, graph_key, subjects, LEASE)
        handle = await self._handle(tenant_key, graph_key)
        found = await self._graph_models.find(handle, fresh=True)
        embedder = self._embedders.of(found.model if found is not None else self._embedders.target)
        if embedder is None:
            await self._jobs.postpone(JobKind.EMBED, tenant_key, graph_key, subjects, FOREIGN_PAUSE)
            return
        if embedder.model in away:
            raise away[embedder.model]
        next_model = found.next_model if found is not None and found.replaced else None
        try:
            refused = await self._embed(handle, subjects, embedder, next_model)
        except EmbedderUnavailable as error:
            away[embedder.model] = error
            raise
        if refused:
            log.warning("the embedder refuses %d documents of a graph; it is asked again later", len(refused))
            await self._jobs.postpone(JobKind.EMBED, tenant_key, graph_key, refused, REFUSED_PAUSE)

    async def _handle(self, tenant_key: int, graph_key: int) -> GraphHandle:
        graph_id = await self._jobs.graph_id(tenant_key, graph_key)
        if graph_id is None:
            raise GraphNotFound(resource="graphs/-")
        return await self._handles.get(tenant_key, graph_id)

    async def _embed(
        self, handle: GraphHandle, subjects: Sequence[int], embedder: Embedder, next_model: str | None
    ) -> Sequence[int]:
        """Stores the vectors of documents. Returns the numbers of those whose text the embedder refuses. Raises
        GraphNotFound."""
        documents = await read_documents(self._items, handle, subjects)
        made, refused = await self._vectors(handle, embedder, documents)
        done = [document.number for document in documents if document.number not in refused]
        next_embedder = self._embedders.of(next_model) if next_model is not None else None
        if next_embedder is not None and time.monotonic() > self._next_from:
            try:
                async with asyncio.timeout(NEXT_SECONDS):
                    made += (await self._vectors(handle, next_embedder, documents))[0]
            except (LociError, TimeoutError):
                # They are noted for the job that brings the graph to it, which tells of the failure.
                self._next_from = time.monotonic() + NEXT_PAUSE
        await self._store(handle, made, done)
        return refused

    async def _store(self, handle: GraphHandle, made: Sequence[Made], done: Sequence[int]) -> None:
        """Under the keys that the graph has by then: they may have been rotated while the embedder worked."""
        while True:
            rows = [row for model, places, vectors in made for row in vector_rows(handle, model, places, vectors)]
            try:
                await self._jobs.store_vectors(handle, rows, done)
                return
            except OtherFields:
                handle = await self._items.reopened(handle)

    async def _vectors(
        self, handle: GraphHandle, embedder: Embedder, documents: Sequence[Document]
    ) -> tuple[list[Made], Sequence[int]]:
        """What the embedder makes of documents, and the numbers of those that it refuses."""
        embedded = await embed_documents(embedder, documents)
        if embedded is None or not embedded.places:
            return [], embedded.refused if embedded is not None else ()
        model = await self._models.get(handle.tenant_key, embedder.model, embedded.vectors.shape[1], "embedder")
        return [Made(model, embedded.places, embedded.vectors)], embedded.refused
