"""Stored rows of nodes and edges: opened into messages, and sealed into the composites that `loci.commit` takes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.domain.items import EdgeChange, NodeChange, StoredEdge, StoredNode
from loci_server.domain.row import Row
from loci_server.store.handles import GraphHandle
from loci_server.store.places import CHANGE, CONTENT, EDGE, IMAGE, NODE, image_identity
from loci_server.store.times import moment, write_timestamp

GIVEN = -1
"""The number of the passage of a caller's own vector."""
NODE_CONTENT, EDGE_CONTENT = 20, 13
"""Where a loci.node_change and a loci.edge_change have the sealed content."""
MAX_FREQUENCY = 32_767
"""Of one term in one document; what a smallint holds."""
MAX_LENGTH = (1 << 20) - 1
"""Of a document, in terms; what a posting has room for."""
_DECIMALS: Final = tuple(map(str, range(1000)))
CLEAR_FIELDS = ("name", "create_time", "update_time", "revision", "etag")


class Terms(NamedTuple):
    """What a node is found by: its keyed words with their frequencies, and the tokens of what it names."""

    frequencies: Mapping[str, int]
    """By tokens in decimal, as they are written: to make a text of 25 numbers takes as long as to seal one."""
    mentions: Sequence[int] = ()

    @property
    def length(self) -> int:
        return min(sum(self.frequencies.values()), MAX_LENGTH)


class Document(NamedTuple):
    """The document that a node becomes for search, under its number."""

    number: int
    terms: Terms
    embed: bool


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
        len(row["content"]),
    )


def stored_edge(handle: GraphHandle, row: Row) -> StoredEdge:
    return StoredEdge(row["id"], open_edge(handle, row), row["revision"], len(row["content"]))


def node_version(row: Row, size: int) -> StoredNode:
    """A node as far as loci.node_versions tells of it."""
    message = Node(type=row["type"])
    write_timestamp(message.create_time, row["create_time"])
    return StoredNode(row["id"], message, row["revision"], row["doc_no"], row["length"], size)


def edge_version(row: Row) -> StoredEdge:
    """An edge as far as loci.edge_versions tells of it."""
    message = Edge(relation=row["relation"])
    write_timestamp(message.create_time, row["create_time"])
    return StoredEdge(row["id"], message, row["revision"], row["size"])


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
    previous_revision = stored.revision if stored else 0
    previous_document = stored.doc_no if stored and (message is None or change.new_document) else None
    if message is None:
        assert stored is not None
        what = (change.op, change.id, None, previous_revision, stored.message.type, *(None,) * 8)
        nothing = (None,) * 3
        return *what, (), previous_document, 0, *nothing, False, None, image_no, *nothing, None
    plaintext = sealed_part(message)
    doc_no, length = (stored.doc_no, stored.length) if stored and not change.new_document else (None, 0)
    terms = frequencies = mentions = None
    if document is not None:
        counted = document.terms.frequencies
        doc_no, length = document.number, document.terms.length
        terms = "{" + ",".join(counted) + "}"
        frequencies = array_of_counts(counted.values(), length)
        mentions = array_literal(document.terms.mentions) if document.terms.mentions else None
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
        previous_document,
        length,
        terms,
        frequencies,
        mentions,
        document is not None and document.embed,
        handle.sealer.seal(NODE, change.id.encode(), CONTENT, plaintext),
        image_no,
        handle.sealer.seal(CHANGE, image_identity(Node, change.id, image_no), IMAGE, plaintext),
        moment(message.expire_time) if message.HasField("expire_time") else None,
        message.superseded,
        handle.tokenizer.generation if document is not None else None,
    )


def vector_rows(
    handle: GraphHandle, model: int, places: Sequence[tuple[int, int]], vectors: NDArray[np.float32]
) -> list[tuple[object, ...]]:
    """loci.vector_row's of one model: to each document and number of a passage its vector of length 1. They are stored
    under the graph's rotation, and nowhere in clear."""
    turned, generation = handle.rotation.apply(vectors).tolist(), handle.rotation.generation
    return [
        (document, model, passage, values, generation)
        for (document, passage), values in zip(places, turned, strict=True)
    ]


def array_literal(numbers: Iterable[int]) -> str:
    """An array as PostgreSQL writes it. asyncpg looks at each element of a list for nested ones, which costs more."""
    return "{" + ",".join(map(str, numbers)) + "}"


def array_of_counts(counts: Iterable[int], length: int) -> str:
    """Of the terms of a document of this length."""
    if length < len(_DECIMALS):
        return "{" + ",".join([_DECIMALS[count] for count in counts]) + "}"
    return array_literal(min(count, MAX_FREQUENCY) for count in counts)


def edge_row(
    handle: GraphHandle,
    change: EdgeChange,
    image_no: int,
    tokens: Sequence[int],
    update_time: datetime | None = None,
) -> tuple[object, ...]:
    """A loci.edge_change."""
    stored, message = change.stored, change.message
    previous_revision = stored.revision if stored else 0
    if message is None:
        assert stored is not None
        what = (change.op, change.id, None, previous_revision, None, stored.message.relation, *(None,) * 6)
        return *what, (), None, image_no, None
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
        handle.sealer.seal(EDGE, change.id.encode(), CONTENT, plaintext),
        image_no,
        handle.sealer.seal(CHANGE, image_identity(Edge, change.id, image_no), IMAGE, plaintext),
    )
