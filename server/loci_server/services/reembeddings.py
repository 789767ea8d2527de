"""How graphs come to another embedding model, told to administrators."""

from collections.abc import Callable

from loci.v1 import admin_service_pb2 as pb
from loci_server.codec.page_tokens import PageTokens
from loci_server.domain.limits import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, bounded
from loci_server.domain.names import graph_name, parse_graph
from loci_server.domain.row import Row
from loci_server.embedding import Embedders
from loci_server.identity.grants import Grants
from loci_server.services.call import Call
from loci_server.store.handles import GraphHandle, Handles
from loci_server.store.reembedding import Reembedding
from loci_server.store.times import write_timestamp


class Reembeddings:
    """A part of AdminService. `queued` is called when there is something to do."""

    def __init__(
        self,
        handles: Handles,
        reembedding: Reembedding,
        embedders: Embedders,
        tokens: PageTokens,
        queued: Callable[[], None],
    ) -> None:
        self._handles = handles
        self._reembedding = reembedding
        self._embedders = embedders
        self._tokens = tokens
        self._queued = queued

    async def get(self, request: pb.GetReembeddingRequest, call: Call) -> pb.GetReembeddingResponse:
        handle = await self._handle(request.name, call)
        return pb.GetReembeddingResponse(reembedding=self._message(await self._reembedding.one(handle)))

    async def page(
        self, request: pb.ListReembeddingsRequest, tenant_key: int, grants: Grants
    ) -> pb.ListReembeddingsResponse:
        """Of this tenant, whose the caller may see, and of the graphs that are granted."""
        size = bounded("page_size", request.page_size, 1, MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE)
        after = self._tokens.decode(tenant_key, request, request.page_token, int)
        rows = await self._reembedding.page(tenant_key, 0 if after is None else after, size + 1, grants)
        response = pb.ListReembeddingsResponse(
            reembeddings=[self._message(row) for row in rows[:size]],
            total_size=await self._reembedding.count(tenant_key, grants),
        )
        if len(rows) > size:
            last = str(rows[size - 1]["graph_key"]).encode()
            response.next_page_token = self._tokens.encode(tenant_key, request, last)
        return response

    async def begin(self, request: pb.ReembedGraphRequest, call: Call) -> pb.ReembedGraphResponse:
        handle = await self._handle(request.name, call)
        await self._reembedding.queue_anew(handle, call.trail.leave)
        self._queued()
        return pb.ReembedGraphResponse(reembedding=self._message(await self._reembedding.one(handle)))

    async def _handle(self, name: str, call: Call) -> GraphHandle:
        return await self._handles.get(call.principal.tenant_key, parse_graph(name))

    def _message(self, row: Row) -> pb.Reembedding:
        state = state_of(row)
        message = pb.Reembedding(
            graph=graph_name(row["graph_id"]),
            state=state,
            model=row["model"] or "",
            next_model=row["next_model"] or "",
            refused_count=row["refused"],
            failure_reason=(row["failure"] or "") if row["going"] else "",
        )
        if state == pb.REEMBEDDING_STATE_QUEUED:
            message.next_model = self._embedders.target
        elif row["begin_time"] is not None:
            message.document_count = row["total_count"]
            # It counts what was there when each was gone through: edits meanwhile make a difference.
            over = row["next_model"] is None
            message.done_count = row["total_count"] if over else min(row["done_count"], row["total_count"])
            write_timestamp(message.begin_time, row["begin_time"])
        if row["end_time"] is not None:
            write_timestamp(message.end_time, row["end_time"])
        return message


def state_of(row: Row) -> pb.ReembeddingState.ValueType:
    if row["next_model"] is not None:
        return pb.REEMBEDDING_STATE_INDEXING if row["filled"] else pb.REEMBEDDING_STATE_EMBEDDING
    if row["former"]:
        return pb.REEMBEDDING_STATE_REMOVING
    return pb.REEMBEDDING_STATE_QUEUED if row["going"] else pb.REEMBEDDING_STATE_DONE
