"""What is known of nodes besides what they say: recalls, boosts, judgements, and the salience that was stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg

from loci_server.domain.row import Row
from loci_server.domain.salience import UNUSED, Uses
from loci_server.store.audit import AuditRow
from loci_server.store.handles import GraphHandle
from loci_server.store.jobs import WORKER, Job
from loci_server.store.notes import Note, Notes
from loci_server.store.pool import Database
from loci_server.store.statements import statements
from loci_server.store.times import aware

SQL = statements("uses")
PURGED: Final = 10_000


class UseRow(NamedTuple):
    """A loci.use_row: recalls of one node, as a process has collected them."""

    tenant_key: int
    graph_key: int
    id: str
    uses: int
    first_use_time: datetime
    last_use_time: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What the salience of a node comes of."""

    id: str
    type: str
    importance: float
    said: datetime
    uses: Uses


@dataclass(frozen=True, slots=True)
class Stretch:
    """The next nodes of a recalculation, and where in it they stand."""

    time: datetime
    after: str
    nodes: Sequence[Standing]


class NodeUses:
    """Those of open graphs."""

    def __init__(self, database: Database, notes: Notes) -> None:
        self._database = database
        self._notes = notes

    async def record(self, process: UUID, number: int, rows: Sequence[UseRow]) -> set[int]:
        """Adds recalls, in one statement. Those of one number of a process are added once, whether or not the answer
        came back. Graphs of which nothing could be written now."""
        busy = await self._database.fetch("record_uses", SQL["record_uses"], process, number, rows)
        return {row["graph_key"] for row in busy}

    async def purge(self) -> bool:
        """Removes what tells of processes that are gone. True if there may be more."""
        async with self._database.transaction(None, role=WORKER) as transaction:
            row = await transaction.fetchrow("purge_use_flushes", SQL["purge_use_flushes"], PURGED)
        return row is not None and row["removed"] >= PURGED

    async def standings(self, handle: GraphHandle, ids: Sequence[str]) -> dict[str, Standing]:
        """By id, of nodes that are there. Raises GraphNotFound."""
        rows = await self._notes.fetch("node_standings", SQL["node_standings"], handle, ids)
        return {row["id"]: standing(row) for row in rows}

    async def boost(self, handle: GraphHandle, identity: str, boost: float, note: Note) -> None:
        """Raises GraphNotFound, NodeNotFound, Repeated."""
        arguments = (*note.once, identity, boost, note.audit)
        await self._notes.fetch("boost_node", SQL["boost_node"], handle, *arguments, node=identity)

    async def begin(self, handle: GraphHandle, time: datetime | None, audit: AuditRow | None) -> asyncpg.Record:
        """Begins a recalculation, or finds the one that is under way. Raises GraphNotFound."""
        sql = SQL["begin_recalculation"]
        return (await self._notes.fetch("begin_recalculation", sql, handle, time, audit))[0]

    async def recalculation(self, handle: GraphHandle) -> asyncpg.Record | None:
        """The last one. Raises GraphNotFound."""
        rows = await self._notes.fetch("get_recalculation", SQL["get_recalculation"], handle)
        return rows[0] if rows else None

    async def stretch(self, job: Job, limit: int) -> Stretch | None:
        """The next nodes of the recalculation that is under way; None: there is none."""
        sql = SQL["recalculation_page"]
        rows = await self._database.fetch("recalculation_page", sql, job.tenant_key, job.graph_key, limit)
        if not rows:
            return None
        nodes = [standing(row) for row in rows if row["id"] is not None]
        return Stretch(aware(rows[0]["time"]), rows[0]["after_id"], nodes)

    async def store(self, job: Job, stretch: Stretch, saliences: Sequence[float]) -> bool:
        """Stores what a stretch came to. Without nodes it ends the recalculation. False if somebody else went on."""
        nodes = stretch.nodes
        row = await self._database.fetchrow(
            "store_saliences",
            SQL["store_saliences"],
            job.tenant_key,
            job.graph_key,
            stretch.time,
            stretch.after,
            nodes[-1].id if nodes else None,
            len(nodes),
            [node.id for node in nodes],
            [node.importance for node in nodes],
            saliences,
        )
        assert row is not None
        stored: bool = row["stored"]
        return stored


def standing(row: Row) -> Standing:
    said = row["event_time"] if row["event_time"] is not None else row["create_time"]
    return Standing(row["id"], row["type"], row["importance"], aware(said), uses_of(row))


def uses_of(row: Row) -> Uses:
    """Of a row that may have what is known of a node."""
    if row["uses"] is None:
        return UNUSED
    first, last = row["first_use_time"], row["last_use_time"]
    return Uses(
        row["uses"],
        None if first is None else aware(first),
        None if last is None else aware(last),
        row["boost"],
        row["helpful"],
        row["unhelpful"],
    )
