"""Changes in the wire format of protobuf, straight from rows of the log.

A watcher that catches up gets hundreds of thousands of changes. What is sealed in an image is a serialized node or
edge already: it is framed here as it is, with the fields that stand beside it in the row, instead of being parsed,
copied and serialized again. Fields of a message may come in any order, and the numbers are those of the descriptors.
Reference: https://protobuf.dev/programming-guides/encoding/
"""

from datetime import datetime

from google.protobuf.descriptor import Descriptor
from google.protobuf.timestamp_pb2 import Timestamp

from loci.v1.change_pb2 import Change
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci.v1.watch_service_pb2 import CommitChanges, WatchResponse
from loci_server.domain.items import GONE, Kind, Op
from loci_server.domain.row import Row
from loci_server.errors import ContentUnreadable
from loci_server.store.handles import GraphHandle
from loci_server.store.log import KINDS
from loci_server.store.places import CHANGE as CHANGE_IMAGE
from loci_server.store.places import IMAGE, image_identity
from loci_server.store.rows import etag
from loci_server.store.times import write_timestamp

VARINT, LENGTH = 0, 2
SMALL = [bytes((number,)) for number in range(128)]


def varint(number: int) -> bytes:
    """Of a number that is not negative."""
    if number < 128:
        return SMALL[number]
    if number < 16_384:
        return bytes((number & 127 | 128, number >> 7))
    made = bytearray()
    while number > 127:
        made.append(number & 127 | 128)
        number >>= 7
    made.append(number)
    return bytes(made)


def tag(message: Descriptor, field: str, wire_type: int = LENGTH) -> bytes:
    return varint(message.fields_by_name[field].number << 3 | wire_type)


def sized(content: bytes) -> bytes:
    """With its length before it."""
    return varint(len(content)) + content


def framed(tag: bytes, content: bytes) -> bytes:
    """A field with a length: a string, bytes, or a message."""
    return b"%b%b%b" % (tag, varint(len(content)), content)


COMMIT = tag(WatchResponse.DESCRIPTOR, "commits")
CHANGE = tag(CommitChanges.DESCRIPTOR, "changes")
TOKEN = tag(CommitChanges.DESCRIPTOR, "resume_token")
KIND = {op: tag(Change.DESCRIPTOR, "kind", VARINT) + varint(kind) for op, kind in KINDS.items()}
NAME = tag(Change.DESCRIPTOR, "name")
PREVIOUS_NAME = tag(Change.DESCRIPTOR, "previous_name")
UNREADABLE = tag(Change.DESCRIPTOR, "unreadable", VARINT) + varint(1)
HARD = tag(Change.DESCRIPTOR, "hard", VARINT) + varint(1)
ERASED = tag(Change.DESCRIPTOR, "erased", VARINT) + varint(1)
EMBEDDING = tag(Node.DESCRIPTOR, "embedding")


class Layout:
    """How a node or an edge stands in a change."""

    def __init__(self, kind: type[Node] | type[Edge], after: str, folder: str) -> None:
        self.kind = kind
        self.folder = folder
        self.after = tag(Change.DESCRIPTOR, after)
        self.before = tag(Change.DESCRIPTOR, f"{after}_before")
        fields = kind.DESCRIPTOR
        self.name = tag(fields, "name")
        self.create_time, self.update_time = tag(fields, "create_time"), tag(fields, "update_time")
        self.revision, self.etag = tag(fields, "revision", VARINT), tag(fields, "etag")

    def stamp(self, revision: int, created: datetime, updated: datetime) -> bytes:
        """Revision, etag and times."""
        return b"".join(
            (
                self.revision,
                varint(revision),
                framed(self.etag, etag(revision).encode()),
                framed(self.create_time, timestamp(created)),
                framed(self.update_time, timestamp(updated)),
            )
        )


NODE, EDGE = Layout(Node, "node", "nodes"), Layout(Edge, "edge", "edges")


def timestamp(moment: datetime) -> bytes:
    made = Timestamp()
    write_timestamp(made, moment)
    return made.SerializeToString()


class Writer:
    """Writes changes of one graph. The stamp that the changes of a commit have in common is made once."""

    def __init__(self, handle: GraphHandle, *, before: bool) -> None:
        self._open = handle.sealer.opener(CHANGE_IMAGE, IMAGE)
        self._before = before
        self._folders = {layout: f"graphs/{handle.graph_id}/{layout.folder}/".encode() for layout in (NODE, EDGE)}
        self._stamped: tuple[Layout, int, datetime, datetime] | None = None
        self._stamp = b""

    def change(self, row: Row) -> bytes:
        """The field `changes` of CommitChanges, of a row that is not of op RENAMED_AWAY. What does not open is said so:
        the feed goes on."""
        op = row["op"]
        layout = NODE if row["kind"] == Kind.NODE else EDGE
        identity: str = row["id"]
        folder = self._folders[layout]
        name = sized(folder + identity.encode())
        head = b"%b%b%b" % (KIND[op], NAME, name)
        if (other := row["other_id"]) is not None:
            head += framed(PREVIOUS_NAME, folder + other.encode())
        items = b""
        try:
            if op in GONE:
                if op == Op.ERASED:
                    items = HARD
            elif (image := row["image"]) is None:
                items = ERASED
            else:
                written = row["commit_time"]
                stamp = self._stamp_of(
                    layout, row["revision"], row["create_time"] or written, row["update_time"] or written
                )
                items = self._item(layout, layout.after, identity, name, row["image_no"], image, stamp)
            if self._before and row["before_image"] is not None:
                identity = other or identity
                stamp = layout.stamp(row["before_revision"], row["before_create_time"], row["before_update_time"])
                name = sized(folder + identity.encode())
                items += self._item(layout, layout.before, identity, name, row["before_no"], row["before_image"], stamp)
        except ContentUnreadable:
            items += UNREADABLE
        return b"%b%b%b%b" % (CHANGE, varint(len(head) + len(items)), head, items)

    def _item(
        self, layout: Layout, field: bytes, identity: str, name: bytes, number: int, image: bytes, stamp: bytes
    ) -> bytes:
        """A field with a node or an edge. `name` with its length."""
        content = self._open(image_identity(layout.kind, identity, number), image)
        if layout is NODE and EMBEDDING in content:  # or it is just that byte, in some text
            node = Node.FromString(content)
            node.ClearField("embedding")
            content = node.SerializeToString()
        size = len(content) + len(layout.name) + len(name) + len(stamp)
        return b"%b%b%b%b%b%b" % (field, varint(size), content, layout.name, name, stamp)

    def _stamp_of(self, layout: Layout, revision: int, created: datetime, updated: datetime) -> bytes:
        wanted = layout, revision, created, updated
        if wanted != self._stamped:
            self._stamp, self._stamped = layout.stamp(revision, created, updated), wanted
        return self._stamp
