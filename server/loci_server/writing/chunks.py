"""Chunks of an import, as far as they can be made ready without the database: checked, analysed and sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from loci.v1.bulk_service_pb2 import BulkItem, NodeStanding
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.domain import edges, limits, names, nodes
from loci_server.domain.dates import Interval
from loci_server.domain.ids import derived_edge_id, uuid7
from loci_server.domain.items import Kind
from loci_server.domain.validation import check_edge, check_node, check_timestamp
from loci_server.errors import InvalidField, LociError
from loci_server.store.handles import GraphHandle
from loci_server.store.rows import Terms
from loci_server.writing.documents import analysed, has_text, property_tokens
from loci_server.writing.fairness import Fairness

MOST_USES: Final = 2**53


@dataclass(slots=True)
class PreparedItem:
    """An item that is good in itself. Whether its id is free and its ends are there is yet to be seen."""

    index: int
    kind: Kind
    id: str
    message: Node | Edge
    validity: Interval
    tokens: Sequence[int]
    terms: Terms | None = None
    """Of a node that has something to search for."""
    has_text: bool = False
    """It has something to embed."""
    standing: NodeStanding | None = None
    """What is known of it besides."""


@dataclass(frozen=True, slots=True)
class PreparedChunk:
    """The good items of a chunk, and the errors of the bad ones by index."""

    count: int
    items: list[PreparedItem]
    errors: dict[int, LociError]


async def prepare(handle: GraphHandle, items: Sequence[BulkItem], keep_times: bool) -> PreparedChunk:
    """Checks and derives all that needs no database. Raises LimitExceeded for a chunk that is too large."""
    limits.check_count("items", len(items), limits.MAX_CHUNK_ITEMS)
    prepared: list[PreparedItem] = []
    errors: dict[int, LociError] = {}
    fairness = Fairness()
    for index, item in enumerate(items):
        if fairness.due(item.ByteSize()):
            await fairness.give_way()
        try:
            prepared.append(await prepare_item(handle, index, item, keep_times))
        except LociError as error:
            errors[index] = error
    return PreparedChunk(len(items), prepared, errors)


async def prepare_item(handle: GraphHandle, index: int, item: BulkItem, keep_times: bool) -> PreparedItem:
    """Raises the typed error of a bad item."""
    match item.WhichOneof("item"):
        case "node":
            return await prepare_node(handle, index, item, keep_times)
        case "edge":
            if item.HasField("standing"):
                raise InvalidField(field="standing", detail="only nodes have one")
            return prepare_edge(handle, index, item.edge, keep_times)
    raise InvalidField(field="item", detail="it is empty")


def checked_standing(item: BulkItem, field: str) -> NodeStanding | None:
    """Raises InvalidField."""
    if not item.HasField("standing"):
        return None
    standing = item.standing
    if not -1 <= standing.boost <= 1:  # nor a number at all
        raise InvalidField(field=f"{field}.boost", detail="it must be from -1 to 1")
    if not 0 <= standing.use_count <= MOST_USES:
        raise InvalidField(field=f"{field}.use_count", detail=f"it must be from 0 to {MOST_USES}")
    for name in ("first_use_time", "last_use_time"):
        if standing.HasField(name) != bool(standing.use_count):
            raise InvalidField(field=f"{field}.{name}", detail="it belongs to uses")
        check_timestamp(getattr(standing, name), f"{field}.{name}")
    if standing.first_use_time.ToNanoseconds() > standing.last_use_time.ToNanoseconds():
        raise InvalidField(field=f"{field}.first_use_time", detail="it is after the last one")
    return standing


async def prepare_node(handle: GraphHandle, index: int, item: BulkItem, keep_times: bool) -> PreparedItem:
    given = item.node
    field = "node"
    if given.name:
        graph, identity = names.parse_node(given.name, f"{field}.name")
        check_graph(handle, graph, f"{field}.name")
    else:
        identity = uuid7()
    node = nodes.complete(given)
    keep(node, given, keep_times, field)
    validity = check_node(node, field)
    terms = await analysed(handle.tokenizer, handle.fields, node)
    tokens = property_tokens(handle.tokenizer, node)
    standing = checked_standing(item, "standing")
    return PreparedItem(index, Kind.NODE, identity, node, validity, tokens, terms, has_text(node), standing)


def prepare_edge(handle: GraphHandle, index: int, given: Edge, keep_times: bool) -> PreparedItem:
    field = "edge"
    edge = edges.complete(given)
    keep(edge, given, keep_times, field)
    validity = check_edge(edge, field)
    identity = derived_edge_id(edge.source, edge.relation, edge.target)
    if given.name:
        graph, identity = names.parse_edge(given.name, f"{field}.name")
        check_graph(handle, graph, f"{field}.name")
    tokens = property_tokens(handle.tokenizer, edge)
    return PreparedItem(index, Kind.EDGE, identity, edge, validity, tokens)


def keep(item: Node | Edge, given: Node | Edge, keep_times: bool, field: str) -> None:
    """Takes over the times of an item that is restored."""
    if not keep_times:
        return
    for name in ("create_time", "update_time"):
        if given.HasField(name):
            check_timestamp(getattr(given, name), f"{field}.{name}")
            getattr(item, name).CopyFrom(getattr(given, name))


def check_graph(handle: GraphHandle, graph: str, field: str) -> None:
    if graph != handle.graph_id:
        raise InvalidField(field=field, detail="it names another graph than the import")
