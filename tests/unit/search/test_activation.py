"""Activation reaches what stands beside a find, is divided by fan, and comes only from what stands out."""

from math import sqrt
from random import Random

import pytest

from loci_server.search.activation import AROUND, DECAY, HOPS, LEAST, Source, Surroundings, activation

Share = tuple[int, float]


def chain(length: int) -> Surroundings:
    """Documents 1, 2, … side by side."""
    links: dict[int, list[Share]] = {}
    for node in range(length - 1):
        links.setdefault(node, []).append((node + 1, 1.0))
        links.setdefault(node + 1, []).append((node, 1.0))
    return Surroundings(range(1, length + 1), links)


def star(size: int) -> Surroundings:
    """Documents 1 to `size` around a hub without one."""
    links: dict[int, list[Share]] = {0: [(node, 1 / sqrt(size)) for node in range(1, size + 1)]}
    links |= {node: [(0, 1.0)] for node in range(1, size + 1)}
    return Surroundings(range(size + 1), links)


def test_it_halves_with_each_step_and_ends() -> None:
    found = chain(9).around(1)
    assert found == pytest.approx({1 + step: DECAY**step for step in range(1, HOPS + 1)})


def test_a_hub_divides_what_it_passes_on() -> None:
    assert star(10).around(1) == pytest.approx(dict.fromkeys(range(2, 11), DECAY**2 / sqrt(10)))
    assert star(1000).around(1) == {}, "too little to follow"


def test_the_best_way_counts_and_no_way_back() -> None:
    links = {0: [(1, 1.0), (2, 0.5)], 1: [(2, 1.0), (0, 1.0)], 2: [(0, 1.0)]}
    assert Surroundings([1, 2, 3], links).around(1) == pytest.approx({2: 0.5, 3: 0.25})
    assert Surroundings([1, 2, 3], {0: [(1, 1.0), (2, 0.1)], 1: [(2, 1.0)]}).around(1)[3] == pytest.approx(0.25)


def test_only_those_that_get_most_are_around_a_node_with_very_many() -> None:
    many = {0: [(node, 1.0 if node <= 50 else 0.5) for node in range(1, 1000)]}
    found = Surroundings(range(1, 1001), many).around(1)
    assert len(found) == AROUND
    assert set(range(2, 52)) <= found.keys()


def test_what_is_not_there_has_no_surroundings() -> None:
    assert chain(3).around(99) == {}
    assert Surroundings([], {}).around(1) == {}


@pytest.mark.parametrize("seed", range(20))
def test_what_is_left_out_early_is_too_little(seed: int) -> None:
    """Against a search that looks at every link."""
    random = Random(seed)
    links = {
        node: sorted(
            ((other, random.random()) for other in random.sample(range(60), random.randint(0, 12))),
            key=lambda link: -link[1],
        )
        for node in range(60)
    }
    found = Surroundings(range(1, 61), links).around(1)
    best: dict[int, float] = {}
    waiting = [(-1.0, 0, 0)]
    while waiting:
        waiting.sort()
        share, node, steps = waiting.pop(0)
        if node not in best:
            best[node] = -share
            further = links[node] if steps < HOPS else ()
            waiting += [(share * passed * DECAY, other, steps + 1) for other, passed in further]
    assert found == {node + 1: share for node, share in best.items() if node and share >= LEAST}


def test_a_source_passes_on_by_how_far_it_stands_out() -> None:
    around = chain(9)
    alone = activation(around, [Source(5, 1.0, 1.0)], {5: 1.0}, 1.0)
    assert alone == pytest.approx({4: 0.5, 6: 0.5, 3: 0.25, 7: 0.25, 2: 0.125, 8: 0.125})
    among_equals = activation(around, [Source(5, 1.0, 1.0)], dict.fromkeys(range(1, 10), 1.0), 1.0)
    assert among_equals == {}
    halfway = activation(around, [Source(5, 1.0, 2.0)], dict.fromkeys(range(1, 10), 0.5), 2.0)
    assert halfway[4] == pytest.approx(2.0 * 0.5**2 * 0.5)


def test_sources_add_up() -> None:
    found = activation(chain(3), [Source(1, 1.0, 1.0), Source(3, 1.0, 1.0)], {}, 1.0)
    assert found[2] == pytest.approx(1.0)
