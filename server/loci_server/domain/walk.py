"""How a graph is walked: breadth first, within bounds, and saying which of them cut.

A walk never reads. It names its frontier, is told of the edges at it, and goes on: one question for each level,
whatever the number of nodes. All of it is deterministic: where room is short, the heavier edge wins, then the lower id.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

MAX_FOLLOWED_EDGES: Final = 50_000
"""That one walk looks at, for every edge of it is in the answer."""
MAX_SEARCHED_EDGES: Final = 200_000
"""That one search for paths looks at."""


class Cut(IntEnum):
    """A bound that cut an answer; the numbers are those of `loci.v1.TruncationReason`."""

    FAN_OUT = 1
    MAX_NODES = 2
    MAX_EDGES = 3
    MAX_DEPTH = 4
    MAX_PATHS = 5


class Step(NamedTuple):
    """An edge seen from a node of the frontier."""

    origin: str
    other: str
    edge: str
    weight: float
    place: int
    """Among the edges of its origin, from 1, heaviest first."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of one walk; see TraverseRequest. `edges` is how many it looks at in all."""

    depth: int
    fan_out: int
    nodes: int
    edges: int = MAX_FOLLOWED_EDGES


class Walk:
    """Breadth first from some nodes. While `active`, ask for the edges at `frontier` and `advance` with them."""

    def __init__(self, starts: Iterable[str], bounds: Bounds) -> None:
        unique = list(dict.fromkeys(starts))
        self.bounds = bounds
        self.frontier = unique[: bounds.nodes]
        """The nodes of the deepest level, those first that were entered by the heaviest edge."""
        self.depths = dict.fromkeys(self.frontier, 0)
        """Every node that was entered."""
        self.followed: dict[str, float] = {}
        """The weight of every edge that was followed, by id."""
        self.depth = 0
        self.cuts = {Cut.MAX_NODES} if len(unique) > bounds.nodes else set[Cut]()
        self._budget = Budget(bounds.fan_out, bounds.edges, self.cuts)

    @property
    def active(self) -> bool:
        return bool(self.frontier) and self.depth < self.bounds.depth and not self._budget.spent

    @property
    def limit(self) -> int:
        """How many steps to ask for: one more than can be taken, which tells that there are more."""
        return self._budget.left + 1

    def advance(self, steps: Sequence[Step]) -> None:
        """Enter the next level. `steps` are grouped by origin in the order of `frontier`, at most `limit` of them."""
        fresh: dict[str, list[Step]] = {}
        for step in self._budget.take(steps):
            if step.other in self.depths:
                self.followed[step.edge] = step.weight
            else:
                fresh.setdefault(step.other, []).append(step)
        order = sorted(fresh, key=lambda node: (-max(step.weight for step in fresh[node]), node))
        room = self.bounds.nodes - len(self.depths)
        if len(order) > room:
            self.cuts.add(Cut.MAX_NODES)
        self.depth += 1
        self.frontier = order[:room]
        for node in self.frontier:
            self.depths[node] = self.depth
            self.followed.update((step.edge, step.weight) for step in fresh[node])

    @property
    def may_go_deeper(self) -> bool:
        """Whether only the depth stopped it, so that it is worth asking for what lies beyond."""
        return bool(self.frontier) and self.depth >= self.bounds.depth

    def found_beyond(self) -> None:
        self.cuts.add(Cut.MAX_DEPTH)

    def nodes(self) -> list[tuple[str, int]]:
        """Nodes with their depths, in order of depth, then of id."""
        return sorted(self.depths.items(), key=lambda item: (item[1], item[0]))

    def edges(self) -> list[str]:
        """The edges that were followed, heaviest first, then by id."""
        return sorted(self.followed, key=lambda edge: (-self.followed[edge], edge))


class Budget:
    """Keeps a walk within its fan-out and its number of edges."""

    def __init__(self, fan_out: int, edges: int, cuts: set[Cut]) -> None:
        self.left = edges
        self._fan_out = fan_out
        self._cuts = cuts

    @property
    def spent(self) -> bool:
        """Whether there were more edges than it allows."""
        return Cut.MAX_EDGES in self._cuts

    def take(self, steps: Sequence[Step]) -> Iterator[Step]:
        """The steps that may be taken."""
        if len(steps) > self.left:
            self._cuts.add(Cut.MAX_EDGES)
            steps = steps[: self.left]
        self.left -= len(steps)
        for step in steps:
            if step.place > self._fan_out:
                self._cuts.add(Cut.FAN_OUT)
            else:
                yield step
