# Generated from loci/_async/traversal.py by `python -m tools.unasync`: change that file, not this one.
"""Walks over the graph: each answer is bounded and says when a bound cut it."""

from collections.abc import Iterable, Iterator
from typing import Unpack

from loci import values
from loci.filters import SelectorFields, selector
from loci.moments import AsOfLike, as_of_message
from loci.names import graph_name, node_name
from loci.v1 import traversal_service_pb2 as service

from .transport import Calls


class Traversal(Calls):
    """TraversalService. `selector` says which edges are followed: direction, relations, node_types, valid_at.

    `as_of` walks the graph as it stood then.
    """

    def neighbors(
        self,
        graph: str,
        id: str,
        *,
        page_size: int = 0,
        as_of: AsOfLike = None,
        timeout: float | None = None,
        **selected: Unpack[SelectorFields],
    ) -> Iterator[service.Neighbor]:
        """The edges at a node, each with the node at its other end; `timeout` is for each page."""
        request = values.made(
            service.GetNeighborsRequest,
            name=node_name(graph, id),
            selector=selector(**selected),
            page_size=page_size,
            as_of=as_of_message(as_of),
        )
        for page in self._transport.pages(
            "TraversalService/GetNeighbors", request, service.GetNeighborsResponse, timeout
        ):
            for neighbor in page.neighbors:
                yield neighbor

    def traverse(
        self,
        graph: str,
        start: Iterable[str],
        *,
        max_depth: int = 0,
        fan_out: int = 0,
        max_nodes: int = 0,
        as_of: AsOfLike = None,
        timeout: float | None = None,
        **selected: Unpack[SelectorFields],
    ) -> service.TraverseResponse:
        """Breadth first from up to 100 start nodes. Bounds of 0 are the server's: depth 2, fan-out 100, 1,000 nodes."""
        request = values.made(
            service.TraverseRequest,
            parent=graph_name(graph),
            start_names=[node_name(graph, id) for id in values.listed(start, "start")],
            selector=selector(**selected),
            as_of=as_of_message(as_of),
            max_depth=max_depth,
            fan_out=fan_out,
            max_nodes=max_nodes,
        )
        return self._transport.unary("TraversalService/Traverse", request, service.TraverseResponse, timeout)

    def find_paths(
        self,
        graph: str,
        source: str,
        target: str,
        *,
        max_depth: int = 0,
        max_paths: int = 0,
        fan_out: int = 0,
        as_of: AsOfLike = None,
        timeout: float | None = None,
        **selected: Unpack[SelectorFields],
    ) -> service.FindPathsResponse:
        """The shortest paths between two nodes. Bounds of 0 are the server's: depth 6, 1 path, fan-out 1,000."""
        request = values.made(
            service.FindPathsRequest,
            parent=graph_name(graph),
            source_name=node_name(graph, source),
            target_name=node_name(graph, target),
            selector=selector(**selected),
            as_of=as_of_message(as_of),
            max_depth=max_depth,
            max_paths=max_paths,
            fan_out=fan_out,
        )
        return self._transport.unary("TraversalService/FindPaths", request, service.FindPathsResponse, timeout)

    def get_context(
        self,
        graph: str,
        seeds: Iterable[str],
        *,
        max_depth: int | None = None,
        max_nodes: int = 0,
        max_edges: int = 0,
        as_of: AsOfLike = None,
        timeout: float | None = None,
        **selected: Unpack[SelectorFields],
    ) -> service.GetContextResponse:
        """The nodes around up to 100 seeds and every edge among them. Defaults: depth 1, 100 nodes, 500 edges."""
        request = values.made(
            service.GetContextRequest,
            parent=graph_name(graph),
            seed_names=[node_name(graph, id) for id in values.listed(seeds, "seeds")],
            selector=selector(**selected),
            as_of=as_of_message(as_of),
            max_depth=max_depth,
            max_nodes=max_nodes,
            max_edges=max_edges,
        )
        return self._transport.unary("TraversalService/GetContext", request, service.GetContextResponse, timeout)
