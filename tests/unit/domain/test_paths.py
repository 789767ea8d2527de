"""The paths found are the shortest ones, all of them if there is room, and a bound that cut is said."""

from hypothesis import given
from hypothesis import strategies as st

from loci_server.domain.paths import FoundPath, PathSearch
from loci_server.domain.walk import Cut
from tests.unit.domain.small_graphs import NODES, SmallEdge, SmallGraph, small_graphs

MANY = 1000
NODE = st.sampled_from(NODES)


def searched(
    graph: SmallGraph, source: str, target: str, depth: int, fan_out: int = MANY, edges: int = MANY
) -> PathSearch:
    search = PathSearch(source, target, depth, fan_out, edges)
    while search.active:
        side = search.side
        search.advance(
            graph.expand(side.frontier, fan_out + 1, search.limit, forward=side.forward, known_nodes=side.depths)
        )
    if search.unfinished and all(
        graph.expand(side.frontier, 1, 1, forward=side.forward, known_nodes=side.depths) for side in search.unfinished
    ):
        search.found_beyond()
    return search


def shortest(graph: SmallGraph, source: str, target: str, length: int) -> list[FoundPath]:
    """Every walk of this length, heaviest edge first at each node: those of the shortest length are the paths."""
    if length == 0:
        return [FoundPath((source,), ())] if source == target else []
    return [
        FoundPath((source, *rest.nodes), (step.edge, *rest.edges))
        for step in graph.steps(source)
        for rest in shortest(graph, step.other, target, length - 1)
    ]


@given(small_graphs(), NODE, NODE, st.integers(1, 5))
def test_all_shortest_paths_are_found_the_heaviest_first(
    graph: SmallGraph, source: str, target: str, depth: int
) -> None:
    search = searched(graph, source, target, depth)
    distance = graph.distances([source]).get(target)
    if distance is not None and distance <= depth:
        assert search.paths(100_000) == shortest(graph, source, target, distance)
        assert search.cuts == set()
    else:
        assert search.paths(1) == []
        if distance is not None:
            assert search.cuts == {Cut.MAX_DEPTH}


@given(small_graphs(), NODE, NODE)
def test_what_cannot_be_reached_is_not_beyond_any_depth(graph: SmallGraph, source: str, target: str) -> None:
    search = searched(graph, source, target, 2 * len(NODES))
    search.paths(1)
    if target not in graph.distances([source]):
        assert search.cuts == set()


@given(small_graphs(), NODE, NODE, st.integers(1, 3))
def test_no_more_paths_than_asked_for_and_the_rest_is_said(
    graph: SmallGraph, source: str, target: str, count: int
) -> None:
    every = searched(graph, source, target, 8).paths(100_000)
    search = searched(graph, source, target, 8)
    assert search.paths(count) == every[:count]
    assert (Cut.MAX_PATHS in search.cuts) == (len(every) > count)


@given(small_graphs(), NODE, NODE, st.integers(1, 2), st.integers(1, 10))
def test_within_bounds_a_path_is_a_path_and_a_longer_or_missing_one_is_said(
    graph: SmallGraph, source: str, target: str, fan_out: int, edges: int
) -> None:
    search = searched(graph, source, target, 8, fan_out, edges)
    found = search.paths(100_000)
    distance = graph.distances([source]).get(target)
    for path in found:
        assert path in shortest(graph, source, target, len(path.edges))
        assert len(set(path.nodes)) == len(path.nodes)
    assert len({len(path.edges) for path in found}) <= 1
    assert len(set(found)) == len(found)
    if not search.cuts:
        assert found == ([] if distance is None else shortest(graph, source, target, distance))


def test_from_a_node_to_itself_is_one_path_of_no_edges() -> None:
    search = searched(SmallGraph((SmallEdge("e", "a", "b", 1.0), SmallEdge("f", "b", "a", 1.0)), True), "a", "a", 5)
    assert search.paths(5) == [FoundPath(("a",), ())]
    assert search.cuts == set()


def test_many_paths_cost_no_more_than_those_that_are_asked_for() -> None:
    """Ten diamonds in a row: 3 ** 10 paths through 41 nodes."""
    edges = [
        SmallEdge(f"{stage}{way}{end}", *pair, 1.0)
        for stage in range(10)
        for way in range(3)
        for end, pair in enumerate(((f"n{stage}", f"m{stage}{way}"), (f"m{stage}{way}", f"n{stage + 1}")))
    ]
    search = searched(SmallGraph(tuple(edges), True), "n0", "n10", 20)
    assert len(search.paths(3)) == 3
    assert search.cuts == {Cut.MAX_PATHS}
