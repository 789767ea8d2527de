"""SearchService."""

import asyncio
from collections.abc import Callable

from google.rpc.status_pb2 import Status

from loci.v1 import search_service_pb2 as pb
from loci_server.codec.filters import has_properties, node_filter
from loci_server.codec.page_tokens import PageTokens
from loci_server.domain.limits import (
    DEFAULT_SEARCH_PAGE_SIZE,
    MAX_BATCH_SEARCHES,
    MAX_QUERY_BYTES,
    MAX_SEARCH_PAGE_SIZE,
    bounded,
    check_bytes,
    check_count,
)
from loci_server.domain.names import parse_graph
from loci_server.domain.validation import check_embedding
from loci_server.errors import InvalidField, LociError, SemanticSearchUnavailable
from loci_server.search.arms import Arms, QueryVector, State
from loci_server.search.fusion import Arm
from loci_server.search.searcher import Hit, Page, Query, Searcher
from loci_server.services.call import Call
from loci_server.services.views import Views
from loci_server.store.handles import GraphHandle, Handles
from loci_server.store.items import Items
from loci_server.writing.vectors import unit

MODES = {
    pb.SEARCH_MODE_UNSPECIFIED: frozenset(Arm),
    pb.SEARCH_MODE_HYBRID: frozenset(Arm),
    pb.SEARCH_MODE_LEXICAL: frozenset((Arm.LEXICAL,)),
    pb.SEARCH_MODE_SEMANTIC: frozenset((Arm.SEMANTIC,)),
}
ARMS = {Arm.LEXICAL: pb.SEARCH_ARM_LEXICAL, Arm.SEMANTIC: pb.SEARCH_ARM_SEMANTIC}
STATES = {State.OK: pb.ARM_STATE_OK, State.SKIPPED: pb.ARM_STATE_SKIPPED, State.FAILED: pb.ARM_STATE_FAILED}
CONCURRENT_SEARCHES = 4


class SearchServicer:
    """Finds nodes by what they say."""

    def __init__(
        self,
        handles: Handles,
        items: Items,
        views: Views,
        searcher: Searcher,
        arms: Arms,
        tokens: PageTokens,
        status_of: Callable[[LociError], Status],
    ) -> None:
        self._handles = handles
        self._items = items
        self._views = views
        self._searcher = searcher
        self._arms = arms
        self._tokens = tokens
        self._status_of = status_of

    async def Search(self, request: pb.SearchRequest, call: Call) -> pb.SearchResponse:
        tenant = call.principal.tenant_key
        graph = parse_graph(request.parent, "parent")
        size = bounded("page_size", request.page_size, 1, MAX_SEARCH_PAGE_SIZE, DEFAULT_SEARCH_PAGE_SIZE)
        arms, vector = self._arms_of(request)
        position = self._tokens.decode(tenant, request, request.page_token)
        handle = await self._handles.get(tenant, graph)
        wanted = request.filter.properties
        view = await self._views.of(handle, request.as_of, given=request.filter.valid_at)
        query = Query(
            request.query,
            arms,
            node_filter(request.filter, handle.tokenizer, held=view.held, revision=view.revision),
            lambda node: has_properties(node.properties, wanted),
            vector,
            view.revision,
        )
        pages = self._searcher.search(handle, query, int(position or b"0"), size)
        page, pending = await asyncio.gather(pages, self._pending(handle, arms))
        response = answer(page, request.explain, pending + page.unseen)
        if page.next_offset is not None:
            token = self._tokens.encode(tenant, request, str(page.next_offset).encode())
            response.next_page_token = token
        return response

    async def BatchSearch(self, request: pb.BatchSearchRequest, call: Call) -> pb.BatchSearchResponse:
        if not request.requests:
            raise InvalidField(field="requests", detail="give at least one")
        check_count("requests", len(request.requests), MAX_BATCH_SEARCHES, "requests")
        slots = asyncio.Semaphore(CONCURRENT_SEARCHES)

        async def one(search: pb.SearchRequest) -> pb.BatchSearchResult:
            async with slots:
                try:
                    return pb.BatchSearchResult(response=await self.Search(search, call))
                except LociError as error:
                    return pb.BatchSearchResult(error=self._status_of(error))

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(search)) for search in request.requests]
        return pb.BatchSearchResponse(results=[task.result() for task in tasks])

    def _arms_of(self, request: pb.SearchRequest) -> tuple[frozenset[Arm], QueryVector | None]:
        check_bytes("query", request.query, MAX_QUERY_BYTES)
        if request.mode not in MODES:
            raise InvalidField(field="mode", detail="it is not a SearchMode")
        arms = MODES[request.mode]
        vector = None
        if request.HasField("query_embedding"):
            check_embedding(request.query_embedding, "query_embedding")
            vector = QueryVector(request.query_embedding.model, unit(request.query_embedding.values))
        elif not request.query.strip():
            raise InvalidField(field="query", detail="give a query or a query_embedding")
        elif arms == {Arm.SEMANTIC} and not self._arms.can_embed:
            raise SemanticSearchUnavailable
        return arms, vector

    async def _pending(self, handle: GraphHandle, arms: frozenset[Arm]) -> int:
        """Documents that the semantic arm cannot see yet."""
        if Arm.SEMANTIC not in arms or not self._arms.can_embed:
            return 0
        rows = await self._items.fetch("count_pending", handle)
        pending: int = rows[0]["pending"]
        return pending


def answer(page: Page, explain: bool, pending: int) -> pb.SearchResponse:
    response = pb.SearchResponse(truncated=page.truncated)
    response.hits.extend(hit_message(hit, explain) for hit in page.hits)
    for result in page.arms:
        response.arms.add(
            arm=ARMS[result.arm],
            state=STATES[result.state],
            candidate_count=len(result.candidates),
            reason=result.reason,
            pending_count=pending if result.arm is Arm.SEMANTIC else 0,
        )
    return response


def hit_message(hit: Hit, explain: bool) -> pb.SearchHit:
    message = pb.SearchHit(node=hit.node, score=hit.score)
    if explain:
        for arm, (rank, score) in hit.places.items():
            message.arm_scores.add(arm=ARMS[arm], rank=rank, score=score)
    return message
