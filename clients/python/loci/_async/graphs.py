"""Graphs: make, find, change, remove."""

from collections.abc import AsyncIterator

from loci import values
from loci.messages import field_mask
from loci.names import graph_name
from loci.retries import new_request_id
from loci.v1 import graph_service_pb2 as service
from loci.v1.graph_pb2 import Graph, GraphStats, SearchFields

from .transport import Calls


class Graphs(Calls):
    """GraphService. `graph` is an id (`alice`) or a name (`graphs/alice`)."""

    async def create_graph(
        self,
        graph: str = "",
        *,
        display_name: str = "",
        search_fields: SearchFields | None = None,
        query_history: bool = True,
        request_id: str | None = None,
        timeout: float | None = None,
    ) -> Graph:
        """Makes a graph; without an id it gets a new UUIDv7. `query_history`: what is asked of it is kept. Raises
        GraphExists."""
        request = values.made(
            service.CreateGraphRequest,
            {"graph_id": "graph"},
            graph_id=graph.removeprefix("graphs/"),
            graph=values.made(
                Graph, display_name=display_name, search_fields=search_fields, query_history_disabled=not query_history
            ),
            request_id=request_id or new_request_id(),
        )
        response = await self._transport.unary(
            "GraphService/CreateGraph", request, service.CreateGraphResponse, timeout
        )
        return response.graph

    async def get_graph(self, graph: str, *, timeout: float | None = None) -> Graph:
        """One graph. Raises GraphNotFound."""
        request = values.made(service.GetGraphRequest, name=graph_name(graph))
        response = await self._transport.unary("GraphService/GetGraph", request, service.GetGraphResponse, timeout)
        return response.graph

    async def list_graphs(
        self, *, show_deleted: bool = False, page_size: int = 0, timeout: float | None = None
    ) -> AsyncIterator[Graph]:
        """All graphs of the tenant in order of id; `timeout` is for each page."""
        request = values.made(service.ListGraphsRequest, show_deleted=show_deleted, page_size=page_size)
        async for page in self._transport.pages(
            "GraphService/ListGraphs", request, service.ListGraphsResponse, timeout
        ):
            for graph in page.graphs:
                yield graph

    async def update_graph(
        self,
        graph: str,
        *,
        display_name: str | None = None,
        search_fields: SearchFields | None = None,
        query_history: bool | None = None,
        etag: str = "",
        request_id: str | None = None,
        timeout: float | None = None,
    ) -> Graph:
        """Gives it another display name, other fields to search, or begins or ends the history of what it is asked;
        ending it removes what there is. None leaves all as it is. Raises EtagMismatch if it has changed since `etag`
        was read, TypeError if there is nothing to change."""
        given = {
            "display_name": display_name,
            "search_fields": search_fields,
            "query_history_disabled": query_history,
        }
        paths = [path for path, value in given.items() if value is not None]
        if not paths:
            raise TypeError("give a display_name, search_fields or query_history")
        request = values.made(
            service.UpdateGraphRequest,
            graph=values.made(
                Graph,
                name=graph_name(graph),
                display_name=display_name or "",
                search_fields=search_fields,
                query_history_disabled=query_history is False,
                etag=etag,
            ),
            update_mask=field_mask(paths),
            request_id=request_id or new_request_id(),
        )
        response = await self._transport.unary(
            "GraphService/UpdateGraph", request, service.UpdateGraphResponse, timeout
        )
        return response.graph

    async def delete_graph(
        self, graph: str, *, etag: str = "", request_id: str | None = None, timeout: float | None = None
    ) -> Graph:
        """Hides the graph and all in it; undelete_graph brings it back whole."""
        request = values.made(
            service.DeleteGraphRequest, name=graph_name(graph), etag=etag, request_id=request_id or new_request_id()
        )
        response = await self._transport.unary(
            "GraphService/DeleteGraph", request, service.DeleteGraphResponse, timeout
        )
        return response.graph

    async def undelete_graph(self, graph: str, *, request_id: str | None = None, timeout: float | None = None) -> Graph:
        """Brings a deleted graph back. Raises GraphNotDeleted."""
        request = values.made(
            service.UndeleteGraphRequest, name=graph_name(graph), request_id=request_id or new_request_id()
        )
        response = await self._transport.unary(
            "GraphService/UndeleteGraph", request, service.UndeleteGraphResponse, timeout
        )
        return response.graph

    async def get_graph_stats(self, graph: str, *, timeout: float | None = None) -> GraphStats:
        """Counts of a graph at one revision."""
        request = values.made(service.GetGraphStatsRequest, name=graph_name(graph))
        response = await self._transport.unary(
            "GraphService/GetGraphStats", request, service.GetGraphStatsResponse, timeout
        )
        return response.stats
