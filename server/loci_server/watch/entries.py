"""Rows of the log as what is told to watchers: one entry for each commit, or for a piece of a large one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from loci.v1.watch_service_pb2 import CommitChanges
from loci_server.domain.items import Kind, Op
from loci_server.domain.row import Row
from loci_server.errors import ContentUnreadable
from loci_server.store.handles import GraphHandle
from loci_server.store.log import END, KINDS, Place, open_note, told_actor
from loci_server.store.times import microseconds, write_timestamp
from loci_server.watch.wire import Writer


class Fact(NamedTuple):
    """What a filter asks of a change."""

    is_node: bool
    kind: int
    name: str
    previous_name: str
    type: str
    """The node's type or the edge's relation."""
    previous_type: str | None
    """None: the same."""


class Touched(NamedTuple):
    """A change, as far as its row tells it in clear."""

    is_node: bool
    op: Op
    id: str
    other_id: str | None
    type: str
    previous_type: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A commit, or a piece of one, and the place behind it."""

    end: Place
    head: bytes
    """Its CommitChanges without changes, serialized."""
    changes: Sequence[bytes] = ()
    """They, each as the field `changes`."""
    touched: Sequence[Touched] = ()
    """What they are about; nothing if nobody asks."""
    graph: str = ""
    """Its name."""
    written: int = 0
    """When, in microseconds since 1970; 0: as the piece before."""
    closes: bool = False
    """It is the last piece of a commit whose first pieces went before."""

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.head) + sum(map(len, self.changes))

    @property
    def erases(self) -> bool:
        """Something was hard-deleted."""
        return any(touched.op == Op.ERASED for touched in self.touched)

    def facts(self) -> Iterator[Fact]:
        """Of each change."""
        for is_node, op, identity, other, type, previous in self.touched:
            folder = f"{self.graph}/{'nodes' if is_node else 'edges'}/"
            previous_name = folder + other if other is not None else ""
            yield Fact(is_node, KINDS[op], folder + identity, previous_name, type, previous)

    def chosen(self, passing: Iterable[bool]) -> bytes:
        """The CommitChanges with the changes that pass."""
        return self.head + b"".join(change for change, passes in zip(self.changes, passing, strict=True) if passes)

    def whole(self) -> bytes:
        """The CommitChanges."""
        return self.head + b"".join(self.changes)


def entries(
    handle: GraphHandle,
    rows: Sequence[Row],
    start: Place,
    *,
    before: bool,
    cut: bool,
    facts: bool = True,
    named: bool = False,
) -> Iterator[Entry]:
    """The entries of a page of the log behind `start`. Of a page that is `cut` short, the last commit may be missing
    its rest: it is left to the next page, or given as a piece if there is nothing else. `facts`: a filter will ask
    what the changes are about. `named`: commits name their graph."""
    groups = [(revision, list(group)) for revision, group in groupby(rows, key=lambda row: row["revision"])]
    graph = handle.name if named else ""
    if start.ordinal != END and (not groups or groups[0][0] != start.revision):
        # The piece before was the last one, which its page could not know.
        head = CommitChanges(revision=start.revision, graph=graph).SerializeToString()
        yield Entry(Place(start.revision), head, graph=handle.name, closes=True)
    if cut and len(groups) > 1:
        groups.pop()
        cut = False
    writer = Writer(handle, before=before)
    for revision, group in groups:
        changes = [row for row in group if row["op"] != Op.RENAMED_AWAY]  # the other half says it
        yield Entry(
            Place(revision, group[-1]["ordinal"]) if cut else Place(revision),
            commit_head(handle, group, graph, partial=cut),
            [writer.change(row) for row in changes],
            [touched(row) for row in changes] if facts else (),
            handle.name,
            microseconds(group[0]["commit_time"]),
            closes=not cut and revision == start.revision,
        )


def touched(row: Row) -> Touched:
    return Touched(row["kind"] == Kind.NODE, row["op"], row["id"], row["other_id"], row["type"], row["previous_type"])


def content(rows: Iterable[Row]) -> int:
    """Bytes of the images of a page, by which the database ends it."""
    return sum(len(row["image"] or b"") + len(row["before_image"] or b"") for row in rows)


def commit_head(handle: GraphHandle, rows: Sequence[Row], graph: str, *, partial: bool) -> bytes:
    first = rows[0]
    key = told_actor(first["actor"])
    message = CommitChanges(revision=first["revision"], api_key=key, partial=partial, graph=graph)
    write_timestamp(message.commit_time, first["commit_time"])
    for row in rows:
        if row["note"] is not None:
            try:
                message.note = open_note(handle, row["note"], row["image_no"])
            except ContentUnreadable:
                message.note_unreadable = True
    return message.SerializeToString()
