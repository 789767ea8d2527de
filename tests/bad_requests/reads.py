"""Filters, searches and walks."""

# Messages are made from dicts here.
# mypy: disable-error-code="arg-type,list-item"

from math import nan
from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.struct_pb2 import Value
from google.protobuf.timestamp_pb2 import Timestamp

from loci.v1 import edge_service_pb2 as edges
from loci.v1 import memory_service_pb2 as memories
from loci.v1 import node_service_pb2 as nodes
from loci.v1 import search_service_pb2 as search
from loci.v1 import traversal_service_pb2 as walks
from loci.v1 import watch_service_pb2 as watches
from loci.v1.as_of_pb2 import AsOf
from loci.v1.filter_pb2 import NodeFilter, TimeRange
from tests.bad_requests.case import (
    AB,
    BAD_NANOS,
    CANARY,
    INVALID,
    STATE,
    TOO_EARLY,
    TOO_LATE,
    A,
    B,
    Bad,
    G,
    listed,
    listed_edges,
    nested,
    searched,
    vector,
)


def watched(field: str, reason: str = "INVALID_FIELD", code: str = INVALID, **fields: Any) -> Bad:
    request = watches.WatchRequest(**({"parent": G} | fields))
    return Bad("WatchService/Watch", request, code, reason, field)


WATCHES = [
    watched("parent", "INVALID_NAME", parent="nodes/a"),
    watched("", "GRAPH_NOT_FOUND", "NOT_FOUND", parent="graphs/none"),
    watched("resume_token", "INVALID_RESUME_TOKEN", resume_token=CANARY),
    watched("after_revision", after_revision=-1),
    watched("after_revision", "REVISION_IN_FUTURE", "OUT_OF_RANGE", after_revision=2**40),
    watched("position", position=9),
    watched("progress_interval", progress_interval=Duration(seconds=61)),
    watched("progress_interval", progress_interval=Duration(seconds=-1)),
    watched("filter.node_types[0]", filter=watches.WatchFilter(node_types=["a b"])),
    watched("filter.relations[0]", filter=watches.WatchFilter(relations=[""])),
    watched("filter.node_types", "LIMIT_EXCEEDED", filter=watches.WatchFilter(node_types=["x"] * 65)),
    watched("filter.names", "LIMIT_EXCEEDED", filter=watches.WatchFilter(names=[A] * 1001)),
    watched("filter.kinds", "LIMIT_EXCEEDED", filter=watches.WatchFilter(kinds=[1] * 17)),
    watched("filter.names[1]", "INVALID_NAME", filter=watches.WatchFilter(names=[A, "x"])),
    watched("filter.names[0]", filter=watches.WatchFilter(names=["graphs/other/nodes/a"])),
    watched("filter.kinds[0]", filter=watches.WatchFilter(kinds=[0])),
]


def restored(reason: str, code: str = INVALID, field: str = "revision", **fields: Any) -> list[Bad]:
    """A node and an edge."""
    return [
        Bad("NodeService/RestoreNode", nodes.RestoreNodeRequest(**({"name": A} | fields)), code, reason, field),
        Bad("EdgeService/RestoreEdge", edges.RestoreEdgeRequest(**({"name": AB} | fields)), code, reason, field),
    ]


def recalled(field: str, reason: str = "INVALID_FIELD", code: str = INVALID, **fields: Any) -> Bad:
    request = memories.RecallRequest(**({"parents": [G], "query": CANARY} | fields))
    return Bad("MemoryService/Recall", request, code, reason, field)


RECALLS = [
    recalled("parents", parents=[]),
    recalled("parents", "LIMIT_EXCEEDED", parents=[f"graphs/{number}" for number in range(9)]),
    recalled("parents[1]", parents=[G, G]),
    recalled("parents[1]", "INVALID_NAME", parents=[G, A]),
    recalled("", "GRAPH_NOT_FOUND", "NOT_FOUND", parents=[G, "graphs/none"]),
    recalled("as_of.revision", parents=[G, "graphs/other"], as_of=AsOf(revision=1)),
    recalled("query", query=" "),
    recalled("limit", limit=-1),
    recalled("limit", "LIMIT_EXCEEDED", limit=101),
    recalled("max_tokens", max_tokens=-1),
    recalled("max_tokens", "LIMIT_EXCEEDED", max_tokens=100_001),
    recalled("profile", profile=99),
    recalled("weights.graph", weights=search.SearchWeights(graph=nan)),
    recalled("query_time", query_time=TOO_LATE),
    recalled("query_time", query_time=BAD_NANOS[0]),
    recalled("filter.types[0]", filter=NodeFilter(types=["a b"])),
    searched("profile", profile=99),
    searched("profile", mode=search.SEARCH_MODE_LEXICAL, profile=search.SEARCH_PROFILE_STRICT),
    searched("weights.diversity", weights=search.SearchWeights(diversity=2)),
    searched("query_time", query_time=TOO_EARLY),
]


HISTORY = [
    *restored("INVALID_FIELD", revision=0),
    *restored("INVALID_FIELD", revision=-5),
    *restored("REVISION_IN_FUTURE", "OUT_OF_RANGE", revision=2**40),
    *restored("INVALID_NAME", field="name", name=G, revision=1),
    Bad("NodeService/RestoreNode", nodes.RestoreNodeRequest(name=f"{A}x", revision=1), "NOT_FOUND", "NODE_NOT_FOUND"),
    Bad("NodeService/ListNodeRevisions", nodes.ListNodeRevisionsRequest(name=f"{A}x"), "NOT_FOUND", "NODE_NOT_FOUND"),
    Bad("EdgeService/ListEdgeRevisions", edges.ListEdgeRevisionsRequest(name=f"{AB}x"), "NOT_FOUND", "EDGE_NOT_FOUND"),
    Bad("EdgeService/ListEdgeRevisions", edges.ListEdgeRevisionsRequest(name=A), INVALID, "INVALID_NAME", "name"),
]
READS = [
    *WATCHES,
    *HISTORY,
    *RECALLS,
    listed("filter.types[1]", types=["a", ""]),
    listed("filter.types[0]", types=["a b"]),
    listed("filter.min_salience", min_salience=nan),
    listed("filter.max_salience", max_salience=1.5),
    *(
        listed("filter.event_time.start", event_time=TimeRange(start=time))
        for time in (TOO_LATE, TOO_EARLY, *BAD_NANOS)
    ),
    listed("filter.create_time", create_time=TimeRange(start=Timestamp(seconds=2), end=Timestamp(seconds=1))),
    listed("filter.valid_at", "INVALID_DATE", valid_at=CANARY),
    *(
        listed("filter.properties", properties={"k": value})
        for value in (Value(), Value(number_value=nan), Value(struct_value=nested(1)), Value(list_value={"values": []}))
    ),
    listed_edges("filter.relations[0]", relations=["\0"]),
    listed_edges("filter.source", "INVALID_NAME", source="a\0"),
    listed_edges("filter.target", "INVALID_NAME", target="a/b"),
    listed_edges("filter.update_time.end", update_time=TimeRange(end=TOO_LATE)),
    listed_edges("filter.valid_at", "INVALID_DATE", valid_at="1990/1980"),
    Bad("NodeService/BatchGetNodes", nodes.BatchGetNodesRequest(parent=G), INVALID, "INVALID_FIELD", "names"),
    Bad("EdgeService/BatchGetEdges", edges.BatchGetEdgesRequest(parent=G), INVALID, "INVALID_FIELD", "names"),
    searched("query", query=""),
    searched("query", query=" \n"),
    searched("mode", mode=99),
    searched("mode", mode=-1),
    searched("", "SEMANTIC_SEARCH_UNAVAILABLE", STATE, mode=search.SEARCH_MODE_SEMANTIC),
    *(
        searched("query_embedding.values", "INVALID_VECTOR", query_embedding=vector(*values))
        for values in ((), (nan,), (0, 0), [1] * 4001)
    ),
    searched("query_embedding.model", "INVALID_VECTOR", query_embedding=vector(1, model="\0")),
    searched("query_embedding.values", "DIMENSION_MISMATCH", query_embedding=vector(1, 2, model="three")),
    searched("filter.valid_at", "INVALID_DATE", filter=NodeFilter(valid_at="x")),
    Bad("SearchService/BatchSearch", search.BatchSearchRequest(), INVALID, "INVALID_FIELD", "requests"),
    *(
        Bad(f"TraversalService/{method}", request, INVALID, reason, field)
        for selector, reason, field in (
            ({"direction": 99}, "INVALID_FIELD", "selector.direction"),
            ({"relations": [""]}, "INVALID_FIELD", "selector.relations[0]"),
            ({"node_types": ["a", "\0"]}, "INVALID_FIELD", "selector.node_types[1]"),
            ({"valid_at": CANARY}, "INVALID_DATE", "selector.valid_at"),
        )
        for method, request in (
            ("GetNeighbors", walks.GetNeighborsRequest(name=A, selector=selector)),
            ("Traverse", walks.TraverseRequest(parent=G, start_names=[A], selector=selector)),
            ("FindPaths", walks.FindPathsRequest(parent=G, source_name=A, target_name=B, selector=selector)),
            ("GetContext", walks.GetContextRequest(parent=G, seed_names=[A], selector=selector)),
        )
    ),
    Bad("TraversalService/GetNeighbors", walks.GetNeighborsRequest(name=AB), INVALID, "INVALID_NAME", "name"),
    Bad("TraversalService/Traverse", walks.TraverseRequest(parent=G), INVALID, "INVALID_FIELD", "start_names"),
    Bad(
        "TraversalService/Traverse",
        walks.TraverseRequest(parent=G, start_names=["\0"]),
        INVALID,
        "INVALID_NAME",
        "start_names[0]",
    ),
    Bad(
        "TraversalService/FindPaths",
        walks.FindPathsRequest(parent=G, source_name=A),
        INVALID,
        "INVALID_NAME",
        "target_name",
    ),
    Bad("TraversalService/GetContext", walks.GetContextRequest(parent=G), INVALID, "INVALID_FIELD", "seed_names"),
]
