"""The queue of background work."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum

import asyncpg

from loci_server.errors import GraphNotFound
from loci_server.store.handles import GraphHandle
from loci_server.store.items import GRAPH_GONE, OTHER_FIELDS, OtherFields
from loci_server.store.pool import Database
from loci_server.store.statements import statements

SQL = statements("jobs")
WORKER = "worker"


class JobKind(IntEnum):
    """As in loci.jobs."""

    EMBED = 1
    MERGE = 2
    INDEX = 3
    EXPIRE = 4
    CHANGE = 5
    LATE = 6
    RECALCULATE = 20


@dataclass(frozen=True, slots=True)
class Job:
    tenant_key: int
    graph_key: int
    subject: int
    attempts: int


@contextmanager
def documents_held(handle: GraphHandle) -> Iterator[None]:
    """Around a statement that holds documents (loci.hold_documents). Raises OtherFields, GraphNotFound."""
    try:
        yield
    except asyncpg.PostgresError as error:
        if error.sqlstate == OTHER_FIELDS:
            raise OtherFields from None
        if error.sqlstate == GRAPH_GONE:
            raise GraphNotFound(resource=handle.name) from None
        raise


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

    async def finish_claimed(self, kind: JobKind, job: Job) -> None:
        """Removes a claimed job, unless it is due again."""
        async with self._database.transaction(job.tenant_key) as transaction:
            await transaction.fetch(
                "finish_claimed", SQL["finish_claimed"], job.tenant_key, job.graph_key, kind, job.subject
            )

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
        self, handle: GraphHandle, vectors: Sequence[tuple[object, ...]], done: Sequence[int]
    ) -> None:
        """Writes vectors of documents that are still there, and removes the jobs of those that are done, in one
        transaction. Raises OtherFields, GraphNotFound of a graph that was erased."""
        place = handle.tenant_key, handle.graph_key, handle.fields_version
        with documents_held(handle):
            await self._database.fetch("store_vectors", SQL["store_vectors"], *place, vectors, done)

    async def index_vectors(self, job: Job, least: int, limit: int) -> bool:
        """A step of indexing the vectors of a graph and model that has more than `least`, at most `limit` of them. True
        if there may be more to do."""
        row = await self._database.fetchrow(
            "index_vectors", SQL["index_vectors"], job.tenant_key, job.graph_key, job.subject, least, limit
        )
        assert row is not None
        more: bool = row["more"]
        return more

    async def await_expiry(self, job: Job) -> None:
        """Puts a claimed job off to when the next node of the graph expires; it goes if none does."""
        await self._database.fetch("await_expiry", SQL["await_expiry"], job.tenant_key, job.graph_key)

    async def merge_tail(self, tenant_key: int, graph_key: int, limit: int) -> int:
        row = await self._database.fetchrow("merge_tail", SQL["merge_tail"], tenant_key, graph_key, limit)
        assert row is not None
        merged: int = row["merged"]
        return merged

    async def lexical_burden(self, tenant_key: int, graph_key: int, asked: bool, limit: int) -> list[int]:
        """Dead documents that are to be taken out of a graph's segments now: all if they are `asked` for, else none
        while they are few. At most `limit`."""
        row = await self._database.fetchrow(
            "lexical_burden", SQL["lexical_burden"], tenant_key, graph_key, asked, limit
        )
        assert row is not None
        dead: list[int] = row["dead"]
        return dead

    async def purge_dead(
        self, tenant_key: int, graph_key: int, dead: Sequence[int], after: int | None, limit: int
    ) -> int | None:
        """A step of it, of some `limit` rows behind the term `after`. The last term that was looked at; None: it is
        done."""
        row = await self._database.fetchrow("purge_dead", SQL["purge_dead"], tenant_key, graph_key, dead, after, limit)
        assert row is not None
        last: int | None = row["last"]
        return last

    async def purge(self, limit: int = 10_000) -> bool:
        """Removes answers older than 24 hours and imports untouched for seven days, at most `limit` of each. True if
        there may be more."""
        removed = []
        for name in ("purge_answers", "purge_imports"):
            async with self._database.transaction(None, role=WORKER) as transaction:
                row = await transaction.fetchrow(name, SQL[name], limit)
                removed.append(row["removed"] if row else 0)
        return max(removed) >= limit
