"""The job that embeds documents. No connection is held while the embedder works."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from loci_server.embedding import Embedder, Purpose, chunks
from loci_server.errors import (
    ContentUnreadable,
    GraphNotFound,
    LociError,
    TextRefused,
    Unavailable,
)
from loci_server.jobs.turns import Turns
from loci_server.store.handles import GraphHandle, Handles
from loci_server.store.items import Items
from loci_server.store.jobs import Job, JobKind, Jobs
from loci_server.store.models import Models
from loci_server.store.rows import open_node
from loci_server.writing.documents import searchable_text

LEASE = 120.0
GRAPHS = 4
"""Graphs that get their turn in one run."""
BATCH = 32
"""Documents of one graph in one run."""
MAX_PAUSE = 300.0
REFUSED_PAUSE = 600.0
"""Seconds until the embedder is asked again for a text that it refused."""
DELETED_PAUSE = 3600.0
MAX_DOUBLINGS = 10
MAX_CHUNKS = 1000
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Document:
    """A document that waits, and the chunks of its text. One that went or does not open has none."""

    number: int
    chunks: list[str]


class EmbedJob:
    """Embeds what is queued, a batch of each of a few graphs at a time, all graphs in turns."""

    def __init__(self, jobs: Jobs, handles: Handles, items: Items, models: Models, embedder: Embedder) -> None:
        self._jobs = jobs
        self._handles = handles
        self._items = items
        self._models = models
        self._embedder = embedder
        self._turns = Turns(jobs, JobKind.EMBED, LEASE, graphs=GRAPHS, limit=BATCH)

    async def run_once(self) -> bool:
        """Does a batch of a few graphs. True if there was work. Raises Unavailable after putting off what could not be
        done; a graph whose keys or vectors do not fit is put off alone, and so is a text that the embedder refuses."""
        by_graph: dict[tuple[int, int], list[Job]] = defaultdict(list)
        for job in await self._turns.claim():
            by_graph[job.tenant_key, job.graph_key].append(job)
        away: Unavailable | None = None
        for (tenant_key, graph_key), jobs in by_graph.items():
            subjects = [job.subject for job in jobs]
            try:
                if away is None:
                    await self._embed_graph(tenant_key, graph_key, subjects)
                    continue
            except Unavailable as error:
                away = error
            except LociError as error:
                log.warning("documents of a graph are not embedded: %s", error.reason_name())
            attempts = min(job.attempts for job in jobs)
            pause = min(MAX_PAUSE, 2.0 ** min(attempts, MAX_DOUBLINGS))
            await self._jobs.postpone(JobKind.EMBED, tenant_key, graph_key, subjects, pause)
        if away is not None:
            raise away
        return bool(by_graph)

    async def _embed_graph(self, tenant_key: int, graph_key: int, subjects: Sequence[int]) -> None:
        # The graphs before this one may have taken their time.
        await self._jobs.postpone(JobKind.EMBED, tenant_key, graph_key, subjects, LEASE)
        handle = await self._handle(tenant_key, graph_key)
        if handle is None:  # deleted; the jobs are due when it comes back
            await self._jobs.put_off_deleted(JobKind.EMBED, tenant_key, graph_key, subjects, DELETED_PAUSE)
            return
        documents = await self._documents(handle, subjects)
        refused = await self._embed(tenant_key, graph_key, documents)
        if refused:
            log.warning("the embedder refuses %d documents of a graph; it is asked again later", len(refused))
            await self._jobs.postpone(JobKind.EMBED, tenant_key, graph_key, refused, REFUSED_PAUSE)

    async def _handle(self, tenant_key: int, graph_key: int) -> GraphHandle | None:
        graph_id = await self._jobs.graph_id(tenant_key, graph_key)
        try:
            return await self._handles.get(tenant_key, graph_id) if graph_id is not None else None
        except GraphNotFound:
            return None

    async def _embed(self, tenant_key: int, graph_key: int, documents: Sequence[Document]) -> list[int]:
        """Stores the vectors of `documents`. Returns the numbers of those whose text the embedder refuses."""
        pieces = [
            (document.number, place, text) for document in documents for place, text in enumerate(document.chunks)
        ]
        vectors = []
        if pieces:
            try:
                embedded = await self._embedder.embed([text for _, _, text in pieces], Purpose.DOCUMENT)
            except TextRefused:
                if len(documents) == 1:
                    return [documents[0].number]
                half = len(documents) // 2
                return [
                    *await self._embed(tenant_key, graph_key, documents[:half]),
                    *await self._embed(tenant_key, graph_key, documents[half:]),
                ]
            model = await self._models.get(tenant_key, self._embedder.model, embedded.shape[1], "embedder")
            vectors = [
                (number, model, place, vector.tolist())
                for (number, place, _), vector in zip(pieces, embedded, strict=True)
            ]
        await self._jobs.store_vectors(tenant_key, graph_key, vectors, [document.number for document in documents])
        return []

    async def _documents(self, handle: GraphHandle, subjects: Sequence[int]) -> list[Document]:
        found: dict[int, list[str]] = {number: [] for number in subjects}
        for row in await self._items.fetch("get_documents", handle, subjects):
            try:
                text = searchable_text(open_node(handle, row))
            except ContentUnreadable:
                log.warning("a document does not open and is not embedded")
                continue
            found[row["doc_no"]] = [text[start:end] for start, end in chunks(text)[:MAX_CHUNKS]]
        return [Document(number, texts) for number, texts in found.items()]
