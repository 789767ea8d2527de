"""The part of MemoryService that tells what was asked."""

from loci.v1 import query_history_pb2 as pb
from loci_server.codec.filters import time_range
from loci_server.codec.page_tokens import PageTokens
from loci_server.codec.places import FIRST, LAST, Place, packed, unpacked
from loci_server.domain.limits import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, bounded
from loci_server.domain.names import actor_name, parse_graph
from loci_server.domain.row import Row
from loci_server.errors import ContentUnreadable
from loci_server.memory.query_log import QueryLog, opened
from loci_server.services.call import Call
from loci_server.services.requests import end_of_page
from loci_server.store.handles import GraphHandle, Handles
from loci_server.store.queries import Queries
from loci_server.store.times import aware, write_timestamp


class QueryHistory:
    """Reads the history of queries. `log` holds those that are yet to be written."""

    def __init__(self, handles: Handles, queries: Queries, log: QueryLog, tokens: PageTokens) -> None:
        self._handles = handles
        self._queries = queries
        self._log = log
        self._tokens = tokens

    async def ListQueries(self, request: pb.ListQueriesRequest, call: Call) -> pb.ListQueriesResponse:
        tenant = call.principal.tenant_key
        graph = parse_graph(request.parent, "parent")
        size = bounded("page_size", request.page_size, 1, MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE)
        start, end = time_range(request.time, "time")
        after = self._tokens.decode(tenant, request, request.page_token, unpacked)
        handle = await self._handles.get(tenant, graph)
        if after is None:
            await self._log.flush()
            after = LAST
        bounds = start or FIRST.time, end or LAST.time
        rows = await self._queries.page(handle, *bounds, *after, size + 1)
        response = pb.ListQueriesResponse(
            queries=[record(handle, call.principal.tenant_id, row) for row in rows[:size]]
        )
        last = end_of_page(rows, size, "content")
        if last is not None:
            place = packed(Place(aware(last["time"]), last["query_id"]))
            response.next_page_token = self._tokens.encode(tenant, request, place)
        return response


def record(handle: GraphHandle, tenant_id: str, row: Row) -> pb.QueryRecord:
    """The message of a row of loci.queries."""
    identity = str(row["query_id"])
    try:
        told = opened(handle, identity, row["content"])
    except ContentUnreadable:
        told = pb.QueryRecord(unreadable=True)
    told.name = f"{handle.name}/queries/{identity}"
    told.api_key = actor_name(tenant_id, row["actor"])
    write_timestamp(told.time, row["time"])
    return told
