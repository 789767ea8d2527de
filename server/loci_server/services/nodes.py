"""NodeService."""

from google.protobuf.field_mask_pb2 import FieldMask

from loci.v1 import node_service_pb2 as pb
from loci.v1.commit_service_pb2 import Mutation, MutationResult, NodeDelete, NodeRename, NodeUpdate
from loci.v1.node_pb2 import Node
from loci_server.codec.filters import accepts, check_current, node_filter
from loci_server.codec.page_tokens import PageTokens
from loci_server.domain.items import Kind
from loci_server.domain.limits import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, bounded
from loci_server.domain.names import node_name, parse_graph, parse_node
from loci_server.errors import InvalidField
from loci_server.services.call import Call
from loci_server.services.history import History
from loci_server.services.requests import check_batch, context, own_id
from loci_server.services.views import Views
from loci_server.store.handles import Handles
from loci_server.store.items import Items
from loci_server.store.rows import open_node
from loci_server.writing.writer import Writer

MOST_PARTS = 100
"""Pages of a list that are looked at for a first node that passes a comparison."""


class NodeServicer:
    """Reads and writes single nodes."""

    def __init__(
        self, handles: Handles, items: Items, views: Views, writer: Writer, tokens: PageTokens, history: History
    ) -> None:
        self._handles = handles
        self._items = items
        self._views = views
        self._writer = writer
        self._tokens = tokens
        self._history = history

    async def GetNode(self, request: pb.GetNodeRequest, call: Call) -> pb.GetNodeResponse:
        graph, identity = parse_node(request.name)
        handle = await self._handles.get(call.principal.tenant_key, graph)
        if request.HasField("as_of"):
            view = await self._views.of(handle, request.as_of)
            return pb.GetNodeResponse(node=await view.node(identity, request.name))
        node = open_node(handle, await self._items.node(handle, identity))  # the most frequent call of all
        node.ClearField("embedding")
        return pb.GetNodeResponse(node=node)

    async def BatchGetNodes(self, request: pb.BatchGetNodesRequest, call: Call) -> pb.BatchGetNodesResponse:
        graph = parse_graph(request.parent, "parent")
        check_batch(len(request.names))
        ids = [
            own_id(graph, *parse_node(name, f"names[{index}]"), f"names[{index}]")
            for index, name in enumerate(request.names)
        ]
        handle = await self._handles.get(call.principal.tenant_key, graph)
        view = await self._views.of(handle, request.as_of)
        found = await view.nodes(ids)
        response = pb.BatchGetNodesResponse()
        for identity, name in zip(ids, request.names, strict=True):
            if identity in found:
                response.nodes.append(found[identity])
            else:
                response.missing.append(name)
        return response

    async def ListNodes(self, request: pb.ListNodesRequest, call: Call) -> pb.ListNodesResponse:
        tenant = call.principal.tenant_key
        graph = parse_graph(request.parent, "parent")
        size = bounded("page_size", request.page_size, 1, MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE)
        after = self._tokens.decode(tenant, request, request.page_token, bytes.decode) or ""
        handle = await self._handles.get(tenant, graph)
        view = await self._views.of(handle, request.as_of, given=request.filter.valid_at)
        if view.revision is not None:
            check_current(request.filter)
        filter = node_filter(request.filter, handle.tokenizers, held=view.held)
        listed = await view.list_nodes(filter, after, size)
        passes = accepts(request.filter)
        response = pb.ListNodesResponse()
        for _ in range(MOST_PARTS):
            response.nodes.extend(visible(node) for node in listed.items if passes(node))
            if response.nodes or listed.after is None:
                break
            listed = await view.list_nodes(filter, listed.after, size)
        if listed.after is not None:
            response.next_page_token = self._tokens.encode(tenant, request, listed.after.encode())
        return response

    async def CreateNode(self, request: pb.CreateNodeRequest, call: Call) -> pb.CreateNodeResponse:
        graph = parse_graph(request.parent, "parent")
        mutation = Mutation(create_node=request.node)
        if request.node_id:
            name = node_name(graph, request.node_id)
            if request.node.name and request.node.name != name:
                raise InvalidField(field="node_id", detail="node.name gives another id")
            mutation.create_node.name = name
        result = await self._write(graph, mutation, request, call)
        return pb.CreateNodeResponse(node=result.node)

    async def UpdateNode(self, request: pb.UpdateNodeRequest, call: Call) -> pb.UpdateNodeResponse:
        graph, _ = parse_node(request.node.name, "node.name")
        update = NodeUpdate(node=request.node, update_mask=request.update_mask, allow_missing=request.allow_missing)
        result = await self._write(graph, Mutation(update_node=update), request, call)
        return pb.UpdateNodeResponse(node=result.node)

    async def DeleteNode(self, request: pb.DeleteNodeRequest, call: Call) -> pb.DeleteNodeResponse:
        graph, _ = parse_node(request.name)
        handle = await self._handles.get(call.principal.tenant_key, graph)
        delete = NodeDelete(
            name=request.name, etag=request.etag, allow_missing=request.allow_missing, hard=request.hard
        )
        response = await self._writer.write(handle, [Mutation(delete_node=delete)], context(request, call))
        return pb.DeleteNodeResponse(
            revision=response.revision, deleted_edge_count=response.results[0].affected_edge_count
        )

    async def RenameNode(self, request: pb.RenameNodeRequest, call: Call) -> pb.RenameNodeResponse:
        graph, _ = parse_node(request.name)
        rename = NodeRename(name=request.name, new_node_id=request.new_node_id, etag=request.etag)
        result = await self._write(graph, Mutation(rename_node=rename), request, call)
        return pb.RenameNodeResponse(node=result.node, moved_edge_count=result.affected_edge_count)

    async def ListNodeRevisions(self, request: pb.ListNodeRevisionsRequest, call: Call) -> pb.ListNodeRevisionsResponse:
        graph, identity = parse_node(request.name)
        handle = await self._handles.get(call.principal.tenant_key, graph)
        revisions, token = await self._history.page(handle, Kind.NODE, identity, request)
        return pb.ListNodeRevisionsResponse(revisions=revisions, next_page_token=token)

    async def RestoreNode(self, request: pb.RestoreNodeRequest, call: Call) -> pb.RestoreNodeResponse:
        graph, identity = parse_node(request.name)
        handle = await self._handles.get(call.principal.tenant_key, graph)
        node = await self._history.at(handle, Kind.NODE, identity, request.name, request.revision)
        assert isinstance(node, Node)
        node.name, node.etag = request.name, request.etag
        update = NodeUpdate(node=node, update_mask=FieldMask(paths=["*"]), allow_missing=True)
        result = await self._write(graph, Mutation(update_node=update), request, call)
        return pb.RestoreNodeResponse(node=result.node)

    async def _write(
        self,
        graph: str,
        mutation: Mutation,
        request: pb.CreateNodeRequest | pb.UpdateNodeRequest | pb.RenameNodeRequest | pb.RestoreNodeRequest,
        call: Call,
    ) -> MutationResult:
        handle = await self._handles.get(call.principal.tenant_key, graph)
        response = await self._writer.write(handle, [mutation], context(request, call))
        return response.results[0]


def visible(node: Node) -> Node:
    """Without what only Export returns."""
    node.ClearField("embedding")
    return node
