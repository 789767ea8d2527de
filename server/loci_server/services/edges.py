"""EdgeService."""

from google.protobuf.field_mask_pb2 import FieldMask

from loci.v1 import edge_service_pb2 as pb
from loci.v1.commit_service_pb2 import EdgeDelete, EdgeUpdate, Mutation, MutationResult
from loci.v1.edge_pb2 import Edge
from loci_server.codec.filters import edge_filter, has_properties
from loci_server.codec.page_tokens import PageTokens
from loci_server.domain.items import Kind
from loci_server.domain.limits import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, bounded
from loci_server.domain.names import edge_name, parse_edge, parse_graph
from loci_server.errors import InvalidField
from loci_server.services.call import Call
from loci_server.services.history import History
from loci_server.services.requests import check_batch, context, own_id
from loci_server.services.views import Views
from loci_server.store.handles import Handles
from loci_server.writing.writer import Writer


class EdgeServicer:
    """Reads and writes single edges."""

    def __init__(self, handles: Handles, views: Views, writer: Writer, tokens: PageTokens, history: History) -> None:
        self._handles = handles
        self._views = views
        self._writer = writer
        self._tokens = tokens
        self._history = history

    async def GetEdge(self, request: pb.GetEdgeRequest, call: Call) -> pb.GetEdgeResponse:
        graph, identity = parse_edge(request.name)
        handle = await self._handles.get(call.principal.tenant_key, graph)
        view = await self._views.of(handle, request.as_of)
        return pb.GetEdgeResponse(edge=await view.edge(identity, request.name))

    async def BatchGetEdges(self, request: pb.BatchGetEdgesRequest, call: Call) -> pb.BatchGetEdgesResponse:
        graph = parse_graph(request.parent, "parent")
        check_batch(len(request.names))
        ids = [
            own_id(graph, *parse_edge(name, f"names[{index}]"), f"names[{index}]")
            for index, name in enumerate(request.names)
        ]
        handle = await self._handles.get(call.principal.tenant_key, graph)
        view = await self._views.of(handle, request.as_of)
        found = await view.edges(ids)
        response = pb.BatchGetEdgesResponse()
        for identity, name in zip(ids, request.names, strict=True):
            if identity in found:
                response.edges.append(found[identity])
            else:
                response.missing.append(name)
        return response

    async def ListEdges(self, request: pb.ListEdgesRequest, call: Call) -> pb.ListEdgesResponse:
        tenant = call.principal.tenant_key
        graph = parse_graph(request.parent, "parent")
        size = bounded("page_size", request.page_size, 1, MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE)
        after = self._tokens.decode(tenant, request, request.page_token, bytes.decode) or ""
        handle = await self._handles.get(tenant, graph)
        view = await self._views.of(handle, request.as_of, given=request.filter.valid_at)
        listed = await view.list_edges(edge_filter(request.filter, handle.tokenizers, held=view.held), after, size)
        response = pb.ListEdgesResponse()
        for edge in listed.items:
            if has_properties(edge.properties, request.filter.properties):
                response.edges.append(edge)
        if listed.after is not None:
            response.next_page_token = self._tokens.encode(tenant, request, listed.after.encode())
        return response

    async def CreateEdge(self, request: pb.CreateEdgeRequest, call: Call) -> pb.CreateEdgeResponse:
        graph = parse_graph(request.parent, "parent")
        mutation = Mutation(create_edge=request.edge)
        if request.edge_id:
            name = edge_name(graph, request.edge_id)
            if request.edge.name and request.edge.name != name:
                raise InvalidField(field="edge_id", detail="edge.name gives another id")
            mutation.create_edge.name = name
        result = await self._write(graph, mutation, request, call)
        return pb.CreateEdgeResponse(edge=result.edge)

    async def UpdateEdge(self, request: pb.UpdateEdgeRequest, call: Call) -> pb.UpdateEdgeResponse:
        graph, _ = parse_edge(request.edge.name, "edge.name")
        update = EdgeUpdate(edge=request.edge, update_mask=request.update_mask, allow_missing=request.allow_missing)
        result = await self._write(graph, Mutation(update_edge=update), request, call)
        return pb.UpdateEdgeResponse(edge=result.edge)

    async def DeleteEdge(self, request: pb.DeleteEdgeRequest, call: Call) -> pb.DeleteEdgeResponse:
        graph, _ = parse_edge(request.name)
        handle = await self._handles.get(call.principal.tenant_key, graph)
        delete = EdgeDelete(
            name=request.name, etag=request.etag, allow_missing=request.allow_missing, hard=request.hard
        )
        response = await self._writer.write(handle, [Mutation(delete_edge=delete)], context(request, call))
        return pb.DeleteEdgeResponse(revision=response.revision)

    async def ListEdgeRevisions(self, request: pb.ListEdgeRevisionsRequest, call: Call) -> pb.ListEdgeRevisionsResponse:
        graph, identity = parse_edge(request.name)
        handle = await self._handles.get(call.principal.tenant_key, graph)
        revisions, token = await self._history.page(handle, Kind.EDGE, identity, request)
        return pb.ListEdgeRevisionsResponse(revisions=revisions, next_page_token=token)

    async def RestoreEdge(self, request: pb.RestoreEdgeRequest, call: Call) -> pb.RestoreEdgeResponse:
        graph, identity = parse_edge(request.name)
        handle = await self._handles.get(call.principal.tenant_key, graph)
        edge = await self._history.at(handle, Kind.EDGE, identity, request.name, request.revision)
        assert isinstance(edge, Edge)
        edge.name, edge.etag = request.name, request.etag
        update = EdgeUpdate(edge=edge, update_mask=FieldMask(paths=["*"]), allow_missing=True)
        result = await self._write(graph, Mutation(update_edge=update), request, call)
        return pb.RestoreEdgeResponse(edge=result.edge)

    async def _write(
        self,
        graph: str,
        mutation: Mutation,
        request: pb.CreateEdgeRequest | pb.UpdateEdgeRequest | pb.RestoreEdgeRequest,
        call: Call,
    ) -> MutationResult:
        handle = await self._handles.get(call.principal.tenant_key, graph)
        response = await self._writer.write(handle, [mutation], context(request, call))
        return response.results[0]
