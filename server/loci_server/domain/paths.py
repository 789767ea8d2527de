"""How the shortest paths between two nodes are found: breadth first from both ends until the two sides meet.

Like `loci_server.domain.walk` it never reads: it names a frontier, is told of the edges at it, and goes on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from loci_server.domain.walk import MAX_SEARCHED_EDGES, Budget, Cut, Step


@dataclass(frozen=True, slots=True)
class FoundPath:
    """n + 1 nodes joined by n edges, from source to target."""

    nodes: tuple[str, ...]
    edges: tuple[str, ...]


@dataclass(slots=True)
class Side:
    """What was reached from one of the ends."""

    forward: bool
    frontier: list[str]
    depths: dict[str, int]
    entries: dict[str, list[Step]] = field(default_factory=dict)
    """The steps by which a node was reached, all from the level before its own."""
    depth: int = 0


class PathSearch:
    """While `active`, ask for the edges at `side.frontier` to nodes not in `side.depths`, and `advance` with them."""

    def __init__(
        self, source: str, target: str, max_depth: int, fan_out: int, max_edges: int = MAX_SEARCHED_EDGES
    ) -> None:
        self._source = source
        self._target = target
        self._max_depth = max_depth
        self._meetings = [source] if source == target else list[str]()
        self.cuts: set[Cut] = set()
        self._budget = Budget(fan_out, max_edges, self.cuts)
        self._sides = (Side(True, [source], {source: 0}), Side(False, [target], {target: 0}))

    @property
    def active(self) -> bool:
        return self._open and self._sides[0].depth + self._sides[1].depth < self._max_depth

    @property
    def side(self) -> Side:
        """The side to be expanded next: the one with fewer nodes at its edge."""
        return min(self._sides, key=lambda side: len(side.frontier))

    @property
    def limit(self) -> int:
        """How many steps to ask for: one more than can be taken, which tells that there are more."""
        return self._budget.left + 1

    def advance(self, steps: Sequence[Step]) -> None:
        """Enter the next level of `side`. `steps` are grouped by origin, at most `limit` of them."""
        side = self.side
        other = self._sides[1] if side.forward else self._sides[0]
        side.depth += 1
        entered: dict[str, list[Step]] = {}
        for step in self._budget.take(steps):
            if step.other not in side.depths:
                entered.setdefault(step.other, []).append(step)
        side.entries.update(entered)
        side.depths.update(dict.fromkeys(entered, side.depth))
        side.frontier = sorted(entered)
        met = [node for node in side.frontier if node in other.depths]
        nearest = min((other.depths[node] for node in met), default=0)
        # Where a bound cut, nodes may be met that are farther from the other end than need be.
        self._meetings = [node for node in met if other.depths[node] == nearest]

    @property
    def unfinished(self) -> tuple[Side, ...]:
        """The sides to be asked for more when the depth ended the search: if both have some, `found_beyond`."""
        return self._sides if self._open and not self.active else ()

    def found_beyond(self) -> None:
        self.cuts.add(Cut.MAX_DEPTH)

    def paths(self, count: int) -> list[FoundPath]:
        """Up to `count` of the shortest paths, those with the heavier edges first, from the source on."""
        found: list[FoundPath] = []
        for path in self._walk(self._onward()):
            if len(found) == count:
                self.cuts.add(Cut.MAX_PATHS)
                break
            found.append(path)
        return found

    @property
    def _open(self) -> bool:
        return not self._meetings and not self._budget.spent and all(side.frontier for side in self._sides)

    def _onward(self) -> dict[str, list[Step]]:
        """The steps that lead from each node of a path towards the target: every one of them arrives there."""
        onward: dict[str, list[Step]] = {}
        for side in self._sides:
            level = self._meetings
            while level:
                before: set[str] = set()
                for node in level:
                    for step in side.entries.get(node, ()):
                        before.add(step.origin)
                        start, end = (step.origin, node) if side.forward else (node, step.origin)
                        onward.setdefault(start, []).append(step._replace(origin=start, other=end))
                level = sorted(before)
        for steps in onward.values():
            steps.sort(key=lambda step: (-step.weight, step.edge))
        return onward

    def _walk(self, onward: dict[str, list[Step]]) -> Iterator[FoundPath]:
        """Every path, depth first, without recursion."""
        if not self._meetings:
            return
        taken: list[Step] = []
        choices = [iter(onward.get(self._source, ()))]
        if self._source == self._target:
            yield FoundPath((self._source,), ())
            return
        while choices:
            step = next(choices[-1], None)
            if step is None:
                choices.pop()
                if taken:
                    taken.pop()
            elif step.other == self._target:
                steps = (*taken, step)
                yield FoundPath((self._source, *(s.other for s in steps)), tuple(s.edge for s in steps))
            else:
                taken.append(step)
                choices.append(iter(onward[step.other]))
