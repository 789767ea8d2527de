"""Memories: what an agent knows, kept once, found and packed for a prompt, and forgotten; how much it matters, and how
answers were judged."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime

from loci import values
from loci.filters import NodeFilterFields, Range, as_node_filter, time_range
from loci.moments import AsOfLike
from loci.names import graph_name, node_name
from loci.queries import FeedbackWord, Profile, Weight, recall_request
from loci.remembering import Expiration, remember_request, session_name, turn_message
from loci.retries import new_request_id
from loci.v1 import feedback_pb2, query_history_pb2, salience_pb2
from loci.v1 import memory_service_pb2 as service
from loci.v1.filter_pb2 import NodeFilter
from loci.v1.node_pb2 import Node
from loci.values import Json

from .transport import Calls


class Memories(Calls):
    """MemoryService."""

    async def remember(
        self,
        graph: str,
        text: str,
        *,
        id: str = "",
        type: str = "",
        label: str = "",
        session: str = "",
        speaker: str = "",
        event_time: datetime | None = None,
        valid_from: str = "",
        valid_to: str = "",
        metadata: Mapping[str, Json] | None = None,
        expires: Expiration = None,
        importance: float | None = None,
        slot: service.Slot | str | None = None,
        source: str = "",
        confidence: float | None = None,
        supersedes: Iterable[str] = (),
        request_id: str | None = None,
        note: str | None = None,
        timeout: float | None = None,
    ) -> service.RememberResponse:
        """Keeps a memory, unless it is there already: `outcome` and `reason` say what became of it.

        `type` is `fact` by default. `expires` is a datetime, or a timedelta from now. `slot` is what the memory fills:
        `"lives_in"`, or `loci.slot("lives_in", value="Austin", subject="Ann")`; of a slot with one value, the newest by
        fact time (`valid_from`, else `event_time`, else now) is current, and those before it are kept as superseded.
        Raises NodeExists, NodeNotFound (for `session` and `supersedes`) or SupersessionCycle.
        """
        request = remember_request(
            graph,
            text,
            id=id,
            type=type,
            label=label,
            session=session,
            speaker=speaker,
            event_time=event_time,
            valid_from=valid_from,
            valid_to=valid_to,
            metadata=metadata,
            expires=expires,
            importance=importance,
            slot=slot,
            source=source,
            confidence=confidence,
            supersedes=supersedes,
            request_id=request_id,
            note=note,
        )
        return await self._transport.unary("MemoryService/Remember", request, service.RememberResponse, timeout)

    async def forget(
        self,
        graph: str,
        ids: Iterable[str] = (),
        *,
        filter: NodeFilter | NodeFilterFields | None = None,
        hard: bool = False,
        dry_run: bool = False,
        request_id: str | None = None,
        note: str | None = None,
        timeout: float | None = None,
    ) -> service.ForgetResponse:
        """Deletes memories by id or by filter, at most 1,000 in one commit: `more` says that others pass the filter, or
        are of a session that was named. A session (`session:ID`) goes with its turns.

        `hard` leaves nothing of them; otherwise `restore_node` brings them back.
        """
        request = values.made(
            service.ForgetRequest,
            parent=graph_name(graph),
            names=[node_name(graph, id) for id in values.listed(ids, "ids")],
            filter=as_node_filter(filter),
            hard=hard,
            dry_run=dry_run,
            request_id=request_id or new_request_id(),
            note=note or "",
        )
        return await self._transport.unary("MemoryService/Forget", request, service.ForgetResponse, timeout)

    async def start_session(
        self,
        graph: str,
        session: str = "",
        *,
        title: str = "",
        metadata: Mapping[str, Json] | None = None,
        start_time: datetime | None = None,
        request_id: str | None = None,
        note: str | None = None,
        timeout: float | None = None,
    ) -> service.Session:
        """Begins a session; without an id it gets a new UUIDv7. Raises NodeExists."""
        request = values.made(
            service.StartSessionRequest,
            {"session_id": "session"},
            parent=graph_name(graph),
            session_id=session,
            title=title,
            metadata=values.optional_struct(metadata, "metadata"),
            start_time=values.optional_timestamp(start_time, "start_time"),
            request_id=request_id or new_request_id(),
            note=note or "",
        )
        response = await self._transport.unary(
            "MemoryService/StartSession", request, service.StartSessionResponse, timeout
        )
        return response.session

    async def append_turns(
        self,
        graph: str,
        session: str,
        turns: Iterable[service.Turn | tuple[str, str] | str],
        *,
        request_id: str | None = None,
        note: str | None = None,
        timeout: float | None = None,
    ) -> service.AppendTurnsResponse:
        """Adds turns to the end of a session, in one commit: texts, pairs of speaker and text, or `loci.turn(...)`. At
        most 200. Raises NodeNotFound."""
        request = values.made(
            service.AppendTurnsRequest,
            name=session_name(graph, session),
            turns=[turn_message(turn) for turn in values.listed(turns, "turns")],
            request_id=request_id or new_request_id(),
            note=note or "",
        )
        return await self._transport.unary("MemoryService/AppendTurns", request, service.AppendTurnsResponse, timeout)

    async def list_sessions(
        self, graph: str, *, page_size: int = 0, timeout: float | None = None
    ) -> AsyncIterator[service.Session]:
        """The sessions of a graph in order of id; `timeout` is for each page."""
        request = values.made(service.ListSessionsRequest, parent=graph_name(graph), page_size=page_size)
        pages = self._transport.pages("MemoryService/ListSessions", request, service.ListSessionsResponse, timeout)
        async for page in pages:
            for found in page.sessions:
                yield found

    async def transcript(
        self, graph: str, session: str, *, page_size: int = 0, timeout: float | None = None
    ) -> AsyncIterator[Node]:
        """What was said in a session, in its order; `timeout` is for each page. Raises NodeNotFound."""
        request = values.made(service.GetTranscriptRequest, name=session_name(graph, session), page_size=page_size)
        pages = self._transport.pages("MemoryService/GetTranscript", request, service.GetTranscriptResponse, timeout)
        async for page in pages:
            for found in page.turns:
                yield found

    async def recall(
        self,
        graphs: str | Sequence[str],
        query: str,
        *,
        limit: int = 10,
        max_tokens: int = 0,
        filter: NodeFilter | NodeFilterFields | None = None,
        profile: Profile | None = None,
        weights: Mapping[Weight, float] | None = None,
        query_time: datetime | None = None,
        as_of: AsOfLike = None,
        explain: bool = False,
        unrecorded: bool = False,
        timeout: float | None = None,
    ) -> service.RecallResponse:
        """The best `limit` (1 to 100) memories of one graph or of up to 8.

        With `max_tokens` (at most 100,000; a token is 4 characters) the answer's `context` is a text of memories for a
        prompt, which cites them by id. What is returned counts as used, and the query is kept in the history, unless it
        is `unrecorded`. The other parameters are those of `search`.
        """
        request = recall_request(
            graphs,
            query,
            limit=limit,
            max_tokens=max_tokens,
            filter=filter,
            profile=profile,
            weights=weights,
            query_time=query_time,
            as_of=as_of,
            explain=explain,
            unrecorded=unrecorded,
        )
        return await self._transport.unary("MemoryService/Recall", request, service.RecallResponse, timeout)

    async def batch_get_salience(
        self, graph: str, ids: Sequence[str], *, timeout: float | None = None
    ) -> salience_pb2.BatchGetSalienceResponse:
        """How much up to 1,000 nodes matter now, and what that comes of; `missing` names those that are not there."""
        request = values.made(
            salience_pb2.BatchGetSalienceRequest,
            parent=graph_name(graph),
            names=[node_name(graph, id) for id in values.listed(ids, "ids")],
        )
        response_type = salience_pb2.BatchGetSalienceResponse
        return await self._transport.unary("MemoryService/BatchGetSalience", request, response_type, timeout)

    async def boost_memory(
        self, graph: str, id: str, boost: float, *, request_id: str | None = None, timeout: float | None = None
    ) -> salience_pb2.Salience:
        """Lifts a memory (up to 1) or lowers it (down to -1), in place of the boost before; 0 takes that back. Raises
        NodeNotFound."""
        request = values.made(
            salience_pb2.BoostMemoryRequest,
            name=node_name(graph, id),
            boost=boost,
            request_id=request_id or new_request_id(),
        )
        response_type = salience_pb2.BoostMemoryResponse
        response = await self._transport.unary("MemoryService/BoostMemory", request, response_type, timeout)
        return response.salience

    async def recalculate(
        self, graph: str, *, time: datetime | None = None, timeout: float | None = None
    ) -> salience_pb2.Recalculation:
        """Begins to store the salience of all nodes as of a time (now if none), for filters by `min_current_salience`;
        or finds the run that is under way. `get_recalculation` tells how far it is."""
        request = values.made(
            salience_pb2.RecalculateRequest, parent=graph_name(graph), time=values.optional_timestamp(time, "time")
        )
        response_type = salience_pb2.RecalculateResponse
        response = await self._transport.unary("MemoryService/Recalculate", request, response_type, timeout)
        return response.recalculation

    async def get_recalculation(self, graph: str, *, timeout: float | None = None) -> salience_pb2.Recalculation:
        """How far the last recalculation of a graph is."""
        request = values.made(salience_pb2.GetRecalculationRequest, name=graph_name(graph))
        response_type = salience_pb2.GetRecalculationResponse
        response = await self._transport.unary("MemoryService/GetRecalculation", request, response_type, timeout)
        return response.recalculation

    async def list_queries(
        self, graph: str, *, time: Range = (None, None), page_size: int = 0, timeout: float | None = None
    ) -> AsyncIterator[query_history_pb2.QueryRecord]:
        """What was asked of a graph in a time, latest first. Needs the scope ADMIN; `timeout` is for each page."""
        request = values.made(
            query_history_pb2.ListQueriesRequest,
            parent=graph_name(graph),
            time=time_range(time, "time"),
            page_size=page_size,
        )
        response_type = query_history_pb2.ListQueriesResponse
        async for page in self._transport.pages("MemoryService/ListQueries", request, response_type, timeout):
            for query in page.queries:
                yield query

    async def give_feedback(
        self,
        graph: str,
        kind: FeedbackWord,
        *,
        query_id: str = "",
        node: str = "",
        comment: str = "",
        request_id: str | None = None,
        timeout: float | None = None,
    ) -> feedback_pb2.Feedback:
        """Says that an answer (its `query_id`), or a memory (an id), was helpful, unhelpful, or missed; at least one of
        them is to be named. Raises NodeNotFound, QueryNotFound."""
        request = values.made(
            feedback_pb2.GiveFeedbackRequest,
            parent=graph_name(graph),
            kind=values.enum_value(feedback_pb2.FeedbackKind, "FEEDBACK_KIND_", kind, "kind"),
            query_id=query_id,
            node_name=node_name(graph, node) if node else "",
            comment=comment,
            request_id=request_id or new_request_id(),
        )
        response_type = feedback_pb2.GiveFeedbackResponse
        response = await self._transport.unary("MemoryService/GiveFeedback", request, response_type, timeout)
        return response.feedback

    async def list_feedback(
        self, graph: str, *, time: Range = (None, None), page_size: int = 0, timeout: float | None = None
    ) -> AsyncIterator[feedback_pb2.Feedback]:
        """Feedback that was given in a time, latest first. Needs the scope ADMIN; `timeout` is for each page."""
        request = values.made(
            feedback_pb2.ListFeedbackRequest,
            parent=graph_name(graph),
            time=time_range(time, "time"),
            page_size=page_size,
        )
        response_type = feedback_pb2.ListFeedbackResponse
        async for page in self._transport.pages("MemoryService/ListFeedback", request, response_type, timeout):
            for feedback in page.feedback:
                yield feedback

    async def summarize_feedback(
        self, graph: str, *, time: Range = (None, None), max_nodes: int = 10, timeout: float | None = None
    ) -> feedback_pb2.SummarizeFeedbackResponse:
        """Counts of the feedback that was given in a time, and the nodes that got most of it."""
        request = values.made(
            feedback_pb2.SummarizeFeedbackRequest,
            parent=graph_name(graph),
            time=time_range(time, "time"),
            max_nodes=max_nodes,
        )
        response_type = feedback_pb2.SummarizeFeedbackResponse
        return await self._transport.unary("MemoryService/SummarizeFeedback", request, response_type, timeout)
