"""Names and ids that cannot be, or that are of another graph."""

# Messages are made from dicts here.
# mypy: disable-error-code="arg-type,list-item"

from loci.v1 import admin_service_pb2 as admin
from loci.v1 import audit_pb2 as audit
from loci.v1 import bulk_service_pb2 as bulk
from loci.v1 import commit_service_pb2 as commits
from loci.v1 import edge_service_pb2 as edges
from loci.v1 import erasure_pb2 as erasure
from loci.v1 import graph_service_pb2 as graphs
from loci.v1 import identity_pb2 as identity
from loci.v1 import keys_pb2 as keys
from loci.v1 import node_service_pb2 as nodes
from loci.v1 import search_service_pb2 as search
from loci.v1 import traversal_service_pb2 as walks
from loci.v1.edge_pb2 import Edge
from loci.v1.graph_pb2 import Graph
from loci.v1.node_pb2 import Node
from tests.bad_requests.case import AB, CANARY, INVALID, A, Bad, G, commit, header

BAD_IDS = (".", "..", "a/b", "a\0b", "a\nb", "\u2028", "x\u2029y", " a", "a ", "\x7f", "\u0085", "é" * 129)

NAMES = [
    Bad("NodeService/GetNode", nodes.GetNodeRequest(name=name), INVALID, "INVALID_NAME", "name")
    for name in (
        "",
        "a",
        "graphs/g",
        "graphs//nodes/a",
        f"{G}/edges/a",
        f"{A}/",
        "nodes/a",
        *(f"{G}/nodes/{i}" for i in BAD_IDS),
    )
]
NAMES += [
    Bad(f"NodeService/{method}", request, INVALID, "INVALID_NAME", field)
    for name in (f"{G}/nodes/", f"{G}/nodes/..", f"{G}/nodes/x\0", "graphs/a\0/nodes/b", "graphs/-/nodes/b")
    for method, field, request in (
        ("CreateNode", "node.name", nodes.CreateNodeRequest(parent=G, node=Node(name=name))),
        ("UpdateNode", "node.name", nodes.UpdateNodeRequest(node=Node(name=name, text=CANARY))),
        ("DeleteNode", "name", nodes.DeleteNodeRequest(name=name, allow_missing=True)),
        ("RenameNode", "name", nodes.RenameNodeRequest(name=name, new_node_id="n")),
        ("BatchGetNodes", "names[1]", nodes.BatchGetNodesRequest(parent=G, names=[A, name])),
    )
]
NAMES += [
    Bad(
        "NodeService/RenameNode",
        nodes.RenameNodeRequest(name=A, new_node_id=id),
        INVALID,
        "INVALID_NAME",
        "new_node_id",
    )
    for id in ("", *BAD_IDS)
]
NAMES += [
    Bad(f"EdgeService/{method}", request, INVALID, "INVALID_NAME", field)
    for name in (f"{G}/edges/", f"{G}/edges/..", f"{G}/edges/x\0", "graphs/\0/edges/b", "graphs/-/edges/b", A)
    for method, field, request in (
        ("GetEdge", "name", edges.GetEdgeRequest(name=name)),
        ("UpdateEdge", "edge.name", edges.UpdateEdgeRequest(edge=Edge(name=name))),
        ("DeleteEdge", "name", edges.DeleteEdgeRequest(name=name, allow_missing=True)),
        ("BatchGetEdges", "names[0]", edges.BatchGetEdgesRequest(parent=G, names=[name, AB])),
    )
]
NAMES += [
    Bad(path, request, INVALID, "INVALID_NAME", field)
    for name in ("", "g", *(f"graphs/{id}" for id in ("", "a/b", "..", "-", "\0", "g" * 129)), "tenants/t")
    for path, field, request in (
        ("GraphService/GetGraph", "name", graphs.GetGraphRequest(name=name)),
        ("GraphService/UpdateGraph", "graph.name", graphs.UpdateGraphRequest(graph=Graph(name=name))),
        ("GraphService/DeleteGraph", "name", graphs.DeleteGraphRequest(name=name)),
        ("GraphService/EraseGraph", "name", erasure.EraseGraphRequest(name=name)),
        ("GraphService/UndeleteGraph", "name", graphs.UndeleteGraphRequest(name=name)),
        ("GraphService/GetGraphStats", "name", graphs.GetGraphStatsRequest(name=name)),
        ("AdminService/GetReembedding", "name", admin.GetReembeddingRequest(name=name)),
        ("AdminService/ReembedGraph", "name", admin.ReembedGraphRequest(name=name)),
        ("NodeService/CreateNode", "parent", nodes.CreateNodeRequest(parent=name)),
        ("NodeService/ListNodes", "parent", nodes.ListNodesRequest(parent=name)),
        ("EdgeService/CreateEdge", "parent", edges.CreateEdgeRequest(parent=name)),
        ("EdgeService/ListEdges", "parent", edges.ListEdgesRequest(parent=name)),
        ("CommitService/Commit", "parent", commits.CommitRequest(parent=name)),
        ("SearchService/Search", "parent", search.SearchRequest(parent=name, query=CANARY)),
        ("BulkService/ImportChunk", "parent", bulk.ImportChunkRequest(parent=name)),
        ("BulkService/GetImport", "parent", bulk.GetImportRequest(parent=name)),
        ("BulkService/Export", "parent", bulk.ExportRequest(parent=name)),
        ("BulkService/Import", "header.parent", [header(parent=name)]),
        ("TraversalService/Traverse", "parent", walks.TraverseRequest(parent=name)),
        ("TraversalService/FindPaths", "parent", walks.FindPathsRequest(parent=name)),
        ("TraversalService/GetContext", "parent", walks.GetContextRequest(parent=name)),
    )
]
NAMES += [
    Bad(path, request, INVALID, "INVALID_NAME", field)
    for name in ("", "t", "tenants/", "tenants/T", "tenants/1a", "tenants/\0", "tenants/a/b", f"tenants/{'t' * 65}")
    for path, field, request in (
        ("AdminService/GetTenant", "name", admin.GetTenantRequest(name=name)),
        ("AdminService/DeleteTenant", "name", admin.DeleteTenantRequest(name=name)),
        ("AdminService/UndeleteTenant", "name", admin.UndeleteTenantRequest(name=name)),
        ("AdminService/CreateApiKey", "parent", admin.CreateApiKeyRequest(parent=name)),
        ("AdminService/ListApiKeys", "parent", admin.ListApiKeysRequest(parent=name)),
        ("AdminService/ListIdentities", "parent", identity.ListIdentitiesRequest(parent=name)),
        ("AdminService/GetIdentity", "name", identity.GetIdentityRequest(name=f"{name}/identities/1")),
        ("AdminService/ListReembeddings", "parent", admin.ListReembeddingsRequest(parent=name)),
        ("AdminService/ListErasures", "parent", erasure.ListErasuresRequest(parent=name)),
        ("AdminService/EraseTenant", "name", erasure.EraseTenantRequest(name=name)),
        ("AdminService/ListKeyRotations", "parent", keys.ListKeyRotationsRequest(parent=name)),
        ("AdminService/RevokeApiKey", "name", admin.RevokeApiKeyRequest(name=f"{name}/apiKeys/1")),
        ("AdminService/ListAuditEntries", "parent", audit.ListAuditEntriesRequest(parent=name)),
        ("AdminService/ExportAuditEntries", "parent", audit.ExportAuditEntriesRequest(parent=name)),
        ("AdminService/VerifyAudit", "parent", audit.VerifyAuditRequest(parent=name)),
    )
]
NAMES += [
    Bad(path, request, INVALID, "INVALID_NAME", "name")
    for name in ("", "g", "installations", "graphs/", "graphs/-", "graphs/a/b", "tenants/", "tenants/T", "tenants/a/b")
    for path, request in (
        ("AdminService/RotateKeys", keys.RotateKeysRequest(name=name)),
        ("AdminService/GetKeyRotation", keys.GetKeyRotationRequest(name=name)),
    )
]
NAMES += [
    Bad("AdminService/GetErasure", erasure.GetErasureRequest(name=name), INVALID, "INVALID_NAME", "name")
    for name in ("", "erasures/", "erasures/1", "graphs/g", "erasures/00000000-0000-4000-8000-00000000000A")
]
NAMES += [
    Bad("GraphService/CreateGraph", graphs.CreateGraphRequest(graph_id=id), INVALID, "INVALID_NAME", "graph_id")
    for id in ("-", ".", "..", "a/b", "\0", "\u2028", "g" * 129)
]
NAMES += [
    Bad("AdminService/CreateTenant", admin.CreateTenantRequest(tenant_id=id), INVALID, "INVALID_NAME", "tenant_id")
    for id in ("", "-", "1a", "A", "a_b", "é", "a\0", "t" * 65)
]

OTHER_GRAPH = [
    Bad(path, request, INVALID, "INVALID_FIELD", field)
    for path, field, request in (
        (
            "NodeService/CreateNode",
            "node.name",
            nodes.CreateNodeRequest(parent=G, node=Node(name="graphs/other/nodes/x")),
        ),
        ("NodeService/BatchGetNodes", "names[0]", nodes.BatchGetNodesRequest(parent=G, names=["graphs/other/nodes/x"])),
        ("EdgeService/BatchGetEdges", "names[0]", edges.BatchGetEdgesRequest(parent=G, names=["graphs/other/edges/x"])),
        (
            "TraversalService/Traverse",
            "start_names[0]",
            walks.TraverseRequest(parent=G, start_names=["graphs/other/nodes/x"]),
        ),
        (
            "TraversalService/FindPaths",
            "target_name",
            walks.FindPathsRequest(parent=G, source_name=A, target_name="graphs/other/nodes/x"),
        ),
        (
            "TraversalService/GetContext",
            "seed_names[0]",
            walks.GetContextRequest(parent=G, seed_names=["graphs/other/nodes/x"]),
        ),
    )
]
OTHER_GRAPH.append(
    commit(
        INVALID, "INVALID_FIELD", "mutations[1].name", commits.Mutation(delete_node={"name": "graphs/other/nodes/x"})
    )
)
