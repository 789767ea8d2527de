"""EdgeSelector as the domain knows it."""

from loci.v1 import traversal_service_pb2 as pb
from loci_server.codec.filters import names, validity
from loci_server.domain.selector import Direction, Selector
from loci_server.errors import InvalidField


def selector(message: pb.EdgeSelector, field: str = "selector") -> Selector:
    """Raises the typed error of a bad field."""
    if message.direction not in pb.Direction.values():
        raise InvalidField(field=f"{field}.direction", detail="it is not a Direction")
    return Selector(
        Direction(message.direction or pb.DIRECTION_BOTH),
        names(message.relations, f"{field}.relations"),
        names(message.node_types, f"{field}.node_types"),
        validity(message.valid_at, f"{field}.valid_at"),
    )
