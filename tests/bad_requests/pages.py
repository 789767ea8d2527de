"""Sizes and tokens of pages."""

# Messages are made from dicts here.
# mypy: disable-error-code="arg-type,list-item"

from collections.abc import Sequence
from typing import Any

from google.protobuf.message import Message

from loci.v1 import admin_service_pb2 as admin
from loci.v1 import audit_pb2 as audit
from loci.v1 import bulk_service_pb2 as bulk
from loci.v1 import edge_service_pb2 as edges
from loci.v1 import erasure_pb2 as erasure
from loci.v1 import feedback_pb2 as feedback
from loci.v1 import graph_service_pb2 as graphs
from loci.v1 import identity_pb2 as identity
from loci.v1 import keys_pb2 as keys
from loci.v1 import memory_service_pb2 as memories
from loci.v1 import node_service_pb2 as nodes
from loci.v1 import query_history_pb2 as history
from loci.v1 import search_service_pb2 as search
from loci.v1 import traversal_service_pb2 as walks
from tests.bad_requests.case import (
    AB,
    INVALID,
    A,
    Bad,
    G,
)

PAGED: Sequence[tuple[str, Any]] = (
    ("NodeService/ListNodes", nodes.ListNodesRequest(parent=G)),
    ("EdgeService/ListEdges", edges.ListEdgesRequest(parent=G)),
    ("GraphService/ListGraphs", graphs.ListGraphsRequest()),
    ("SearchService/Search", search.SearchRequest(parent=G, query="tea")),
    ("TraversalService/GetNeighbors", walks.GetNeighborsRequest(name=A)),
    ("BulkService/Export", bulk.ExportRequest(parent=G)),
    ("MemoryService/ListSessions", memories.ListSessionsRequest(parent=G)),
    ("MemoryService/GetTranscript", memories.GetTranscriptRequest(name="graphs/other/nodes/session:s")),
    ("MemoryService/ListQueries", history.ListQueriesRequest(parent=G)),
    ("MemoryService/ListFeedback", feedback.ListFeedbackRequest(parent=G)),
    ("AdminService/ListTenants", admin.ListTenantsRequest()),
    ("AdminService/ListApiKeys", admin.ListApiKeysRequest(parent="tenants/-")),
    ("AdminService/ListIdentities", identity.ListIdentitiesRequest(parent="tenants/-")),
    ("AdminService/ListReembeddings", admin.ListReembeddingsRequest(parent="tenants/-")),
    ("AdminService/ListErasures", erasure.ListErasuresRequest(parent="tenants/-")),
    ("AdminService/ListKeyRotations", keys.ListKeyRotationsRequest(parent="tenants/-")),
    ("AdminService/ListAuditEntries", audit.ListAuditEntriesRequest(parent="tenants/-")),
    ("AdminService/VerifyAudit", audit.VerifyAuditRequest(parent="tenants/-")),
    ("NodeService/ListNodeRevisions", nodes.ListNodeRevisionsRequest(name=A)),
    ("EdgeService/ListEdgeRevisions", edges.ListEdgeRevisionsRequest(name=AB)),
)
"""Every method that has pages."""


def paged(request: Any, **paging: Any) -> Message:
    copy: Message = type(request)()
    copy.CopyFrom(request)
    for name, value in paging.items():
        setattr(copy, name, value)
    return copy


PAGES = [
    Bad(path, paged(request, page_size=size), INVALID, reason, "page_size")
    for path, request in PAGED
    for size, reason in ((-1, "INVALID_FIELD"), (-(2**31), "INVALID_FIELD"), (10**9, "LIMIT_EXCEEDED"))
] + [
    Bad(path, paged(request, page_token=token), INVALID, "INVALID_PAGE_TOKEN", "page_token")
    for path, request in PAGED
    for token in ("x", "AAAA", "é", "\0", "=" * 4, "A" * 4097, "A" * 100_000, "../..", "-_-_")
]
