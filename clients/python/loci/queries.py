"""Builds search requests from plain Python."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

from loci.v1.filter_pb2 import NodeFilter
from loci.v1.search_service_pb2 import SearchMode, SearchRequest

from . import values
from .filters import NodeFilterFields, as_node_filter
from .messages import embedding
from .moments import AsOfLike, as_of_message
from .names import graph_name

Mode: TypeAlias = Literal["hybrid", "lexical", "semantic"]


def search_request(
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
) -> SearchRequest:
    """One search, for batch_search. The parameters are those of the client's `search`."""
    return SearchRequest(
        parent=graph_name(graph),
        query=query,
        mode=values.enum_value(SearchMode, "SEARCH_MODE_", mode),
        filter=as_node_filter(filter),
        page_size=limit,
        page_token=page_token,
        query_embedding=None if query_embedding is None else embedding(*query_embedding),
        explain=explain,
        as_of=as_of_message(as_of),
    )
