"""TraversalService."""

import struct
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import islice

from loci.v1 import traversal_service_pb2 as pb
from loci.v1.as_of_pb2 import AsOf
from loci_server.codec.page_tokens import PageTokens
from loci_server.codec.selectors import selector
from loci_server.domain import limits
from loci_server.domain.limits import bounded, check_count
from loci_server.domain.names import parse_graph, parse_node
from loci_server.domain.paths import PathSearch, Side
from loci_server.domain.selector import Selector
from loci_server.domain.walk import Bounds, Cut, Step, Walk
from loci_server.errors import InvalidField, LimitExceeded
from loci_server.services.call import Call
from loci_server.services.excerpts import read
from loci_server.services.requests import own_id
from loci_server.services.views import View, Views
from loci_server.store.handles import Handles

WEIGHT = struct.Struct(">d")
SLICE = 16
"""Neighbours, each an edge and a node, that fit into a page whatever their size."""
LARGEST_SLICE = SLICE * 2 * limits.MAX_PROPERTIES_BYTES


class TraversalServicer:
    """Walks the graph: one statement for each level, then one for the nodes and one for the edges of the answer."""

    def __init__(self, handles: Handles, views: Views, tokens: PageTokens) -> None:
        self._handles = handles
        self._views = views
        self._tokens = tokens

    async def GetNeighbors(self, request: pb.GetNeighborsRequest, call: Call) -> pb.GetNeighborsResponse:
        tenant = call.principal.tenant_key
        graph, identity = parse_node(request.name)
        size = bounded("page_size", request.page_size, 1, limits.MAX_PAGE_SIZE, limits.DEFAULT_PAGE_SIZE)
        position = self._tokens.decode(tenant, request, request.page_token, last_of_page)
        view, selected = await self._view(tenant, graph, request.as_of, request.selector)
        if position is None:
            steps = await view.expand([identity], selected, size + 1, size + 1)
        else:
            steps = await view.behind(identity, selected, *position, size + 1)
        if not steps:
            await view.node(identity, request.name)
        page = steps[:size]
        response = pb.GetNeighborsResponse()
        told = 0
        while told < len(page) and (not told or response.ByteSize() < limits.PAGE_BYTES - LARGEST_SLICE):
            # Edges outlive a node that has expired by a little: it is read with its neighbours.
            told += await self._tell(view, page[told:], response, identity, first=not told)
        if told < len(steps):
            after = WEIGHT.pack(page[told - 1].weight) + page[told - 1].edge.encode()
            response.next_page_token = self._tokens.encode(tenant, request, after)
        return response

    async def _view(self, tenant: int, graph: str, as_of: AsOf, given: pb.EdgeSelector) -> tuple[View, Selector]:
        """How the graph is read, and which edges are followed."""
        selected = selector(given)
        handle = await self._handles.get(tenant, graph)
        view = await self._views.of(handle, as_of, given=given.valid_at)
        if not given.valid_at:
            selected = replace(selected, valid=view.held)
        return view.at_any_fact_time(), selected

    async def _tell(
        self, view: View, page: Sequence[Step], response: pb.GetNeighborsResponse, origin: str, *, first: bool
    ) -> int:
        """Adds neighbours: all of them at first, or as many as are sure to fit. Returns how many. Raises NodeNotFound
        if the origin is not there."""
        if not first:
            page = page[:SLICE]
        try:
            found = await read(view, {origin, *(step.other for step in page)}, [step.edge for step in page], [origin])
        except LimitExceeded:
            return await self._tell(view, page[:SLICE], response, origin, first=False)
        for step in page:
            if step.edge in found.edges and step.other in found.nodes:
                response.neighbors.add(edge=found.edges[step.edge], node=found.nodes[step.other])
        return len(page)

    async def Traverse(self, request: pb.TraverseRequest, call: Call) -> pb.TraverseResponse:
        graph = parse_graph(request.parent, "parent")
        starts = start_ids(graph, request.start_names, "start_names")
        bounds = Bounds(
            bounded("max_depth", request.max_depth, 1, limits.MAX_DEPTH, limits.DEFAULT_TRAVERSE_DEPTH),
            bounded("fan_out", request.fan_out, 1, limits.MAX_FAN_OUT, limits.DEFAULT_FAN_OUT),
            bounded("max_nodes", request.max_nodes, 1, limits.MAX_TRAVERSE_NODES, limits.DEFAULT_TRAVERSE_NODES),
        )
        view, selected = await self._view(call.principal.tenant_key, graph, request.as_of, request.selector)
        walk = Walk(starts, bounds)

        async def expand(per_node: int, limit: int, known: Collection[str] | None) -> list[Step]:
            return await view.expand(walk.frontier, selected, per_node, limit, admitted=starts, known_edges=known)

        while walk.active:
            walk.advance(await expand(bounds.fan_out + 1, walk.limit, None))
        if walk.may_go_deeper and await expand(1, 1, walk.followed):
            walk.found_beyond()
        found = await read(view, {*starts, *walk.depths}, walk.edges(), starts)
        return pb.TraverseResponse(
            nodes=found.traversed(walk.nodes()),
            edges=found.joined(found.edges),
            truncated=bool(walk.cuts),
            truncation_reasons=reasons(walk.cuts),
        )

    async def FindPaths(self, request: pb.FindPathsRequest, call: Call) -> pb.FindPathsResponse:
        graph = parse_graph(request.parent, "parent")
        source = own_id(graph, *parse_node(request.source_name, "source_name"), "source_name")
        target = own_id(graph, *parse_node(request.target_name, "target_name"), "target_name")
        max_depth = bounded("max_depth", request.max_depth, 1, limits.MAX_DEPTH, limits.DEFAULT_PATH_DEPTH)
        max_paths = bounded("max_paths", request.max_paths, 1, limits.MAX_PATHS, limits.DEFAULT_PATHS)
        fan_out = bounded("fan_out", request.fan_out, 1, limits.MAX_FAN_OUT, limits.DEFAULT_PATH_FAN_OUT)
        view, onward = await self._view(call.principal.tenant_key, graph, request.as_of, request.selector)
        search = PathSearch(source, target, max_depth, fan_out)

        async def expand(side: Side, per_node: int, limit: int) -> list[Step]:
            selected = onward if side.forward else onward.turned()
            return await view.expand(
                side.frontier, selected, per_node, limit, admitted=(source, target), known_nodes=side.depths
            )

        while search.active:
            search.advance(await expand(search.side, fan_out + 1, search.limit))
        if search.unfinished and all([await expand(side, 1, 1) for side in search.unfinished]):
            search.found_beyond()
        paths = search.paths(max_paths)
        nodes = {source, target}.union(*(path.nodes for path in paths))
        edges = list(dict.fromkeys(edge for path in paths for edge in path.edges))
        found = await read(view, nodes, edges, (source, target))
        response = pb.FindPathsResponse(truncated=bool(search.cuts), truncation_reasons=reasons(search.cuts))
        for path in paths:
            if found.nodes.keys() >= set(path.nodes) and found.edges.keys() >= set(path.edges):
                response.paths.add(
                    nodes=[found.nodes[node] for node in path.nodes], edges=[found.edges[edge] for edge in path.edges]
                )
        return response

    async def GetContext(self, request: pb.GetContextRequest, call: Call) -> pb.GetContextResponse:
        graph = parse_graph(request.parent, "parent")
        seeds = start_ids(graph, request.seed_names, "seed_names")
        depth = limits.DEFAULT_CONTEXT_DEPTH
        if request.HasField("max_depth"):
            depth = bounded("max_depth", request.max_depth, 0, limits.MAX_DEPTH, 0)
        max_nodes = bounded("max_nodes", request.max_nodes, 1, limits.MAX_CONTEXT_NODES, limits.DEFAULT_CONTEXT_NODES)
        max_edges = bounded("max_edges", request.max_edges, 1, limits.MAX_CONTEXT_EDGES, limits.DEFAULT_CONTEXT_EDGES)
        view, selected = await self._view(call.principal.tenant_key, graph, request.as_of, request.selector)
        # No node can bring in more than there is room for; fan_out only keeps parallel edges from flooding the walk.
        walk = Walk(seeds, Bounds(depth, max_nodes, max_nodes))

        async def expand(per_node: int, limit: int) -> list[Step]:
            return await view.expand(walk.frontier, selected, per_node, limit, admitted=seeds, known_nodes=walk.depths)

        while walk.active:
            walk.advance(await expand(max_nodes + 1, walk.limit))
        if walk.may_go_deeper and await expand(1, 1):
            walk.found_beyond()
        cuts = walk.cuts - {Cut.FAN_OUT, Cut.MAX_EDGES} if Cut.MAX_NODES in walk.cuts else set(walk.cuts)
        found = await read(view, {*seeds, *walk.depths}, (), seeds)
        edges = await view.induced_edges(walk.depths, selected, max_edges + 1)
        if len(edges) > max_edges:
            cuts.add(Cut.MAX_EDGES)
            edges = dict(islice(edges.items(), max_edges))
        return pb.GetContextResponse(
            nodes=found.traversed(walk.nodes()),
            edges=found.joined(edges),
            truncated=bool(cuts),
            truncation_reasons=reasons(cuts),
        )


def last_of_page(position: bytes) -> tuple[float, str]:
    """The weight and the id of an edge."""
    (weight,) = WEIGHT.unpack_from(position)
    return weight, position[WEIGHT.size :].decode()


def start_ids(graph: str, names: Sequence[str], field: str) -> list[str]:
    """The ids of the nodes that are named. Raises the typed error of a bad name, LimitExceeded."""
    if not names:
        raise InvalidField(field=field, detail="give at least one")
    check_count(field, len(names), limits.MAX_START_NAMES, "names")
    places = ((f"{field}[{index}]", name) for index, name in enumerate(names))
    return [own_id(graph, *parse_node(name, place), place) for place, name in places]


def reasons(cuts: Iterable[Cut]) -> list["pb.TruncationReason.ValueType"]:
    return [pb.TruncationReason.ValueType(cut) for cut in sorted(cuts)]
