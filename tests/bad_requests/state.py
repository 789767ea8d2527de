"""What is absent, taken, or does not hold."""

# Messages are made from dicts here.
# mypy: disable-error-code="arg-type,list-item"

from loci.v1 import admin_service_pb2 as admin
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
from tests.bad_requests.case import AB, CANARY, INVALID, MISSING, STATE, TAKEN, A, B, Bad, G, commit, header

ABSENT = [
    Bad(path, request, MISSING, reason)
    for path, reason, request in (
        ("NodeService/GetNode", "NODE_NOT_FOUND", nodes.GetNodeRequest(name=f"{G}/nodes/none")),
        ("NodeService/UpdateNode", "NODE_NOT_FOUND", nodes.UpdateNodeRequest(node=Node(name=f"{G}/nodes/none"))),
        ("NodeService/DeleteNode", "NODE_NOT_FOUND", nodes.DeleteNodeRequest(name=f"{G}/nodes/none")),
        ("NodeService/RenameNode", "NODE_NOT_FOUND", nodes.RenameNodeRequest(name=f"{G}/nodes/none", new_node_id="n")),
        ("EdgeService/GetEdge", "EDGE_NOT_FOUND", edges.GetEdgeRequest(name=f"{G}/edges/none")),
        ("EdgeService/UpdateEdge", "EDGE_NOT_FOUND", edges.UpdateEdgeRequest(edge=Edge(name=f"{G}/edges/none"))),
        ("EdgeService/DeleteEdge", "EDGE_NOT_FOUND", edges.DeleteEdgeRequest(name=f"{G}/edges/none")),
        ("GraphService/GetGraph", "GRAPH_NOT_FOUND", graphs.GetGraphRequest(name="graphs/none")),
        ("GraphService/UpdateGraph", "GRAPH_NOT_FOUND", graphs.UpdateGraphRequest(graph=Graph(name="graphs/none"))),
        ("GraphService/DeleteGraph", "GRAPH_NOT_FOUND", graphs.DeleteGraphRequest(name="graphs/none")),
        ("GraphService/UndeleteGraph", "GRAPH_NOT_FOUND", graphs.UndeleteGraphRequest(name="graphs/none")),
        ("GraphService/GetGraphStats", "GRAPH_NOT_FOUND", graphs.GetGraphStatsRequest(name="graphs/none")),
        ("AdminService/GetReembedding", "GRAPH_NOT_FOUND", admin.GetReembeddingRequest(name="graphs/none")),
        ("AdminService/ReembedGraph", "GRAPH_NOT_FOUND", admin.ReembedGraphRequest(name="graphs/none")),
        ("AdminService/ListReembeddings", "TENANT_NOT_FOUND", admin.ListReembeddingsRequest(parent="tenants/none")),
        ("GraphService/EraseGraph", "GRAPH_NOT_FOUND", erasure.EraseGraphRequest(name="graphs/none")),
        ("AdminService/EraseTenant", "TENANT_NOT_FOUND", erasure.EraseTenantRequest(name="tenants/none")),
        ("AdminService/ListErasures", "TENANT_NOT_FOUND", erasure.ListErasuresRequest(parent="tenants/none")),
        (
            "AdminService/GetErasure",
            "ERASURE_NOT_FOUND",
            erasure.GetErasureRequest(name="erasures/00000000-0000-4000-8000-000000000000"),
        ),
        ("AdminService/RotateKeys", "GRAPH_NOT_FOUND", keys.RotateKeysRequest(name="graphs/none")),
        ("AdminService/GetKeyRotation", "GRAPH_NOT_FOUND", keys.GetKeyRotationRequest(name="graphs/none")),
        ("AdminService/RotateKeys", "TENANT_NOT_FOUND", keys.RotateKeysRequest(name="tenants/none")),
        ("AdminService/GetKeyRotation", "TENANT_NOT_FOUND", keys.GetKeyRotationRequest(name="tenants/none")),
        ("AdminService/ListKeyRotations", "TENANT_NOT_FOUND", keys.ListKeyRotationsRequest(parent="tenants/none")),
        ("NodeService/CreateNode", "GRAPH_NOT_FOUND", nodes.CreateNodeRequest(parent="graphs/none")),
        ("CommitService/Commit", "GRAPH_NOT_FOUND", commits.CommitRequest(parent="graphs/none")),
        ("SearchService/Search", "GRAPH_NOT_FOUND", search.SearchRequest(parent="graphs/none", query=CANARY)),
        ("BulkService/Export", "GRAPH_NOT_FOUND", bulk.ExportRequest(parent="graphs/none")),
        ("BulkService/Import", "GRAPH_NOT_FOUND", [header(parent="graphs/none")]),
        ("BulkService/GetImport", "IMPORT_NOT_FOUND", bulk.GetImportRequest(parent=G, import_id="none")),
        ("TraversalService/GetNeighbors", "NODE_NOT_FOUND", walks.GetNeighborsRequest(name=f"{G}/nodes/none")),
        (
            "TraversalService/Traverse",
            "NODE_NOT_FOUND",
            walks.TraverseRequest(parent=G, start_names=[f"{G}/nodes/none"]),
        ),
        (
            "TraversalService/FindPaths",
            "NODE_NOT_FOUND",
            walks.FindPathsRequest(parent=G, source_name=A, target_name=f"{G}/nodes/none"),
        ),
        (
            "TraversalService/GetContext",
            "NODE_NOT_FOUND",
            walks.GetContextRequest(parent=G, seed_names=[f"{G}/nodes/none"]),
        ),
        ("AdminService/GetTenant", "TENANT_NOT_FOUND", admin.GetTenantRequest(name="tenants/none")),
        ("AdminService/DeleteTenant", "TENANT_NOT_FOUND", admin.DeleteTenantRequest(name="tenants/none")),
        ("AdminService/UndeleteTenant", "TENANT_NOT_FOUND", admin.UndeleteTenantRequest(name="tenants/none")),
        (
            "AdminService/CreateApiKey",
            "TENANT_NOT_FOUND",
            admin.CreateApiKeyRequest(parent="tenants/none", api_key={"scopes": [1]}),
        ),
        ("AdminService/ListApiKeys", "TENANT_NOT_FOUND", admin.ListApiKeysRequest(parent="tenants/none")),
        ("AdminService/ListIdentities", "TENANT_NOT_FOUND", identity.ListIdentitiesRequest(parent="tenants/none")),
        (
            "AdminService/GetIdentity",
            "TENANT_NOT_FOUND",
            identity.GetIdentityRequest(name="tenants/none/identities/1"),
        ),
        ("AdminService/GetIdentity", "IDENTITY_NOT_FOUND", identity.GetIdentityRequest(name="tenants/-/identities/7")),
        ("AdminService/RevokeApiKey", "API_KEY_NOT_FOUND", admin.RevokeApiKeyRequest(name="tenants/-/apiKeys/1")),
        (
            "AdminService/RevokeApiKey",
            "API_KEY_NOT_FOUND",
            admin.RevokeApiKeyRequest(name=f"tenants/-/apiKeys/{'9' * 40}"),
        ),
        ("AdminService/RevokeApiKey", "API_KEY_NOT_FOUND", admin.RevokeApiKeyRequest(name="tenants/-/apiKeys/x")),
    )
]
TAKEN_IDS = [
    Bad("GraphService/CreateGraph", graphs.CreateGraphRequest(graph_id="g"), TAKEN, "GRAPH_EXISTS"),
    Bad("NodeService/CreateNode", nodes.CreateNodeRequest(parent=G, node_id="a"), TAKEN, "NODE_EXISTS"),
    Bad("NodeService/RenameNode", nodes.RenameNodeRequest(name=A, new_node_id="b"), TAKEN, "NODE_EXISTS"),
    Bad(
        "EdgeService/CreateEdge",
        edges.CreateEdgeRequest(parent=G, edge_id="ab", edge=Edge(source="a", relation="r", target="b")),
        TAKEN,
        "EDGE_EXISTS",
    ),
    Bad("AdminService/CreateTenant", admin.CreateTenantRequest(tenant_id="default"), TAKEN, "TENANT_EXISTS"),
    Bad("GraphService/UndeleteGraph", graphs.UndeleteGraphRequest(name=G), STATE, "GRAPH_NOT_DELETED"),
    Bad(
        "NodeService/CreateNode",
        nodes.CreateNodeRequest(parent=G, node_id="x", node=Node(name=B)),
        INVALID,
        "INVALID_FIELD",
        "node_id",
    ),
    Bad(
        "EdgeService/CreateEdge",
        edges.CreateEdgeRequest(parent=G, edge_id="x", edge=Edge(name=AB)),
        INVALID,
        "INVALID_FIELD",
        "edge_id",
    ),
]

COMMITS = [
    Bad("CommitService/Commit", commits.CommitRequest(parent=G), INVALID, "INVALID_FIELD", "mutations"),
    commit(INVALID, "INVALID_FIELD", "mutations[1]", commits.Mutation()),
    commit(TAKEN, "NODE_EXISTS", "", *[commits.Mutation(create_node=Node(name=f"{G}/nodes/twice"))] * 2),
    commit(
        TAKEN, "EDGE_EXISTS", "", *[commits.Mutation(create_edge=Edge(source="a", relation="twice", target="b"))] * 2
    ),
    commit(MISSING, "NODE_NOT_FOUND", "", *[commits.Mutation(delete_node={"name": A})] * 2),
    commit(MISSING, "NODE_NOT_FOUND", "", commits.Mutation(update_node={"node": {"name": f"{G}/nodes/none"}})),
    commit(
        INVALID,
        "INVALID_FIELD_MASK",
        "update_mask",
        commits.Mutation(update_node={"node": {"name": A}, "update_mask": {"paths": ["foo"]}}),
    ),
    commit(
        STATE,
        "ENDPOINT_MISSING",
        "mutations[1].edge.source",
        commits.Mutation(create_edge=Edge(source="none", relation="r", target="b")),
    ),
    commit(
        STATE,
        "ENDPOINT_MISSING",
        "mutations[2].edge.target",
        commits.Mutation(delete_node={"name": A}),
        commits.Mutation(create_edge=Edge(source="b", relation="r", target="a")),
    ),
    commit(
        INVALID,
        "INVALID_NAME",
        "mutations[1].new_node_id",
        commits.Mutation(rename_node={"name": A, "new_node_id": "a\0"}),
    ),
    commit(INVALID, "INVALID_FIELD", "preconditions[0]", preconditions=[commits.Precondition()]),
    commit(INVALID, "INVALID_NAME", "preconditions[0]", preconditions=[commits.Precondition(exists=f"{G}/nodes/x\0")]),
    commit(
        INVALID,
        "INVALID_FIELD",
        "preconditions[0]",
        preconditions=[commits.Precondition(absent="graphs/other/nodes/x")],
    ),
    *(
        commit(STATE, "PRECONDITION_FAILED", "", preconditions=[condition])
        for condition in (
            commits.Precondition(exists=f"{G}/nodes/none"),
            commits.Precondition(absent=A),
            commits.Precondition(etag_match={"name": A, "etag": "\0"}),
            *(commits.Precondition(graph_revision=number) for number in (-1, 0, 2, 2**63 - 1, -(2**63))),
        )
    ),
]
