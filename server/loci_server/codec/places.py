"""Places in lists that are in order of time, latest first."""

import struct
from datetime import UTC, datetime
from typing import Final, NamedTuple
from uuid import UUID

from loci_server.store.times import EPOCH, MICROSECOND, microseconds

POSITION: Final = struct.Struct(">q16s")


class Place(NamedTuple):
    """Behind the item of this time and id."""

    time: datetime
    id: UUID


FIRST: Final = Place(datetime.min.replace(tzinfo=UTC), UUID(int=0))
LAST: Final = Place(datetime.max.replace(tzinfo=UTC), UUID(int=(1 << 128) - 1))


def packed(place: Place) -> bytes:
    return POSITION.pack(microseconds(place.time), place.id.bytes)


def unpacked(position: bytes) -> Place:
    """Raises ValueError, struct.error for what `packed` did not make."""
    time, identity = POSITION.unpack(position)
    try:
        return Place(EPOCH + time * MICROSECOND, UUID(bytes=identity))
    except OverflowError:
        raise ValueError("the time is out of range") from None
