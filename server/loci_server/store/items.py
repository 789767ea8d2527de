"""Reads of nodes and edges, and the one statement that writes them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import asyncpg

from loci_server.domain.items import EdgeChange, Kind, NodeChange, Op, StoredEdge, StoredNode
from loci_server.domain.limits import MAX_MESSAGE_BYTES
from loci_server.domain.names import edge_name, node_name
from loci_server.errors import EdgeNotFound, GraphNotFound, LimitExceeded, NodeNotFound
from loci_server.store.audit import AuditRow
from loci_server.store.handles import GraphHandle, Handles
from loci_server.store.pool import Database
from loci_server.store.rows import (
    EDGE_CONTENT,
    NODE_CONTENT,
    Document,
    edge_version,
    node_version,
    stored_edge,
    stored_node,
)
from loci_server.store.statements import statements
from loci_server.store.times import moment

CONFLICT, GRAPH_GONE, REPEATED, OTHER_FIELDS, REPLACED = "LC001", "LC002", "LC003", "LC005", "LC006"
UNIQUE = "23505"
SERIALIZATION = "40P01", "40001"
"""Deadlocks, and conflicts where the database isolates more than it must."""

PASSES_ALL: Final[tuple[object, ...]] = (None,) * 18
"""A loci.node_filter."""
SQL = statements("items")
GRAPHS = statements("graphs")


class Conflict(Exception):
    """What the commit relied on has changed; `constraint` names the unique key that was met, if it was one."""

    def __init__(self, constraint: str | None = None) -> None:
        super().__init__(constraint)
        self.constraint = constraint


class OtherFields(Exception):
    """The graph has chosen anew what is searched, and the handle does not know."""


class ModelReplaced(Exception):
    """The graph is not searched by this model, or no more."""


class Repeated(Exception):
    """A commit with this request_id was made before."""


@dataclass(slots=True)
class Traits:
    """A loci.commit_traits: what a commit adds to the counts of its graph, and what it does at all."""

    nodes: int = 0
    edges: int = 0
    bytes: int = 0
    documents: int = 0
    length: int = 0
    serial: int = 0
    embeds: bool = False
    replaces: bool = False
    moves: bool = False
    erases: bool = False
    properties: bool = False
    expires: datetime | None = None
    tokens: Mapping[int, int] = field(default_factory=dict)
    """That the commit was decided by, with how many nodes have each."""
    search_version: int | None = None
    """Of the choice by which nodes were looked at, and of the key that sealed; None: it does not matter."""

    def node(self, change: NodeChange, document: Document | None, tokens: Sequence[int], row: Sequence[object]) -> None:
        """Counts a node in, of which `row` is the loci.node_change."""
        stored = change.stored
        self.bytes += size_of(row[NODE_CONTENT]) - (stored.size if stored else 0)
        self.nodes += (change.message is not None) - is_there(stored)
        if stored is not None and stored.doc_no is not None and (change.message is None or change.new_document):
            self.documents -= 1
            self.length -= stored.length
        if document is not None:
            self.documents += 1
            self.length += document.terms.length
            self.serial += 1
            self.embeds |= document.embed
        self.replaces |= is_there(stored)
        self.moves |= change.op in (Op.DELETED, Op.RENAMED, Op.ERASED)
        self.erases |= change.op is Op.ERASED
        self.properties |= bool(tokens)
        if change.message is not None and change.message.HasField("expire_time"):
            expires = moment(change.message.expire_time)
            self.expires = expires if self.expires is None else min(self.expires, expires)

    def edge(self, change: EdgeChange, tokens: Sequence[int], row: Sequence[object]) -> None:
        """Counts an edge in, of which `row` is the loci.edge_change."""
        self.bytes += size_of(row[EDGE_CONTENT]) - (change.stored.size if change.stored else 0)
        self.edges += (change.message is not None) - is_there(change.stored)
        self.replaces |= is_there(change.stored)
        self.erases |= change.op is Op.ERASED
        self.properties |= bool(tokens)

    def row(self) -> tuple[object, ...]:
        return (
            self.nodes,
            self.edges,
            self.documents,
            self.length,
            self.serial,
            self.embeds,
            self.replaces,
            self.moves,
            self.erases,
            self.properties,
            self.expires,
            list(self.tokens),
            list(self.tokens.values()),
            self.search_version,
            self.bytes,
        )


def size_of(content: object) -> int:
    return len(content) if isinstance(content, bytes) else 0


def is_there(stored: StoredNode | StoredEdge | None) -> bool:
    return stored is not None and stored.revision > 0


@dataclass(frozen=True, slots=True)
class CommitRows:
    """The arguments of loci.commit."""

    actor: int
    request_hash: bytes | None
    fingerprint: bytes | None
    answer: bytes | None
    note: bytes | None
    nodes: list[tuple[object, ...]]
    edges: list[tuple[object, ...]]
    vectors: list[tuple[object, ...]]
    expectations: Sequence[tuple[int, str, int]]
    graph_revision: int | None
    traits: Traits
    audit: AuditRow | None = None


@dataclass(frozen=True, slots=True)
class Committed:
    """What became of a commit."""

    revision: int
    time: datetime


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """The sealed answer that a call with this request_id got when it was first made."""

    revision: int
    time: datetime
    fingerprint: bytes
    answer: bytes


@dataclass(slots=True)
class Claims:
    """Nodes by the tokens of their claims, and how many nodes have each token."""

    nodes: dict[int, list[StoredNode]] = field(default_factory=dict)
    holders: dict[int, int] = field(default_factory=dict)

    def of(self, tokens: Iterable[int]) -> list[StoredNode]:
        """The nodes that have any of these tokens, those first that were written last."""
        found = [stored for token in tokens for stored in self.nodes.get(token, ())]
        return sorted(found, key=lambda stored: (-stored.revision, stored.id))


def whole(rows: list[asyncpg.Record], field: str) -> list[asyncpg.Record]:
    """The rows, if the database did not cut them. Raises LimitExceeded."""
    size = sum(len(row["content"]) for row in rows)
    if size >= MAX_MESSAGE_BYTES:
        raise LimitExceeded(field=field, actual=f"at least {size}", limit=MAX_MESSAGE_BYTES, unit="bytes")
    return rows


class Items:
    """Nodes and edges of open graphs."""

    def __init__(self, database: Database, handles: Handles) -> None:
        self._database = database
        self._handles = handles

    async def node(self, handle: GraphHandle, identity: str) -> asyncpg.Record:
        """Raises NodeNotFound, GraphNotFound."""
        rows = await self._database.fetch("get_node", SQL["get_node"], handle.tenant_key, handle.graph_key, identity)
        if not rows:
            await self.revision(handle)
            raise NodeNotFound(resource=node_name(handle.graph_id, identity))
        return rows[0]

    async def edge(self, handle: GraphHandle, identity: str) -> asyncpg.Record:
        """Raises EdgeNotFound, GraphNotFound."""
        rows = await self.edges(handle, [identity])
        if not rows:
            raise EdgeNotFound(resource=edge_name(handle.graph_id, identity))
        return rows[0]

    async def nodes(self, handle: GraphHandle, ids: Sequence[str]) -> list[asyncpg.Record]:
        """Raises LimitExceeded if they are more than fits into one message."""
        return whole(await self.fetch("get_nodes", handle, ids), "nodes")

    async def edges(self, handle: GraphHandle, ids: Sequence[str]) -> list[asyncpg.Record]:
        """Raises LimitExceeded if they are more than fits into one message."""
        return whole(await self.fetch("get_edges", handle, ids), "edges")

    async def fetch(self, name: str, handle: GraphHandle, *arguments: object) -> list[asyncpg.Record]:
        """The rows of a statement of items.sql that takes tenant and graph first. Raises GraphNotFound,
        ModelReplaced."""
        try:
            return await self._database.fetch(name, SQL[name], handle.tenant_key, handle.graph_key, *arguments)
        except asyncpg.PostgresError as error:
            if error.sqlstate == GRAPH_GONE:
                self._handles.forget(handle)
                raise GraphNotFound(resource=handle.name) from None
            if error.sqlstate == REPLACED:
                raise ModelReplaced from None
            raise

    async def stored_nodes(self, handle: GraphHandle, ids: Sequence[str]) -> dict[str, StoredNode | None]:
        """What is there under these ids; None where nothing is."""
        found: dict[str, StoredNode | None] = dict.fromkeys(ids)
        for row in await self.nodes(handle, ids) if ids else ():
            found[row["id"]] = stored_node(handle, row)
        return found

    async def stored_edges(self, handle: GraphHandle, ids: Sequence[str]) -> dict[str, StoredEdge | None]:
        found: dict[str, StoredEdge | None] = dict.fromkeys(ids)
        for row in await self.edges(handle, ids) if ids else ():
            found[row["id"]] = stored_edge(handle, row)
        return found

    async def claims(self, handle: GraphHandle, tokens: Sequence[int], limit: int) -> "Claims":
        """The nodes that have these tokens, at most `limit` of each, those first that were written last."""
        found = Claims()
        for row in await self.fetch("claims", handle, tokens, limit):
            found.holders[row["token"]] = row["holders"]
            if row["id"] is not None:
                found.nodes.setdefault(row["token"], []).append(stored_node(handle, row))
        return found

    async def expired_nodes(self, handle: GraphHandle, ids: Sequence[str] | None, limit: int) -> list[StoredNode]:
        """At most `limit` that have expired and are still there, of these ids or at all; as `node_versions` tells of
        them."""
        rows = await self.fetch("expired_nodes", handle, ids, limit)
        return [node_version(row, len(row["content"])) for row in rows]

    async def node_versions(self, handle: GraphHandle, ids: Sequence[str]) -> dict[str, StoredNode]:
        """What a write over these nodes must know; of their messages the type and the create_time only."""
        rows = await self.fetch("node_versions", handle, ids) if ids else ()
        return {row["id"]: node_version(row, row["size"]) for row in rows}

    async def edge_versions(self, handle: GraphHandle, ids: Sequence[str]) -> dict[str, StoredEdge]:
        """What a write over these edges must know; of their messages the relation and the create_time only."""
        rows = await self.fetch("edge_versions", handle, ids) if ids else ()
        return {row["id"]: edge_version(row) for row in rows}

    async def incident_edges(self, handle: GraphHandle, ids: Sequence[str], limit: int) -> list[StoredEdge]:
        """Edges that leave or enter any of these nodes, at most `limit` of them."""
        rows = await self.fetch("get_incident_edges", handle, ids, limit)
        return [stored_edge(handle, row) for row in rows]

    async def replay(self, handle: GraphHandle, request_hash: bytes) -> FirstAnswer | None:
        """The answer to the commit that a request_id already led to."""
        async with self._database.transaction(handle.tenant_key) as transaction:
            row = await transaction.fetchrow(
                "find_answer",
                SQL["find_answer"],
                handle.tenant_key,
                handle.graph_key,
                request_hash,
            )
        return FirstAnswer(row["revision"], row["commit_time"], row["fingerprint"], row["answer"]) if row else None

    async def remember(self, handle: GraphHandle, request_hash: bytes, fingerprint: bytes, answer: bytes) -> bool:
        """Keeps the answer to a call that led to no commit. False if its request_id was used meanwhile."""
        async with self._database.transaction(handle.tenant_key) as transaction:
            row = await transaction.fetchrow(
                "remember_answer",
                SQL["remember_answer"],
                handle.tenant_key,
                handle.graph_key,
                request_hash,
                fingerprint,
                answer,
            )
        return row is not None

    async def traces(self, handle: GraphHandle, kind: Kind, ids: Sequence[str]) -> dict[tuple[Kind, str], str]:
        """Of these items those that are gone but not from the log, with the type or relation that they had."""
        rows = await self.fetch("traces", handle, kind, ids)
        return {(kind, row["id"]): row["type"] for row in rows}

    async def revision(self, handle: GraphHandle) -> int:
        """The graph's revision. Raises GraphNotFound."""
        row = await self._database.fetchrow("get_graph", GRAPHS["get_graph"], handle.tenant_key, handle.graph_id)
        if row is None or row["delete_time"] is not None or row["graph_key"] != handle.graph_key:
            self._handles.forget(handle)
            raise GraphNotFound(resource=handle.name)
        revision: int = row["revision"]
        return revision

    async def reopened(self, handle: GraphHandle) -> GraphHandle:
        """The graph as it is now. Raises GraphNotFound."""
        fresh = await self._handles.refresh(handle.tenant_key, handle.graph_id)
        if fresh.graph_key != handle.graph_key:
            raise GraphNotFound(resource=handle.name)
        return fresh

    async def commit(self, handle: GraphHandle, rows: CommitRows) -> Committed:
        """One transaction, one revision. Raises Conflict, Repeated, OtherFields, GraphNotFound."""
        try:
            row = await self._database.fetchrow(
                "commit",
                SQL["commit"],
                handle.tenant_key,
                handle.graph_key,
                rows.actor,
                rows.request_hash,
                rows.fingerprint,
                rows.answer,
                rows.note,
                rows.nodes,
                rows.edges,
                rows.vectors,
                rows.expectations,
                rows.graph_revision,
                rows.traits.row(),
                rows.audit,
            )
        except asyncpg.PostgresError as error:
            if error.sqlstate in (CONFLICT, UNIQUE, *SERIALIZATION):
                raise Conflict(getattr(error, "constraint_name", None)) from None
            if error.sqlstate == REPEATED:
                raise Repeated from None
            if error.sqlstate == OTHER_FIELDS:
                raise OtherFields from None
            if error.sqlstate == GRAPH_GONE:
                self._handles.forget(handle)
                raise GraphNotFound(resource=handle.name) from None
            raise
        assert row is not None
        return Committed(row["revision"], row["commit_time"])
