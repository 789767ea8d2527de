"""A part of a graph, read and opened for an answer."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci.v1.traversal_service_pb2 import TraversedNode
from loci_server.domain.names import node_name
from loci_server.errors import NodeNotFound
from loci_server.services.views import View


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


async def read(view: View, nodes: Collection[str], edges: Sequence[str], required: Iterable[str] = ()) -> Excerpt:
    """In one statement the nodes and in one the edges. Raises NodeNotFound if one of `required` is not there."""
    found = await view.nodes(list(nodes)) if nodes else {}
    for id in required:
        if id not in found:
            raise NodeNotFound(resource=node_name(view.handle.graph_id, id))
    return Excerpt(found, await view.edges(edges) if edges else {})
