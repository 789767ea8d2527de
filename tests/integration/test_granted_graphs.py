"""A key that is limited to graphs reaches these and nothing else: whether others exist, how many there are and what
happens in them is not told by any method."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from loci import AsyncClient, errors, mutations, names, search_request
from loci.v1 import admin_service_pb2 as admin
from loci.v1 import edge_service_pb2 as edges
from loci.v1 import graph_service_pb2 as graphs
from loci.v1 import node_service_pb2 as nodes
from loci.v1 import traversal_service_pb2 as walks
from loci.v1.admin_service_pb2_grpc import AdminServiceStub
from loci.v1.graph_service_pb2_grpc import GraphServiceStub
from tests.calls import bare_calls, collect
from tests.fuzz.methods import Method, methods
from tests.refusals import Refusal, bearer, drained, refusal
from tests.server import RunningServer
from tests.watching import CREATED, begun, take

MINE, THEIRS = ("ann", "team-1", "team-2"), ("anna", "bob", "team")
GRANTED = ("ann", "team-*")
INSIDE = ("graph", "node", "edge", "requests", "header", "tenant")
"""Messages in a request that name what it is about."""
LISTS = {
    "/loci.v1.GraphService/ListGraphs",
    "/loci.v1.AdminService/ListReembeddings",
    "/loci.v1.AdminService/ListKeyRotations",
    *("/loci.v1.AdminService/GetErasure", "/loci.v1.AdminService/GetReceiptKey"),
}
OPERATORS = {
    f"/loci.v1.AdminService/{verb}Tenant" for verb in ("Create", "Get", "Update", "Delete", "Undelete", "Erase")
}
OPERATORS.add("/loci.v1.AdminService/ListTenants")
CONTRACT = [method for method in methods() if method.path.startswith("/loci.v1.")]


@dataclass
class Place:
    """A tenant with graphs, a client that may all, and one with a key for some of them."""

    server: RunningServer
    whole: AsyncClient
    limited: AsyncClient
    key: str


@pytest.fixture
async def place(server: RunningServer, client: AsyncClient) -> AsyncIterator[Place]:
    for graph in (*MINE, *THEIRS):
        await client.create_graph(graph)
        await client.create_node(graph, "a", text="an apple")
    made = await client.create_api_key(["admin"], graphs=GRANTED)
    assert list(made.api_key.graphs) == ["graphs/ann", "graphs/team-*"]
    assert made.api_key in await collect(client.list_api_keys())
    async with server.client(made.secret) as limited:
        yield Place(server, client, limited, made.secret)


def naming(kind: Descriptor, graph: str, depth: int = 1) -> dict[str, Any]:
    """Fields of a request, all of which name one graph."""
    fields: dict[str, Any] = {}
    for field in kind.fields:
        value: Any = None
        if field.name in ("parent", "name") and depth >= 0:
            value = f"graphs/{graph}"
        elif field.name in ("parents",):
            value = [f"graphs/{graph}"]
        elif field.name == "graph_id":
            value = graph
        elif field.name in INSIDE and field.message_type is not None and depth:
            inner = naming(field.message_type, graph, depth - 1)
            value = [inner] if field.is_repeated else inner
        if value is not None:
            fields[field.name] = value
    return fields


async def answer(place: Place, method: Method, request: Message) -> Refusal:
    async with grpc.aio.insecure_channel(place.server.address) as channel:
        raw, options = request.SerializeToString(), {"metadata": bearer(place.key), "timeout": 30}
        call: Any
        if not method.answers_many:
            call = channel.unary_unary(method.path)(raw, **options)
        elif method.asks_many:
            call = channel.stream_stream(method.path)(iter([raw]), **options)
        else:
            call = channel.unary_stream(method.path)(raw, **options)
        if method.answers_many:
            async for _ in drained(call):
                pass
        return refusal(await call.code(), await call.details(), await call.trailing_metadata())


@pytest.mark.parametrize("method", CONTRACT, ids=lambda method: method.path.rpartition("/")[2])
async def test_no_method_reaches_a_graph_that_is_not_granted_or_tells_whether_it_is_there(
    place: Place, method: Method
) -> None:
    answers = {}
    for graph in ("bob", "nowhere"):
        request = GetMessageClass(method.request)(**naming(method.request, graph))
        answers[graph] = await answer(place, method, request)
    if method.path in LISTS:
        return  # what they leave out is shown below
    # No key is limited to graphs and has the scope OPERATOR.
    reason = "SCOPE_MISSING" if method.path in OPERATORS else "GRAPH_NOT_GRANTED"
    for found in answers.values():
        assert (found.code, found.reason) == ("PERMISSION_DENIED", reason)
    there, absent = (found.message.replace(graph, "X") for graph, found in answers.items())
    assert there == absent
    assert (await place.whole.get_graph("bob")).revision == 1


async def test_erasures_of_other_graphs_are_not_told(place: Place) -> None:
    await place.whole.create_graph("team-gone")
    own = await place.limited.erase_graph("team-gone")
    assert (await place.limited.get_erasure(own.name)).resource == "graphs/team-gone"
    await place.whole.create_graph("gone")
    other = await place.whole.erase_graph("gone")
    with pytest.raises(errors.ErasureNotFound):
        await place.limited.get_erasure(other.name)
    with pytest.raises(errors.GraphNotGranted):
        await anext(aiter(place.limited.list_erasures()))


async def test_what_is_granted_is_served(place: Place) -> None:
    limited = place.limited
    assert (await limited.get_node("ann", "a")).text == "an apple"
    assert (await limited.search("team-1", "apple")).hits
    assert (await limited.recall(["ann", "team-2"], "apple", max_tokens=100)).memories
    await limited.import_items("team-1", [mutations.create_node("b").create_node], import_id="i")
    assert len(await collect(limited.export_items("team-1"))) >= 1
    assert (await limited.get_reembedding("ann")).graph == "graphs/ann"
    await limited.create_graph("team-new")
    with pytest.raises(errors.GraphNotFound):
        await limited.get_graph("team-none")
    for call in (limited.create_graph("bert"), limited.create_graph(), limited.recall(["ann", "bob"], "apple")):
        with pytest.raises(errors.GraphNotGranted):
            await call
    with pytest.raises(errors.GraphNotGranted):
        await limited.batch_search([search_request("ann", "apple"), search_request("bob", "apple")])


async def test_other_graphs_cannot_be_reached_through_what_names_them_beside(place: Place) -> None:
    ann, bob = "graphs/ann", "graphs/bob/nodes/a"
    beside: Mapping[str, Message] = {
        "NodeService/BatchGetNodes": nodes.BatchGetNodesRequest(parent=ann, names=[bob]),
        "NodeService/CreateNode": nodes.CreateNodeRequest(parent=ann, node={"name": bob}),
        "EdgeService/CreateEdge": edges.CreateEdgeRequest(
            parent=ann, edge={"source": bob, "relation": "r", "target": "a"}
        ),
        "TraversalService/Traverse": walks.TraverseRequest(parent=ann, start_names=[bob]),
        "TraversalService/GetContext": walks.GetContextRequest(parent=ann, seed_names=[bob]),
        "TraversalService/FindPaths": walks.FindPathsRequest(parent=ann, source_name=f"{ann}/nodes/a", target_name=bob),
    }
    by_path = {method.path: method for method in CONTRACT}
    for path, request in beside.items():
        found = await answer(place, by_path[f"/loci.v1.{path}"], request)
        assert found.code == "INVALID_ARGUMENT", (path, found)


@pytest.mark.parametrize("size", [1, 2, 100])
async def test_lists_hold_what_is_granted_page_by_page(place: Place, size: int) -> None:
    listed = [names.id_of(graph.name) async for graph in place.limited.list_graphs(page_size=size)]
    assert listed == [*MINE]
    listed = [names.id_of(graph.name) async for graph in place.whole.list_graphs(page_size=size)]
    assert listed == sorted((*MINE, *THEIRS))


async def test_a_page_token_of_another_caller_carries_nobody_beyond_what_is_granted(place: Place) -> None:
    async with bare_calls(place.server, place.key) as calls:
        first = await calls.unary(GraphServiceStub, "ListGraphs", graphs.ListGraphsRequest(page_size=1))
        again = graphs.ListGraphsRequest(page_size=1, page_token=first.next_page_token)
        seen = [graph.name async for graph in place.whole.list_graphs(page_size=1)]
        (page,) = [await calls.unary(GraphServiceStub, "ListGraphs", again)]
        assert [graph.name for graph in page.graphs] == ["graphs/team-1"]
        assert seen[:2] == ["graphs/ann", "graphs/anna"]


async def test_key_rotations_of_other_graphs_and_of_the_tenant_are_not_told_or_begun(place: Place) -> None:
    await place.whole.rotate_keys("graphs/bob")
    assert {one.name for one in await collect(place.limited.list_key_rotations())} <= {"graphs/ann"}
    assert (await place.limited.rotate_keys("graphs/ann")).name == "graphs/ann"
    for what in ("tenants/-", "graphs/bob"):
        with pytest.raises(errors.GraphNotGranted):
            await place.limited.rotate_keys(what)
        with pytest.raises(errors.GraphNotGranted):
            await place.limited.get_key_rotation(what)


async def test_the_count_of_what_is_embedded_anew_tells_nothing_of_other_graphs(place: Place) -> None:
    for graph in ("bob", "anna", "team-1"):
        await place.whole.reembed_graph(graph)
    request = admin.ListReembeddingsRequest(parent="tenants/-")
    async with bare_calls(place.server, place.key) as calls:
        found = await calls.unary(AdminServiceStub, "ListReembeddings", request)
    assert ([one.graph for one in found.reembeddings], found.total_size) == (["graphs/team-1"], 1)
    assert len(await collect(place.whole.list_reembeddings())) == 3


async def test_a_watch_of_all_graphs_tells_of_those_that_are_granted(place: Place) -> None:
    watch = place.limited.watch_all(start="oldest")
    seen = asyncio.create_task(take(watch, 5))
    await begun(watch)
    for graph in ("bob", "team-2", "anna", "ann"):
        await place.whole.create_node(graph, "late")
    found = await seen
    assert found.commits == {"ann": [1, 2], "team-1": [1], "team-2": [1, 2]}
    assert sorted(found.events) == [(graph, CREATED) for graph in MINE]


async def test_a_token_of_a_watch_of_all_graphs_is_for_who_is_granted_the_same(place: Place) -> None:
    seen = await take(place.limited.watch_all(start="oldest"), 3)
    for stranger in (
        place.whole,
        place.server.client((await place.whole.create_api_key(["read"], graphs=["bob"])).secret),
    ):
        with pytest.raises(errors.InvalidResumeToken):
            await take(stranger.watch_all(resume_token=seen.token or seen.tokens[-1]), 1)
    twin = await place.whole.create_api_key(["read"], graphs=reversed(GRANTED))
    async with place.server.client(twin.secret) as client:
        await place.whole.create_node("ann", "later")
        assert (await take(client.watch_all(resume_token=seen.tokens[-1]), 1)).commits == {"ann": [2]}


async def test_a_limited_administrator_has_no_say_in_the_tenant(place: Place) -> None:
    limited = place.limited
    for call in (
        limited.create_api_key(["read"]),
        limited.create_api_key(["read"], graphs=["ann"]),
        limited.revoke_api_key("1"),
        collect(limited.list_api_keys()),
        collect(limited.list_audit_entries()),
        limited.get_tenant_usage(),
    ):
        with pytest.raises(errors.GraphNotGranted):
            await call
