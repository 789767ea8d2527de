"""Where envelopes of a graph stand, and how each is sealed anew by the key that seals now.

The stages are those of loci.old_envelopes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.crypto.envelope import Sealer
from loci_server.domain.items import Kind
from loci_server.errors import ContentUnreadable
from loci_server.store import places
from loci_server.store.key_rotations import Found, Resealed


class Stage(IntEnum):
    """In this order."""

    GRAPH = 1
    NODES = 2
    EDGES = 3
    CHANGES = 4
    ANSWERS = 5
    QUERIES = 6
    FEEDBACK = 7


_Place = tuple[bytes, bytes, bytes]
"""Kind, identity, field."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of some rows."""

    resealed: Sequence[Resealed]
    unreadable: int
    """Envelopes that do not open. They stay as they are, and are not read by anybody either."""


def reseal(sealer: Sealer, stage: int, found: Sequence[Found]) -> Batch:
    """Seals what is under another key than the one that seals now."""
    made, unreadable = [], 0
    for row in found:
        content_place, note_place = bindings(stage, row)
        content, broken = _anew(sealer, content_place, row.content)
        note, broken_too = _anew(sealer, note_place, row.note)
        unreadable += broken + broken_too
        if content is not None or note is not None:
            made.append(Resealed(row, content, note))
    return Batch(made, unreadable)


def bindings(stage: int, row: Found) -> tuple[_Place, _Place]:
    """What the two envelopes of a row are bound to."""
    identity = row.id.encode()
    second = places.NOTE, places.note_identity(row.number), places.NOTE
    match stage:
        case Stage.GRAPH:
            first = places.GRAPH, b"", places.DISPLAY_NAME
            second = places.GRAPH, b"", places.SEARCH_FIELDS
        case Stage.NODES:
            first = places.NODE, identity, places.CONTENT
        case Stage.EDGES:
            first = places.EDGE, identity, places.CONTENT
        case Stage.CHANGES:
            item = Node if row.kind == Kind.NODE else Edge
            first = places.CHANGE, places.image_identity(item, row.id, row.number), places.IMAGE
        case Stage.ANSWERS:
            first = places.ANSWER, bytes.fromhex(row.place), places.ANSWER
        case Stage.QUERIES:
            first = places.QUERY, identity, places.CONTENT
        case _:
            first = places.FEEDBACK, identity, places.COMMENT
    return first, second


def _anew(sealer: Sealer, place: _Place, envelope: bytes | None) -> tuple[bytes | None, bool]:
    """The new envelope, and whether the old one does not open."""
    if not envelope:  # an empty answer is none
        return None, False
    try:
        return sealer.seal(*place, sealer.open(*place, envelope)), False
    except ContentUnreadable:
        return None, True
