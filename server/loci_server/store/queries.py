"""The history of what was asked."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import asyncpg

from loci_server.store.handles import GraphHandle
from loci_server.store.notes import Notes
from loci_server.store.pool import Database
from loci_server.store.statements import statements

SQL = statements("queries")
WORKER = "worker"


class QueryRow(NamedTuple):
    """A loci.query_row."""

    tenant_key: int
    graph_key: int
    query_id: str
    time: datetime
    actor: int
    content: bytes


class Queries:
    """What was asked of open graphs, and its end."""

    def __init__(self, database: Database, notes: Notes) -> None:
        self._database = database
        self._notes = notes

    async def record(self, rows: Sequence[QueryRow]) -> None:
        """Writes queries, in one statement. Of graphs that are gone or keep no history, or did not keep one when it was
        asked, it writes none."""
        async with self._database.transaction(None) as transaction:
            before = datetime.now(UTC)
            clock = await transaction.fetchrow("clock", SQL["clock"])
            assert clock is not None
            late = behind(before, clock["now"], datetime.now(UTC))
            await transaction.fetch("record_queries", SQL["record_queries"], rows, late)

    async def page(
        self, handle: GraphHandle, start: datetime, end: datetime, time: datetime, query_id: UUID, limit: int
    ) -> list[asyncpg.Record]:
        """What was asked from `start` until before `end`, latest first, behind a place. Raises GraphNotFound."""
        return await self._notes.fetch("list_queries", SQL["list_queries"], handle, start, end, time, query_id, limit)

    async def find(self, handle: GraphHandle, query_id: str) -> asyncpg.Record | None:
        async with self._database.transaction(handle.tenant_key) as transaction:
            return await transaction.fetchrow(
                "find_query", SQL["find_query"], handle.tenant_key, handle.graph_key, query_id
            )

    async def kept(self, handle: GraphHandle) -> bool:
        """Whether a graph keeps a history. False of one that is not there."""
        async with self._database.transaction(handle.tenant_key) as transaction:
            row = await transaction.fetchrow("keeps_queries", SQL["keeps_queries"], handle.tenant_key, handle.graph_key)
        return row is not None and bool(row["query_history"])

    async def purge(self, before: datetime, limit: int) -> int:
        """Removes up to `limit` queries that are older, and older than a day. How many."""
        async with self._database.transaction(None, role=WORKER) as transaction:
            row = await transaction.fetchrow("purge_queries", SQL["purge_queries"], before, limit)
        assert row is not None
        removed: int = row["removed"]
        return removed


def behind(before: datetime, there: datetime, after: datetime) -> timedelta:
    """How far the clock here is behind another one that showed `there` between `before` and `after`. Nothing if they
    may agree, else the least that it can be, so that what is dated by it is rather too early."""
    least, most = there - after, there - before
    return least if most < timedelta(0) else max(least, timedelta(0))
