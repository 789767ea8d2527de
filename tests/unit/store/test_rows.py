"""Rows of nodes and edges: what is sealed, what stays beside it, and back."""

from typing import Any

import pytest

from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.crypto.envelope import Sealer, graph_scope
from loci_server.crypto.rotation import Rotation
from loci_server.crypto.tokens import Marks, Tokenizer
from loci_server.domain.dates import UNBOUNDED
from loci_server.domain.items import NodeChange, Op, StoredNode
from loci_server.errors import ContentUnreadable
from loci_server.store.handles import GraphHandle
from loci_server.store.rows import Document, Terms, etag, node_row, open_image, open_node, sealed_part, stored_node
from loci_server.store.times import EPOCH, timestamp

NODE = Node(
    name="graphs/g/nodes/a",
    type="person",
    label="Ann",
    text="secret text",
    salience=0.5,
    revision=3,
    etag="3",
    create_time=timestamp(EPOCH),
    update_time=timestamp(EPOCH),
)


def handle(graph_key: int = 2) -> GraphHandle:
    return GraphHandle(
        1,
        graph_key,
        "g",
        Sealer(graph_scope(1, graph_key), {1: b"k" * 32}),
        [Tokenizer(b"t" * 32)],
        [Rotation(b"r" * 32)],
        Marks(b"m" * 32),
    )


def row(content: bytes, **more: Any) -> dict[str, Any]:
    times = {"create_time": EPOCH, "update_time": EPOCH}
    return (
        {
            "id": "a",
            "revision": 3,
            "doc_no": 5,
            "length": 2,
            "property_tokens": [1],
            "content": content,
            "generation": 1,
        }
        | times
        | more
    )


def test_a_sealed_node_opens_as_it_was() -> None:
    sealed = handle().sealer.seal(b"node", b"a", b"content", sealed_part(NODE))
    assert open_node(handle(), row(sealed)) == NODE
    stored = stored_node(handle(), row(sealed))
    assert (stored.id, stored.revision, stored.doc_no, stored.length) == ("a", 3, 5, 2)
    for other in (row(sealed, id="b"), row(sealed[:-1])):
        with pytest.raises(ContentUnreadable):
            open_node(handle(), other)
    with pytest.raises(ContentUnreadable):
        open_node(handle(3), row(sealed))


def test_what_the_columns_hold_is_not_sealed_again() -> None:
    part = Node.FromString(sealed_part(NODE))
    for name in ("name", "revision", "etag"):
        assert not getattr(part, name)
    assert not part.HasField("create_time")
    assert part.text == "secret text"


def test_a_row_to_write_holds_no_content_in_clear() -> None:
    change = NodeChange(Op.CREATED, "a", None, NODE, UNBOUNDED)
    written = node_row(handle(), change, 11, Document(5, Terms({"7": 40_000, "8": 1}, [9]), embed=True), [1])
    assert "secret" not in str(written)
    assert "32767" in str(written), "frequencies fit into two bytes"
    assert "40000" not in str(written)
    image = written[-4]
    assert isinstance(image, bytes)
    assert Node.FromString(open_image(handle(), Node, "a", 11, image)).text == "secret text"
    for kind, id, number in ((Node, "a", 12), (Node, "b", 11), (Edge, "a", 11)):
        with pytest.raises(ContentUnreadable):
            open_image(handle(), kind, id, number, image)


def test_a_node_whose_words_stay_keeps_its_document() -> None:
    stored = StoredNode("a", NODE, 3, 5, 2)
    change = NodeChange(Op.UPDATED, "a", stored, NODE, UNBOUNDED, new_document=False)
    written = node_row(handle(), change, 11, None, [1])
    assert written[6] == 5
    assert written[14] is None, "no document is taken away"
    removed = node_row(handle(), NodeChange(Op.DELETED, "a", stored, None), 11, None, [])
    assert removed[14] == 5


def test_etags_differ_by_revision() -> None:
    assert len({etag(revision) for revision in range(1000)}) == 1000
    assert Edge().etag == ""
