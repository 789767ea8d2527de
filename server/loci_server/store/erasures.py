"""Erasures, as they stand in the database: migrations/0018_erasures.sql says what the states mean."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum, IntEnum, auto
from typing import Any, Final
from uuid import UUID

import asyncpg

from loci_server.domain.names import erasure_name, graph_name, tenant_name
from loci_server.domain.row import Row
from loci_server.errors import ErasureNotFound, RequestIdReused
from loci_server.store.audit import Leave, unaudited
from loci_server.store.jobs import WORKER
from loci_server.store.pool import Database, Transaction
from loci_server.store.statements import statements

SQL = statements("erasures")
OPERATOR: Final = "operator"
GRAPH_TABLES: Final = (
    *("nodes", "edges", "property_index", "lexical_tail", "lexical_segments", "lexical_dead", "embeddings"),
    *("vector_indexes", "graph_models", "jobs", "idempotency", "import_chunks", "imports", "node_uses"),
    *("recalculations", "queries", "feedback", "log_floors", "key_rotations", "changes"),
)
"""All that hold rows of graphs, beside loci.graphs and loci.graph_keys, which go first, and loci.key_changes, which
tells servers of that."""
TENANT_TABLES: Final = (
    *(
        "api_keys",
        "identities",
        "embedding_models",
        "use_flushes",
        "audit_inbox",
        "audit_names",
        "audit",
        "audit_heads",
    ),
    *("idempotency", "key_rotations"),
)
"""Those that hold rows of a tenant that are of no graph."""


class State(IntEnum):
    """As in loci.erasures."""

    DONE = 0
    CLOSING = 1
    REMOVING = 2
    DESTROYING = 3


class Owner(Enum):
    """What has become of the tenant of a graph."""

    THERE = auto()
    BEING_ERASED = auto()
    GONE = auto()


class Erasures:
    """Each step is one transaction. What is told of an erasure that is another process's by then is not heard."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin_graph(
        self,
        erasure: UUID,
        tenant_key: int,
        tenant_id: str,
        graph_id: str,
        actor: str,
        repeat: tuple[bytes, bytes] | None,
        audit: Leave = unaudited,
    ) -> asyncpg.Record | None:
        """Takes the graph's keys away. None: there is no such graph. `repeat`: hash and fingerprint of a request that
        may come again. Raises RequestIdReused."""
        known = erasure, tenant_id, actor, *(repeat or (None, None))
        async with self._database.transaction(tenant_key) as transaction:
            row = await transaction.fetchrow(
                "begin_graph_erasure", SQL["begin_graph_erasure"], tenant_key, graph_id, *known
            )
            if row is not None and row["erasure_id"] == erasure:
                await audit(transaction, tenant_key, [graph_name(graph_id), erasure_name(erasure)])
        return _first(row, repeat)

    async def begin_tenant(
        self,
        erasure: UUID,
        tenant_key: int,
        tenant_id: str,
        actor: str,
        repeat: tuple[bytes, bytes] | None,
        audit: Leave = unaudited,
    ) -> asyncpg.Record | None:
        """Refuses the tenant's credentials. None: there is no such tenant. Raises RequestIdReused."""
        known = repeat or (None, None)
        async with self._database.transaction(None, role=OPERATOR) as transaction:
            row = await transaction.fetchrow(
                "begin_tenant_erasure", SQL["begin_tenant_erasure"], tenant_key, erasure, actor, *known
            )
            if row is not None and row["erasure_id"] == erasure:
                await audit(transaction, tenant_key, [tenant_name(tenant_id), erasure_name(erasure)])
        return _first(row, repeat)

    async def repeated(self, tenant_id: str, repeat: tuple[bytes, bytes] | None) -> asyncpg.Record | None:
        """The erasure of a tenant, gone or not, that the same request began. Raises RequestIdReused."""
        if repeat is None:
            return None
        async with self._database.transaction(None, role=OPERATOR) as transaction:
            row = await transaction.fetchrow(
                "find_repeated_erasure", SQL["find_repeated_erasure"], tenant_id, repeat[0]
            )
        return _first(row, repeat)

    async def claim(self, lease: float) -> asyncpg.Record | None:
        """One that is due, for `lease` seconds."""
        async with self._database.transaction(None, role=WORKER) as transaction:
            return await transaction.fetchrow("claim_erasure", SQL["claim_erasure"], lease)

    async def wait(self, erasure: Row, seconds: float, failure: str | None = None) -> None:
        await self._tell("wait_erasure", erasure, seconds, failure)

    async def owner(self, erasure: Row) -> Owner:
        """What has become of the tenant."""
        async with self._database.transaction(erasure["tenant_key"]) as transaction:
            row = await transaction.fetchrow("tenant_state", SQL["tenant_state"], erasure["tenant_key"])
        if row is None:
            return Owner.GONE
        return Owner.BEING_ERASED if row["erased"] else Owner.THERE

    async def close_graphs(self, erasure: Row, limit: int) -> int:
        """Takes away the keys of some of the tenant's graphs. How many there were."""
        row = await self._one("close_graphs", erasure["tenant_key"], erasure["erasure_id"], limit)
        closed: int = row["closed"]
        return closed

    async def remove_rows(self, erasure: Row, graph_key: int, limit: int) -> int:
        """Removes rows of a graph. How many."""
        async with self._database.transaction(erasure["tenant_key"]) as transaction:
            return await _remove(transaction, erasure, "erase_rows", graph_key, GRAPH_TABLES, limit)

    async def remove_tenant_rows(self, erasure: Row, limit: int) -> int:
        async with self._database.transaction(erasure["tenant_key"]) as transaction:
            return await _remove(transaction, erasure, "erase_tenant_rows", TENANT_TABLES, limit)

    async def next_graph(self, erasure: Row) -> int | None:
        """A graph of the tenant that has a row."""
        row = await self._one("next_closed_graph", erasure["tenant_key"])
        graph: int | None = row["graph_key"]
        return graph

    async def settle_graph(self, erasure: Row, graph_key: int) -> None:
        """Its row tells nothing any more but that it was there."""
        await self._in_tenant("settle_graph", erasure["tenant_key"], graph_key)

    async def drop_graph(self, erasure: Row, graph_key: int) -> None:
        await self._in_tenant("drop_graph", erasure["tenant_key"], graph_key)

    async def drop_tenant(self, erasure: Row, limit: int) -> None:
        """The row of an erased tenant, and what came after its rows were removed."""
        tenant_key = erasure["tenant_key"]
        async with self._database.transaction(tenant_key, role=OPERATOR) as transaction:
            await transaction.fetch("take_tenant", SQL["take_tenant"], tenant_key)
            while await _remove(transaction, erasure, "erase_tenant_rows", TENANT_TABLES, limit):
                pass
            await transaction.fetch("drop_tenant", SQL["drop_tenant"], tenant_key)

    async def enter(self, erasure: Row, state: State) -> None:
        await self._tell("enter_erasure_state", erasure, state)

    async def note_keys(self, erasure: Row, kek_ids: Sequence[str]) -> None:
        """The key-encryption keys that are about to be destroyed: who destroys them may not live to tell."""
        await self._in_tenant("note_keys", erasure["tenant_key"], erasure["erasure_id"], kek_ids)

    async def end(
        self,
        erasure: Row,
        time: datetime,
        destroyed: Sequence[str],
        remaining: Sequence[str],
        statement: str,
        signature: bytes,
    ) -> None:
        await self._tell("end_erasure", erasure, time, destroyed, remaining, statement, signature)

    async def find(self, erasure: UUID) -> asyncpg.Record:
        """Ownersoever it is. Raises ErasureNotFound."""
        async with self._database.transaction(None, role=OPERATOR) as transaction:
            row = await transaction.fetchrow("find_erasure", SQL["find_erasure"], erasure)
        if row is None:
            raise ErasureNotFound(resource=erasure_name(erasure))
        return row

    async def page(self, tenant_key: int, time: datetime, erasure: UUID, limit: int) -> list[asyncpg.Record]:
        """Of a tenant, behind a place, latest first."""
        async with self._database.transaction(tenant_key) as transaction:
            return await transaction.fetch("list_erasures", SQL["list_erasures"], tenant_key, time, erasure, limit)

    async def page_of_all(self, time: datetime, erasure: UUID, limit: int) -> list[asyncpg.Record]:
        """The same of all tenants, for operators."""
        async with self._database.transaction(None, role=OPERATOR) as transaction:
            return await transaction.fetch("list_all_erasures", SQL["list_all_erasures"], time, erasure, limit)

    async def page_by_id(self, tenant_id: str, time: datetime, erasure: UUID, limit: int) -> list[asyncpg.Record]:
        """The same of all tenants that have or had an id, for operators."""
        async with self._database.transaction(None, role=OPERATOR) as transaction:
            return await transaction.fetch(
                "list_erasures_by_id", SQL["list_erasures_by_id"], tenant_id, time, erasure, limit
            )

    async def _tell(self, name: str, erasure: Row, *arguments: object) -> None:
        await self._in_tenant(name, erasure["tenant_key"], erasure["erasure_id"], erasure["run_after"], *arguments)

    async def _in_tenant(self, name: str, tenant_key: int, *arguments: object) -> None:
        async with self._database.transaction(tenant_key) as transaction:
            await transaction.fetch(name, SQL[name], tenant_key, *arguments)

    async def _one(self, name: str, *arguments: Any) -> asyncpg.Record:
        row = await self._database.fetchrow(name, SQL[name], *arguments)
        assert row is not None
        return row


async def _remove(transaction: Transaction, erasure: Row, name: str, *arguments: object) -> int:
    """Removes rows by a statement that tells their counts, which the erasure keeps with them. How many."""
    tenant_key = erasure["tenant_key"]
    row = await transaction.fetchrow(name, SQL[name], tenant_key, *arguments)
    assert row is not None
    removed: Mapping[str, int] = json.loads(row["counts"])
    if removed:
        await transaction.fetch("count_erased", SQL["count_erased"], tenant_key, erasure["erasure_id"], row["counts"])
    return sum(removed.values())


def _first(row: asyncpg.Record | None, repeat: tuple[bytes, bytes] | None) -> asyncpg.Record | None:
    if row is not None and repeat is not None and row["fingerprint"] != repeat[1]:
        raise RequestIdReused(field="request_id")
    return row
