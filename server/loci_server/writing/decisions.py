"""What a prepared chunk comes to, given what is in the graph: written, kept, or bad."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from loci.v1.bulk_service_pb2 import CONFLICT_POLICY_KEEP, CONFLICT_POLICY_REPLACE, ConflictPolicy
from loci.v1.edge_pb2 import Edge
from loci_server.domain import names
from loci_server.domain.items import Kind, StoredEdge, StoredNode
from loci_server.errors import EdgeExists, EndpointMissing, LociError, NodeExists
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Items
from loci_server.writing.chunks import PreparedChunk, PreparedItem

ENDS = ("source", "target")


@dataclass(slots=True)
class Decided:
    """The items to write, each with what it takes the place of, and what became of the others."""

    nodes: list[tuple[PreparedItem, StoredNode | None]] = field(default_factory=list)
    edges: list[tuple[PreparedItem, StoredEdge | None]] = field(default_factory=list)
    kept: int = 0
    errors: dict[int, LociError] = field(default_factory=dict)
    endpoints: set[str] = field(default_factory=set)
    """Nodes that must still be there when the chunk is written."""


@dataclass(frozen=True, slots=True)
class Present:
    """What was found in the graph of the ids that a chunk names."""

    nodes: set[str]
    edges: set[str]
    ends: set[str]


async def decide(
    items: Items, handle: GraphHandle, on_conflict: ConflictPolicy.ValueType, chunk: PreparedChunk
) -> Decided:
    """Reads what the chunk touches, a query for each kind, and decides each item."""
    replace = on_conflict == CONFLICT_POLICY_REPLACE
    nodes = standing(chunk.items, Kind.NODE, replace)
    edges = standing(chunk.items, Kind.EDGE, replace)
    ends = {getattr(item.message, end) for item in edges.values() for end in ENDS} - nodes.keys()
    stored = await items.node_versions(handle, list(nodes)) if replace else {}
    stored_edges = await items.edge_versions(handle, list(edges)) if replace else {}
    present = Present(
        set(stored) if replace else await existing(items, handle, Kind.NODE, nodes),
        set(stored_edges) if replace else await existing(items, handle, Kind.EDGE, edges),
        await existing(items, handle, Kind.NODE, ends),
    )
    decided = Decided(errors=dict(chunk.errors))
    for item in chunk.items:
        if item.kind is Kind.NODE and is_free(handle, decided, item, on_conflict, nodes, present.nodes):
            decided.nodes.append((item, stored.get(item.id)))
    there = {item.id for item, _ in decided.nodes} | present.nodes | present.ends
    for item in chunk.items:
        if item.kind is not Kind.EDGE or not is_free(handle, decided, item, on_conflict, edges, present.edges):
            continue
        if has_ends(handle, decided, item, there):
            decided.edges.append((item, stored_edges.get(item.id)))
    written = {item.id for item, _ in decided.nodes}
    for item, _ in decided.edges:
        assert isinstance(item.message, Edge)
        decided.endpoints |= {item.message.source, item.message.target} - written
    return decided


def standing(items: Iterable[PreparedItem], kind: Kind, replace: bool) -> dict[str, PreparedItem]:
    """For each id the item that stands for it: the first, or the last where later ones take its place."""
    found: dict[str, PreparedItem] = {}
    for item in items:
        if item.kind is kind and (replace or item.id not in found):
            found[item.id] = item
    return found


async def existing(items: Items, handle: GraphHandle, kind: Kind, ids: Iterable[str]) -> set[str]:
    wanted = list(ids)
    if not wanted:
        return set()
    name = "existing_nodes" if kind is Kind.NODE else "existing_edges"
    return {row["id"] for row in await items.fetch(name, handle, wanted)}


def is_free(
    handle: GraphHandle,
    decided: Decided,
    item: PreparedItem,
    on_conflict: ConflictPolicy.ValueType,
    stand: dict[str, PreparedItem],
    taken: set[str],
) -> bool:
    """Whether the item is to be written; if its id is taken, notes what becomes of it."""
    repeated = stand[item.id] is not item
    replace = on_conflict == CONFLICT_POLICY_REPLACE
    if not repeated and (replace or item.id not in taken):
        return True
    if on_conflict == CONFLICT_POLICY_KEEP or replace:
        decided.kept += 1
    elif item.kind is Kind.NODE:
        decided.errors[item.index] = NodeExists(resource=names.node_name(handle.graph_id, item.id))
    else:
        decided.errors[item.index] = EdgeExists(resource=names.edge_name(handle.graph_id, item.id))
    return False


def has_ends(handle: GraphHandle, decided: Decided, item: PreparedItem, there: set[str]) -> bool:
    """Whether both nodes of an edge are there; notes the error if not."""
    for end in ENDS:
        node = getattr(item.message, end)
        if node not in there:
            field = f"edge.{end}"
            resource = names.node_name(handle.graph_id, node)
            decided.errors[item.index] = EndpointMissing(field=field, resource=resource)
            return False
    return True
