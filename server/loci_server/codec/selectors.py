"""EdgeSelector as the arguments that the SQL functions of a walk take."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum

from loci.v1 import traversal_service_pb2 as pb
from loci_server.codec.filters import names, validity
from loci_server.errors import InvalidField


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
    """Which edges and nodes a walk may use. None: all; the bounds are of the time asked for."""

    direction: Direction
    relations: list[str] | None
    types: list[str] | None
    lower: datetime | None
    upper: datetime | None

    def turned(self) -> "Selector":
        """The same, against the direction of the edges."""
        return replace(self, direction=OPPOSITE[self.direction])


def selector(message: pb.EdgeSelector, field: str = "selector") -> Selector:
    """Raises the typed error of a bad field."""
    if message.direction not in pb.Direction.values():
        raise InvalidField(field=f"{field}.direction", detail="it is not a Direction")
    valid = validity(message.valid_at, f"{field}.valid_at")
    return Selector(
        Direction(message.direction or pb.DIRECTION_BOTH),
        names(message.relations, f"{field}.relations"),
        names(message.node_types, f"{field}.node_types"),
        valid.lower,
        valid.upper,
    )
