"""SearchService."""

import asyncio
import struct
from collections.abc import Callable

from google.rpc.status_pb2 import Status

from loci.v1 import search_service_pb2 as pb
from loci_server.codec.filters import accepts, node_filter
from loci_server.codec.page_tokens import PageTokens
from loci_server.codec.queries import searched
from loci_server.codec.searches import asked, at, hit_message, profile, report
from loci_server.domain.ids import uuid7
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
from loci_server.memory.traces import Traces
from loci_server.search.arms import Arms, State
from loci_server.search.concurrency import both, together
from loci_server.search.fusion import Arm
from loci_server.search.phrases import phrases_of
from loci_server.search.profiles import Profile
from loci_server.search.query import Query, QueryVector
from loci_server.search.scanning import Scans
from loci_server.search.searcher import Page, Searcher
from loci_server.search.times import Period
from loci_server.services.call import Call
from loci_server.services.views import Views
from loci_server.store.handles import Handles
from loci_server.store.times import EPOCH, MICROSECOND, microseconds
from loci_server.writing.vectors import unit

BOTH = frozenset((Arm.LEXICAL, Arm.SEMANTIC))
MODES = {
    pb.SEARCH_MODE_UNSPECIFIED: BOTH,
    pb.SEARCH_MODE_HYBRID: BOTH,
    pb.SEARCH_MODE_LEXICAL: frozenset((Arm.LEXICAL,)),
    pb.SEARCH_MODE_SEMANTIC: frozenset((Arm.SEMANTIC,)),
}
PLACE = struct.Struct(">qqBqq")
"""Where a page begins; the microsecond at which the first was asked for, as recency does not move between pages; a bit
for each arm that did not answer it; and the time that the query counts from an event (from and to, in microseconds;
equal: none)."""
CONCURRENT_SEARCHES = 4


class SearchServicer:
    """Finds nodes by what they say."""

    def __init__(
        self,
        handles: Handles,
        scans: Scans,
        views: Views,
        searcher: Searcher,
        arms: Arms,
        tokens: PageTokens,
        status_of: Callable[[LociError], Status],
        traces: Traces,
    ) -> None:
        self._handles = handles
        self._scans = scans
        self._views = views
        self._searcher = searcher
        self._arms = arms
        self._tokens = tokens
        self._status_of = status_of
        self._traces = traces

    async def Search(self, request: pb.SearchRequest, call: Call) -> pb.SearchResponse:
        tenant = call.principal.tenant_key
        graph = parse_graph(request.parent, "parent")
        size = bounded("page_size", request.page_size, 1, MAX_SEARCH_PAGE_SIZE, DEFAULT_SEARCH_PAGE_SIZE)
        arms, vector = self._arms_of(request)
        profile = profile_of(request)
        question = asked(request.query, request.query_time if request.HasField("query_time") else None)
        offset, without, period = 0, None, None
        position = self._tokens.decode(tenant, request, request.page_token, PLACE.unpack)
        if position is not None:
            offset, begun, failed, lower, upper = position
            period = Period(EPOCH + lower * MICROSECOND, EPOCH + upper * MICROSECOND) if lower < upper else None
            without = frozenset(arm for bit, arm in enumerate(Arm) if failed >> bit & 1)
            question = at(question, EPOCH + begun * MICROSECOND)
        handle = await self._handles.get(tenant, graph)
        view = await self._views.of(handle, request.as_of, given=request.filter.valid_at)
        filter = node_filter(request.filter, handle.tokenizers, held=view.held, revision=view.revision)
        passes = accepts(request.filter)
        if request.filter.comparisons:
            filter = await self._scans.narrowed(handle, filter, passes, call.deadline)
        query = Query(
            question,
            arms,
            profile,
            filter,
            passes,
            vector,
            phrases_of(request.query) if Arm.LEXICAL in arms else (),
            profile is None or request.profile == pb.SEARCH_PROFILE_STRICT,
            view.revision,
            without=without,
        )
        if position is None:
            period = await self._searcher.time_of_event(handle, query)
        query = query.within(period)
        pages = self._searcher.search(handle, query, offset, size)
        page, pending = await both(pages, self._arms.pending(handle, arms))
        response = answer(page, request.explain, pending + page.unseen)
        if page.next_offset is not None:
            failed = without or {result.arm for result in page.arms if result.state is State.FAILED}
            bits = sum(1 << bit for bit, arm in enumerate(Arm) if arm in failed)
            bounds = (microseconds(period.lower), microseconds(period.upper)) if period else (0, 0)
            place = PLACE.pack(page.next_offset, microseconds(question.time), bits, *bounds)
            token = self._tokens.encode(tenant, request, place)
            response.next_page_token = token
        if not request.unrecorded and position is None:
            response.query_id = uuid7()
            self._traces.asked(handle, response.query_id, call.principal.key_id, searched(request, len(response.hits)))
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

        return pb.BatchSearchResponse(results=await together(one(search) for search in request.requests))

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


def answer(page: Page, explain: bool, pending: int) -> pb.SearchResponse:
    return pb.SearchResponse(
        truncated=page.truncated,
        hits=[hit_message(hit, explain) for hit in page.hits],
        arms=[report(result, pending) for result in page.arms],
    )


def profile_of(request: pb.SearchRequest) -> Profile | None:
    """That of a hybrid search. Raises InvalidField."""
    if request.mode in (pb.SEARCH_MODE_UNSPECIFIED, pb.SEARCH_MODE_HYBRID):
        return profile(request.profile, request.weights)
    for field, given in (("profile", bool(request.profile)), ("weights", request.HasField("weights"))):
        if given:
            raise InvalidField(field=field, detail="only a hybrid search weighs one arm against another")
    return None
