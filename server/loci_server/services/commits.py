"""CommitService."""

from loci.v1.commit_service_pb2 import CommitRequest, CommitResponse
from loci_server.domain.names import parse_graph
from loci_server.services.call import Call
from loci_server.services.requests import context
from loci_server.store.handles import Handles
from loci_server.writing.writer import Writer


class CommitServicer:
    """Writes many nodes and edges at once."""

    def __init__(self, handles: Handles, writer: Writer) -> None:
        self._handles = handles
        self._writer = writer

    async def Commit(self, request: CommitRequest, call: Call) -> CommitResponse:
        graph = parse_graph(request.parent, "parent")
        handle = await self._handles.get(call.principal.tenant_key, graph)
        return await self._writer.write(handle, request.mutations, context(request, call), request.preconditions)
