"""What goes over the wire is what was asked for: credential, deadline, fields, masks, pages."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from stand_in import StandIn

from loci import AsyncClient, errors, mutations, preconditions, properties, search_request
from loci.v1 import node_service_pb2, search_service_pb2, traversal_service_pb2
from loci.v1.node_pb2 import Node

LIST = "NodeService/ListNodes"
PAGES = (
    node_service_pb2.ListNodesResponse(nodes=[Node(name="graphs/g/nodes/a")], next_page_token="2"),
    node_service_pb2.ListNodesResponse(next_page_token="3"),
    node_service_pb2.ListNodesResponse(nodes=[Node(name="graphs/g/nodes/b")]),
)


async def test_each_call_carries_the_key_a_user_agent_and_a_deadline(server: StandIn, client: AsyncClient) -> None:
    await client.get_node("g", "n")
    await client.get_node("g", "n", timeout=3)
    first, second = server.sent("NodeService/GetNode")
    assert first.metadata["authorization"] == "Bearer key-of-a-test"
    assert first.metadata["user-agent"].startswith("loci-python/")
    assert 5 < first.remaining < 11  # the header is rounded
    assert second.remaining < 4


async def test_a_node_is_written_as_said(server: StandIn, client: AsyncClient) -> None:
    said = datetime(2024, 5, 1, 12, tzinfo=UTC)
    await client.create_node(
        "alice",
        id="n1",
        type="person",
        label="Ann",
        text="plays the cello",
        properties={"age": 39, "tags": ["a", None, {"deep": True}]},
        valid_from="1985-04",
        event_time=said,
        salience=0.7,
        aliases=["Annie"],
        embedding=("model", [0.5, 1.0]),
        note="because",
    )
    request = server.sent("NodeService/CreateNode")[0].request
    node = request.node
    assert (request.parent, request.note, node.name) == ("graphs/alice", "because", "graphs/alice/nodes/n1")
    assert (node.type, node.label, node.text, node.valid_from) == ("person", "Ann", "plays the cello", "1985-04")
    assert properties(node) == {"age": 39, "tags": ["a", None, {"deep": True}]}
    assert node.event_time.ToDatetime(tzinfo=UTC) == said
    assert (node.salience, list(node.aliases)) == (0.7, ["Annie"])
    assert (node.embedding.model, list(node.embedding.values)) == ("model", [0.5, 1.0])


async def test_an_update_masks_what_is_given(server: StandIn, client: AsyncClient) -> None:
    await client.update_node("g", "n", etag="e", label=None, properties={"gone": None})
    await client.update_node("g", "n", update_mask=["properties.k"], properties={"k": 1})
    first, second = (call.request for call in server.sent("NodeService/UpdateNode"))
    assert (first.node.name, first.node.etag) == ("graphs/g/nodes/n", "e")
    assert list(first.update_mask.paths) == ["label", "properties"]
    assert list(second.update_mask.paths) == ["properties.k"]


async def test_a_list_goes_on_over_all_pages(server: StandIn, client: AsyncClient) -> None:
    server.will(LIST, *PAGES)
    found = [node.name async for node in client.list_nodes("g", filter={"types": ["person"]}, page_size=1)]
    assert found == ["graphs/g/nodes/a", "graphs/g/nodes/b"]
    calls = server.sent(LIST)
    assert [call.request.page_token for call in calls] == ["", "2", "3"]
    assert all(call.request.filter.types == ["person"] and call.request.page_size == 1 for call in calls)


async def test_the_blocking_list_does_too(server: StandIn, blocking: Callable[..., Any]) -> None:
    server.will(LIST, *PAGES)
    found = await blocking(lambda client: [node.name for node in client.list_nodes("g")])
    assert found == ["graphs/g/nodes/a", "graphs/g/nodes/b"]


async def test_a_commit_names_everything_in_its_graph(server: StandIn, client: AsyncClient) -> None:
    await client.commit(
        "g",
        [
            mutations.create_node("a", type="person"),
            mutations.update_node("a", label="Ann"),
            mutations.rename_node("a", "b"),
            mutations.create_edge("b", "knows", "c"),
            mutations.update_edge(source="b", relation="knows", target="c", weight=2.0),
            mutations.delete_edge("e"),
            mutations.delete_node("graphs/g/nodes/c"),
        ],
        [preconditions.node_absent("a"), preconditions.graph_revision(3), preconditions.edge_etag("e", "tag")],
    )
    request = server.sent("CommitService/Commit")[0].request
    names = [getattr(m, m.WhichOneof("mutation")) for m in request.mutations]
    assert names[0].name == "graphs/g/nodes/a"
    assert names[1].node.name == "graphs/g/nodes/a"
    assert list(names[1].update_mask.paths) == ["label"]
    assert (names[2].name, names[2].new_node_id) == ("graphs/g/nodes/a", "b")
    assert (names[3].name, names[3].source, names[3].target) == ("", "b", "c")
    assert (names[4].edge.name, names[4].edge.weight) == ("", 2.0)
    assert (names[5].name, names[6].name) == ("graphs/g/edges/e", "graphs/g/nodes/c")
    assert request.preconditions[0].absent == "graphs/g/nodes/a"
    assert request.preconditions[2].etag_match.name == "graphs/g/edges/e"


async def test_a_search_says_what_it_wants(server: StandIn, client: AsyncClient) -> None:
    await client.search("g", "who?", mode="lexical", limit=5, explain=True, filter={"min_salience": 0.5})
    await client.batch_search([search_request("g", "a"), search_request("h", "b", mode="semantic")])
    one = server.sent("SearchService/Search")[0].request
    assert (one.parent, one.query, one.page_size, one.explain) == ("graphs/g", "who?", 5, True)
    assert one.mode == search_service_pb2.SEARCH_MODE_LEXICAL
    assert one.filter.min_salience == 0.5
    several = server.sent("SearchService/BatchSearch")[0].request.requests
    assert [(r.parent, r.mode) for r in several] == [("graphs/g", 3), ("graphs/h", 2)]
    with pytest.raises(ValueError, match="lexical, semantic, hybrid"):
        search_request("g", "a", mode="fuzzy")  # type: ignore[arg-type]


async def test_a_walk_selects_edges(server: StandIn, client: AsyncClient) -> None:
    await client.traverse("g", ["a", "b"], max_depth=3, direction="outgoing", relations=["knows"])
    await client.find_paths("g", "a", "b", node_types=["person"])
    await client.get_context("g", ["a"], max_depth=0)
    assert [neighbor async for neighbor in client.neighbors("g", "a", valid_at="1985")] == []
    walk = server.sent("TraversalService/Traverse")[0].request
    assert list(walk.start_names) == ["graphs/g/nodes/a", "graphs/g/nodes/b"]
    assert walk.selector.direction == traversal_service_pb2.DIRECTION_OUTGOING
    assert list(walk.selector.relations) == ["knows"]
    assert server.sent("TraversalService/FindPaths")[0].request.selector.node_types == ["person"]
    assert server.sent("TraversalService/GetContext")[0].request.HasField("max_depth")
    assert server.sent("TraversalService/GetNeighbors")[0].request.selector.valid_at == "1985"


async def test_a_request_that_no_server_would_read_is_not_sent(server: StandIn, client: AsyncClient) -> None:
    with pytest.raises(errors.LimitExceeded, match="16777216 are allowed"):
        await client.commit("g", [mutations.create_node(text="x" * 1_000_000) for _ in range(17)])
    assert not server.sent("CommitService/Commit")
