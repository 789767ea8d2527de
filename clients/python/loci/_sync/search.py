# Generated from loci/_async/search.py by `python -m tools.unasync`: change that file, not this one.
"""Search: finds nodes by what they say."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from loci import values
from loci.filters import NodeFilterFields
from loci.moments import AsOfLike
from loci.queries import Mode, Profile, Weight, search_request
from loci.v1 import search_service_pb2 as service
from loci.v1.filter_pb2 import NodeFilter

from .transport import Calls


class Search(Calls):
    """SearchService."""

    def search(
        self,
        graph: str,
        query: str = "",
        *,
        mode: Mode = "hybrid",
        filter: NodeFilter | NodeFilterFields | None = None,
        limit: int = 10,
        page_token: str = "",
        query_embedding: tuple[str, Sequence[float]] | None = None,
        explain: bool = False,
        as_of: AsOfLike = None,
        profile: Profile | None = None,
        weights: Mapping[Weight, float] | None = None,
        query_time: datetime | None = None,
        unrecorded: bool = False,
        timeout: float | None = None,
    ) -> service.SearchResponse:
        """The best `limit` (1 to 100) hits; more with the answer's `next_page_token`.

        `query_embedding` (model, vector) searches with that vector instead of embedding the query. `arms` in the
        answer says how each way of finding fared. `profile` (balanced if none) and `weights` say how a hybrid search
        weighs what it finds; `query_time`, which must have a zone, is when the question is asked (now if none): what is
        recent is so from there, and what was said later counts for less. `unrecorded` leaves no trace in the history of
        queries. Raises SemanticSearchUnavailable.
        """
        request = search_request(
            graph,
            query,
            mode=mode,
            filter=filter,
            limit=limit,
            page_token=page_token,
            query_embedding=query_embedding,
            explain=explain,
            as_of=as_of,
            profile=profile,
            weights=weights,
            query_time=query_time,
            unrecorded=unrecorded,
        )
        return self._transport.unary("SearchService/Search", request, service.SearchResponse, timeout)

    def batch_search(
        self, requests: Iterable[service.SearchRequest], *, timeout: float | None = None
    ) -> Sequence[service.BatchSearchResult]:
        """Up to 20 searches in one call, made with `loci.search_request`; the results are in their order.

        One that fails holds an `error` (a google.rpc.Status; `loci.errors.from_status` turns it into an exception).
        """
        request = values.made(service.BatchSearchRequest, requests=requests)
        response = self._transport.unary("SearchService/BatchSearch", request, service.BatchSearchResponse, timeout)
        return response.results
