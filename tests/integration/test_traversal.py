"""Walks over a graph: what is entered, in which order, and that every bound that cuts is said."""

from collections.abc import Iterable

import pytest

from loci import AsyncClient, edge, errors, mutations, names, node
from loci.v1 import traversal_service_pb2 as service
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci.v1.traversal_service_pb2 import TruncationReason as Reason
from loci_server.domain.ids import derived_edge_id
from tests.calls import collect

FAN_OUT = Reason.TRUNCATION_REASON_FAN_OUT
MAX_NODES = Reason.TRUNCATION_REASON_MAX_NODES
MAX_EDGES = Reason.TRUNCATION_REASON_MAX_EDGES
MAX_DEPTH = Reason.TRUNCATION_REASON_MAX_DEPTH
MAX_PATHS = Reason.TRUNCATION_REASON_MAX_PATHS


async def write(client: AsyncClient, edges: Iterable[str], types: str = "") -> None:
    """A graph `g` of edges such as `a>b` or `a>b:2.5`, with that weight; `types` such as `b:person c:firm`."""
    await client.create_graph("g")
    kinds = dict(word.split(":") for word in types.split())
    found: dict[str, None] = {}
    made = []
    for written in edges:
        ends, _, weight = written.partition(":")
        source, target = ends.split(">")
        found |= dict.fromkeys((source, target))
        made.append(mutations.create_edge(source, "R", target, weight=float(weight or 1)))
    nodes = [mutations.create_node(id, type=kinds.get(id, "node"), text=f"text of {id}") for id in found]
    await client.commit("g", nodes + made)


def ids(items: Iterable[Node | Edge]) -> str:
    return " ".join(names.id_of(item.name) for item in items)


def depths(answer: service.TraverseResponse | service.GetContextResponse) -> str:
    return " ".join(f"{names.id_of(found.node.name)}{found.depth}" for found in answer.nodes)


def ends(edges: Iterable[Edge]) -> str:
    return " ".join(f"{edge.source}>{edge.target}" for edge in edges)


def cuts(
    answer: service.TraverseResponse | service.GetContextResponse | service.FindPathsResponse,
) -> list["Reason.ValueType"]:
    assert answer.truncated == bool(answer.truncation_reasons)
    return list(answer.truncation_reasons)


def routes(answer: service.FindPathsResponse) -> list[str]:
    for path in answer.paths:
        assert len(path.nodes) == len(path.edges) + 1
    return [ids(path.nodes) for path in answer.paths]


# --- Neighbors -------------------------------------------------------------------------------------------------------


async def test_neighbors_come_heaviest_first_with_the_node_at_the_other_end(client: AsyncClient) -> None:
    await write(client, ["a>b:1", "a>c:3", "d>a:2", "b>c:9"])
    found = await collect(client.neighbors("g", "a"))
    assert [(n.edge.source, n.edge.target, ids([n.node])) for n in found] == [
        ("a", "c", "c"),
        ("d", "a", "d"),
        ("a", "b", "b"),
    ]
    assert found[0].node.text == "text of c"
    assert found[0].edge.weight == 3.0


async def test_neighbors_are_chosen_by_direction_relation_type_and_time(client: AsyncClient) -> None:
    await write(client, ["a>b", "c>a", "a>d"], "b:person d:firm")
    await client.create_edge("g", "a", "WORKS_AT", "d", valid_from="1990", valid_to="1999")
    await client.update_node("g", "b", valid_from="1800", valid_to="1850")

    async def of(**selected: object) -> str:
        return " ".join([ids([n.node]) async for n in client.neighbors("g", "a", **selected)])  # type: ignore[arg-type]

    assert sorted((await of(direction="outgoing")).split()) == ["b", "d", "d"]
    assert await of(direction="incoming") == "c"
    assert await of(relations=["WORKS_AT"]) == "d"
    assert await of(node_types=["person"]) == "b"
    assert sorted((await of(node_types=["person", "node"])).split()) == ["b", "c"]
    assert sorted((await of(valid_at="1995")).split()) == ["c", "d", "d"]
    assert sorted((await of(valid_at="1840")).split()) == ["b", "c", "d"]
    assert await of(relations=["NONE"]) == ""


async def test_pages_of_neighbors_lose_and_repeat_nothing(client: AsyncClient) -> None:
    await write(client, [f"hub>n{place:02}:{place % 3}" for place in range(25)] + ["x>hub:1", "hub>y:-1"])
    whole = [n.edge.name for n in await collect(client.neighbors("g", "hub", page_size=1000))]
    assert len(set(whole)) == 27
    for size in (1, 4, 26, 27):
        assert [n.edge.name for n in await collect(client.neighbors("g", "hub", page_size=size))] == whole


async def test_a_page_goes_on_when_the_edge_it_ended_at_is_gone(client: AsyncClient) -> None:
    await write(client, ["a>b:3", "a>c:2", "a>d:1"])
    seen = []
    async for neighbor in client.neighbors("g", "a", page_size=1):
        seen.append(neighbor.edge.target)
        await client.delete_edge("g", names.id_of(neighbor.edge.name))
    assert seen == ["b", "c", "d"]


async def test_a_node_without_edges_has_no_neighbors_and_one_that_is_not_there_is_an_error(client: AsyncClient) -> None:
    await client.create_graph("g")
    await client.create_node("g", "alone")
    assert await collect(client.neighbors("g", "alone")) == []
    with pytest.raises(errors.NodeNotFound) as caught:
        await collect(client.neighbors("g", "nobody"))
    assert caught.value.resource == "graphs/g/nodes/nobody"
    with pytest.raises(errors.GraphNotFound):
        await collect(client.neighbors("no-graph", "alone"))


# --- Traverse --------------------------------------------------------------------------------------------------------


async def test_a_walk_is_breadth_first_and_in_order_of_depth_and_id(client: AsyncClient) -> None:
    await write(client, ["a>c", "a>b", "b>e", "c>d", "e>f"])
    answer = await client.traverse("g", ["a"], max_depth=3)
    assert depths(answer) == "a0 b1 c1 d2 e2 f3"
    assert len(answer.edges) == 5
    assert cuts(answer) == []
    assert answer.nodes[0].node.text == "text of a"


async def test_the_default_depth_is_two_and_more_beyond_it_is_said(client: AsyncClient) -> None:
    await write(client, ["a>b", "b>c", "c>d"])
    answer = await client.traverse("g", ["a"])
    assert depths(answer) == "a0 b1 c2"
    assert cuts(answer) == [MAX_DEPTH]
    assert cuts(await client.traverse("g", ["a"], max_depth=3)) == []
    assert cuts(await client.traverse("g", ["d"], max_depth=3)) == []
    assert cuts(await client.traverse("g", ["c"], max_depth=1, direction="outgoing")) == []


async def test_an_edge_that_a_deeper_walk_would_follow_is_beyond_the_depth(client: AsyncClient) -> None:
    await write(client, ["a>b", "a>c", "b>c"])
    answer = await client.traverse("g", ["a"], max_depth=1)
    assert sorted(ends(answer.edges).split()) == ["a>b", "a>c"]
    assert cuts(answer) == [MAX_DEPTH]
    assert cuts(await client.traverse("g", ["a"], max_depth=2)) == []


async def test_cycles_end(client: AsyncClient) -> None:
    await write(client, ["a>b", "b>c", "c>a", "b>a"])
    for direction in ("outgoing", "incoming", "both"):
        answer = await client.traverse("g", ["a"], max_depth=10, direction=direction)
        assert sorted(ids(found.node for found in answer.nodes).split()) == ["a", "b", "c"]
        assert sorted(ends(answer.edges).split()) == ["a>b", "b>a", "b>c", "c>a"]
        assert cuts(answer) == []


async def test_parallel_edges_are_all_followed_and_each_is_told_once(client: AsyncClient) -> None:
    await write(client, ["a>b"])
    await client.create_edge("g", "a", "R", "b", id="second", weight=2.0)
    await client.create_edge("g", "b", "R", "a", id="third", weight=2.0)
    answer = await client.traverse("g", ["a"], max_depth=2)
    assert ids(answer.edges) == f"second third {derived_edge_id('a', 'R', 'b')}"
    assert depths(answer) == "a0 b1"


async def test_direction_says_which_ends_are_entered(client: AsyncClient) -> None:
    await write(client, ["a>b", "b>c", "z>a"])
    assert depths(await client.traverse("g", ["a"], direction="outgoing")) == "a0 b1 c2"
    assert depths(await client.traverse("g", ["a"], direction="incoming")) == "a0 z1"
    assert depths(await client.traverse("g", ["a"], direction="both")) == "a0 b1 z1 c2"


async def test_filters_hold_for_nodes_that_are_entered_and_not_for_those_named(client: AsyncClient) -> None:
    await write(client, ["a>b", "b>c", "a>d", "d>e", "b>a"], "a:person b:firm d:person c:firm e:firm")
    answer = await client.traverse("g", ["a"], max_depth=5, node_types=["firm"], direction="outgoing")
    assert depths(answer) == "a0 b1 c2"
    assert sorted(ends(answer.edges).split()) == ["a>b", "b>a", "b>c"]
    assert depths(await client.traverse("g", ["a"], relations=["NONE"])) == "a0"


async def test_a_walk_can_be_asked_as_of_a_time(client: AsyncClient) -> None:
    await client.create_graph("g")
    await client.commit(
        "g",
        [
            mutations.create_node("a"),
            mutations.create_node("b"),
            mutations.create_node("c", valid_to="2005"),
            mutations.create_edge("a", "R", "b", valid_from="1990", valid_to="1999"),
            mutations.create_edge("a", "S", "b", valid_from="2000"),
            mutations.create_edge("b", "R", "c"),
        ],
    )
    found = {
        year: await client.traverse("g", ["a"], valid_at=year, max_depth=3) for year in ("1985", "1995", "2003", "2010")
    }
    assert {year: depths(answer) for year, answer in found.items()} == {
        "1985": "a0",
        "1995": "a0 b1 c2",
        "2003": "a0 b1 c2",
        "2010": "a0 b1",
    }
    assert [edge.relation for edge in found["2003"].edges if edge.target == "b"] == ["S"]
    both = await client.traverse("g", ["a"], valid_at="1995/2002", max_depth=1)
    assert sorted(edge.relation for edge in both.edges) == ["R", "S"]


async def test_the_fan_out_takes_the_heaviest_edges_and_says_that_there_are_more(client: AsyncClient) -> None:
    await write(client, ["a>b:1", "a>c:3", "a>d:2"])
    answer = await client.traverse("g", ["a"], fan_out=2, direction="outgoing")
    assert ends(answer.edges) == "a>c a>d"
    assert cuts(answer) == [FAN_OUT]
    assert cuts(await client.traverse("g", ["a"], fan_out=3, direction="outgoing")) == []


async def test_the_number_of_nodes_is_kept_and_said(client: AsyncClient) -> None:
    await write(client, ["a>b:1", "a>c:3", "a>d:2", "b>c"])
    answer = await client.traverse("g", ["a"], max_nodes=3)
    assert depths(answer) == "a0 c1 d1"
    assert ends(answer.edges) == "a>c a>d"
    assert cuts(answer) == [MAX_NODES]
    assert cuts(await client.traverse("g", ["a"], max_nodes=4)) == []
    assert cuts(await client.traverse("g", ["d", "c", "b"], max_nodes=2, max_depth=1)) == [MAX_NODES]


async def test_several_starts_are_one_walk(client: AsyncClient) -> None:
    await write(client, ["a>b", "c>b", "c>d"])
    answer = await client.traverse("g", ["c", "a", "c"])
    assert depths(answer) == "a0 c0 b1 d1"
    assert len(answer.edges) == 3


async def test_a_start_that_is_not_there_is_named(client: AsyncClient) -> None:
    await write(client, ["a>b"])
    for call in (client.traverse("g", ["a", "nobody"]), client.get_context("g", ["nobody", "a"])):
        with pytest.raises(errors.NodeNotFound) as caught:
            await call
        assert caught.value.resource == "graphs/g/nodes/nobody"


async def test_what_is_out_of_bounds_is_refused(client: AsyncClient) -> None:
    await write(client, ["a>b"])
    refused = [
        (client.traverse("g", ["a"], max_depth=11), errors.LimitExceeded, "max_depth"),
        (client.traverse("g", ["a"], max_depth=-1), errors.InvalidField, "max_depth"),
        (client.traverse("g", ["a"], fan_out=1001), errors.LimitExceeded, "fan_out"),
        (client.traverse("g", ["a"], max_nodes=10_001), errors.LimitExceeded, "max_nodes"),
        (client.traverse("g", []), errors.InvalidField, "start_names"),
        (client.traverse("g", ["a"] * 101), errors.LimitExceeded, "start_names"),
        (client.traverse("g", ["a"], relations=["no relation"]), errors.InvalidField, "selector.relations[0]"),
        (client.traverse("g", ["a"], node_types=["T"] * 65), errors.LimitExceeded, "selector.node_types"),
        (client.traverse("g", ["a"], valid_at="yesterday"), errors.InvalidDate, "selector.valid_at"),
        (client.get_context("g", ["a"], max_depth=-1), errors.InvalidField, "max_depth"),
        (client.get_context("g", ["a"], max_nodes=1001), errors.LimitExceeded, "max_nodes"),
        (client.find_paths("g", "a", "b", max_paths=101), errors.LimitExceeded, "max_paths"),
    ]
    for call, error, field in refused:
        with pytest.raises(error) as caught:
            await call
        assert [violation.field for violation in caught.value.violations] == [field]


# --- Paths -----------------------------------------------------------------------------------------------------------


async def test_a_shortest_path_has_its_nodes_and_edges_from_source_to_target(client: AsyncClient) -> None:
    await write(client, ["a>b", "b>c", "c>d", "a>x", "x>y", "y>z", "z>d"])
    answer = await client.find_paths("g", "a", "d")
    assert routes(answer) == ["a b c d"]
    assert ends(answer.paths[0].edges) == "a>b b>c c>d"
    assert answer.paths[0].nodes[1].text == "text of b"
    assert cuts(answer) == []


async def test_all_shortest_paths_are_given_up_to_the_number_asked_for(client: AsyncClient) -> None:
    await write(client, ["a>b:1", "a>c:2", "b>d", "c>d", "d>e"])
    answer = await client.find_paths("g", "a", "e", max_paths=2)
    assert routes(answer) == ["a c d e", "a b d e"]
    assert cuts(answer) == []
    fewer = await client.find_paths("g", "a", "e")
    assert routes(fewer) == ["a c d e"]
    assert cuts(fewer) == [MAX_PATHS]


async def test_parallel_edges_are_different_paths(client: AsyncClient) -> None:
    await write(client, ["a>b", "b>c"])
    await client.create_edge("g", "a", "R", "b", id="second", weight=2.0)
    answer = await client.find_paths("g", "a", "c", max_paths=5)
    assert routes(answer) == ["a b c", "a b c"]
    assert [names.id_of(path.edges[0].name) for path in answer.paths] == ["second", derived_edge_id("a", "R", "b")]


async def test_paths_follow_the_direction_asked_for(client: AsyncClient) -> None:
    await write(client, ["a>b", "c>b", "c>d"])
    assert routes(await client.find_paths("g", "a", "d")) == ["a b c d"]
    assert routes(await client.find_paths("g", "a", "d", direction="outgoing")) == []
    assert routes(await client.find_paths("g", "c", "d", direction="outgoing")) == ["c d"]
    assert routes(await client.find_paths("g", "d", "c", direction="incoming")) == ["d c"]
    assert routes(await client.find_paths("g", "d", "c", direction="outgoing")) == []


async def test_a_node_and_itself_are_one_path_of_no_edges(client: AsyncClient) -> None:
    await write(client, ["a>b"])
    answer = await client.find_paths("g", "a", "a")
    assert routes(answer) == ["a"]
    assert cuts(answer) == []


async def test_no_path_within_the_depth_is_not_the_same_as_no_path(client: AsyncClient) -> None:
    await write(client, ["a>b", "b>c", "c>d", "x>y"])
    beyond = await client.find_paths("g", "a", "d", max_depth=2)
    assert (routes(beyond), cuts(beyond)) == ([], [MAX_DEPTH])
    assert routes(await client.find_paths("g", "a", "d", max_depth=3)) == ["a b c d"]
    none = await client.find_paths("g", "a", "x")
    assert (routes(none), cuts(none)) == ([], [])


async def test_filters_of_a_path_hold_between_its_ends(client: AsyncClient) -> None:
    await write(client, ["a>b", "b>d", "a>c", "c>e", "e>d"], "a:person d:person b:firm c:place e:place")
    assert routes(await client.find_paths("g", "a", "d")) == ["a b d"]
    assert routes(await client.find_paths("g", "a", "d", node_types=["place"])) == ["a c e d"]
    assert routes(await client.find_paths("g", "a", "b", node_types=["place"])) == ["a b"]


async def test_a_fan_out_that_may_have_hidden_a_path_is_said(client: AsyncClient) -> None:
    await write(client, ["a>x:3", "a>b:1", "b>d:1", "d>y:3"])
    answer = await client.find_paths("g", "a", "d", fan_out=1, direction="outgoing")
    assert FAN_OUT in cuts(answer)


async def test_an_end_that_is_not_there_is_named(client: AsyncClient) -> None:
    await write(client, ["a>b"])
    for source, target in (("a", "nobody"), ("nobody", "a"), ("nobody", "nobody")):
        with pytest.raises(errors.NodeNotFound) as caught:
            await client.find_paths("g", source, target)
        assert caught.value.resource == "graphs/g/nodes/nobody"


# --- Context ---------------------------------------------------------------------------------------------------------


async def test_a_context_has_every_edge_among_its_nodes(client: AsyncClient) -> None:
    await write(client, ["a>b:1", "a>c:2", "c>b:5", "b>d", "d>c"])
    answer = await client.get_context("g", ["a"])
    assert depths(answer) == "a0 b1 c1"
    assert ends(answer.edges) == "c>b a>c a>b"
    assert cuts(answer) == [MAX_DEPTH]
    whole = await client.get_context("g", ["a"], max_depth=2)
    assert (depths(whole), len(whole.edges), cuts(whole)) == ("a0 b1 c1 d2", 5, [])


async def test_a_context_of_depth_zero_is_the_seeds_and_the_edges_among_them(client: AsyncClient) -> None:
    await write(client, ["a>b", "b>c", "x>y"])
    answer = await client.get_context("g", ["a", "b", "x", "y"], max_depth=0)
    assert depths(answer) == "a0 b0 x0 y0"
    assert sorted(ends(answer.edges).split()) == ["a>b", "x>y"]
    assert cuts(answer) == [MAX_DEPTH]
    assert cuts(await client.get_context("g", ["x", "y"], max_depth=0)) == []


async def test_a_context_keeps_its_bounds_and_says_so(client: AsyncClient) -> None:
    await write(client, [f"a>n{place}:{place}" for place in range(6)] + ["n4>n5:9"])
    nodes = await client.get_context("g", ["a"], max_nodes=3)
    assert depths(nodes) == "a0 n41 n51"
    assert cuts(nodes) == [MAX_NODES]
    edges = await client.get_context("g", ["a"], max_edges=2)
    assert ends(edges.edges) == "n4>n5 a>n5"
    assert cuts(edges) == [MAX_EDGES]


async def test_a_context_is_filtered_like_a_walk(client: AsyncClient) -> None:
    await write(client, ["a>b", "a>c", "b>c"], "b:firm c:person")
    await client.create_edge("g", "a", "S", "b", valid_to="1990")
    answer = await client.get_context("g", ["a"], node_types=["firm"], valid_at="2000", max_depth=3)
    assert (depths(answer), ends(answer.edges), cuts(answer)) == ("a0 b1", "a>b", [])
    assert depths(await client.get_context("g", ["a"], relations=["S"])) == "a0 b1"
    assert depths(await client.get_context("g", ["b"], direction="incoming")) == "b0 a1"


async def test_neighbors_of_any_size_come_in_pages_that_can_be_sent(client: AsyncClient) -> None:
    await client.create_graph("large")
    await client.create_node("large", "hub")
    for start in range(0, 100, 20):
        numbers = range(start, start + 20)
        items = [node(f"n{number:02}", text="x" * 250_000) for number in numbers]
        await client.import_items("large", [*items, *[edge("hub", "R", f"n{number:02}") for number in numbers]])
    found = [names.id_of(neighbor.node.name) async for neighbor in client.neighbors("large", "hub")]
    assert sorted(found) == [f"n{number:02}" for number in range(100)]
    with pytest.raises(errors.LimitExceeded):
        await client.traverse("large", ["hub"], max_nodes=1000)
