"""MemoryService."""

from collections.abc import Sequence

from loci.v1 import memory_service_pb2 as pb
from loci.v1.search_service_pb2 import SEARCH_PROFILE_STRICT
from loci_server.codec.filters import node_filter
from loci_server.codec.queries import recalled
from loci_server.codec.searches import accepts_memories, asked, asks_for_the_past, hit_message, profile, report
from loci_server.domain.ids import uuid7
from loci_server.domain.limits import (
    DEFAULT_SEARCH_PAGE_SIZE,
    MAX_CONTEXT_TOKENS,
    MAX_QUERY_BYTES,
    MAX_RECALLED_GRAPHS,
    MAX_SEARCH_PAGE_SIZE,
    bounded,
    check_bytes,
    check_count,
)
from loci_server.domain.names import parse_graph, parse_node
from loci_server.errors import InvalidField
from loci_server.memory.recall import Recaller
from loci_server.memory.traces import Traces
from loci_server.search.arms import Arms
from loci_server.search.concurrency import both, together
from loci_server.search.fusion import Arm
from loci_server.search.phrases import phrases_of
from loci_server.search.profiles import Profile
from loci_server.search.query import Query
from loci_server.search.scanning import Scans
from loci_server.search.shaping import Asked
from loci_server.services.call import Call
from loci_server.services.feedback import Judging
from loci_server.services.query_history import QueryHistory
from loci_server.services.remembering import Remembering
from loci_server.services.salience import Weighing
from loci_server.services.sessions import Conversations
from loci_server.services.views import Views
from loci_server.store.handles import GraphHandle, Handles

BOTH = frozenset((Arm.LEXICAL, Arm.SEMANTIC))


class MemoryServicer:
    """What an agent knows."""

    def __init__(
        self,
        recalling: "Recalling",
        remembering: Remembering,
        conversations: Conversations,
        weighing: Weighing,
        history: QueryHistory,
        judging: Judging,
    ) -> None:
        self.Recall = recalling.Recall
        self.Remember = remembering.Remember
        self.Forget = remembering.Forget
        self.StartSession = conversations.StartSession
        self.AppendTurns = conversations.AppendTurns
        self.ListSessions = conversations.ListSessions
        self.GetTranscript = conversations.GetTranscript
        self.BatchGetSalience = weighing.BatchGetSalience
        self.BoostMemory = weighing.BoostMemory
        self.Recalculate = weighing.Recalculate
        self.GetRecalculation = weighing.GetRecalculation
        self.ListQueries = history.ListQueries
        self.GiveFeedback = judging.GiveFeedback
        self.ListFeedback = judging.ListFeedback
        self.SummarizeFeedback = judging.SummarizeFeedback


class Recalling:
    """Finds memories."""

    def __init__(
        self, handles: Handles, scans: Scans, views: Views, recaller: Recaller, arms: Arms, traces: Traces
    ) -> None:
        self._handles = handles
        self._scans = scans
        self._views = views
        self._recaller = recaller
        self._arms = arms
        self._traces = traces

    async def Recall(self, request: pb.RecallRequest, call: Call) -> pb.RecallResponse:
        tenant = call.principal.tenant_key
        graphs = graphs_of(request)
        limit = bounded("limit", request.limit, 1, MAX_SEARCH_PAGE_SIZE, DEFAULT_SEARCH_PAGE_SIZE)
        max_tokens = bounded("max_tokens", request.max_tokens, 1, MAX_CONTEXT_TOKENS, 0)
        check_bytes("query", request.query, MAX_QUERY_BYTES)
        if not request.query.strip():
            raise InvalidField(field="query", detail="it is empty")
        if len(graphs) > 1 and request.as_of.HasField("revision"):
            raise InvalidField(field="as_of.revision", detail="revisions are of one graph; give a time")
        weighed = profile(request.profile, request.weights)
        question = asked(request.query, request.query_time if request.HasField("query_time") else None)
        handles = [await self._handles.get(tenant, graph) for graph in graphs]
        queries = [(handle, await self._query(handle, request, question, weighed, call.deadline)) for handle in handles]
        found, pending = await both(
            self._recaller.recall(queries, limit, max_tokens),
            together(self._arms.pending(handle, BOTH) for handle in handles),
        )
        response = pb.RecallResponse(
            memories=[hit_message(hit, request.explain) for hit in found.hits], truncated=found.cut
        )
        if found.context is not None:
            response.context.text = found.context.text
            response.context.token_count = found.context.tokens
            response.context.node_names.extend(found.context.names)
        for handle, page, waiting in zip(handles, found.pages, pending, strict=True):
            reports = [report(result, waiting + page.unseen) for result in page.arms]
            response.graphs.add(graph=handle.name, arms=reports, truncated=page.truncated)
        if not request.unrecorded:
            response.query_id = uuid7()
            self._leave_traces(queries, request, response, call.principal.key_id)
        return response

    def _leave_traces(
        self,
        queries: Sequence[tuple[GraphHandle, Query]],
        request: pb.RecallRequest,
        response: pb.RecallResponse,
        actor: int,
    ) -> None:
        """What was returned was used, as far as it is of now; and the question was asked of each graph."""
        returned = [parse_node(hit.node.name) for hit in response.memories]
        packed = [parse_node(name) for name in response.context.node_names]
        for handle, query in queries:
            hits = {identity for graph, identity in returned if graph == handle.graph_id}
            if query.revision is None:
                self._traces.used(handle, hits.union(id for graph, id in packed if graph == handle.graph_id))
            self._traces.asked(handle, response.query_id, actor, recalled(request, len(hits)))

    async def _query(
        self, handle: GraphHandle, request: pb.RecallRequest, question: Asked, weighed: Profile, deadline: float
    ) -> Query:
        view = await self._views.of(handle, request.as_of, given=request.filter.valid_at)
        filter = node_filter(request.filter, handle.tokenizers, held=view.held, revision=view.revision)
        past = bool(request.filter.valid_at or request.as_of.valid_at) or asks_for_the_past(question)
        accepts = accepts_memories(
            request.filter, None if past or request.filter.HasField("superseded") else question.time
        )
        if request.filter.comparisons:
            filter = await self._scans.narrowed(handle, filter, accepts, deadline)
        return Query(
            question,
            BOTH,
            weighed,
            filter,
            accepts,
            phrases=phrases_of(request.query),
            demanded=request.profile == SEARCH_PROFILE_STRICT,
            revision=view.revision,
        )


def graphs_of(request: pb.RecallRequest) -> list[str]:
    """The ids of the graphs. Raises InvalidField, LimitExceeded, InvalidName."""
    if not request.parents:
        raise InvalidField(field="parents", detail="give at least one")
    check_count("parents", len(request.parents), MAX_RECALLED_GRAPHS, "graphs")
    graphs: list[str] = []
    for place, parent in enumerate(request.parents):
        graph = parse_graph(parent, f"parents[{place}]")
        if graph in graphs:
            raise InvalidField(field=f"parents[{place}]", detail="it is named twice")
        graphs.append(graph)
    return graphs
