"""The part of MemoryService that takes and tells judgements."""

from uuid import UUID

from loci.v1 import feedback_pb2 as pb
from loci_server.codec.filters import time_range
from loci_server.codec.page_tokens import PageTokens
from loci_server.codec.places import FIRST, LAST, Place, packed, unpacked
from loci_server.domain.limits import (
    DEFAULT_FEEDBACK_NODES,
    DEFAULT_PAGE_SIZE,
    MAX_COMMENT_BYTES,
    MAX_FEEDBACK_NODES,
    MAX_PAGE_SIZE,
    bounded,
    check_bytes,
)
from loci_server.domain.names import actor_name, parse_graph, parse_node
from loci_server.errors import InvalidField
from loci_server.memory.feedback import FeedbackBook, Given
from loci_server.services.call import Call
from loci_server.services.requests import beside, own_id
from loci_server.store.handles import Handles
from loci_server.store.times import aware

KINDS = frozenset((pb.FEEDBACK_KIND_HELPFUL, pb.FEEDBACK_KIND_UNHELPFUL, pb.FEEDBACK_KIND_MISSED))


class Judging:
    """Decodes, asks, encodes."""

    def __init__(self, handles: Handles, book: FeedbackBook, tokens: PageTokens) -> None:
        self._handles = handles
        self._book = book
        self._tokens = tokens

    async def GiveFeedback(self, request: pb.GiveFeedbackRequest, call: Call) -> pb.GiveFeedbackResponse:
        graph = parse_graph(request.parent, "parent")
        if request.kind not in KINDS:
            raise InvalidField(field="kind", detail="it must be HELPFUL, UNHELPFUL or MISSED")
        if not request.query_id and not request.node_name:
            raise InvalidField(
                field="query_id", detail="it is empty: give that of an answer, or the node_name of a memory"
            )
        node = own_id(graph, *parse_node(request.node_name, "node_name"), "node_name") if request.node_name else ""
        check_bytes("comment", request.comment, MAX_COMMENT_BYTES)
        given = Given(request.kind, query_id(request.query_id), node, request.comment)
        context = beside(request, call)
        handle = await self._handles.get(call.principal.tenant_key, graph)
        feedback = await self._book.give(handle, given, context, call.deadline)
        feedback.api_key = call.principal.name
        return pb.GiveFeedbackResponse(feedback=feedback)

    async def ListFeedback(self, request: pb.ListFeedbackRequest, call: Call) -> pb.ListFeedbackResponse:
        tenant = call.principal.tenant_key
        graph = parse_graph(request.parent, "parent")
        size = bounded("page_size", request.page_size, 1, MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE)
        start, end = time_range(request.time, "time")
        after = self._tokens.decode(tenant, request, request.page_token, unpacked) or LAST
        handle = await self._handles.get(tenant, graph)
        rows, told = await self._book.page(handle, start or FIRST.time, end or LAST.time, *after, limit=size + 1)
        for row, feedback in zip(rows, told, strict=True):
            feedback.api_key = actor_name(call.principal.tenant_id, row["actor"])
        response = pb.ListFeedbackResponse(feedback=told[:size])
        if len(rows) > size:
            last = rows[size - 1]
            place = packed(Place(aware(last["time"]), last["feedback_id"]))
            response.next_page_token = self._tokens.encode(tenant, request, place)
        return response

    async def SummarizeFeedback(self, request: pb.SummarizeFeedbackRequest, call: Call) -> pb.SummarizeFeedbackResponse:
        graph = parse_graph(request.parent, "parent")
        nodes = bounded("max_nodes", request.max_nodes, 1, MAX_FEEDBACK_NODES, DEFAULT_FEEDBACK_NODES)
        start, end = time_range(request.time, "time")
        handle = await self._handles.get(call.principal.tenant_key, graph)
        return await self._book.summary(handle, start or FIRST.time, end or LAST.time, nodes)


def query_id(text: str) -> str:
    """In its usual form, or empty. Raises InvalidField."""
    try:
        found = UUID(text) if text else None
    except ValueError:
        found = None
    if text and (found is None or str(found) != text):
        raise InvalidField(field="query_id", detail="it is not a query_id as an answer gives it")
    return text
