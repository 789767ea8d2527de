"""Graphs: made with their keys, listed, renamed, deleted and brought back."""

from collections.abc import Coroutine, Sequence
from itertools import groupby
from typing import Any

import asyncpg

from loci.v1.graph_pb2 import Graph, GraphStats, SearchFields
from loci_server.crypto.envelope import Sealer, WrappedKey, graph_scope
from loci_server.crypto.installation import Installation
from loci_server.crypto.provider import KeyProvider
from loci_server.domain.names import graph_name
from loci_server.domain.quotas import Amount
from loci_server.errors import (
    ContentUnreadable,
    EtagMismatch,
    GraphBeingErased,
    GraphExists,
    GraphNotDeleted,
    GraphNotFound,
)
from loci_server.identity.grants import ALL_GRAPHS, Grants
from loci_server.store.audit import Leave, unaudited
from loci_server.store.graph_answers import GraphAnswers, MadeBefore, Repeat
from loci_server.store.handles import (
    CONTENT,
    PURPOSES,
    GraphHandle,
    Handles,
    new_keys,
    open_fields,
    seal_fields,
)
from loci_server.store.places import DISPLAY_NAME, GRAPH
from loci_server.store.pool import Database
from loci_server.store.rows import etag
from loci_server.store.statements import statements
from loci_server.store.tenants import hold_tenant
from loci_server.store.times import write_timestamp

SQL, QUERIES, ERASURES = statements("graphs"), statements("queries"), statements("erasures")


class Graphs:
    """Graphs of one tenant at a time. Writes with a request hash that was used give the first answer."""

    def __init__(self, database: Database, keys: KeyProvider, installation: Installation, handles: Handles) -> None:
        self._database = database
        self._keys = keys
        self._installation = installation
        self._answers = GraphAnswers(keys, installation)
        self._handles = handles

    async def create(
        self,
        tenant_key: int,
        graph_id: str,
        display_name: str,
        repeat: Repeat,
        audit: Leave = unaudited,
        fields: SearchFields | None = None,
        *,
        query_history: bool = True,
    ) -> Graph:
        """Raises GraphExists, GraphBeingErased, TenantErased, RequestIdReused."""
        repeat = repeat.keyed(self._installation)
        making = self._create(tenant_key, graph_id, display_name, repeat, audit, fields, query_history)
        return await self._once(making)

    async def _create(
        self,
        tenant_key: int,
        graph_id: str,
        display_name: str,
        repeat: Repeat,
        audit: Leave,
        fields: SearchFields | None,
        query_history: bool,
    ) -> Graph:
        keys = await new_keys(self._keys, tenant_key)
        async with self._database.transaction(tenant_key) as transaction:
            await self._answers.claim(transaction, tenant_key, repeat)
            await hold_tenant(transaction, tenant_key)
            await transaction.fetch("make_way", ERASURES["make_way"], tenant_key, graph_id)
            row = await transaction.fetchrow("insert_graph", SQL["insert_graph"], tenant_key, graph_id, query_history)
            if row is None:
                there = await transaction.fetch("graph_with_keys", SQL["graph_with_keys"], tenant_key, graph_id)
                raise (GraphExists if there else GraphBeingErased)(resource=graph_name(graph_id))
            graph_key = row["graph_key"]
            for purpose, _, wrapped in keys:
                await transaction.fetch(
                    "insert_key", SQL["insert_key"], tenant_key, graph_key, purpose, wrapped.kek_id, wrapped.wrapped
                )
            sealer = Sealer(graph_scope(tenant_key, graph_key), {1: keys[0][1]})
            sealed = sealer.seal(GRAPH, b"", DISPLAY_NAME, display_name.encode())
            chosen = seal_fields(sealer, fields) if fields is not None else None
            await transaction.fetch("set_sealed", SQL["set_sealed"], tenant_key, graph_key, sealed, chosen)
            graph = message(row, display_name, fields)
            await audit(transaction, tenant_key, [graph.name])
            await self._answers.remember(transaction, tenant_key, graph_key, repeat, sealer, graph)
            return graph

    async def get(self, tenant_key: int, graph_id: str) -> Graph:
        """The graph, deleted or not. Raises GraphNotFound."""
        rows = await self._rows(tenant_key, graph_id)
        if not rows:
            raise GraphNotFound(resource=graph_name(graph_id))
        return opened(rows[0], await self._sealer(tenant_key, rows))

    async def page(
        self, tenant_key: int, after: str, show_deleted: bool, limit: int, grants: Grants = ALL_GRAPHS
    ) -> list[Graph]:
        """Those that are granted, in order of id behind `after`."""
        lows, highs = zip(*grants.spans(), strict=True)
        async with self._database.transaction(tenant_key) as transaction:
            rows = await transaction.fetch(
                "list_graphs", SQL["list_graphs"], tenant_key, after, show_deleted, limit, lows, highs
            )
        of_graphs = groupby(rows, key=lambda row: row["graph_key"])
        found = [[*of_graph] for _, of_graph in of_graphs]
        return [opened(of_graph[0], await self._sealer(tenant_key, of_graph)) for of_graph in found]

    async def update(
        self,
        tenant_key: int,
        graph_id: str,
        name: str | None,
        fields: SearchFields | None,
        query_history: bool | None,
        tag: str,
        repeat: Repeat,
        audit: Leave = unaudited,
    ) -> Graph:
        """Gives it another display name, other fields to search, begins or ends its history of queries (None: leaves
        them). Raises GraphNotFound, EtagMismatch, RequestIdReused."""
        repeat = repeat.keyed(self._installation)
        changing = self._change(tenant_key, graph_id, tag, repeat, name, fields, "", audit, query_history)
        return await self._once(changing)

    async def delete(self, tenant_key: int, graph_id: str, tag: str, repeat: Repeat, audit: Leave = unaudited) -> Graph:
        """Hides it. Raises GraphNotFound, EtagMismatch, RequestIdReused."""
        repeat = repeat.keyed(self._installation)
        return await self._once(self._change(tenant_key, graph_id, tag, repeat, None, None, "delete", audit))

    async def undelete(self, tenant_key: int, graph_id: str, repeat: Repeat, audit: Leave = unaudited) -> Graph:
        """Raises GraphNotFound, GraphNotDeleted, RequestIdReused."""
        return await self._once(self._undelete(tenant_key, graph_id, repeat.keyed(self._installation), audit))

    async def _undelete(self, tenant_key: int, graph_id: str, repeat: Repeat, audit: Leave) -> Graph:
        rows = await self._rows(tenant_key, graph_id)
        if not rows:
            raise await self._answered_or_gone(tenant_key, graph_id, repeat)
        sealer = await self._sealer(tenant_key, rows)
        async with self._database.transaction(tenant_key) as transaction:
            await self._answers.claim(transaction, tenant_key, repeat)
            row = await transaction.fetchrow("lock_graph", SQL["lock_graph"], tenant_key, graph_id)
            if row is None or row["graph_key"] != rows[0]["graph_key"]:
                raise GraphNotFound(resource=graph_name(graph_id))
            if row["delete_time"] is None:
                raise GraphNotDeleted(resource=graph_name(graph_id))
            row = await transaction.fetchrow(
                "update_graph",
                SQL["update_graph"],
                tenant_key,
                row["graph_key"],
                row["display_name"],
                "undelete",
                None,
                None,
            )
            assert row is not None
            await transaction.fetch("resume_jobs", SQL["resume_jobs"], tenant_key, row["graph_key"])
            await audit(transaction, tenant_key, [graph_name(graph_id)])
            graph = opened(row, sealer)
            await self._answers.remember(transaction, tenant_key, row["graph_key"], repeat, sealer, graph)
            return graph

    async def repeated(self, tenant_key: int, repeat: Repeat) -> Graph | None:
        """The answer that this write got when it was first made. Raises RequestIdReused, GraphNotFound."""
        async with self._database.transaction(tenant_key) as transaction:
            first = await self._answers.find(transaction, tenant_key, repeat.keyed(self._installation))
        return None if first is None else await self._answers.opened(first)

    async def amount(self, tenant_key: int, graph_id: str) -> Amount:
        """What comes back with a graph that is deleted. Nothing, for others."""
        async with self._database.transaction(tenant_key) as transaction:
            row = await transaction.fetchrow("get_graph", SQL["get_graph"], tenant_key, graph_id)
        if row is None or row["delete_time"] is None:
            return Amount()
        return Amount(1, row["node_count"], row["byte_count"])

    async def stats(self, handle: GraphHandle) -> GraphStats:
        """Raises GraphNotFound."""
        async with self._database.transaction(handle.tenant_key) as transaction:
            row = await transaction.fetchrow("get_graph", SQL["get_graph"], handle.tenant_key, handle.graph_id)
            pending = await transaction.fetchrow(
                "count_pending", SQL["count_pending"], handle.tenant_key, handle.graph_key
            )
        if row is None or row["delete_time"] is not None or pending is None:
            raise GraphNotFound(resource=handle.name)
        return GraphStats(
            revision=row["revision"],
            node_count=row["node_count"],
            edge_count=row["edge_count"],
            byte_count=row["byte_count"],
            document_count=row["document_count"],
            pending_embedding_count=pending["pending"],
        )

    async def _change(
        self,
        tenant_key: int,
        graph_id: str,
        tag: str,
        repeat: Repeat,
        name: str | None,
        fields: SearchFields | None,
        action: str,
        audit: Leave,
        query_history: bool | None = None,
    ) -> Graph:
        try:
            handle = await self._handles.get(tenant_key, graph_id)
        except GraphNotFound:
            raise await self._answered_or_gone(tenant_key, graph_id, repeat) from None
        async with self._database.transaction(tenant_key) as transaction:
            await self._answers.claim(transaction, tenant_key, repeat)
            row = await transaction.fetchrow("lock_graph", SQL["lock_graph"], tenant_key, graph_id)
            if row is None or row["delete_time"] is not None or row["graph_key"] != handle.graph_key:
                self._handles.forget(handle)
                raise GraphNotFound(resource=handle.name)
            if tag and tag != etag(row["version"]):
                raise EtagMismatch(resource=handle.name)
            if name is None:
                name = handle.sealer.open(GRAPH, b"", DISPLAY_NAME, row["display_name"]).decode()
            sealed = handle.sealer.seal(GRAPH, b"", DISPLAY_NAME, name.encode())
            chosen = seal_fields(handle.sealer, fields) if fields is not None else None
            row = await transaction.fetchrow(
                "update_graph", SQL["update_graph"], tenant_key, handle.graph_key, sealed, action, chosen, query_history
            )
            assert row is not None
            if query_history is False:
                await transaction.fetch("forget_queries", QUERIES["forget_queries"], tenant_key, handle.graph_key)
            await audit(transaction, tenant_key, [handle.name])
            graph = message(row, name, open_fields(handle.sealer, row["search_fields"]))
            await self._answers.remember(transaction, tenant_key, handle.graph_key, repeat, handle.sealer, graph)
        if action == "delete" or fields is not None:
            self._handles.forget(handle)
        return graph

    async def _once(self, write: Coroutine[Any, Any, Graph]) -> Graph:
        """What a write answers, or what it answered when it was first made."""
        try:
            return await write
        except MadeBefore as before:
            return await self._answers.opened(before.first)

    async def _answered_or_gone(self, tenant_key: int, graph_id: str, repeat: Repeat) -> MadeBefore | GraphNotFound:
        """Why a write does not find its graph: it was made before, or there is none."""
        async with self._database.transaction(tenant_key) as transaction:
            first = await self._answers.find(transaction, tenant_key, repeat)
        return GraphNotFound(resource=graph_name(graph_id)) if first is None else MadeBefore(first)

    async def _rows(self, tenant_key: int, graph_id: str) -> list[asyncpg.Record]:
        """A graph, deleted or not, with each of its content keys."""
        async with self._database.transaction(tenant_key) as transaction:
            return await transaction.fetch("graph_with_keys", SQL["graph_with_keys"], tenant_key, graph_id)

    async def _sealer(self, tenant_key: int, rows: Sequence[asyncpg.Record]) -> Sealer:
        """Of one graph, by a row for each of its content keys."""
        keys = {}
        for row in rows:
            wrapped = WrappedKey(row["kek_id"], row["wrapped"])
            try:
                keys[row["key_version"]] = await self._keys.unwrap(tenant_key, PURPOSES[CONTENT], wrapped)
            except ContentUnreadable as error:
                raise error.of_key(graph_name(row["graph_id"]), wrapped.kek_id) from None
        sealing = max(row["key_version"] for row in rows if row["sealing"])
        return Sealer(graph_scope(tenant_key, rows[0]["graph_key"]), keys, sealing)


def opened(row: asyncpg.Record, sealer: Sealer) -> Graph:
    """Raises ContentUnreadable."""
    name = sealer.open(GRAPH, b"", DISPLAY_NAME, row["display_name"]).decode()
    return message(row, name, open_fields(sealer, row["search_fields"]))


def message(row: asyncpg.Record, display_name: str, fields: SearchFields | None) -> Graph:
    graph = Graph(
        name=graph_name(row["graph_id"]),
        display_name=display_name,
        revision=row["revision"],
        etag=etag(row["version"]),
        query_history_disabled=not row["query_history"],
    )
    if fields is not None and fields.ListFields():
        graph.search_fields.CopyFrom(fields)
    write_timestamp(graph.create_time, row["create_time"])
    write_timestamp(graph.update_time, row["update_time"])
    if row["delete_time"] is not None:
        write_timestamp(graph.delete_time, row["delete_time"])
    return graph
