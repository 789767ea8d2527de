"""Boosts, judgements, the history of queries, and what is stored of salience."""

# Messages are made from dicts here.
# mypy: disable-error-code="arg-type,list-item"

from math import inf, nan
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from loci.v1 import feedback_pb2 as feedback
from loci.v1 import query_history_pb2 as history
from loci.v1 import salience_pb2 as salience
from loci.v1.as_of_pb2 import AsOf
from loci.v1.filter_pb2 import NodeFilter, TimeRange
from loci.v1.node_service_pb2 import ListNodesRequest
from tests.bad_requests.case import BAD_NANOS, CANARY, INVALID, MISSING, TOO_LATE, A, Bad, G, listed

BACKWARDS = TimeRange(start=Timestamp(seconds=2), end=Timestamp(seconds=1))


def judged(field: str, reason: str = "INVALID_FIELD", code: str = INVALID, **fields: Any) -> Bad:
    request = feedback.GiveFeedbackRequest(**({"parent": G, "kind": 1, "node_name": A, "comment": CANARY} | fields))
    return Bad("MemoryService/GiveFeedback", request, code, reason, field)


def boosted(field: str, reason: str = "INVALID_FIELD", code: str = INVALID, **fields: Any) -> Bad:
    return Bad("MemoryService/BoostMemory", salience.BoostMemoryRequest(**({"name": A} | fields)), code, reason, field)


def weighed(field: str, reason: str = "INVALID_FIELD", code: str = INVALID, **fields: Any) -> Bad:
    request = salience.BatchGetSalienceRequest(**({"parent": G, "names": [A]} | fields))
    return Bad("MemoryService/BatchGetSalience", request, code, reason, field)


JUDGEMENTS = [
    judged("parent", "INVALID_NAME", parent=A),
    judged("", "GRAPH_NOT_FOUND", MISSING, parent="graphs/none", node_name="graphs/none/nodes/a"),
    judged("kind", kind=0),
    judged("kind", kind=99),
    *(judged("query_id", query_id=text) for text in (CANARY, "\0", "019A7B1C-0000-7000-8000-000000000000", "0" * 32)),
    *(judged("query_id", kind=kind, node_name="") for kind in (1, 2, 3)),
    judged("query_id", "QUERY_NOT_FOUND", MISSING, query_id="00000000-0000-4000-8000-000000000000"),
    judged("node_name", "INVALID_NAME", node_name=G),
    judged("node_name", node_name="graphs/other/nodes/a"),
    judged("", "NODE_NOT_FOUND", MISSING, node_name=f"{A}x"),
    judged("request_id", "LIMIT_EXCEEDED", request_id="x" * 129),
    *(boosted("boost", boost=value) for value in (nan, inf, -inf, 1.01, -1.01)),
    boosted("name", "INVALID_NAME", name=G),
    boosted("", "NODE_NOT_FOUND", MISSING, name=f"{A}x", boost=1),
    boosted("", "GRAPH_NOT_FOUND", MISSING, name="graphs/none/nodes/a"),
    weighed("names", names=[]),
    weighed("names", "LIMIT_EXCEEDED", names=[A] * 1001),
    weighed("names[1]", "INVALID_NAME", names=[A, "x"]),
    weighed("names[0]", names=["graphs/other/nodes/a"]),
    weighed("", "GRAPH_NOT_FOUND", MISSING, parent="graphs/none", names=["graphs/none/nodes/a"]),
    *(
        Bad(
            "MemoryService/Recalculate",
            salience.RecalculateRequest(parent=G, time=time),
            INVALID,
            "INVALID_FIELD",
            "time",
        )
        for time in (TOO_LATE, *BAD_NANOS)
    ),
    Bad("MemoryService/Recalculate", salience.RecalculateRequest(parent=A), INVALID, "INVALID_NAME", "parent"),
    Bad("MemoryService/Recalculate", salience.RecalculateRequest(parent="graphs/none"), MISSING, "GRAPH_NOT_FOUND"),
    Bad("MemoryService/GetRecalculation", salience.GetRecalculationRequest(name=A), INVALID, "INVALID_NAME", "name"),
    Bad(
        "MemoryService/GetRecalculation",
        salience.GetRecalculationRequest(name="graphs/none"),
        MISSING,
        "GRAPH_NOT_FOUND",
    ),
    *(
        Bad(f"MemoryService/{method}", request(parent=G, time=BACKWARDS), INVALID, "INVALID_FIELD", "time")
        for method, request in (
            ("ListQueries", history.ListQueriesRequest),
            ("ListFeedback", feedback.ListFeedbackRequest),
            ("SummarizeFeedback", feedback.SummarizeFeedbackRequest),
        )
    ),
    Bad(
        "MemoryService/SummarizeFeedback",
        feedback.SummarizeFeedbackRequest(parent=G, max_nodes=-1),
        INVALID,
        "INVALID_FIELD",
        "max_nodes",
    ),
    listed("filter.min_current_salience", min_current_salience=nan),
    listed("filter.max_current_salience", max_current_salience=-0.5),
    Bad(
        "NodeService/ListNodes",
        ListNodesRequest(parent=G, filter=NodeFilter(min_current_salience=0.5), as_of=AsOf(revision=1)),
        INVALID,
        "INVALID_FIELD",
        "filter.min_current_salience",
    ),
]
