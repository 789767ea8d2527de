"""What an import keeps in mind: which chunks are on their way, what the server has, what became of the items.

Pure bookkeeping, the same for both clients. Chunks are numbered from 1 and cut by count and size alone, so that the
same items with the same chunk_size make the same chunks each time; that is what lets an import be taken up again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from loci.v1.bulk_service_pb2 import (
    BulkItem,
    ChunkResult,
    ConflictPolicy,
    ErrorPolicy,
    ImportHeader,
    ImportItems,
    ImportOptions,
    ImportRequest,
    ImportState,
)
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node

from . import names, values
from .errors import BadItems, ItemFailure, LociError, from_status

Item: TypeAlias = Node | Edge | BulkItem
OnError: TypeAlias = Literal["abort", "skip"]
OnConflict: TypeAlias = Literal["fail", "keep", "replace"]

CHUNK_BYTES = 4 * 1024 * 1024
"""A chunk that reaches this is closed; with the largest item it still fits into one message."""
IN_FLIGHT = 4
"""Chunks sent and not yet acknowledged."""


@dataclass(slots=True)
class ImportSummary:
    """How an import went. Counts of nodes, edges and failures are of the whole import, earlier runs included."""

    import_id: str
    node_count: int = 0
    edge_count: int = 0
    failed_count: int = 0
    kept_count: int = 0
    """Items of this run whose id was taken and that gave way."""
    chunk_count: int = 0
    """Chunks that this run had acknowledged."""
    skipped_chunk_count: int = 0
    """Chunks that the server had from an earlier run."""
    revision: int = 0
    """The revision of the last commit of this run; 0 if it wrote nothing."""
    errors: list[ItemFailure] = field(default_factory=list)
    """The items of this run that were left out (on_error="skip")."""


def header(graph: str, import_id: str, on_error: OnError, on_conflict: OnConflict, keep_times: bool) -> ImportRequest:
    """The first message of the stream."""
    options = ImportOptions(
        on_error=values.enum_value(ErrorPolicy, "ERROR_POLICY_", on_error, "on_error"),
        on_conflict=values.enum_value(ConflictPolicy, "CONFLICT_POLICY_", on_conflict, "on_conflict"),
        keep_times=keep_times,
    )
    return ImportRequest(
        header=values.made(ImportHeader, parent=names.graph_name(graph), import_id=import_id, options=options)
    )


def bulk_item(graph: str, item: Item) -> BulkItem:
    """A copy of the item, named in this graph: an export of one graph can so be imported into another."""
    match item:
        case Node():
            result = BulkItem(node=item)
        case Edge():
            result = BulkItem(edge=item)
        case BulkItem():
            result = BulkItem()
            result.CopyFrom(item)
        case _:
            raise TypeError(f"{type(item).__name__} is neither a node nor an edge")
    kind = result.WhichOneof("item")
    if kind is not None:
        named = getattr(result, kind)
        named.name = names.moved(graph, "nodes" if kind == "node" else "edges", named.name)
    return result


class ImportBook:
    """The state of one import_items call."""

    def __init__(self, import_id: str, *, strict: bool) -> None:
        self.summary = ImportSummary(import_id)
        self._strict = strict
        self._resumed_at: int | None = None
        self._next_sequence = 1
        self._next_index = 0
        self._unacknowledged: dict[int, tuple[int, ImportItems]] = {}
        self._last_sent = 0
        self._window = IN_FLIGHT

    @property
    def has_room(self) -> bool:
        """Whether another chunk may be sent before an acknowledgement."""
        return len(self._unacknowledged) < self._window

    @property
    def is_empty(self) -> bool:
        """Whether all that was sent is acknowledged."""
        return not self._unacknowledged

    def connected(self, state: ImportState) -> None:
        """Takes the first answer of a connection.

        What an earlier connection left unacknowledged is sent again, also if the server has it: it answers as the first
        time. It begins with one chunk, because grpc.aio hides why a server ended a stream that is being written to
        (https://github.com/grpc/grpc/issues/36066): if a chunk was the reason, the second try shows it.
        """
        self._last_sent = 0
        if self._resumed_at is not None:
            self._window = 1
            return
        self._resumed_at = state.next_sequence
        self.summary.node_count = state.node_count
        self.summary.edge_count = state.edge_count
        self.summary.failed_count = state.failed_count

    def add(self, items: list[BulkItem]) -> None:
        """Takes the next chunk, and leaves it if the server had it before this run."""
        sequence, start = self._next_sequence, self._next_index
        self._next_sequence += 1
        self._next_index += len(items)
        if self._had(sequence) and sequence not in (1, (self._resumed_at or 0) - 1):
            self.summary.skipped_chunk_count += 1
        else:
            self._unacknowledged[sequence] = (start, ImportItems(sequence=sequence, items=items))

    def _had(self, sequence: int) -> bool:
        """Whether the server had this chunk before this run. The first and the last of these are sent all the same: the
        server refuses them if they hold other items than before."""
        return self._resumed_at is not None and sequence < self._resumed_at

    def sendable(self) -> list[ImportRequest]:
        """What may be sent now over this connection; it counts as sent."""
        first = list(self._unacknowledged.items())[: self._window]
        chunks = [chunk for sequence, (_, chunk) in first if sequence > self._last_sent]
        if chunks:
            self._last_sent = chunks[-1].sequence
        return [ImportRequest(items=chunk) for chunk in chunks]

    def acknowledge(self, result: ChunkResult) -> None:
        """Counts a chunk. Raises BadItems if it was refused for its items."""
        known = self._unacknowledged.pop(result.sequence, None)
        if known is None:
            return
        start, _ = known
        if self._had(result.sequence):
            self.summary.skipped_chunk_count += 1
            return
        self._window = min(self._window + 1, IN_FLIGHT)
        failures = [ItemFailure(start + error.index, from_status(error.status)) for error in result.errors]
        if failures and self._strict:
            raise bad_items(f"{len(failures)} items are bad", failures)
        self.summary.node_count += result.node_count
        self.summary.edge_count += result.edge_count
        self.summary.kept_count += result.kept_count
        self.summary.failed_count += len(failures)
        self.summary.errors += failures
        self.summary.chunk_count += 1
        self.summary.revision = max(self.summary.revision, result.revision)

    def located(self, error: LociError) -> LociError:
        """An error that ended the connection, with its bad items counted among all: chunks are written in their order,
        so they are of the first that is not acknowledged."""
        if not isinstance(error, BadItems) or self.is_empty:
            return error
        start, _ = next(iter(self._unacknowledged.values()))
        failures = [ItemFailure(start + each.index, each.error) for each in error.items]
        return bad_items(error.message, failures, error) if failures else error


def bad_items(message: str, failures: Sequence[ItemFailure], told: LociError | None = None) -> BadItems:
    """`told`: the error of the server, whose details it keeps."""
    first = failures[0]
    said = f"{message.rstrip('.')}; the first is item {first.index}: {first.error}"
    found = BadItems(said) if told is None else BadItems(said, metadata=told.metadata, details=told.details)
    found.items = tuple(failures)
    found.__cause__ = first.error
    return found
