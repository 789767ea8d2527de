"""Reads the log of all graphs of a tenant."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple
from weakref import WeakValueDictionary

import asyncpg

from loci_server.domain.names import graph_name
from loci_server.errors import RevisionCompacted
from loci_server.identity.grants import ALL_GRAPHS, Grants
from loci_server.store.log import COMPACTED, Place
from loci_server.store.pool import Database
from loci_server.store.statements import statements

SQL = statements("feed")
READS, READS_OF_A_TENANT = 4, 2
"""Reads of all graphs that one process has under way at a time."""


class Witness(NamedTuple):
    """A commit that a reader has seen: if the log has another one there, it is not the log that was read."""

    graph_key: int
    revision: int
    time: datetime


class Moment(NamedTuple):
    """What a database has seen, and when."""

    incarnation: int
    """That the transactions of the snapshot are of: one PostgreSQL cluster."""
    snapshot: str
    """As pg_snapshot is written."""
    time: datetime
    witness: Witness | None
    """The last commit that it has seen; None: there is none."""


class State(IntEnum):
    """What became of a graph since a reader was here."""

    THERE = 0
    CREATED = 1
    DELETED = 2
    RESTORED = 3


class Span(NamedTuple):
    """What is to be told of a graph: behind one place, up to a revision."""

    graph_key: int
    graph_id: str
    behind: Place
    target: int
    state: State


class Feed:
    """The log of all graphs. However many readers a process has: they leave the database to others, too."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._room = asyncio.Semaphore(READS)
        self._rooms: WeakValueDictionary[int, asyncio.Semaphore] = WeakValueDictionary()

    async def now(self, tenant_key: int) -> Moment:
        (row,) = await self._read("feed_now", tenant_key)
        written = row["commit_time"]
        witness = None if written is None else Witness(row["graph_key"], row["revision"], written)
        return Moment(row["incarnation"], row["snapshot"], row["snapshot_time"], witness)

    async def holds(self, tenant_key: int, witness: Witness) -> bool:
        """Whether the log has this commit, or nothing any more from its time."""
        (row,) = await self._read("feed_holds", tenant_key, *witness)
        holds: bool = row["holds"]
        return holds

    async def spans(
        self,
        tenant_key: int,
        base: str | None,
        until: str,
        oldest: datetime | None,
        after: str,
        limit: int,
        graph: str,
        told: int,
        grants: Grants = ALL_GRAPHS,
    ) -> list[Span]:
        """At most `limit` graphs that are granted, in order of id behind `after`, in which the snapshot `until` sees
        what `base` does not; without `base`: all, from `oldest` on. Of `graph`, all up to the revision `told` was told
        since then. Raises RevisionCompacted."""
        lows, highs = zip(*grants.spans(), strict=True)
        rows = await self._read("feed_graphs", tenant_key, base, until, oldest, after, limit, graph, told, lows, highs)
        return [
            Span(row["graph_key"], row["graph_id"], Place(row["behind"]), row["target"], State(row["state"]))
            for row in rows
        ]

    async def page(
        self, tenant_key: int, spans: Sequence[Span], since: datetime, *, before: bool, limit: int
    ) -> list[asyncpg.Record]:
        """The first changes of these spans, graph by graph; none that is of a month before `since`. Those of graphs
        that are deleted by now are left out. Raises RevisionCompacted."""
        return await self._read(
            "feed_page",
            tenant_key,
            [span.graph_key for span in spans],
            [span.behind.revision for span in spans],
            [span.behind.ordinal for span in spans],
            [span.target for span in spans],
            since,
            before,
            limit,
        )

    async def _read(self, name: str, tenant_key: int, *arguments: object) -> list[asyncpg.Record]:
        """When there is room: no tenant's readers keep those of others waiting."""
        room = self._rooms.setdefault(tenant_key, asyncio.Semaphore(READS_OF_A_TENANT))
        try:
            async with room, self._room:
                return await self._database.fetch(name, SQL[name], tenant_key, *arguments)
        except asyncpg.PostgresError as error:
            if error.sqlstate == COMPACTED:
                told = error.as_dict()
                raise RevisionCompacted(resource=graph_name(told["message"]), oldest=told["detail"]) from None
            raise
