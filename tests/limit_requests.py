"""A request of every size that the contract bounds: exactly at the limit it is accepted, one above it is refused.

A maker takes the size and gives the method and the request. They are made for the graph `limits` with the node `a`.
"""

# Messages are made from dicts here.
# mypy: disable-error-code="arg-type,list-item"

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct, Value

from loci.v1 import admin_service_pb2 as admin
from loci.v1 import audit_pb2 as audit
from loci.v1 import bulk_service_pb2 as bulk
from loci.v1 import commit_service_pb2 as commits
from loci.v1 import edge_service_pb2 as edges
from loci.v1 import erasure_pb2 as erasure
from loci.v1 import feedback_pb2 as feedback
from loci.v1 import graph_service_pb2 as graphs
from loci.v1 import identity_pb2 as identity
from loci.v1 import keys_pb2 as keys
from loci.v1 import memory_service_pb2 as memories
from loci.v1 import node_service_pb2 as nodes
from loci.v1 import search_service_pb2 as search
from loci.v1 import traversal_service_pb2 as walks
from loci.v1.filter_pb2 import EdgeFilter, NodeFilter
from loci.v1.node_pb2 import Embedding, Node
from tests.bad_requests import nested

Call = tuple[str, Message]
P = "graphs/limits"
A = f"{P}/nodes/a"


def node(**fields: Any) -> Call:
    return "NodeService/CreateNode", nodes.CreateNodeRequest(parent=P, node=Node(**fields))


def unique(size: int) -> str:
    """A new id of so many bytes."""
    return (uuid4().hex * 9)[:size]


def sized(size: int) -> Struct:
    """Properties of so many bytes."""
    struct = Struct(fields={"k": Value(string_value="x" * size)})
    struct.fields["k"].string_value = "x" * (2 * size - struct.ByteSize())
    assert struct.ByteSize() == size
    return struct


def text_of(size: int) -> Value:
    """A text that takes so many bytes as a value."""
    value = Value(string_value="x" * size)
    value.string_value = "x" * (2 * size - value.ByteSize())
    assert value.ByteSize() == size
    return value


def date(size: int) -> str:
    """An EDTF string of so many characters: `[1984~,1984,…]`."""
    count, marks = divmod(size - 1, 5)
    return "[" + ",".join("1984~" if place < marks else "1984" for place in range(count)) + "]"


def remember(**fields: Any) -> Call:
    return "MemoryService/Remember", memories.RememberRequest(**({"parent": P, "text": unique(32)} | fields))


def append(**turn: Any) -> Call:
    turns = [memories.Turn(**({"text": "x"} | turn))]
    return "MemoryService/AppendTurns", memories.AppendTurnsRequest(name=f"{P}/nodes/session:none", turns=turns)


def recall(**fields: Any) -> Call:
    return "MemoryService/Recall", memories.RecallRequest(**({"parents": [P], "query": "x"} | fields))


def judged(**fields: Any) -> Call:
    request = feedback.GiveFeedbackRequest(
        **({"parent": P, "kind": feedback.FEEDBACK_KIND_HELPFUL, "node_name": A} | fields)
    )
    return "MemoryService/GiveFeedback", request


def listing(size: int) -> Call:
    return "NodeService/ListNodes", nodes.ListNodesRequest(parent=P, page_size=size)


def filtered(**filter: Any) -> Call:
    return "NodeService/ListNodes", nodes.ListNodesRequest(parent=P, filter=NodeFilter(**filter))


def mutations(count: int) -> Call:
    request = commits.CommitRequest(parent=P)
    for _ in range(count):
        request.mutations.add().create_node.SetInParent()
    return "CommitService/Commit", request


def conditions(count: int) -> Call:
    request = commits.CommitRequest(parent=P)
    request.mutations.add().create_node.SetInParent()
    for place in range(count):
        request.preconditions.add(absent=f"{P}/nodes/absent{place}")
    return "CommitService/Commit", request


def chunk(count: int, import_id: str = "") -> Call:
    items = [bulk.BulkItem(node=Node())] * count
    return "BulkService/ImportChunk", bulk.ImportChunkRequest(
        parent=P, import_id=import_id or unique(32), items={"sequence": 1, "items": items}
    )


def walk(**fields: Any) -> Call:
    return "TraversalService/Traverse", walks.TraverseRequest(**({"parent": P, "start_names": [A]} | fields))


def paths(**fields: Any) -> Call:
    return "TraversalService/FindPaths", walks.FindPathsRequest(parent=P, source_name=A, target_name=A, **fields)


def context(**fields: Any) -> Call:
    return "TraversalService/GetContext", walks.GetContextRequest(**({"parent": P, "seed_names": [A]} | fields))


MAKERS: Mapping[str, tuple[Callable[[int], Call], ...]] = {
    "MAX_ID_BYTES": (
        lambda size: ("NodeService/CreateNode", nodes.CreateNodeRequest(parent=P, node_id=unique(size))),
        lambda size: (
            "NodeService/GetNode",
            nodes.GetNodeRequest(name=f"{P}/nodes/{'é' * (size // 2)}{'e' * (size % 2)}"),
        ),
        lambda size: ("EdgeService/GetEdge", edges.GetEdgeRequest(name=f"{P}/edges/{unique(size)}")),
    ),
    "MAX_GRAPH_ID_BYTES": (
        lambda size: ("GraphService/CreateGraph", graphs.CreateGraphRequest(graph_id=unique(size))),
        lambda size: ("GraphService/GetGraph", graphs.GetGraphRequest(name=f"graphs/{unique(size)}")),
    ),
    "MAX_TENANT_ID_CHARS": (
        lambda size: ("AdminService/CreateTenant", admin.CreateTenantRequest(tenant_id="t" + unique(size - 1))),
    ),
    "MAX_API_KEY_ID_BYTES": (
        lambda size: ("AdminService/RevokeApiKey", admin.RevokeApiKeyRequest(name=f"tenants/-/apiKeys/{unique(size)}")),
    ),
    "MAX_SCOPES": (
        lambda size: (
            "AdminService/CreateApiKey",
            admin.CreateApiKeyRequest(parent="tenants/-", api_key={"scopes": [1] * size}),
        ),
    ),
    "MAX_MASK_PATHS": (
        lambda size: (
            "NodeService/UpdateNode",
            nodes.UpdateNodeRequest(
                node=Node(name=A), update_mask={"paths": [f"properties.k{place}" for place in range(size)]}
            ),
        ),
        lambda size: (
            "GraphService/UpdateGraph",
            graphs.UpdateGraphRequest(graph={"name": P}, update_mask={"paths": ["display_name"] * size}),
        ),
        lambda size: (
            "AdminService/UpdateTenant",
            admin.UpdateTenantRequest(
                tenant={"name": "tenants/default"}, update_mask={"paths": ["quota.max_nodes"] * size}
            ),
        ),
    ),
    "MAX_QUOTA": (
        lambda size: (
            "AdminService/CreateTenant",
            admin.CreateTenantRequest(tenant_id=f"t{unique(32)}", tenant={"quota": {"max_nodes": size}}),
        ),
    ),
    "MAX_OVERLAP_SECONDS": (
        lambda size: (
            "AdminService/RotateApiKey",
            admin.RotateApiKeyRequest(name="tenants/-/apiKeys/1", overlap={"seconds": size}),
        ),
    ),
    "MAX_GRANTED_GRAPHS": (
        lambda size: (
            "AdminService/CreateApiKey",
            admin.CreateApiKeyRequest(
                parent="tenants/-", api_key={"scopes": [1], "graphs": [f"graphs/g{n}" for n in range(size)]}
            ),
        ),
    ),
    "MAX_LABEL_BYTES": (
        lambda size: node(label="x" * size),
        lambda size: node(label="é" * (size // 2) + "e" * (size % 2)),
    ),
    "MAX_ALIASES": (lambda size: node(aliases=["x"] * size),),
    "MAX_ALIAS_BYTES": (lambda size: node(aliases=["y", "x" * size]),),
    "MAX_TEXT_BYTES": (lambda size: node(text="x " * (size // 2) + "x" * (size % 2)),),
    "MAX_PROPERTIES_BYTES": (
        lambda size: node(properties=sized(size)),
        lambda size: filtered(properties={"k": text_of(size)}),
        lambda size: filtered(comparisons=[{"key": "k", "operator": 1, "value": text_of(size)}]),
    ),
    "MAX_PROPERTY_KEYS": (
        lambda size: node(properties=Struct(fields={f"k{place}": Value(bool_value=True) for place in range(size)})),
    ),
    "MAX_PROPERTY_KEY_BYTES": (
        lambda size: node(properties=Struct(fields={"k" * size: Value(bool_value=True)})),
        lambda size: filtered(properties={"k" * size: Value(bool_value=True)}),
        lambda size: filtered(comparisons=[{"key": "k" * size, "operator": 1, "value": Value(number_value=1)}]),
    ),
    "MAX_SEARCHED_PROPERTIES": (
        lambda size: (
            "GraphService/CreateGraph",
            graphs.CreateGraphRequest(graph={"search_fields": {"properties": [f"k{n}" for n in range(size)]}}),
        ),
    ),
    "MAX_FIELD_WEIGHT": (
        lambda size: (
            "GraphService/CreateGraph",
            graphs.CreateGraphRequest(graph={"search_fields": {"text_weight": size}}),
        ),
    ),
    "MAX_PROPERTY_DEPTH": (
        lambda size: node(properties=nested(size)),
        lambda size: node(properties=nested(size, lists=True)),
    ),
    "MAX_TYPE_CHARS": (lambda size: node(type="t" * size), lambda size: filtered(types=["t" * size])),
    "MAX_EDTF_BYTES": (lambda size: node(valid_from=date(size)), lambda size: filtered(valid_at=date(size))),
    "MAX_MODEL_BYTES": (lambda size: node(text="x", embedding=Embedding(model="m" * size, values=[1])),),
    "MAX_DIMENSIONS": (lambda size: node(text="x", embedding=Embedding(model="long", values=[1] * size)),),
    "MAX_DISPLAY_NAME_BYTES": (
        lambda size: ("GraphService/CreateGraph", graphs.CreateGraphRequest(graph={"display_name": "x" * size})),
        lambda size: (
            "AdminService/CreateApiKey",
            admin.CreateApiKeyRequest(parent="tenants/-", api_key={"scopes": [1], "display_name": "x" * size}),
        ),
    ),
    "MAX_REQUEST_ID_BYTES": (
        lambda size: ("NodeService/CreateNode", nodes.CreateNodeRequest(parent=P, request_id=unique(size))),
        lambda size: ("GraphService/CreateGraph", graphs.CreateGraphRequest(request_id=unique(size))),
    ),
    "MAX_NOTE_BYTES": (lambda size: ("NodeService/CreateNode", nodes.CreateNodeRequest(parent=P, note="x" * size)),),
    "MAX_MUTATIONS": (mutations,),
    "MAX_PRECONDITIONS": (conditions,),
    "MAX_IMPORT_ID_BYTES": (lambda size: chunk(1, unique(size)),),
    "MAX_CHUNK_ITEMS": (chunk,),
    "MAX_PAGE_SIZE": (
        listing,
        lambda size: ("EdgeService/ListEdges", edges.ListEdgesRequest(parent=P, page_size=size)),
        lambda size: ("GraphService/ListGraphs", graphs.ListGraphsRequest(page_size=size)),
        lambda size: ("TraversalService/GetNeighbors", walks.GetNeighborsRequest(name=A, page_size=size)),
        lambda size: ("AdminService/ListTenants", admin.ListTenantsRequest(page_size=size)),
        lambda size: ("AdminService/ListApiKeys", admin.ListApiKeysRequest(parent="tenants/-", page_size=size)),
        lambda size: (
            "AdminService/ListIdentities",
            identity.ListIdentitiesRequest(parent="tenants/-", page_size=size),
        ),
        lambda size: (
            "AdminService/ListReembeddings",
            admin.ListReembeddingsRequest(parent="tenants/-", page_size=size),
        ),
        lambda size: ("AdminService/ListErasures", erasure.ListErasuresRequest(parent="tenants/-", page_size=size)),
        lambda size: (
            "AdminService/ListKeyRotations",
            keys.ListKeyRotationsRequest(parent="tenants/-", page_size=size),
        ),
        lambda size: (
            "AdminService/ListAuditEntries",
            audit.ListAuditEntriesRequest(parent="tenants/-", page_size=size),
        ),
    ),
    "MAX_METHOD_BYTES": (
        lambda size: (
            "AdminService/ListAuditEntries",
            audit.ListAuditEntriesRequest(parent="tenants/-", filter={"method": "m" * size}),
        ),
    ),
    "MAX_VERIFIED_ENTRIES": (
        lambda size: ("AdminService/VerifyAudit", audit.VerifyAuditRequest(parent="tenants/-", page_size=size)),
    ),
    "MAX_BATCH_NAMES": (
        lambda size: ("NodeService/BatchGetNodes", nodes.BatchGetNodesRequest(parent=P, names=[A] * size)),
        lambda size: ("EdgeService/BatchGetEdges", edges.BatchGetEdgesRequest(parent=P, names=[f"{P}/edges/e"] * size)),
    ),
    "MAX_FILTER_VALUES": (
        lambda size: filtered(types=["t"] * size),
        lambda size: (
            "EdgeService/ListEdges",
            edges.ListEdgesRequest(parent=P, filter=EdgeFilter(relations=["r"] * size)),
        ),
        lambda size: walk(selector={"relations": ["r"] * size}),
        lambda size: context(selector={"node_types": ["t"] * size}),
    ),
    "MAX_FILTER_PROPERTIES": (
        lambda size: filtered(properties={f"k{place}": Value(bool_value=True) for place in range(size)}),
        lambda size: filtered(comparisons=[{"key": "k", "operator": 1, "value": Value(number_value=1)}] * size),
    ),
    "MAX_EXPORT_PAGE_SIZE": (lambda size: ("BulkService/Export", bulk.ExportRequest(parent=P, page_size=size)),),
    "MAX_QUERY_BYTES": (
        lambda size: ("SearchService/Search", search.SearchRequest(parent=P, query="x" * size)),
        lambda size: recall(query="x" * size),
    ),
    "MAX_COMMENT_BYTES": (
        lambda size: judged(comment="x" * size),
        lambda size: judged(comment="é" * (size // 2) + "x" * (size % 2)),
    ),
    "MAX_FEEDBACK_NODES": (
        lambda size: (
            "MemoryService/SummarizeFeedback",
            feedback.SummarizeFeedbackRequest(parent=P, max_nodes=size),
        ),
    ),
    "MAX_CONTEXT_TOKENS": (lambda size: recall(max_tokens=size),),
    "MAX_SEARCH_PAGE_SIZE": (
        lambda size: ("SearchService/Search", search.SearchRequest(parent=P, query="x", page_size=size)),
    ),
    "MAX_BATCH_SEARCHES": (
        lambda size: (
            "SearchService/BatchSearch",
            search.BatchSearchRequest(requests=[search.SearchRequest(parent=P, query="x")] * size),
        ),
    ),
    "MAX_SUBJECT_BYTES": (
        lambda size: remember(slot={"name": "s", "value": "v", "subject": "x" * size}),
        lambda size: node(claim={"subject": "x" * size}),
    ),
    "MAX_VALUE_BYTES": (
        lambda size: remember(slot={"name": "s", "value": "x" * size}),
        lambda size: node(claim={"value": "x" * size}),
    ),
    "MAX_SOURCE_BYTES": (
        lambda size: remember(source="x" * size),
        lambda size: node(claim={"evidence": [{"source": "x" * size}]}),
    ),
    "MAX_EVIDENCE": (lambda size: node(claim={"evidence": [{}] * size}),),
    "MAX_SUPERSEDED": (lambda size: remember(supersedes=[A] * size),),
    "MAX_SESSION_ID_BYTES": (
        lambda size: remember(session=unique(size)),
        lambda size: ("MemoryService/StartSession", memories.StartSessionRequest(parent=P, session_id=unique(size))),
    ),
    "MAX_SPEAKER_BYTES": (lambda size: remember(speaker="x" * size), lambda size: append(speaker="x" * size)),
    "MAX_TURNS": (
        lambda size: (
            "MemoryService/AppendTurns",
            memories.AppendTurnsRequest(name=f"{P}/nodes/session:none", turns=[memories.Turn(text="x")] * size),
        ),
    ),
    "MAX_FORGOTTEN": (
        lambda size: ("MemoryService/Forget", memories.ForgetRequest(parent=P, names=[f"{P}/nodes/none"] * size)),
    ),
    "MAX_START_NAMES": (lambda size: walk(start_names=[A] * size), lambda size: context(seed_names=[A] * size)),
    "MAX_DEPTH": (
        lambda size: walk(max_depth=size),
        lambda size: paths(max_depth=size),
        lambda size: context(max_depth=size),
    ),
    "MAX_FAN_OUT": (lambda size: walk(fan_out=size), lambda size: paths(fan_out=size)),
    "MAX_TRAVERSE_NODES": (lambda size: walk(max_nodes=size),),
    "MAX_PATHS": (lambda size: paths(max_paths=size),),
    "MAX_CONTEXT_NODES": (lambda size: context(max_nodes=size),),
    "MAX_CONTEXT_EDGES": (lambda size: context(max_edges=size),),
}

ELSEWHERE = {
    "MAX_IDENTITIES",
    "MAX_TTL_SECONDS",
    "MAX_CANDIDATES",
    "MAX_MESSAGE_BYTES",
    "MAX_WATCH_NAMES",
    "MAX_WATCH_KINDS",
    "MAX_RECALLED_GRAPHS",
}
"""What no field of a request asks for; of a stream without an end, tested with watches; what takes several graphs,
tested with recall; what is not made by requests, tested with identities."""
