"""A part of a graph, read and opened for an answer."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci.v1.traversal_service_pb2 import TraversedNode
from loci_server.domain.names import node_name
from loci_server.domain.row import Row
from loci_server.errors import NodeNotFound
from loci_server.services.nodes import visible
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Items
from loci_server.store.rows import open_edge, open_node

OPENED_AT_ONCE = 200
"""Opening takes the processor; other calls get their turn in between."""

Item = TypeVar("Item", Node, Edge)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Nodes and edges by id, as asked for. What was removed since it was walked is not among them."""

    nodes: dict[str, Node]
    edges: dict[str, Edge]

    def traversed(self, depths: Iterable[tuple[str, int]]) -> list[TraversedNode]:
        return [TraversedNode(node=self.nodes[id], depth=depth) for id, depth in depths if id in self.nodes]

    def joined(self, edges: Mapping[str, Edge]) -> list[Edge]:
        """Those of the edges that have both ends here."""
        return [edge for edge in edges.values() if edge.source in self.nodes and edge.target in self.nodes]


async def read(
    items: Items, handle: GraphHandle, nodes: Collection[str], edges: Sequence[str], required: Iterable[str] = ()
) -> Excerpt:
    """In one statement the nodes and in one the edges. Raises NodeNotFound if one of `required` is not there."""
    rows = await items.nodes(handle, list(nodes)) if nodes else []
    present = {row["id"] for row in rows}
    for id in required:
        if id not in present:
            raise NodeNotFound(resource=node_name(handle.graph_id, id))
    opened = await opened_rows(handle, rows, lambda handle, row: visible(open_node(handle, row)))
    found = await opened_rows(handle, await items.edges(handle, edges), open_edge) if edges else {}
    return Excerpt(opened, {id: found[id] for id in edges if id in found})


async def opened_rows(
    handle: GraphHandle, rows: Sequence[Row], opener: Callable[[GraphHandle, Row], Item]
) -> dict[str, Item]:
    """Messages by id, in the order of the rows."""
    opened: dict[str, Item] = {}
    for place, row in enumerate(rows, start=1):
        opened[row["id"]] = opener(handle, row)
        if place % OPENED_AT_ONCE == 0:
            await asyncio.sleep(0)
    return opened
