"""A walk enters what a plain search would, keeps its bounds, and says so when one of them cut."""

from hypothesis import given
from hypothesis import strategies as st

from loci_server.domain.walk import Bounds, Cut, Step, Walk
from tests.unit.domain.small_graphs import NODES, SmallGraph, small_graphs

STARTS = st.lists(st.sampled_from(NODES), min_size=1, max_size=3)
MANY = 1000


def walked(graph: SmallGraph, starts: list[str], bounds: Bounds) -> Walk:
    walk = Walk(starts, bounds)
    while walk.active:
        walk.advance(graph.expand(walk.frontier, bounds.fan_out + 1, walk.limit))
    if walk.may_go_deeper and graph.expand(walk.frontier, 1, 1, known_edges=walk.followed):
        walk.found_beyond()
    return walk


@given(small_graphs(), STARTS, st.integers(1, 5))
def test_within_its_depth_a_walk_enters_every_node_at_its_distance(
    graph: SmallGraph, starts: list[str], depth: int
) -> None:
    walk = walked(graph, starts, Bounds(depth, MANY, MANY))
    distances = graph.distances(starts)
    assert walk.depths == {node: distance for node, distance in distances.items() if distance <= depth}
    followed = {step.edge for node, distance in distances.items() if distance < depth for step in graph.steps(node)}
    assert set(walk.followed) == followed
    reachable = {step.edge for node in distances for step in graph.steps(node)}
    assert walk.cuts == ({Cut.MAX_DEPTH} if reachable - followed else set())


@given(small_graphs(), STARTS, st.integers(1, 4), st.integers(1, 3), st.integers(1, 6), st.integers(1, 12))
def test_a_walk_keeps_its_bounds_and_says_which_of_them_cut(
    graph: SmallGraph, starts: list[str], depth: int, fan_out: int, nodes: int, edges: int
) -> None:
    walk = walked(graph, starts, Bounds(depth, fan_out, nodes, edges))
    distances = graph.distances(starts)
    ends = {edge.id: {edge.source, edge.target} for edge in graph.edges}
    assert len(walk.depths) <= nodes
    assert len(walk.followed) <= edges
    assert all(distances[node] <= found <= depth for node, found in walk.depths.items())
    assert all(ends[edge] <= set(walk.depths) for edge in walk.followed)
    if Cut.MAX_NODES in walk.cuts:
        assert len(walk.depths) == nodes
    if Cut.FAN_OUT in walk.cuts:
        assert any(len(graph.steps(node)) > fan_out for node in walk.depths)
    if not walk.cuts:
        assert walk.depths == distances
        assert set(walk.followed) == {step.edge for node in distances for step in graph.steps(node)}


@given(small_graphs(), STARTS, st.integers(1, 6))
def test_the_answer_is_in_order_of_depth_and_id(graph: SmallGraph, starts: list[str], nodes: int) -> None:
    walk = walked(graph, starts, Bounds(3, 2, nodes))
    assert walk.nodes() == sorted(walk.depths.items(), key=lambda item: (item[1], item[0]))
    weights = {edge.id: edge.weight for edge in graph.edges}
    assert walk.edges() == sorted(walk.followed, key=lambda edge: (-weights[edge], edge))


def test_where_room_is_short_the_heavier_edge_wins_and_then_the_lower_id() -> None:
    walk = Walk(["s"], Bounds(1, 10, 3))
    walk.advance([Step("s", "z", "e1", 2.0, 1), Step("s", "c", "e2", 1.0, 2), Step("s", "b", "e3", 1.0, 3)])
    assert list(walk.depths) == ["s", "z", "b"]
    assert walk.cuts == {Cut.MAX_NODES}


def test_starts_beyond_the_room_are_left_out_and_said() -> None:
    walk = Walk(["c", "a", "c", "b"], Bounds(1, 10, 2))
    assert list(walk.depths) == ["c", "a"]
    assert walk.cuts == {Cut.MAX_NODES}


def test_a_walk_that_has_looked_at_all_edges_it_may_still_asks_whether_there_are_more() -> None:
    for more, cuts in (([], set()), ([Step("a", "b", "e2", 1.0, 1)], {Cut.MAX_EDGES})):
        walk = Walk(["s"], Bounds(2, 10, 10, edges=1))
        walk.advance([Step("s", "a", "e1", 1.0, 1)])
        assert walk.active
        assert walk.limit == 1
        walk.advance(more)
        assert not walk.active
        assert walk.cuts == cuts
