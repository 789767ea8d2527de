"""The sessions of MemoryService."""

from datetime import UTC, datetime

from loci.v1 import memory_service_pb2 as pb
from loci.v1.as_of_pb2 import AsOf
from loci.v1.filter_pb2 import NodeFilter
from loci_server.codec.filters import node_filter
from loci_server.codec.memories import checked_session, said, session_message
from loci_server.codec.page_tokens import PageTokens
from loci_server.domain.conversations import SESSION_TYPE
from loci_server.domain.limits import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, PAGE_BYTES, bounded
from loci_server.domain.names import parse_graph, parse_node
from loci_server.domain.nodes import complete
from loci_server.domain.validation import check_node
from loci_server.memory.sessions import Sessions, new_session
from loci_server.memory.transcripts import Position
from loci_server.services.call import Call
from loci_server.services.requests import context
from loci_server.services.views import Views
from loci_server.store.handles import Handles
from loci_server.store.times import timestamp

READ_AT_ONCE = 30
"""Turns; each may have 256 KiB of text and as much of metadata."""


class Conversations:
    """Keeps and reads conversations."""

    def __init__(self, handles: Handles, views: Views, sessions: Sessions, tokens: PageTokens) -> None:
        self._handles = handles
        self._views = views
        self._sessions = sessions
        self._tokens = tokens

    async def StartSession(self, request: pb.StartSessionRequest, call: Call) -> pb.StartSessionResponse:
        graph = parse_graph(request.parent, "parent")
        identity = checked_session(request)
        start = request.start_time if request.HasField("start_time") else timestamp(datetime.now(UTC))
        node = complete(new_session(graph, identity, request.title, request.metadata, start))
        check_node(node, "session")
        handle = await self._handles.get(call.principal.tenant_key, graph)
        return pb.StartSessionResponse(
            session=session_message(await self._sessions.start(handle, node, context(request, call)))
        )

    async def AppendTurns(self, request: pb.AppendTurnsRequest, call: Call) -> pb.AppendTurnsResponse:
        graph, identity = parse_node(request.name)
        turns = said(request)
        handle = await self._handles.get(call.principal.tenant_key, graph)
        done = await self._sessions.append(handle, identity, turns, context(request, call))
        return pb.AppendTurnsResponse(nodes=done.nodes, session=session_message(done.session), revision=done.revision)

    async def ListSessions(self, request: pb.ListSessionsRequest, call: Call) -> pb.ListSessionsResponse:
        tenant = call.principal.tenant_key
        graph = parse_graph(request.parent, "parent")
        size = bounded("page_size", request.page_size, 1, MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE)
        after = self._tokens.decode(tenant, request, request.page_token, bytes.decode) or ""
        handle = await self._handles.get(tenant, graph)
        view = await self._views.of(handle, AsOf())
        filter = node_filter(NodeFilter(types=[SESSION_TYPE]), handle.tokenizers)
        listed = await view.list_nodes(filter, after, size)
        response = pb.ListSessionsResponse(sessions=map(session_message, listed.items))
        if listed.after is not None:
            response.next_page_token = self._tokens.encode(tenant, request, listed.after.encode())
        return response

    async def GetTranscript(self, request: pb.GetTranscriptRequest, call: Call) -> pb.GetTranscriptResponse:
        tenant = call.principal.tenant_key
        graph, identity = parse_node(request.name)
        size = bounded("page_size", request.page_size, 1, MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE)
        position = self._tokens.decode(tenant, request, request.page_token, Position.decode)
        handle = await self._handles.get(tenant, graph)
        order = await self._sessions.transcript(handle, identity, position, size + 1)
        view = await self._views.of(handle, AsOf())
        response = pb.GetTranscriptResponse()
        room = PAGE_BYTES
        seen = 0
        while seen < min(size, len(order)) and room > 0:  # what has no room is on the next page
            part = [each.last.id for each in order[seen : min(seen + READ_AT_ONCE, size)]]
            found = await view.nodes(part)
            response.turns.extend(found[turn] for turn in part if turn in found)
            room -= sum(node.ByteSize() for node in found.values())
            seen += len(part)
        if seen < len(order):
            response.next_page_token = self._tokens.encode(tenant, request, order[seen - 1].encode())
        return response
