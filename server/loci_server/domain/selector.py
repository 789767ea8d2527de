"""Which edges and nodes a walk may use."""

from dataclasses import dataclass, replace
from enum import IntEnum

from loci_server.domain.dates import Interval


class Direction(IntEnum):
    """Which way edges are followed; the numbers are those of `loci.v1.Direction`."""

    OUTGOING = 1
    INCOMING = 2
    BOTH = 3


OPPOSITE = {
    Direction.OUTGOING: Direction.INCOMING,
    Direction.INCOMING: Direction.OUTGOING,
    Direction.BOTH: Direction.BOTH,
}


@dataclass(frozen=True, slots=True)
class Selector:
    """Relations and node types are any of those listed, None: all. Edges and nodes may be valid within `valid`.

    Nodes that the caller names are not filtered; those that a walk enters are.
    """

    direction: Direction
    relations: list[str] | None
    node_types: list[str] | None
    valid: Interval

    def turned(self) -> "Selector":
        """The same, against the direction of the edges."""
        return replace(self, direction=OPPOSITE[self.direction])
