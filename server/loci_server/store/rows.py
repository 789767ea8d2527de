"""Stored rows of nodes and edges: opened into messages, and sealed into the composites that `loci.commit` takes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.domain.items import EdgeChange, NodeChange, StoredEdge, StoredNode
from loci_server.domain.row import Row
from loci_server.store.handles import GraphHandle
from loci_server.store.times import moment, write_timestamp

NODE, EDGE, CHANGE = b"node", b"edge", b"change"
CONTENT, IMAGE = b"content", b"image"
MAX_FREQUENCY = 32_767
"""Of one term in one document; what a smallint holds."""
CLEAR_FIELDS = ("name", "create_time", "update_time", "revision", "etag")


@dataclass(frozen=True, slots=True)
class Document:
    """What is searched of a node: its number, and the keyed terms with their frequencies."""

    number: int
    frequencies: Mapping[int, int]
    embed: bool

    @property
    def length(self) -> int:
        return sum(self.frequencies.values())


def etag(revision: int) -> str:
    return f"{revision:x}"


def open_node(handle: GraphHandle, row: Row) -> Node:
    """The message of a row of loci.nodes. Raises ContentUnreadable."""
    identity = row["id"]
    node = Node.FromString(handle.sealer.open(NODE, identity.encode(), CONTENT, row["content"]))
    node.name = f"graphs/{handle.graph_id}/nodes/{identity}"
    revision = row["revision"]
    node.revision = revision
    node.etag = f"{revision:x}"
    write_timestamp(node.create_time, row["create_time"])
    write_timestamp(node.update_time, row["update_time"])
    return node


def open_edge(handle: GraphHandle, row: Row) -> Edge:
    """The message of a row of loci.edges. Raises ContentUnreadable."""
    identity = row["id"]
    edge = Edge.FromString(handle.sealer.open(EDGE, identity.encode(), CONTENT, row["content"]))
    edge.name = f"graphs/{handle.graph_id}/edges/{identity}"
    edge.revision = row["revision"]
    edge.etag = etag(edge.revision)
    write_timestamp(edge.create_time, row["create_time"])
    write_timestamp(edge.update_time, row["update_time"])
    return edge


def stored_node(handle: GraphHandle, row: Row) -> StoredNode:
    return StoredNode(
        row["id"],
        open_node(handle, row),
        row["revision"],
        row["doc_no"],
        row["length"],
        tuple(row["property_tokens"]),
    )


def stored_edge(handle: GraphHandle, row: Row) -> StoredEdge:
    return StoredEdge(row["id"], open_edge(handle, row), row["revision"], tuple(row["property_tokens"]))


def node_version(row: Row) -> StoredNode:
    """A node as far as loci.node_versions tells of it."""
    message = Node(type=row["type"])
    write_timestamp(message.create_time, row["create_time"])
    return StoredNode(row["id"], message, row["revision"], row["doc_no"], row["length"], tuple(row["property_tokens"]))


def edge_version(row: Row) -> StoredEdge:
    """An edge as far as loci.edge_versions tells of it."""
    message = Edge(relation=row["relation"])
    write_timestamp(message.create_time, row["create_time"])
    return StoredEdge(row["id"], message, row["revision"], tuple(row["property_tokens"]))


def sealed_part(message: Node | Edge) -> bytes:
    """What is sealed of a node or edge: all but its name and what the columns beside hold."""
    part = type(message)()
    part.CopyFrom(message)  # type: ignore[arg-type]
    for name in CLEAR_FIELDS:
        part.ClearField(name)  # type: ignore[arg-type]
    return part.SerializeToString()


def open_image(handle: GraphHandle, kind: type[Node] | type[Edge], identity: str, image_no: int, image: bytes) -> bytes:
    """The node or edge of an image in loci.changes, serialized, without its name and times. Raises
    ContentUnreadable."""
    return handle.sealer.open(CHANGE, image_identity(kind, identity, image_no), IMAGE, image)


def image_identity(kind: type[Node] | type[Edge], identity: str, image_no: int) -> bytes:
    """What an image is bound to: its item and its number."""
    return f"{kind.__name__}/{image_no}/{identity}".encode()


def node_row(
    handle: GraphHandle,
    change: NodeChange,
    image_no: int,
    document: Document | None,
    tokens: Sequence[int],
    update_time: datetime | None = None,
) -> tuple[object, ...]:
    """A loci.node_change. `document` is the new one, if the change makes one."""
    stored, message = change.stored, change.message
    previous_tokens = stored.property_tokens if stored else ()
    previous_revision = stored.revision if stored else 0
    previous_document = stored.doc_no if stored and (message is None or change.new_document) else None
    if message is None:
        assert stored is not None
        what = (change.op, change.id, None, previous_revision, stored.message.type, *(None,) * 8)
        return *what, (), previous_tokens, previous_document, 0, None, None, False, None, image_no, None
    plaintext = sealed_part(message)
    doc_no, length = (stored.doc_no, stored.length) if stored and not change.new_document else (None, 0)
    terms = frequencies = None
    if document is not None:
        doc_no, length = document.number, document.length
        terms = array_literal(document.frequencies)
        counts: Iterable[int] = document.frequencies.values()
        if length > MAX_FREQUENCY:
            counts = [min(count, MAX_FREQUENCY) for count in counts]
        frequencies = array_literal(counts)
    return (
        change.op,
        change.id,
        stored.id if stored and stored.id != change.id else None,
        previous_revision,
        message.type,
        stored.message.type if stored and stored.message.type != message.type else None,
        doc_no,
        change.validity.lower,
        change.validity.upper,
        moment(message.event_time) if message.HasField("event_time") else None,
        message.salience,
        moment(message.create_time) if message.HasField("create_time") else None,
        update_time,
        tokens,
        previous_tokens,
        previous_document,
        length,
        terms,
        frequencies,
        document is not None and document.embed,
        handle.sealer.seal(NODE, change.id.encode(), CONTENT, plaintext),
        image_no,
        handle.sealer.seal(CHANGE, image_identity(Node, change.id, image_no), IMAGE, plaintext),
    )


def array_literal(numbers: Iterable[int]) -> str:
    """An array as PostgreSQL writes it. asyncpg looks at each element of a list for nested ones, which costs more."""
    return "{" + ",".join(map(str, numbers)) + "}"


def edge_row(
    handle: GraphHandle,
    change: EdgeChange,
    image_no: int,
    tokens: Sequence[int],
    update_time: datetime | None = None,
) -> tuple[object, ...]:
    """A loci.edge_change."""
    stored, message = change.stored, change.message
    previous_tokens = stored.property_tokens if stored else ()
    previous_revision = stored.revision if stored else 0
    if message is None:
        assert stored is not None
        what = (change.op, change.id, None, previous_revision, None, stored.message.relation, *(None,) * 6)
        return *what, (), previous_tokens, None, image_no, None
    plaintext = sealed_part(message)
    return (
        change.op,
        change.id,
        stored.id if stored and stored.id != change.id else None,
        previous_revision,
        message.source,
        message.relation,
        message.target,
        message.weight,
        change.validity.lower,
        change.validity.upper,
        moment(message.create_time) if message.HasField("create_time") else None,
        update_time,
        tokens,
        previous_tokens,
        handle.sealer.seal(EDGE, change.id.encode(), CONTENT, plaintext),
        image_no,
        handle.sealer.seal(CHANGE, image_identity(Edge, change.id, image_no), IMAGE, plaintext),
    )
