"""GraphService."""

from collections.abc import Sequence

from loci.v1 import erasure_pb2
from loci.v1 import graph_service_pb2 as pb
from loci.v1.graph_pb2 import Graph
from loci_server.codec.page_tokens import PageTokens
from loci_server.codec.writes import fingerprint, request_hash
from loci_server.domain.fields import fields_of
from loci_server.domain.ids import uuid7
from loci_server.domain.limits import (
    DEFAULT_PAGE_SIZE,
    MAX_DISPLAY_NAME_BYTES,
    MAX_PAGE_SIZE,
    bounded,
    check_bytes,
)
from loci_server.domain.names import check_graph_id, parse_graph
from loci_server.domain.patch import check_mask
from loci_server.domain.quotas import Amount
from loci_server.errors import InvalidField, QuotaExceeded
from loci_server.services.call import Call
from loci_server.services.erasures import Erasing
from loci_server.store.graph_answers import Repeat
from loci_server.store.graphs import Graphs
from loci_server.store.handles import Handles
from loci_server.writing.quotas import Quotas

GRAPH_FIELDS = frozenset(("display_name", "search_fields", "query_history_disabled"))


class GraphServicer:
    """Makes, finds and removes graphs."""

    def __init__(self, graphs: Graphs, handles: Handles, tokens: PageTokens, quotas: Quotas, erasing: Erasing) -> None:
        self._graphs = graphs
        self._erasing = erasing
        self._handles = handles
        self._tokens = tokens
        self._quotas = quotas

    async def CreateGraph(self, request: pb.CreateGraphRequest, call: Call) -> pb.CreateGraphResponse:
        name = parse_graph(request.graph.name, "graph.name") if request.graph.name else ""
        if name and request.graph_id and name != request.graph_id:
            raise InvalidField(field="graph_id", detail="graph.name gives another id")
        graph_id = request.graph_id or name or uuid7()
        check_graph_id(graph_id, "graph_id")
        check_display_name(request.graph.display_name, "graph.display_name")
        fields_of(request.graph.search_fields, "graph.search_fields")
        repeat = Repeat(request_hash(request.request_id), fingerprint(request))
        fields = request.graph.search_fields if request.graph.HasField("search_fields") else None
        tenant = call.principal.tenant_key
        try:
            async with self._quotas.room(tenant, Amount(graphs=1)):
                graph = await self._graphs.create(
                    tenant,
                    graph_id,
                    request.graph.display_name,
                    repeat,
                    call.trail.leave,
                    fields,
                    query_history=not request.graph.query_history_disabled,
                )
        except QuotaExceeded:  # which a repeat needs not
            first = await self._graphs.repeated(tenant, repeat)
            if first is None:
                raise
            graph = first
        return pb.CreateGraphResponse(graph=graph)

    async def GetGraph(self, request: pb.GetGraphRequest, call: Call) -> pb.GetGraphResponse:
        graph = await self._graphs.get(call.principal.tenant_key, parse_graph(request.name))
        return pb.GetGraphResponse(graph=graph)

    async def ListGraphs(self, request: pb.ListGraphsRequest, call: Call) -> pb.ListGraphsResponse:
        tenant = call.principal.tenant_key
        size = bounded("page_size", request.page_size, 1, MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE)
        after = self._tokens.decode(tenant, request, request.page_token, bytes.decode) or ""
        graphs = await self._graphs.page(tenant, after, request.show_deleted, size + 1, call.principal.graphs)
        response = pb.ListGraphsResponse(graphs=graphs[:size])
        if len(graphs) > size:
            last = graphs[size - 1].name.removeprefix("graphs/")
            response.next_page_token = self._tokens.encode(tenant, request, last.encode())
        return response

    async def UpdateGraph(self, request: pb.UpdateGraphRequest, call: Call) -> pb.UpdateGraphResponse:
        graph_id = parse_graph(request.graph.name, "graph.name")
        paths = list(request.update_mask.paths)
        check_mask(paths, GRAPH_FIELDS)
        check_display_name(request.graph.display_name, "graph.display_name")
        given = request.graph
        fields_of(given.search_fields, "graph.search_fields")
        name = given.display_name if is_written("display_name", paths, given) else None
        fields = given.search_fields if is_written("search_fields", paths, given) else None
        history = not given.query_history_disabled if is_written("query_history_disabled", paths, given) else None
        repeat = Repeat(request_hash(request.request_id), fingerprint(request))
        graph = await self._graphs.update(
            call.principal.tenant_key, graph_id, name, fields, history, given.etag, repeat, call.trail.leave
        )
        return pb.UpdateGraphResponse(graph=graph)

    async def DeleteGraph(self, request: pb.DeleteGraphRequest, call: Call) -> pb.DeleteGraphResponse:
        repeat = Repeat(request_hash(request.request_id), fingerprint(request))
        graph_id = parse_graph(request.name)
        graph = await self._graphs.delete(call.principal.tenant_key, graph_id, request.etag, repeat, call.trail.leave)
        return pb.DeleteGraphResponse(graph=graph)

    async def UndeleteGraph(self, request: pb.UndeleteGraphRequest, call: Call) -> pb.UndeleteGraphResponse:
        repeat = Repeat(request_hash(request.request_id), fingerprint(request))
        tenant, graph_id = call.principal.tenant_key, parse_graph(request.name)
        try:
            async with self._quotas.room(tenant, await self._graphs.amount(tenant, graph_id)):
                graph = await self._graphs.undelete(tenant, graph_id, repeat, call.trail.leave)
        except QuotaExceeded:  # which a repeat needs not
            first = await self._graphs.repeated(tenant, repeat)
            if first is None:
                raise
            graph = first
        return pb.UndeleteGraphResponse(graph=graph)

    async def EraseGraph(self, request: erasure_pb2.EraseGraphRequest, call: Call) -> erasure_pb2.EraseGraphResponse:
        return await self._erasing.erase_graph(request, call)

    async def GetGraphStats(self, request: pb.GetGraphStatsRequest, call: Call) -> pb.GetGraphStatsResponse:
        handle = await self._handles.get(call.principal.tenant_key, parse_graph(request.name))
        return pb.GetGraphStatsResponse(stats=await self._graphs.stats(handle))


def is_written(field: str, paths: Sequence[str], graph: Graph) -> bool:
    """Whether an update writes a field: named by the mask, or set where there is none."""
    if paths:
        return field in paths or "*" in paths
    return any(descriptor.name == field for descriptor, _ in graph.ListFields())


def check_display_name(value: str, field: str) -> None:
    check_bytes(field, value, MAX_DISPLAY_NAME_BYTES)
    if "\0" in value:
        raise InvalidField(field=field, detail="it holds a NUL character")
