"""The graph arm: activation spreads along edges from what the other arms found to what stands beside it.

Spreading activation with fan (Collins and Loftus, 1975; Anderson, The Architecture of Cognition, 1983): a node passes
on what it has along its edges, DECAY of it at each step, divided by the square root of how many edges of one relation
go the same way, so that a node on which everything hangs passes little to each. Only what stands out from its
surroundings is a source: where a whole conversation is about the query, a neighbour says nothing about where in it the
answer is.
"""

from collections.abc import Iterable, Mapping, Sequence
from heapq import heappop, heappush
from typing import Final, NamedTuple

HOPS: Final = 3
DECAY: Final = 0.5
"""What is left of activation after each step."""
LEAST: Final = 0.03
"""Smaller shares of a source's activation are left out."""
AROUND: Final = 100
"""Nodes around one source, those first that get most."""

Links = Mapping[int, Sequence[tuple[int, float]]]
"""What each node passes to which others: of 1, before the decay, and the most first."""


class Surroundings:
    """A piece of a graph. Its nodes are numbers."""

    def __init__(self, documents: Sequence[int], links: Links, *, cut: bool = False) -> None:
        """`documents`: of each node, from 0; 0 if it has none. `cut`: there was more than a walk looks at."""
        self.cut = cut
        self._documents = documents
        self._links = links
        self._nodes = {document: node for node, document in enumerate(documents) if document}

    def around(self, document: int) -> dict[int, float]:
        """The documents within HOPS steps, each with the share of activation that comes by the best way.

        Best first (Dijkstra, 1959), so that AROUND keeps those that get most; of equal ones, those of lower number.
        """
        start = self._nodes.get(document)
        if start is None:
            return {}
        best: dict[int, float] = {}
        waiting = [(-1.0, start, 0)]
        while waiting and len(best) <= AROUND:
            share, node, steps = heappop(waiting)
            if node in best:
                continue
            best[node] = -share
            if steps == HOPS:
                continue
            for other, passed in self._links.get(node, ()):
                arriving = share * passed * DECAY
                if -arriving < LEAST:
                    break  # those that follow get no more
                if other not in best:
                    heappush(waiting, (arriving, other, steps + 1))
        return {self._documents[node]: share for node, share in best.items() if node != start and self._documents[node]}


class Source(NamedTuple):
    """A document that the other arms found. `gain` weighs what it passes on."""

    document: int
    score: float
    gain: float


def activation(
    surroundings: Surroundings, sources: Iterable[Source], scores: Mapping[int, float], power: float
) -> dict[int, float]:
    """The activation of each document around the sources.

    A source with score s passes on gain · max(s - m, 0) ** power, where m is the mean of `scores` (0 for a document
    that no arm found) over all that is around it.
    """
    found: dict[int, float] = {}
    for source in sources:
        around = surroundings.around(source.document)
        if not around:
            continue
        mean = sum(scores.get(document, 0.0) for document in around) / len(around)
        passed = source.gain * max(source.score - mean, 0.0) ** power
        if passed > 0:
            for document, share in around.items():
                found[document] = found.get(document, 0.0) + passed * share
    return found
