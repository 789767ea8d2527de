"""Small graphs in memory, and the edges at a frontier as the database answers them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from hypothesis import strategies as st

from loci_server.domain.walk import Step

NODES = "abcdefgh"


@dataclass(frozen=True)
class SmallEdge:
    id: str
    source: str
    target: str
    weight: float


@dataclass(frozen=True)
class SmallGraph:
    edges: tuple[SmallEdge, ...]
    outgoing: bool
    """Whether edges are followed in their direction only; if not, both ways."""

    def steps(self, node: str, forward: bool = True) -> list[Step]:
        """All edges of a node, heaviest first."""
        ends = [
            (edge.target if edge.source == node else edge.source, edge)
            for edge in self.edges
            if self._at(edge, node, forward)
        ]
        ends.sort(key=lambda end: (-end[1].weight, end[1].id))
        return [Step(node, other, edge.id, edge.weight, place) for place, (other, edge) in enumerate(ends, 1)]

    def expand(
        self,
        frontier: Iterable[str],
        per_node: int,
        limit: int,
        *,
        forward: bool = True,
        known_nodes: Collection[str] = (),
        known_edges: Collection[str] = (),
    ) -> list[Step]:
        found: list[Step] = []
        for node in frontier:
            steps = self.steps(node, forward)
            fresh = [step for step in steps if step.other not in known_nodes and step.edge not in known_edges]
            found += [step._replace(place=place) for place, step in enumerate(fresh[:per_node], 1)]
        return found[:limit]

    def distances(self, starts: Iterable[str]) -> dict[str, int]:
        """How far every node is that can be reached, by relaxing all edges until nothing changes."""
        found = dict.fromkeys(starts, 0)
        while True:
            nearer = {
                step.other: found[node] + 1
                for node in list(found)
                for step in self.steps(node)
                if found.get(step.other, len(NODES) + 1) > found[node] + 1
            }
            if not nearer:
                return found
            found |= nearer

    def _at(self, edge: SmallEdge, node: str, forward: bool) -> bool:
        if not self.outgoing:
            return node in (edge.source, edge.target)
        return node == (edge.source if forward else edge.target)


@st.composite
def small_graphs(draw: st.DrawFn) -> SmallGraph:
    ends = st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)).filter(lambda pair: pair[0] != pair[1])
    pairs = draw(st.lists(st.tuples(ends, st.sampled_from((0.5, 1.0, 2.0))), max_size=18))
    edges = tuple(SmallEdge(f"e{place:02}", *pair, weight) for place, (pair, weight) in enumerate(pairs))
    return SmallGraph(edges, draw(st.booleans()))
