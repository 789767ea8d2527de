"""Imports: each chunk one commit, applied exactly once, in its order, resumable by the import's id."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import TypeVar

import asyncpg
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status

from loci.v1 import bulk_service_pb2 as pb
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Embedding, Node
from loci_server.audit.entry import MAX_SHOWN
from loci_server.audit.trail import Trail
from loci_server.domain import limits
from loci_server.domain.items import EdgeChange, Kind, NodeChange, Op, StoredEdge, StoredNode
from loci_server.domain.names import edge_name, node_name
from loci_server.errors import (
    BadItems,
    DimensionMismatch,
    GraphNotFound,
    ImportNotFound,
    ImportOptionsChanged,
    ImportOutOfSequence,
    InvalidField,
    LociError,
    WriteContention,
)
from loci_server.store.handles import GraphHandle
from loci_server.store.items import CONFLICT, GRAPH_GONE, OTHER_FIELDS, SERIALIZATION, UNIQUE, Items, Traits
from loci_server.store.items import SQL as ITEMS
from loci_server.store.numbers import Numbers
from loci_server.store.pool import Database
from loci_server.store.rows import Document, edge_row, node_row
from loci_server.store.statements import statements
from loci_server.store.times import moment, timestamp
from loci_server.writing.chunks import PreparedChunk, prepare
from loci_server.writing.decisions import Decided, decide
from loci_server.writing.fairness import Fairness
from loci_server.writing.quotas import Quotas, room
from loci_server.writing.vectors import Vectors

SQL = statements("imports")
USES = statements("uses")
MAX_ATTEMPTS = 5
MAX_REPORTED = 10
Item = TypeVar("Item", Node, Edge)


def nothing() -> None:
    """There is nothing to do meanwhile."""


class Importer:
    """Applies chunks to open graphs."""

    def __init__(
        self,
        database: Database,
        items: Items,
        numbers: Numbers,
        vectors: Vectors,
        queued: Callable[[], None],
        committed: Callable[[GraphHandle], None],
        expire: Callable[[GraphHandle, Sequence[str]], Awaitable[bool]],
        status_of: Callable[[LociError], Status],
        quotas: Quotas | None = None,
    ) -> None:
        self._database = database
        self._items = items
        self._numbers = numbers
        self._vectors = vectors
        self._queued = queued
        self._committed = committed
        self._expire = expire
        self._status_of = status_of
        self._quotas = quotas

    async def state(self, handle: GraphHandle, import_id: str) -> pb.ImportState:
        """Raises ImportNotFound, GraphNotFound, and what a bad id raises."""
        check_import_id(import_id)
        async with self._database.transaction(handle.tenant_key) as transaction:
            row = await transaction.fetchrow(
                "find_import", SQL["find_import"], handle.tenant_key, handle.graph_key, import_id
            )
        if row is None:
            await self._items.revision(handle)
            raise ImportNotFound(resource=handle.name)
        return state_message(row)

    async def begin(self, handle: GraphHandle, import_id: str, options: pb.ImportOptions) -> pb.ImportState:
        """The import as it stands, begun if it is new. Raises ImportOptionsChanged, GraphNotFound."""
        check_options(import_id, options)
        encoded = canonical(options).SerializeToString(deterministic=True)
        key = handle.tenant_key, handle.graph_key, import_id
        async with self._database.transaction(handle.tenant_key) as transaction:
            await transaction.fetch("begin_import", SQL["begin_import"], *key, encoded)
            row = await transaction.fetchrow("find_import", SQL["find_import"], *key)
            if row is None:
                raise GraphNotFound(resource=handle.name)
        if row["options"] != encoded:
            raise ImportOptionsChanged(field="options")
        return state_message(row)

    async def prepare(
        self, handle: GraphHandle, options: pb.ImportOptions, items: Sequence[pb.BulkItem]
    ) -> PreparedChunk:
        """The part of a chunk's work that needs no database."""
        return await prepare(handle, items, options.keep_times)

    async def apply(
        self,
        handle: GraphHandle,
        import_id: str,
        options: pb.ImportOptions,
        request: pb.ImportItems,
        chunk: PreparedChunk,
        actor: int,
        trail: Trail,
        meanwhile: Callable[[], object] = nothing,
    ) -> pb.ChunkResult:
        """Applies a chunk, or gives the answer it had. Raises BadItems, ImportOutOfSequence, WriteContention,
        QuotaExceeded.

        `meanwhile` may start a task for the time in which the database works; it is called once for each try.
        """
        mark = handle.marks.mark(sha256(request.SerializeToString(deterministic=True)).digest())
        for _ in range(MAX_ATTEMPTS):
            first = await self._applied(handle, import_id, request.sequence, mark)
            if first is not None:
                return first
            chunk = await self._fitting(handle, chunk)
            decided = await decide(self._items, handle, options.on_conflict, chunk)
            if decided.errors and options.on_error != pb.ERROR_POLICY_SKIP:
                raise self._bad_items(chunk, decided)
            rows, traits = await self._rows(handle, decided)
            try:
                async with room(self._quotas, handle, traits):
                    result = await self._write(
                        handle, import_id, request.sequence, mark, actor, trail, decided, rows, meanwhile
                    )
            except asyncpg.PostgresError as error:
                if error.sqlstate in (CONFLICT, UNIQUE, *SERIALIZATION):
                    if error.sqlstate == UNIQUE:  # what has expired has its id until it is removed
                        await self._expire(handle, [item.id for item, _ in decided.nodes])
                    continue
                if error.sqlstate == GRAPH_GONE:
                    raise GraphNotFound(resource=handle.name) from None
                if error.sqlstate == OTHER_FIELDS:  # the chunk was made ready for others: it must come again
                    await self._items.reopened(handle)
                    raise WriteContention(retry_after=0.1) from None
                raise
            if result is not None:
                self._queued()
                self._committed(handle)
                return result
        raise WriteContention(retry_after=0.1)

    async def _applied(self, handle: GraphHandle, import_id: str, sequence: int, mark: bytes) -> pb.ChunkResult | None:
        key = handle.tenant_key, handle.graph_key, import_id
        async with self._database.transaction(handle.tenant_key) as transaction:
            row = await transaction.fetchrow("find_import", SQL["find_import"], *key)
            if row is None:
                raise ImportNotFound(resource=handle.name)
            chunk = None
            if sequence < row["next_sequence"]:
                chunk = await transaction.fetchrow("find_chunk", SQL["find_chunk"], *key, sequence)
        if chunk is not None:
            if chunk["fingerprint"] != mark:
                raise InvalidField(field="items.sequence", detail="this chunk was applied with other items")
            first = pb.ChunkResult.FromString(chunk["result"])
            first.replayed = True
            return first
        if sequence != row["next_sequence"]:
            raise ImportOutOfSequence(field="items.sequence", expected=row["next_sequence"], actual=sequence)
        return None

    async def _fitting(self, handle: GraphHandle, chunk: PreparedChunk) -> PreparedChunk:
        """The chunk without the nodes whose vectors have another dimension than their model."""
        dimensions: dict[str, int] = {}
        errors: dict[int, LociError] = {}
        for item in chunk.items:
            message = item.message
            if isinstance(message, Node) and message.HasField("embedding"):
                field = "node.embedding.values"
                try:
                    await self._vectors.check(handle, message.embedding, dimensions, field)
                except DimensionMismatch as error:
                    errors[item.index] = error
        if not errors:
            return chunk
        good = [item for item in chunk.items if item.index not in errors]
        return PreparedChunk(chunk.count, good, chunk.errors | errors)

    async def _rows(self, handle: GraphHandle, decided: Decided) -> tuple[list[object], Traits]:
        """The arguments of loci.commit from p_nodes on, and the traits among them."""
        total = len(decided.nodes) + len(decided.edges)
        numbers = await self._numbers.take(total + len(decided.nodes))
        images, documents = iter(numbers[:total]), iter(numbers[total:])
        node_rows: list[tuple[object, ...]] = []
        edge_rows: list[tuple[object, ...]] = []
        embeddings: list[tuple[int, Embedding]] = []
        traits = Traits(search_version=handle.fields_version)
        fairness = Fairness()
        for item, stored in decided.nodes:
            message = item.message
            if fairness.due(message.ByteSize()):
                await fairness.give_way()
            assert isinstance(message, Node)
            document = None
            number = next(documents)
            if item.terms is not None:
                given = message.HasField("embedding")
                document = Document(number, item.terms, embed=not given and item.has_text and self._vectors.can_embed)
                if given:
                    embeddings.append((number, message.embedding))
            message, updated = kept_times(message, stored)
            change = NodeChange(op_of(stored), item.id, stored, message, item.validity)
            node_rows.append(node_row(handle, change, next(images), document, item.tokens, updated))
            traits.node(change, document, item.tokens, node_rows[-1])
        for item, stored_edge in decided.edges:
            await fairness.spend(item.message.ByteSize())
            edge = item.message
            assert isinstance(edge, Edge)
            edge, updated = kept_times(edge, stored_edge)
            edge_change = EdgeChange(op_of(stored_edge), item.id, stored_edge, edge, item.validity)
            edge_rows.append(edge_row(handle, edge_change, next(images), item.tokens, updated))
            traits.edge(edge_change, item.tokens, edge_rows[-1])
        vectors = await self._vectors.given(handle, embeddings)
        expectations = [(Kind.NODE, identity, -1) for identity in decided.endpoints]
        expectations += [(Kind.NODE, stored.id, stored.revision) for _, stored in decided.nodes if stored]
        expectations += [(Kind.EDGE, stored.id, stored.revision) for _, stored in decided.edges if stored]
        return [node_rows, edge_rows, vectors, expectations, None, traits.row()], traits

    async def _write(
        self,
        handle: GraphHandle,
        import_id: str,
        sequence: int,
        mark: bytes,
        actor: int,
        trail: Trail,
        decided: Decided,
        rows: list[object],
        meanwhile: Callable[[], object],
    ) -> pb.ChunkResult | None:
        """None: another call applied this chunk meanwhile."""
        result = pb.ChunkResult(
            sequence=sequence, node_count=len(decided.nodes), edge_count=len(decided.edges), kept_count=decided.kept
        )
        for index in sorted(decided.errors):
            result.errors.add(index=index, status=self._status_of(decided.errors[index]))
        shorten(result)
        key = handle.tenant_key, handle.graph_key, import_id
        async with self._database.transaction(handle.tenant_key) as transaction:
            row = await transaction.fetchrow("lock_import", SQL["lock_import"], *key)
            if row is None or row["next_sequence"] != sequence:
                return None
            meanwhile()  # what it starts runs when the statement below is on its way
            if decided.nodes or decided.edges:
                names, count = touched(handle.graph_id, decided)
                audit = trail.row(names, count)
                key_of_graph = handle.tenant_key, handle.graph_key
                known = standings(decided)
                if known is not None:
                    await transaction.fetch("share_uses", USES["share_uses"], *key_of_graph)
                done = await transaction.fetchrow(
                    "commit", ITEMS["commit"], *key_of_graph, actor, None, None, None, None, *rows, audit
                )
                assert done is not None
                result.revision = done["revision"]
                if known is not None:
                    await transaction.fetch("restore_uses", USES["restore_uses"], *key_of_graph, *known)
            else:
                await trail.leave(transaction, handle.tenant_key, [handle.name])
            encoded = result.SerializeToString()
            await transaction.fetch("remember_chunk", SQL["remember_chunk"], *key, sequence, mark, encoded)
            await transaction.fetch(
                "advance_import",
                SQL["advance_import"],
                *key,
                result.node_count,
                result.edge_count,
                len(decided.errors),
            )
        trail.written()
        return result

    def _bad_items(self, chunk: PreparedChunk, decided: Decided) -> BadItems:
        details = tuple(
            pb.ItemError(index=index, status=self._status_of(decided.errors[index]))
            for index in sorted(decided.errors)[:MAX_REPORTED]
        )
        return BadItems(count=len(decided.errors), total=chunk.count, details=details)


def standings(decided: Decided) -> tuple[list[object], ...] | None:
    """The arguments of loci.restore_uses from p_ids on; None if the chunk brings none."""
    brought = [(item.id, item.standing) for item, _ in decided.nodes if item.standing is not None]
    if not brought:
        return None
    return (
        [identity for identity, _ in brought],
        [known.boost for _, known in brought],
        [known.use_count for _, known in brought],
        [moment(known.first_use_time) if known.use_count else None for _, known in brought],
        [moment(known.last_use_time) if known.use_count else None for _, known in brought],
    )


def touched(graph: str, decided: Decided) -> tuple[list[str], int]:
    """The first names of what a chunk writes, and how many there are: it would take long to find it by all of them."""
    nodes = [node_name(graph, item.id) for item, _ in decided.nodes[:MAX_SHOWN]]
    edges = [edge_name(graph, item.id) for item, _ in decided.edges[: MAX_SHOWN - len(nodes)]]
    return nodes + edges, len(decided.nodes) + len(decided.edges)


def shorten(result: pb.ChunkResult) -> None:
    """Leaves of very many errors the code and the reason, so that the answer can be sent."""
    if result.ByteSize() <= limits.PAGE_BYTES:
        return
    for error in result.errors:
        info = ErrorInfo()
        kept = next((detail for detail in error.status.details if detail.Unpack(info)), None)
        del error.status.details[:]
        error.status.message = ""
        if kept is not None:
            error.status.details.add().Pack(ErrorInfo(reason=info.reason, domain=info.domain))


def op_of(stored: StoredNode | StoredEdge | None) -> Op:
    return Op.CREATED if stored is None else Op.UPDATED


def kept_times(message: Item, stored: StoredNode | StoredEdge | None) -> tuple[Item, datetime | None]:
    """The item with the create_time of what it replaces, unless it brings its own; and its own update_time."""
    if stored is not None and not message.HasField("create_time"):
        replacing = type(message)()
        replacing.CopyFrom(message)
        replacing.create_time.CopyFrom(stored.message.create_time)
        message = replacing
    return message, moment(message.update_time) if message.HasField("update_time") else None


def check_import_id(import_id: str) -> None:
    """Raises InvalidField, LimitExceeded."""
    if not import_id:
        raise InvalidField(field="import_id", detail="give one, to resume by")
    if "\0" in import_id:
        raise InvalidField(field="import_id", detail="it holds a NUL character")
    limits.check_bytes("import_id", import_id, limits.MAX_IMPORT_ID_BYTES)


def check_options(import_id: str, options: pb.ImportOptions) -> None:
    """Raises InvalidField, LimitExceeded."""
    check_import_id(import_id)
    if options.on_error not in pb.ErrorPolicy.values():
        raise InvalidField(field="options.on_error", detail="it is not an ErrorPolicy")
    if options.on_conflict not in pb.ConflictPolicy.values():
        raise InvalidField(field="options.on_conflict", detail="it is not a ConflictPolicy")


def canonical(options: pb.ImportOptions) -> pb.ImportOptions:
    """With the defaults spelt out, so that they are equal however they were given."""
    return pb.ImportOptions(
        on_error=options.on_error or pb.ERROR_POLICY_ABORT,
        on_conflict=options.on_conflict or pb.CONFLICT_POLICY_FAIL,
        keep_times=options.keep_times,
    )


def state_message(row: asyncpg.Record) -> pb.ImportState:
    return pb.ImportState(
        import_id=row["import_id"],
        next_sequence=row["next_sequence"],
        options=pb.ImportOptions.FromString(row["options"]),
        create_time=timestamp(row["create_time"]),
        update_time=timestamp(row["update_time"]),
        node_count=row["node_count"],
        edge_count=row["edge_count"],
        failed_count=row["failed_count"],
    )
