"""Builds search requests from plain Python."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeAlias

from loci.v1.filter_pb2 import NodeFilter
from loci.v1.memory_service_pb2 import RecallRequest
from loci.v1.search_service_pb2 import SearchMode, SearchProfile, SearchRequest, SearchWeights

from . import values
from .filters import NodeFilterFields, as_node_filter
from .messages import embedding
from .moments import AsOfLike, as_of_message
from .names import graph_name

Mode: TypeAlias = Literal["hybrid", "lexical", "semantic"]
Profile: TypeAlias = Literal["balanced", "strict", "fuzzy", "recency", "coverage"]
FeedbackWord: TypeAlias = Literal["helpful", "unhelpful", "missed"]
Weight: TypeAlias = Literal["lexical", "semantic", "graph", "recency", "salience", "diversity", "temporal"]


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
    profile: Profile | None = None,
    weights: Mapping[Weight, float] | None = None,
    query_time: datetime | None = None,
    unrecorded: bool = False,
) -> SearchRequest:
    """One search, for batch_search. The parameters are those of the client's `search`."""
    return values.made(
        SearchRequest,
        {"page_size": "limit"},
        parent=graph_name(graph),
        query=query,
        mode=values.enum_value(SearchMode, "SEARCH_MODE_", mode, "mode"),
        filter=as_node_filter(filter),
        page_size=limit,
        page_token=page_token,
        query_embedding=None if query_embedding is None else embedding(*query_embedding),
        explain=explain,
        as_of=as_of_message(as_of),
        profile=profile_value(profile),
        weights=weights_message(weights),
        query_time=values.optional_timestamp(query_time, "query_time"),
        unrecorded=unrecorded,
    )


def recall_request(
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
) -> RecallRequest:
    """One recall. The parameters are those of the client's `recall`."""
    return values.made(
        RecallRequest,
        parents=[graph_name(graph) for graph in ([graphs] if isinstance(graphs, str) else graphs)],
        query=query,
        filter=as_node_filter(filter),
        limit=limit,
        max_tokens=max_tokens,
        profile=profile_value(profile),
        weights=weights_message(weights),
        query_time=values.optional_timestamp(query_time, "query_time"),
        as_of=as_of_message(as_of),
        explain=explain,
        unrecorded=unrecorded,
    )


def profile_value(profile: Profile | None) -> SearchProfile.ValueType:
    word = "unspecified" if profile is None else profile
    value: SearchProfile.ValueType = values.enum_value(SearchProfile, "SEARCH_PROFILE_", word, "profile")
    return value


def weights_message(weights: Mapping[Weight, float] | None) -> SearchWeights | None:
    """Raises TypeError or ValueError, naming the weight."""
    if weights is None:
        return None
    if not isinstance(weights, Mapping):
        raise TypeError(f"weights: give a dict of numbers, not {values.kind_of(weights)}")
    known = SearchWeights.DESCRIPTOR.fields_by_name
    for name in weights:
        if name not in known:
            raise ValueError(f"weights: {name!r} is not one of {', '.join(known)}")
    given = {str(name): value for name, value in weights.items()}
    return values.made(SearchWeights, {name: f"weights.{name}" for name in given}, **given)
