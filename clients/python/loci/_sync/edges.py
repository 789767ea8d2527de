# Generated from loci/_async/edges.py by `python -m tools.unasync`: change that file, not this one.
"""Edges: each write is a commit of its own."""

from collections.abc import Iterable, Iterator
from typing import Unpack

from loci import values
from loci.filters import EdgeFilterFields, as_edge_filter
from loci.messages import EdgeFields, edge, field_mask
from loci.moments import AsOfLike, as_of_message
from loci.names import edge_name, graph_name
from loci.retries import new_request_id
from loci.v1 import edge_service_pb2 as service
from loci.v1.change_pb2 import ItemRevision
from loci.v1.edge_pb2 import Edge
from loci.v1.filter_pb2 import EdgeFilter

from .transport import Calls


class Edges(Calls):
    """EdgeService. `source` and `target` are node ids; `id` is an edge's id or name."""

    def create_edge(
        self,
        graph: str,
        source: str,
        relation: str,
        target: str,
        *,
        id: str = "",
        request_id: str | None = None,
        note: str | None = None,
        timeout: float | None = None,
        **fields: Unpack[EdgeFields],
    ) -> Edge:
        """Makes an edge; without an id, one is derived from its ends and relation.

        Raises EdgeExists, and EndpointMissing if one of the nodes is not there.
        """
        request = values.made(
            service.CreateEdgeRequest,
            parent=graph_name(graph),
            edge=edge(source, relation, target, id=id, graph=graph, **fields),
            request_id=request_id or new_request_id(),
            note=note or "",
        )
        response = self._transport.unary("EdgeService/CreateEdge", request, service.CreateEdgeResponse, timeout)
        return response.edge

    def get_edge(self, graph: str, id: str, *, as_of: AsOfLike = None, timeout: float | None = None) -> Edge:
        """One edge, as it is now or was `as_of` a revision, a time, or `loci.as_of(...)`. Raises EdgeNotFound,
        RevisionCompacted."""
        request = values.made(service.GetEdgeRequest, name=edge_name(graph, id), as_of=as_of_message(as_of))
        response = self._transport.unary("EdgeService/GetEdge", request, service.GetEdgeResponse, timeout)
        return response.edge

    def get_edges(
        self, graph: str, ids: Iterable[str], *, as_of: AsOfLike = None, timeout: float | None = None
    ) -> service.BatchGetEdgesResponse:
        """Up to 1,000 edges: `edges` in the order asked for, and `missing` with the names that are not there."""
        request = values.made(
            service.BatchGetEdgesRequest,
            parent=graph_name(graph),
            names=[edge_name(graph, id) for id in values.listed(ids, "ids")],
            as_of=as_of_message(as_of),
        )
        return self._transport.unary("EdgeService/BatchGetEdges", request, service.BatchGetEdgesResponse, timeout)

    def list_edges(
        self,
        graph: str,
        *,
        filter: EdgeFilter | EdgeFilterFields | None = None,
        as_of: AsOfLike = None,
        page_size: int = 0,
        timeout: float | None = None,
    ) -> Iterator[Edge]:
        """The edges of a graph in order of id; `timeout` is for each page."""
        request = values.made(
            service.ListEdgesRequest,
            parent=graph_name(graph),
            filter=as_edge_filter(filter),
            as_of=as_of_message(as_of),
            page_size=page_size,
        )
        for page in self._transport.pages("EdgeService/ListEdges", request, service.ListEdgesResponse, timeout):
            for found in page.edges:
                yield found

    def update_edge(
        self,
        graph: str,
        id: str,
        *,
        source: str = "",
        relation: str = "",
        target: str = "",
        etag: str = "",
        allow_missing: bool = False,
        update_mask: Iterable[str] | None = None,
        request_id: str | None = None,
        note: str | None = None,
        timeout: float | None = None,
        **fields: Unpack[EdgeFields],
    ) -> Edge:
        """Changes the fields that are given, or those of `update_mask`; None clears a field, properties are merged.

        `source`, `relation` and `target` cannot change; they are for `allow_missing`, to make a missing edge.
        Raises EdgeNotFound unless `allow_missing`, EtagMismatch if the edge has changed since `etag` was read.
        """
        changed = edge(source, relation, target, id=id, graph=graph, **fields)
        changed.etag = values.text(etag, "etag")
        request = values.made(
            service.UpdateEdgeRequest,
            edge=changed,
            update_mask=field_mask(fields, update_mask),
            allow_missing=allow_missing,
            request_id=request_id or new_request_id(),
            note=note or "",
        )
        response = self._transport.unary("EdgeService/UpdateEdge", request, service.UpdateEdgeResponse, timeout)
        return response.edge

    def delete_edge(
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
    ) -> service.DeleteEdgeResponse:
        """Removes an edge. Raises EdgeNotFound unless `allow_missing`, EtagMismatch.

        `hard` takes earlier versions out of the history, too, also of an edge that was deleted before.
        """
        request = values.made(
            service.DeleteEdgeRequest,
            name=edge_name(graph, id),
            etag=etag,
            allow_missing=allow_missing,
            hard=hard,
            request_id=request_id or new_request_id(),
            note=note or "",
        )
        return self._transport.unary("EdgeService/DeleteEdge", request, service.DeleteEdgeResponse, timeout)

    def list_edge_revisions(
        self, graph: str, id: str, *, page_size: int = 0, timeout: float | None = None
    ) -> Iterator[ItemRevision]:
        """What happened to an edge, latest first; also if it is deleted. Raises EdgeNotFound."""
        request = values.made(service.ListEdgeRevisionsRequest, name=edge_name(graph, id), page_size=page_size)
        for page in self._transport.pages(
            "EdgeService/ListEdgeRevisions", request, service.ListEdgeRevisionsResponse, timeout
        ):
            for revision in page.revisions:
                yield revision

    def restore_edge(
        self,
        graph: str,
        id: str,
        revision: int,
        *,
        etag: str = "",
        request_id: str | None = None,
        note: str | None = None,
        timeout: float | None = None,
    ) -> Edge:
        """Writes an edge as it was at a revision of the graph, also one that is deleted. Raises EdgeNotFound,
        EtagMismatch."""
        request = values.made(
            service.RestoreEdgeRequest,
            name=edge_name(graph, id),
            revision=revision,
            etag=etag,
            request_id=request_id or new_request_id(),
            note=note or "",
        )
        response = self._transport.unary("EdgeService/RestoreEdge", request, service.RestoreEdgeResponse, timeout)
        return response.edge
