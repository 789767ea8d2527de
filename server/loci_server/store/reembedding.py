"""The change of a graph from one embedding model to another, step by step (migrations/0013_models.sql)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import asyncpg

from loci_server.errors import GraphNotFound
from loci_server.identity.grants import ALL_GRAPHS, Grants
from loci_server.store.audit import Leave, unaudited
from loci_server.store.handles import GraphHandle
from loci_server.store.jobs import WORKER, documents_held
from loci_server.store.pool import Database
from loci_server.store.statements import statements

SQL = statements("reembedding")
QUEUED_AT_ONCE = 10_000
"""Graphs whose change is queued in one statement."""


class Progress(NamedTuple):
    """How far the changes of all tenants are: graphs on their way, those whose last step failed, and documents."""

    graphs: int
    failing: int
    done: int
    total: int


class Reembedding:
    """Each step is one transaction, and does nothing if another process was faster."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def queue(self, target: str) -> None:
        """Queues all graphs of all tenants that are not at this model."""
        async with self._database.transaction(None, role=WORKER) as transaction:
            await transaction.fetch("queue_changes", SQL["queue_changes"], target, QUEUED_AT_ONCE)

    async def begin(self, handle: GraphHandle, number: int, model: str, anew: bool) -> bool:
        """Begins to bring a graph to this model, or to make its vectors anew. False if there is nothing to do."""
        row = await self._one("begin_model", handle, number, model, anew)
        begun: bool = row["begun"]
        return begun

    async def documents(self, handle: GraphHandle, after: int, limit: int) -> tuple[list[int], bool]:
        """What is to be embedded next, and whether it is what came late. It is all done if there is nothing."""
        key = handle.tenant_key, handle.graph_key
        rows = await self._database.fetch("next_documents", SQL["next_documents"], *key, after, limit)
        return [row["doc_no"] for row in rows], bool(rows) and rows[0]["late"]

    async def store(
        self,
        handle: GraphHandle,
        model: int,
        vectors: Sequence[tuple[object, ...]],
        documents: Sequence[int],
        refused: Sequence[int],
        *,
        place: int,
        late: bool,
    ) -> bool:
        """Stores what became of `documents`, which were read at `place`. False if it is not the time for them. Raises
        OtherFields, GraphNotFound of a graph that was erased."""
        upto, count = (place, 0) if late else (documents[-1], len(documents))
        with documents_held(handle):
            row = await self._one(
                "store_next_vectors",
                handle,
                handle.fields_version,
                model,
                vectors,
                documents if late else (),
                place,
                upto,
                count,
                refused,
            )
        stored: bool = row["stored"]
        return stored

    async def switch(self, handle: GraphHandle, begun: datetime | None) -> bool:
        """Lets the next model be searched, if it is complete, and if the change is the one that began then."""
        row = await self._one("switch_model", handle, begun)
        switched: bool = row["switched"]
        return switched

    async def drop(self, handle: GraphHandle, limit: int) -> None:
        """Removes at most `limit` vectors of a former model."""
        await self._one("drop_former_vectors", handle, limit)

    async def note_failure(self, tenant_key: int, graph_key: int, reason: str) -> None:
        async with self._database.transaction(tenant_key) as transaction:
            await transaction.fetch("note_failure", SQL["note_failure"], tenant_key, graph_key, reason)

    async def queue_anew(self, handle: GraphHandle, audit: Leave = unaudited) -> None:
        """Has the vectors of a graph made anew, unless that is under way."""
        async with self._database.transaction(handle.tenant_key) as transaction:
            await transaction.fetch("queue_anew", SQL["queue_anew"], handle.tenant_key, handle.graph_key)
            await audit(transaction, handle.tenant_key, [handle.name])

    async def page(self, tenant_key: int, after: int, limit: int, grants: Grants = ALL_GRAPHS) -> list[asyncpg.Record]:
        """Graphs that are granted and being changed, behind one of them."""
        lows, highs = zip(*grants.spans(), strict=True)
        async with self._database.transaction(tenant_key) as transaction:
            return await transaction.fetch(
                "list_reembeddings", SQL["list_reembeddings"], tenant_key, after, limit, lows, highs
            )

    async def count(self, tenant_key: int, grants: Grants = ALL_GRAPHS) -> int:
        lows, highs = zip(*grants.spans(), strict=True)
        async with self._database.transaction(tenant_key) as transaction:
            row = await transaction.fetchrow("count_reembeddings", SQL["count_reembeddings"], tenant_key, lows, highs)
        assert row is not None
        graphs: int = row["graphs"]
        return graphs

    async def progress(self) -> Progress:
        async with self._database.transaction(None, role=WORKER) as transaction:
            row = await transaction.fetchrow("progress", SQL["progress"])
        assert row is not None
        return Progress(row["graphs"], row["failing"], row["done"], row["total"])

    async def one(self, handle: GraphHandle) -> asyncpg.Record:
        """How a graph stands. Raises GraphNotFound."""
        async with self._database.transaction(handle.tenant_key) as transaction:
            row = await transaction.fetchrow(
                "find_reembedding", SQL["find_reembedding"], handle.tenant_key, handle.graph_id
            )
        if row is None or row["graph_key"] != handle.graph_key:
            raise GraphNotFound(resource=handle.name)
        return row

    async def _one(self, name: str, handle: GraphHandle, *arguments: object) -> asyncpg.Record:
        row = await self._database.fetchrow(name, SQL[name], handle.tenant_key, handle.graph_key, *arguments)
        assert row is not None
        return row
