"""What is framed straight from a row is the change that its messages would make."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci.v1.change_pb2 import Change
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Embedding, Node
from loci.v1.watch_service_pb2 import CommitChanges
from loci_server.crypto.envelope import Sealer, graph_scope
from loci_server.domain.items import Kind, Op
from loci_server.store.handles import GraphHandle
from loci_server.store.log import tell
from loci_server.store.places import CHANGE, IMAGE, image_identity
from loci_server.store.rows import sealed_part
from loci_server.watch.wire import Writer, varint

THEN = datetime(2026, 5, 3, 12, 0, 0, 123456, tzinfo=UTC)
SEALER = Sealer(graph_scope(1, 2), {1: bytes(32)})
HANDLE = cast(GraphHandle, SimpleNamespace(graph_id="gräph", name="graphs/gräph", sealer=SEALER))
NODE = Node(type="person", label="Ann", text="the prize", salience=0.5)
EDGE = Edge(source="a", relation="KNOWS", target="b", weight=2.0)


def image(item: Node | Edge, identity: str, number: int) -> bytes:
    return SEALER.seal(CHANGE, image_identity(type(item), identity, number), IMAGE, sealed_part(item))


def row(op: Op, item: Node | Edge | None = None, before: Node | Edge | None = None, **more: Any) -> dict[str, Any]:
    identity = more.get("id", "a z")
    is_edge = isinstance(item or before, Edge)
    found: dict[str, Any] = {
        "kind": Kind.EDGE if is_edge else Kind.NODE,
        "op": op,
        "id": identity,
        "other_id": None,
        "image_no": 7,
        "image": image(item, identity, 7) if item is not None else None,
        "revision": 3,
        "commit_time": THEN,
        "create_time": THEN,
        "update_time": THEN + timedelta(seconds=1),
        "before_no": 5,
        "before_image": image(before, more.get("other_id") or identity, 5) if before is not None else None,
        "before_revision": 2,
        "before_create_time": THEN,
        "before_update_time": THEN,
    }
    return found | more


def told(row: dict[str, Any], *, before: bool) -> Change:
    change = Change()
    tell(HANDLE, row, change, before=before)
    return change


def framed(row: dict[str, Any], *, before: bool) -> Change:
    (change,) = CommitChanges.FromString(Writer(HANDLE, before=before).change(row)).changes
    return change


WITH_VECTOR = Node(text="zz", embedding=Embedding(model="m", values=[1.0, 2.0]))


@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize(
    "row",
    [
        row(Op.CREATED, NODE),
        row(Op.CREATED, Node()),
        row(Op.CREATED, EDGE),
        row(Op.CREATED, WITH_VECTOR),
        row(Op.UPDATED, NODE, WITH_VECTOR),
        row(Op.UPDATED, EDGE, EDGE, revision=2**62),
        row(Op.RENAMED, NODE, NODE, other_id="früher"),
        row(Op.RENAMED, EDGE, EDGE, other_id="e"),
        row(Op.DELETED, None, NODE),
        row(Op.ERASED),
        row(Op.UPDATED, None, None),
        row(Op.CREATED, NODE, image=b"\x01" * 60),
        row(Op.UPDATED, NODE, NODE, before_image=b"\x01" * 60),
        row(Op.CREATED, NODE, create_time=datetime(1, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_change_is_the_same_by_both_ways(row: dict[str, Any], before: bool) -> None:
    assert framed(row, before=before) == told(row, before=before)


@given(st.text(max_size=300), st.text(alphabet="abz/ü", min_size=1, max_size=20), st.integers(1, 2**62))
def test_any_text_and_id_come_through(text: str, identity: str, revision: int) -> None:
    made = row(Op.CREATED, Node(text=text), id=identity, revision=revision)
    assert framed(made, before=False) == told(made, before=False)


def test_changes_with_other_times_do_not_share_a_stamp() -> None:
    writer = Writer(HANDLE, before=False)
    rows = [row(Op.UPDATED, NODE, revision=revision, create_time=THEN + timedelta(revision)) for revision in (1, 1, 2)]
    rows[1]["create_time"] = THEN
    for made in rows:
        (change,) = CommitChanges.FromString(writer.change(made)).changes
        assert change == told(made, before=False)


@given(st.integers(0, 2**63 - 1))
def test_numbers_are_those_of_protobuf(number: int) -> None:
    assert CommitChanges.FromString(b"\x08" + varint(number)).revision == number


def test_times_that_stand_in_no_row_are_those_of_the_commit() -> None:
    given = row(Op.CREATED, NODE, create_time=THEN, update_time=THEN)
    lean = given | {"create_time": None, "update_time": None}
    assert Writer(HANDLE, before=False).change(lean) == Writer(HANDLE, before=False).change(given)
