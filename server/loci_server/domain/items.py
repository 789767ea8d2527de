"""Nodes and edges as a commit sees them: as they were read, and as they will be."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from typing import Final

from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.domain.dates import UNBOUNDED, Interval


class Kind(IntEnum):
    """As in loci.changes."""

    NODE = 1
    EDGE = 2


class Op(IntEnum):
    """What a commit did to an item; as in loci.changes."""

    CREATED = 1
    UPDATED = 2
    DELETED = 3
    RENAMED = 4
    RENAMED_AWAY = 5
    ERASED = 6


GONE = frozenset((Op.DELETED, Op.RENAMED_AWAY, Op.ERASED))
"""After these there is nothing under the id."""


def has_expired(node: Node, now: datetime) -> bool:
    """Of nodes that come from the log. Those of the tables the database hides by itself."""
    return node.HasField("expire_time") and node.expire_time.ToDatetime(tzinfo=UTC) <= now


@dataclass(frozen=True, slots=True)
class StoredNode:
    """A node as it was read. `doc_no` numbers its document: label, aliases and text as they were last written. Revision
    0: it is gone, and only the log still holds something of it."""

    id: str
    message: Node
    revision: int
    doc_no: int | None = None
    length: int = 0
    size: int = 0
    """Bytes of its sealed content."""


@dataclass(frozen=True, slots=True)
class StoredEdge:
    """An edge as it was read."""

    id: str
    message: Edge
    revision: int
    size: int = 0
    """Bytes of its sealed content."""


@dataclass(frozen=True, slots=True)
class NodeChange:
    """What a commit does to one node. `message` is None where it is removed."""

    op: Op
    id: str
    stored: StoredNode | None
    message: Node | None
    validity: Interval = UNBOUNDED
    new_document: bool = True
    """Label, aliases, text or embedding differ from those of `stored`."""


@dataclass(frozen=True, slots=True)
class EdgeChange:
    """What a commit does to one edge."""

    op: Op
    id: str
    stored: StoredEdge | None
    message: Edge | None
    validity: Interval = UNBOUNDED


PRESENT: Final = -1
"""As a revision that a commit relies on: there, at any."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a commit relies on. Revision 0: absent; PRESENT: there, at any revision."""

    kind: Kind
    id: str
    revision: int


@dataclass(slots=True)
class Loaded:
    """What was read for a commit. None: read, and absent."""

    nodes: dict[str, StoredNode | None] = field(default_factory=dict)
    edges: dict[str, StoredEdge | None] = field(default_factory=dict)
    incident: list[StoredEdge] = field(default_factory=list)
    traces: dict[tuple["Kind", str], str] = field(default_factory=dict)
    """Items that are gone but not from the log, with the type or relation that they had."""


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to one mutation: an item of the outcome, or the name of what is gone."""

    kind: Kind
    id: str
    deleted: bool = False
    affected_edges: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that a commit does, without the revision that it will have."""

    nodes: list[NodeChange]
    edges: list[EdgeChange]
    results: list[Result]
    expectations: list[Expectation]
    graph_revision: int | None = None

    @property
    def empty(self) -> bool:
        return not self.nodes and not self.edges
