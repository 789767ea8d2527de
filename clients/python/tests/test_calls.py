"""What goes over the wire is what was asked for: credential, deadline, fields, masks, pages."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from loci import AsyncClient, errors, mutations, preconditions, properties, search_request
from loci.v1 import node_service_pb2, search_service_pb2, traversal_service_pb2
from loci.v1.node_pb2 import Node
from tests.stand_in import StandIn

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


CUT = "cut emoji \ud83d"


@pytest.mark.parametrize(
    ("call", "place"),
    [
        (lambda client: client.remember("g", CUT), "text"),
        (lambda client: client.remember("g", "x", id=CUT), "id"),
        (lambda client: client.remember("g", "x", note=CUT), "note"),
        (lambda client: client.remember("g", "x", session=CUT), "session"),
        (lambda client: client.remember("g", "x", slot=CUT), "slot"),
        (lambda client: client.remember("g", "x", supersedes=[CUT]), "id"),
        (lambda client: client.remember("g", "x", metadata={"a": [CUT]}), r"metadata.a\[0\]"),
        (lambda client: client.remember("g", "x", metadata={CUT: 1}), "metadata: a key"),
        (lambda client: client.remember(CUT, "x"), "graph"),
        (lambda client: client.search("g", CUT), "query"),
        (lambda client: client.search("g", "x", filter={"types": [CUT]}), "types"),
        (lambda client: client.search("g", "x", filter={"session": CUT}), "session"),
        (lambda client: client.search("g", "x", filter={"properties": {CUT: 1}}), "properties"),
        (lambda client: client.search("g", "x", filter={"properties": {"a": CUT}}), "properties.a"),
        (lambda client: client.search("g", "x", query_embedding=(CUT, [1.0])), "embedding"),
        (lambda client: client.recall("g", CUT), "query"),
        (lambda client: client.start_session("g", title=CUT), "title"),
        (lambda client: client.append_turns("g", "s", [CUT]), "text"),
        (lambda client: client.append_turns("g", "s", [(CUT, "x")]), "speaker"),
        (lambda client: client.append_turns("g", CUT, ["x"]), "session"),
        (lambda client: client.append_turns("g", "s", ["x"], note=CUT), "note"),
        (lambda client: client.create_node("g", CUT), "id"),
        (lambda client: client.create_node("g", text=CUT), "text"),
        (lambda client: client.create_node("g", aliases=[CUT]), "aliases"),
        (lambda client: client.create_node("g", properties={"a": CUT}), "properties.a"),
        (lambda client: client.create_edge("g", "a", CUT, "b"), "relation"),
        (lambda client: client.update_node("g", "a", etag=CUT), "etag"),
        (lambda client: client.rename_node("g", "a", CUT), "new_id"),
        (lambda client: client.create_graph(CUT), "graph"),
        (lambda client: client.create_graph("g", display_name=CUT), "display_name"),
    ],
)
async def test_a_text_that_was_cut_inside_a_character_is_refused_by_name(
    client: AsyncClient, call: Callable[[AsyncClient], Any], place: str
) -> None:
    with pytest.raises(ValueError, match=rf"^{place}: the text holds '.ud83d', half of a surrogate pair") as raised:
        await call(client)
    assert type(raised.value) is ValueError


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


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda client: client.remember("g", 5), TypeError, "text: give a str, not 5"),
        (lambda client: client.remember(5, "x"), TypeError, "graph: give a str, not a int"),
        (lambda client: client.remember("g", "x", id=5), TypeError, "id: give a str, not 5"),
        (lambda client: client.remember("g", "x", event_time="yesterday"), TypeError, "event_time: give a datetime"),
        (lambda client: client.remember("g", "x", event_time=datetime(2024, 1, 1)), ValueError, "event_time: .* zone"),
        (lambda client: client.remember("g", "x", expires=5), TypeError, "expires: give a datetime or a timedelta"),
        (lambda client: client.remember("g", "x", metadata=[1]), TypeError, "metadata: give a dict, not a list"),
        (lambda client: client.remember("g", "x", metadata={"a": b"x"}), TypeError, "metadata.a: bytes"),
        (lambda client: client.remember("g", "x", importance="high"), TypeError, "importance: give a float, not a str"),
        (lambda client: client.remember("g", "x", slot=5), TypeError, "slot: give a Slot, not 5"),
        (lambda client: client.remember("g", "x", supersedes=5), TypeError, "supersedes: give a list"),
        (
            lambda client: client.recall("g", "x", weights={"luck": 1}),
            ValueError,
            "weights: 'luck' is not one of lexical",
        ),
        (lambda client: client.recall("g", "x", weights={"graph": "1"}), TypeError, "weights.graph: give a float"),
        (lambda client: client.recall("g", "x", weights=[1]), TypeError, "weights: give a dict"),
        (lambda client: client.recall("g", "x", profile="best"), ValueError, "profile: 'best' is not one of balanced"),
        (lambda client: client.recall("g", "x", query_time="now"), TypeError, "query_time: give a datetime"),
        (
            lambda client: client.recall("g", "x", max_tokens="5"),
            TypeError,
            "max_tokens: give a whole number of 32 bits",
        ),
        (lambda client: client.recall("g", "x", max_tokens=2**31), ValueError, "max_tokens: .*, not 2147483648"),
        (lambda client: client.recall("g", "x", filter="x"), TypeError, "filter: give a dict"),
        (lambda client: client.list_edges("g", filter="x").__anext__(), TypeError, "filter: give a dict"),
        (lambda client: client.batch_get_salience("g", "tea1"), TypeError, "ids: give a list of strings, not one"),
        (lambda client: client.get_nodes("g", "ab"), TypeError, "ids: give a list of strings, not one string"),
        (lambda client: client.get_edges("g", "ab"), TypeError, "ids: give a list of strings, not one string"),
        (lambda client: client.traverse("g", "ab"), TypeError, "start: give a list of strings, not one string"),
        (lambda client: client.get_context("g", "ab"), TypeError, "seeds: give a list of strings, not one string"),
        (lambda client: client.update_node("g", "n", update_mask="text"), TypeError, "update_mask: give a list"),
        (
            lambda client: client.search("g", "x", timeout="5"),
            TypeError,
            "timeout: give a number of seconds, not a str",
        ),
        (lambda client: client.wait_ready("5"), TypeError, "timeout: give a number of seconds, not a str"),
        (lambda client: client.recall("g", "x", filter={"session": 5}), TypeError, "session: give a str"),
        (lambda client: client.recall("g", "x", filter={"event_time": 5}), TypeError, "event_time: give a pair"),
        (lambda client: client.search("g", 5), TypeError, "query: give a str, not 5"),
        (lambda client: client.search("g", "x", limit="5"), TypeError, "limit: give a whole number"),
        (lambda client: client.search("g", "x", mode=5), TypeError, "mode: give a str"),
        (lambda client: client.append_turns("g", "s", [5]), TypeError, "turns: give texts"),
        (lambda client: client.start_session("g", 5), TypeError, "session: give a str"),
        (lambda client: client.start_session("g", metadata="x"), TypeError, "metadata: give a dict"),
        (lambda client: client.give_feedback("g", "good", node="a"), ValueError, "kind: 'good' is not one of helpful"),
        (lambda client: client.create_node("g", "n", event_time="now"), TypeError, "event_time: give a datetime"),
    ],
)
async def test_what_cannot_be_sent_is_refused_by_the_name_of_its_parameter(
    server: StandIn, client: AsyncClient, call: Callable[[AsyncClient], Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        await call(client)
    assert not server.calls
