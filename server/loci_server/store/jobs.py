"""The queue of background work."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from loci_server.store.pool import Database
from loci_server.store.statements import statements

SQL = statements("jobs")
WORKER = "worker"


class JobKind(IntEnum):
    """As in loci.jobs."""

    EMBED = 1
    MERGE = 2


@dataclass(frozen=True, slots=True)
class Job:
    tenant_key: int
    graph_key: int
    subject: int
    attempts: int


class Jobs:
    """Claims work with SKIP LOCKED and a lease; what a dead worker had comes back when the lease ends."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, kind: JobKind, lease: float, graphs: int, limit: int, after: int) -> list[Job]:
        """At most `limit` due jobs of each of the next `graphs` graphs behind the key `after`, for `lease` seconds."""
        async with self._database.transaction(None, role=WORKER) as transaction:
            rows = await transaction.fetch("claim", SQL["claim"], kind, lease, graphs, limit, after)
        return [Job(row["tenant_key"], row["graph_key"], row["subject"], row["attempts"]) for row in rows]

    async def finish(self, kind: JobKind, tenant_key: int, graph_key: int, subjects: Sequence[int]) -> None:
        async with self._database.transaction(tenant_key) as transaction:
            await transaction.fetch("finish", SQL["finish"], tenant_key, graph_key, kind, subjects)

    async def finish_merge(self, tenant_key: int, graph_key: int) -> None:
        """Removes the claimed merge job of a graph, unless it is due again."""
        async with self._database.transaction(tenant_key) as transaction:
            await transaction.fetch("finish_merge", SQL["finish_merge"], tenant_key, graph_key, JobKind.MERGE)

    async def postpone(
        self, kind: JobKind, tenant_key: int, graph_key: int, subjects: Sequence[int], seconds: float
    ) -> None:
        async with self._database.transaction(tenant_key) as transaction:
            await transaction.fetch("postpone", SQL["postpone"], tenant_key, graph_key, kind, subjects, seconds)

    async def put_off_deleted(
        self, kind: JobKind, tenant_key: int, graph_key: int, subjects: Sequence[int], seconds: float
    ) -> None:
        """Puts jobs of a graph off that was found deleted. If it has come back since, they are due at once."""
        async with self._database.transaction(tenant_key) as transaction:
            await transaction.fetch("hold_graph", SQL["hold_graph"], tenant_key, graph_key)
            await transaction.fetch(
                "put_off_deleted", SQL["put_off_deleted"], tenant_key, graph_key, kind, subjects, seconds
            )

    async def backlog(self) -> dict[JobKind, int]:
        async with self._database.transaction(None, role=WORKER) as transaction:
            rows = await transaction.fetch("backlog", SQL["backlog"])
        return {JobKind(row["kind"]): row["jobs"] for row in rows}

    async def graph_id(self, tenant_key: int, graph_key: int) -> str | None:
        """The id of a live graph."""
        async with self._database.transaction(tenant_key) as transaction:
            row = await transaction.fetchrow("graph_by_key", SQL["graph_by_key"], tenant_key, graph_key)
        return row["graph_id"] if row else None

    async def store_vectors(
        self, tenant_key: int, graph_key: int, vectors: Sequence[tuple[object, ...]], done: Sequence[int]
    ) -> None:
        """Writes vectors of documents that are still there, and removes their jobs, in one transaction.

        The graph is held first, as commits do: a commit that rewrites a node meanwhile would hide its row from the
        statement that looks whether the document is still there.
        """
        async with self._database.transaction(tenant_key) as transaction:
            await transaction.fetch("hold_graph", SQL["hold_graph"], tenant_key, graph_key)
            await transaction.fetch("finish", SQL["finish"], tenant_key, graph_key, JobKind.EMBED, done)
            if vectors:
                await transaction.fetch("insert_embeddings", SQL["insert_embeddings"], tenant_key, graph_key, vectors)
                await transaction.fetch("confirm_models", SQL["confirm_models"], tenant_key, vectors)

    async def merge_tail(self, tenant_key: int, graph_key: int, limit: int) -> int:
        row = await self._database.fetchrow("merge_tail", SQL["merge_tail"], tenant_key, graph_key, limit)
        assert row is not None
        merged: int = row["merged"]
        return merged

    async def purge(self, limit: int = 10_000) -> bool:
        """Removes answers older than 24 hours and imports untouched for seven days, at most `limit` of each. True if
        there may be more."""
        removed = []
        for name in ("purge_answers", "purge_imports"):
            async with self._database.transaction(None, role=WORKER) as transaction:
                row = await transaction.fetchrow(name, SQL[name], limit)
                removed.append(row["removed"] if row else 0)
        return max(removed) >= limit
