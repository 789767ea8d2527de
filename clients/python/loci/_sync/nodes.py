# Generated from loci/_async/nodes.py by `python -m tools.unasync`: change that file, not this one.
"""Nodes: each write is a commit of its own."""

from collections.abc import Iterable, Iterator
from typing import Unpack

from loci import values
from loci.filters import NodeFilterFields, as_node_filter
from loci.messages import NodeFields, field_mask, node
from loci.moments import AsOfLike, as_of_message
from loci.names import graph_name, node_id, node_name
from loci.retries import new_request_id
from loci.v1 import node_service_pb2 as service
from loci.v1.change_pb2 import ItemRevision
from loci.v1.filter_pb2 import NodeFilter
from loci.v1.node_pb2 import Node

from .transport import Calls


class Nodes(Calls):
    """NodeService. `id` is an id (`ann`) or a name (`graphs/alice/nodes/ann`)."""

    def create_node(
        self,
        graph: str,
        id: str = "",
        *,
        request_id: str | None = None,
        note: str | None = None,
        timeout: float | None = None,
        **fields: Unpack[NodeFields],
    ) -> Node:
        """Makes a node; without an id it gets a new UUIDv7. Raises NodeExists.

        `note` says why, for the history. A call with a `request_id` that was used gets the first answer.
        """
        request = values.made(
            service.CreateNodeRequest,
            parent=graph_name(graph),
            node=node(id, graph=graph, **fields),
            request_id=request_id or new_request_id(),
            note=note or "",
        )
        response = self._transport.unary("NodeService/CreateNode", request, service.CreateNodeResponse, timeout)
        return response.node

    def get_node(self, graph: str, id: str, *, as_of: AsOfLike = None, timeout: float | None = None) -> Node:
        """One node, as it is now or was `as_of` a revision, a time, or `loci.as_of(...)`. Raises NodeNotFound,
        RevisionCompacted."""
        request = values.made(service.GetNodeRequest, name=node_name(graph, id), as_of=as_of_message(as_of))
        response = self._transport.unary("NodeService/GetNode", request, service.GetNodeResponse, timeout)
        return response.node

    def get_nodes(
        self, graph: str, ids: Iterable[str], *, as_of: AsOfLike = None, timeout: float | None = None
    ) -> service.BatchGetNodesResponse:
        """Up to 1,000 nodes: `nodes` in the order asked for, and `missing` with the names that are not there."""
        request = values.made(
            service.BatchGetNodesRequest,
            parent=graph_name(graph),
            names=[node_name(graph, id) for id in values.listed(ids, "ids")],
            as_of=as_of_message(as_of),
        )
        return self._transport.unary("NodeService/BatchGetNodes", request, service.BatchGetNodesResponse, timeout)

    def list_nodes(
        self,
        graph: str,
        *,
        filter: NodeFilter | NodeFilterFields | None = None,
        as_of: AsOfLike = None,
        page_size: int = 0,
        timeout: float | None = None,
    ) -> Iterator[Node]:
        """The nodes of a graph in order of id; `timeout` is for each page."""
        request = values.made(
            service.ListNodesRequest,
            parent=graph_name(graph),
            filter=as_node_filter(filter),
            as_of=as_of_message(as_of),
            page_size=page_size,
        )
        for page in self._transport.pages("NodeService/ListNodes", request, service.ListNodesResponse, timeout):
            for found in page.nodes:
                yield found

    def update_node(
        self,
        graph: str,
        id: str,
        *,
        etag: str = "",
        allow_missing: bool = False,
        update_mask: Iterable[str] | None = None,
        request_id: str | None = None,
        note: str | None = None,
        timeout: float | None = None,
        **fields: Unpack[NodeFields],
    ) -> Node:
        """Changes the fields that are given, or those of `update_mask`; None clears a field, properties are merged.

        Raises NodeNotFound unless `allow_missing`, EtagMismatch if the node has changed since `etag` was read.
        """
        changed = node(id, graph=graph, **fields)
        changed.etag = values.text(etag, "etag")
        request = values.made(
            service.UpdateNodeRequest,
            node=changed,
            update_mask=field_mask(fields, update_mask),
            allow_missing=allow_missing,
            request_id=request_id or new_request_id(),
            note=note or "",
        )
        response = self._transport.unary("NodeService/UpdateNode", request, service.UpdateNodeResponse, timeout)
        return response.node

    def delete_node(
        self,
        graph: str,
        id: str,
        *,
        etag: str = "",
        allow_missing: bool = False,
        hard: bool = False,
        request_id: str | None = None,
        note: str | None = None,
        timeout: float | None = None,
    ) -> service.DeleteNodeResponse:
        """Removes a node and the edges at it. Raises NodeNotFound unless `allow_missing`, EtagMismatch.

        `hard` takes earlier versions out of the history, too, also of a node that was deleted before.
        """
        request = values.made(
            service.DeleteNodeRequest,
            name=node_name(graph, id),
            etag=etag,
            allow_missing=allow_missing,
            hard=hard,
            request_id=request_id or new_request_id(),
            note=note or "",
        )
        return self._transport.unary("NodeService/DeleteNode", request, service.DeleteNodeResponse, timeout)

    def rename_node(
        self,
        graph: str,
        id: str,
        new_id: str,
        *,
        etag: str = "",
        request_id: str | None = None,
        note: str | None = None,
        timeout: float | None = None,
    ) -> service.RenameNodeResponse:
        """Gives a node another id; edges, aliases and history follow. Raises NodeNotFound, NodeExists, EtagMismatch."""
        request = values.made(
            service.RenameNodeRequest,
            {"new_node_id": "new_id"},
            name=node_name(graph, id),
            new_node_id=node_id(new_id),
            etag=etag,
            request_id=request_id or new_request_id(),
            note=note or "",
        )
        return self._transport.unary("NodeService/RenameNode", request, service.RenameNodeResponse, timeout)

    def list_node_revisions(
        self, graph: str, id: str, *, page_size: int = 0, timeout: float | None = None
    ) -> Iterator[ItemRevision]:
        """What happened to a node, latest first; also if it is deleted. Raises NodeNotFound."""
        request = values.made(service.ListNodeRevisionsRequest, name=node_name(graph, id), page_size=page_size)
        for page in self._transport.pages(
            "NodeService/ListNodeRevisions", request, service.ListNodeRevisionsResponse, timeout
        ):
            for revision in page.revisions:
                yield revision

    def restore_node(
        self,
        graph: str,
        id: str,
        revision: int,
        *,
        etag: str = "",
        request_id: str | None = None,
        note: str | None = None,
        timeout: float | None = None,
    ) -> Node:
        """Writes a node as it was at a revision of the graph, also one that is deleted. Raises NodeNotFound,
        EtagMismatch."""
        request = values.made(
            service.RestoreNodeRequest,
            name=node_name(graph, id),
            revision=revision,
            etag=etag,
            request_id=request_id or new_request_id(),
            note=note or "",
        )
        response = self._transport.unary("NodeService/RestoreNode", request, service.RestoreNodeResponse, timeout)
        return response.node
