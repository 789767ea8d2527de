"""Which resources a request names."""

# Messages are made from dicts here.
# mypy: disable-error-code="arg-type,list-item"

import time

import pytest
from google.protobuf.message import Message

from loci.v1 import admin_service_pb2 as admin
from loci.v1 import bulk_service_pb2 as bulk
from loci.v1 import commit_service_pb2 as commits
from loci.v1 import erasure_pb2 as erasures
from loci.v1 import graph_service_pb2 as graphs
from loci.v1 import identity_pb2 as identities
from loci.v1 import memory_service_pb2 as memories
from loci.v1 import node_service_pb2 as nodes
from loci.v1 import search_service_pb2 as search
from loci.v1 import traversal_service_pb2 as walks
from loci.v1 import watch_service_pb2 as watches
from loci_server.audit.names import by_graph, named

G, A, B = "graphs/g", "graphs/g/nodes/a", "graphs/g/nodes/b"
ERASURE = "erasures/5f0d7a52-0f2c-4b7e-9a53-0d6a1c1f2b3e"


@pytest.mark.parametrize(
    ("request_", "names"),
    [
        (nodes.GetNodeRequest(name=A), [A]),
        (nodes.CreateNodeRequest(parent=G, node_id="a"), [G, A]),
        (nodes.CreateNodeRequest(node_id="a"), []),
        (nodes.CreateNodeRequest(parent="{2}", node_id="{0}"), []),
        (nodes.UpdateNodeRequest(node={"name": A, "text": B, "label": B}), [A]),
        (nodes.BatchGetNodesRequest(parent=G, names=[A, B, A]), [G, A, B]),
        (graphs.CreateGraphRequest(graph_id="g"), [G]),
        (graphs.ListGraphsRequest(), []),
        (commits.CommitRequest(parent=G, mutations=[{"delete_node": {"name": A}}, {"update_node": {}}]), [G, A]),
        (walks.FindPathsRequest(parent=G, source_name=A, target_name=B), [G, A, B]),
        (bulk.ImportRequest(header={"parent": G, "import_id": A}), [G]),
        (admin.CreateTenantRequest(tenant_id="t", tenant={"display_name": "tenants/x"}), ["tenants/t"]),
        (admin.RevokeApiKeyRequest(name="tenants/-/apiKeys/7"), ["tenants/own/apiKeys/7"]),
        (identities.GetIdentityRequest(name="tenants/-/identities/7"), ["tenants/own/identities/7"]),
        (erasures.GetErasureRequest(name=ERASURE), [ERASURE]),
        (search.SearchRequest(parent=G, query=A), [G]),
        (memories.RecallRequest(parents=[G, "graphs/h"], query=A), [G, "graphs/h"]),
        (watches.WatchRequest(parent="graphs/-"), ["graphs/-"]),
    ],
)
def test_names_stand_where_names_belong(request_: Message, names: list[str]) -> None:
    assert named(request_, "own") == names


@pytest.mark.parametrize("name", ["", "a secret", "graphs/", "graphs/g/x/y", f"{A}\n", "graphs/" + "g" * 129, "x/y"])
def test_what_is_no_name_is_left_out(name: str) -> None:
    assert named(nodes.GetNodeRequest(name=name), "own") == []


def test_a_call_over_many_graphs_is_told_of_each() -> None:
    request = search.BatchSearchRequest(requests=[{"parent": G}, {"parent": "graphs/h"}])
    assert by_graph(named(request, "own")) == {"g": [G], "h": ["graphs/h"]}
    assert by_graph(["tenants/t"]) == {"": ["tenants/t"]}
    assert by_graph([]) == {"": []}


@pytest.mark.parametrize(
    "request_",
    [
        nodes.BatchGetNodesRequest(names=["graphs/x/y"] * 1_000_000),
        commits.CommitRequest(mutations=[commits.Mutation()] * 500_000),
        bulk.ImportChunkRequest(items={"items": [bulk.BulkItem()] * 500_000}),
    ],
)
def test_a_huge_request_is_looked_at_no_longer_than_others(request_: Message) -> None:
    begun = time.process_time()
    named(request_, "own")
    assert time.process_time() - begun < 0.2
