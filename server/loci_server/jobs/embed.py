"""The job that embeds documents. No connection is held while the embedder works."""

import logging
from collections import defaultdict
from collections.abc import Sequence

from loci_server.embedding import Embedder, Purpose, chunks
from loci_server.errors import ContentUnreadable, GraphNotFound, LociError, Unavailable
from loci_server.store.handles import GraphHandle, Handles
from loci_server.store.items import Items
from loci_server.store.jobs import Job, JobKind, Jobs
from loci_server.store.models import Models
from loci_server.store.rows import open_node
from loci_server.writing.documents import searchable_text

LEASE = 120.0
BATCH = 64
MAX_PAUSE = 300.0
MAX_DOUBLINGS = 10
MAX_CHUNKS = 1000
log = logging.getLogger(__name__)


class EmbedJob:
    """Embeds what is queued, a batch at a time."""

    def __init__(self, jobs: Jobs, handles: Handles, items: Items, models: Models, embedder: Embedder) -> None:
        self._jobs = jobs
        self._handles = handles
        self._items = items
        self._models = models
        self._embedder = embedder

    async def run_once(self) -> bool:
        """Does one batch. True if there was work. Raises Unavailable after putting off what could not be done; a graph
        whose keys or vectors do not fit is put off alone."""
        claimed = await self._jobs.claim(JobKind.EMBED, LEASE, BATCH)
        by_graph: dict[tuple[int, int], list[Job]] = defaultdict(list)
        for job in claimed:
            by_graph[job.tenant_key, job.graph_key].append(job)
        away: Unavailable | None = None
        for (tenant_key, graph_key), jobs in by_graph.items():
            subjects = [job.subject for job in jobs]
            try:
                if away is None:
                    await self._embed(tenant_key, graph_key, subjects)
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
        return bool(claimed)

    async def _embed(self, tenant_key: int, graph_key: int, subjects: Sequence[int]) -> None:
        graph_id = await self._jobs.graph_id(tenant_key, graph_key)
        if graph_id is None:  # deleted: the jobs wait for it to come back
            await self._jobs.postpone(JobKind.EMBED, tenant_key, graph_key, subjects, 3600.0)
            return
        try:
            handle = await self._handles.get(tenant_key, graph_id)
        except GraphNotFound:
            return
        pieces = await self._pieces(handle, subjects)
        vectors = []
        if pieces:
            embedded = await self._embedder.embed([text for _, _, text in pieces], Purpose.DOCUMENT)
            model = await self._models.get(tenant_key, self._embedder.model, embedded.shape[1], "embedder")
            vectors = [
                (number, model, place, vector.tolist())
                for (number, place, _), vector in zip(pieces, embedded, strict=True)
            ]
        await self._jobs.store_vectors(tenant_key, graph_key, vectors, subjects)

    async def _pieces(self, handle: GraphHandle, subjects: Sequence[int]) -> list[tuple[int, int, str]]:
        """Document, place and text of each chunk. Documents that went or do not open have none."""
        pieces = []
        for row in await self._items.fetch("get_documents", handle, subjects):
            try:
                text = searchable_text(open_node(handle, row))
            except ContentUnreadable:
                log.warning("a document does not open and is not embedded")
                continue
            spans = chunks(text)[:MAX_CHUNKS]
            pieces += [(row["doc_no"], place, text[start:end]) for place, (start, end) in enumerate(spans)]
        return pieces
