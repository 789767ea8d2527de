"""The job that brings graphs to another embedding model, or makes their vectors anew (migrations/0013_models.sql).

Every step is a transaction of its own that says how far the graph is: a process that dies loses the batch that it was
at. No connection is held while the embedder works.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from enum import Enum, auto

import asyncpg

from loci.v1.node_pb2 import Node
from loci_server.embedding import Embedder, Embedders, Purpose
from loci_server.errors import GraphNotFound, LociError, Unavailable
from loci_server.jobs.texts import Embedded, embed_documents, read_documents
from loci_server.jobs.turns import Turns
from loci_server.store.graph_models import GraphModel, GraphModels
from loci_server.store.handles import GraphHandle, Handles
from loci_server.store.items import Items, OtherFields
from loci_server.store.jobs import Job, JobKind, Jobs
from loci_server.store.models import Models
from loci_server.store.reembedding import Reembedding
from loci_server.store.rows import vector_rows
from loci_server.telemetry.metrics import Instruments

LEASE = 120.0
GRAPHS = 4
"""Graphs that are worked on side by side."""
BATCH = 32
"""Documents of one step."""
DROPPED = 2000
"""Vectors that are removed in one step."""
TURN_SECONDS = 5.0
"""After which the next graphs get their turn: a small one does not wait for a huge one."""
WAIT_PAUSE = 1.0
"""Seconds until it is looked again whether a graph is complete, or indexed."""
FAILED_PAUSE = 15.0
DELETED_PAUSE = 3600.0
SWEEP_SECONDS = 300.0
"""Between two looks for graphs that nobody has queued."""
ANEW = 1
"""Subject of a job that is not content with vectors of the right model."""
log = logging.getLogger(__name__)


class Step(Enum):
    """What came of one."""

    MORE = auto()
    WAIT = auto()
    DONE = auto()


class ReembedJob:
    """Brings graphs to `embedders.target`, a few side by side, all in turns."""

    def __init__(
        self,
        jobs: Jobs,
        handles: Handles,
        items: Items,
        models: Models,
        graph_models: GraphModels,
        reembedding: Reembedding,
        embedders: Embedders,
        instruments: Instruments,
    ) -> None:
        self._jobs = jobs
        self._handles = handles
        self._items = items
        self._models = models
        self._graph_models = graph_models
        self._reembedding = reembedding
        self._embedders = embedders
        self._instruments = instruments
        self._turns = Turns(jobs, JobKind.CHANGE, LEASE, graphs=GRAPHS, limit=1)
        self._swept = ("", 0.0)

    async def run_once(self) -> bool:
        """Gives some graphs their turn. True if there was one. Raises Unavailable after putting off those that cannot
        go on for it.

        As long as servers with another embedder are up and this one has only its own, all is left to them."""
        if self._embedders.of(self._embedders.target) is None:
            return False
        await self._sweep()
        claimed = await self._turns.claim()
        try:
            async with asyncio.TaskGroup() as group:
                turns = [group.create_task(self._turn(job)) for job in claimed]
        except* (asyncpg.PostgresError, LociError) as broken:
            raise broken.exceptions[0] from None
        for turn in turns:
            if (failure := turn.result()) is not None:
                raise failure
        return bool(claimed)

    async def _sweep(self) -> None:
        """Queues what is not as it should be. Only a server that has the right model by its own settings says so."""
        target, now = self._embedders.target, time.monotonic()
        current = self._embedders.current
        if current is None or current.model != target:
            return
        if self._swept[0] != target or now > self._swept[1]:
            await self._reembedding.queue(target)
            self._swept = target, now + SWEEP_SECONDS

    async def _turn(self, job: Job) -> Unavailable | None:
        try:
            await self._work(job)
        except GraphNotFound:  # deleted; the job is due when it comes back
            key = job.tenant_key, job.graph_key
            await self._jobs.put_off_deleted(JobKind.CHANGE, *key, [job.subject], DELETED_PAUSE)
        except LociError as error:
            log.warning("a graph is not embedded anew: %s; it is tried again", error.reason_name())
            self._instruments.reembedding_failed(error.reason_name())
            await self._reembedding.note_failure(job.tenant_key, job.graph_key, error.reason_name())
            await self._put_off(job, FAILED_PAUSE)
            return error if isinstance(error, Unavailable) else None
        return None

    async def _work(self, job: Job) -> None:
        handle = await self._handle(job)
        embedder = self._embedders.of(self._embedders.target)
        if embedder is None:  # since this run began
            await self._put_off(job, 0.0)
            return
        end = time.monotonic() + TURN_SECONDS
        while True:
            match await self._step(handle, embedder, anew=job.subject == ANEW):
                case Step.DONE:
                    await self._jobs.finish_claimed(JobKind.CHANGE, job)
                    return
                case Step.WAIT:
                    await self._put_off(job, WAIT_PAUSE)
                    return
            if time.monotonic() > end:
                await self._put_off(job, 0.0)
                return

    async def _put_off(self, job: Job, seconds: float) -> None:
        await self._jobs.postpone(JobKind.CHANGE, job.tenant_key, job.graph_key, [job.subject], seconds)

    async def _handle(self, job: Job) -> GraphHandle:
        graph_id = await self._jobs.graph_id(job.tenant_key, job.graph_key)
        if graph_id is None:
            raise GraphNotFound(resource="graphs/-")
        return await self._handles.get(job.tenant_key, graph_id)

    async def _step(self, handle: GraphHandle, embedder: Embedder, *, anew: bool) -> Step:
        found = await self._graph_models.find(handle, fresh=True)
        if found is not None and found.former:
            await self._reembedding.drop(handle, DROPPED)
            return Step.MORE
        if found is None or found.next_model != embedder.model:
            if found is None and not anew:
                return Step.DONE
            if found is not None and found.next_model is None and found.model == embedder.model and not anew:
                return Step.DONE
            begun = await self._begin(handle, embedder, await self._number(handle, embedder), anew)
            return Step.MORE if begun else Step.DONE
        return await self._fill(handle, embedder, found, anew)

    async def _number(self, handle: GraphHandle, embedder: Embedder) -> int:
        """Of the embedder's model."""
        known = await self._models.find(handle.tenant_key, embedder.model)
        if known is not None:
            return known[0]
        probe = await embedder.embed(["dimension"], Purpose.DOCUMENT)
        return await self._models.get(handle.tenant_key, embedder.model, probe.shape[1], "embedder")

    async def _begin(self, handle: GraphHandle, embedder: Embedder, number: int, anew: bool) -> bool:
        begun = await self._reembedding.begin(handle, number, embedder.model, anew)
        self._graph_models.forget(handle)
        return begun

    async def _fill(self, handle: GraphHandle, embedder: Embedder, found: GraphModel, anew: bool) -> Step:
        assert found.next_number is not None
        numbers, late = await self._reembedding.documents(handle, found.place, BATCH)
        if not numbers:
            return await self._switch(handle, found)
        documents = await read_documents(self._items, handle, numbers, lambda node: is_wanted(node, found))
        embedded = await embed_documents(embedder, documents)
        if embedded is not None and embedded.places:
            size = embedded.vectors.shape[1]
            number = await self._models.get(handle.tenant_key, embedder.model, size, "embedder")
            if number != found.next_number:  # it gave vectors of another dimension when this began
                await self._begin(handle, embedder, number, anew)
                return Step.MORE
        refused = embedded.refused if embedded is not None else ()
        if refused:
            self._instruments.reembedding_refused(len(refused))
            log.warning("the next embedder refuses %d documents of a graph; it is asked again later", len(refused))
        await self._store(handle, found, embedded, numbers, late=late)
        return Step.MORE

    async def _store(
        self, handle: GraphHandle, found: GraphModel, made: Embedded | None, numbers: Sequence[int], *, late: bool
    ) -> None:
        """Under the keys that the graph has by then: they may have been rotated while the embedder worked."""
        assert found.next_number is not None
        refused = made.refused if made is not None else ()
        while True:
            rows = vector_rows(handle, found.next_number, made.places, made.vectors) if made and made.places else ()
            try:
                await self._reembedding.store(
                    handle, found.next_number, rows, numbers, refused, place=found.place, late=late
                )
                return
            except OtherFields:
                handle = await self._items.reopened(handle)

    async def _switch(self, handle: GraphHandle, found: GraphModel) -> Step:
        if not await self._reembedding.switch(handle, found.begun):
            return Step.WAIT
        self._graph_models.forget(handle)
        if found.replaced:
            log.info("a graph is searched by another embedding model from now on")
            return Step.MORE
        return Step.DONE


def is_wanted(node: Node, found: GraphModel) -> bool:
    """Whether the next model is to embed a node: not one with a vector of the caller's own, which stands for its text,
    unless that is of the model which is going."""
    return not node.HasField("embedding") or (found.replaced and node.embedding.model == found.model)
