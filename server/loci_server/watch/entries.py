"""Rows of the log as what is told to watchers: one entry for each commit, or for a piece of a large one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from loci.v1.watch_service_pb2 import CommitChanges
from loci_server.domain.items import Kind, Op
from loci_server.domain.row import Row
from loci_server.errors import ContentUnreadable
from loci_server.store.handles import GraphHandle
from loci_server.store.log import END, Place, open_note, tell
from loci_server.store.times import write_timestamp


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


@dataclass(frozen=True, slots=True)
class Entry:
    """A commit, or a piece of one, and the place behind it."""

    end: Place
    message: CommitChanges
    types: Sequence[tuple[bool, str, str | None]]
    """Of each change: whether it is of a node; the type or relation, and the one before if it was another."""
    size: int
    """Bytes of the message."""
    closes: bool = False
    """It is the last piece of a commit whose first pieces went before."""

    def facts(self) -> Iterator[Fact]:
        """Of each change."""
        for (is_node, type, previous), change in zip(self.types, self.message.changes, strict=True):
            yield Fact(is_node, change.kind, change.name, change.previous_name, type, previous)


def entries(handle: GraphHandle, rows: Sequence[Row], start: Place, *, before: bool, cut: bool) -> Iterator[Entry]:
    """The entries of a page of the log behind `start`. Of a page that is `cut` short, the last commit may be missing
    its rest: it is left to the next page, or given as a piece if there is nothing else."""
    groups = [(revision, list(group)) for revision, group in groupby(rows, key=lambda row: row["revision"])]
    if start.ordinal != END and (not groups or groups[0][0] != start.revision):
        # The piece before was the last one, which its page could not know.
        yield Entry(Place(start.revision), CommitChanges(revision=start.revision), (), 0, closes=True)
    if cut and len(groups) > 1:
        groups.pop()
        cut = False
    for revision, group in groups:
        end = Place(revision, group[-1]["ordinal"]) if cut else Place(revision)
        found = entry(handle, group, end, before=before, partial=cut)
        yield replace(found, closes=not cut and revision == start.revision)


def entry(handle: GraphHandle, rows: Sequence[Row], end: Place, *, before: bool, partial: bool) -> Entry:
    first = rows[0]
    message = CommitChanges(revision=first["revision"], api_key=str(first["actor"]), partial=partial)
    write_timestamp(message.commit_time, first["commit_time"])
    types = []
    for row in rows:
        if row["note"] is not None:
            try:
                message.note = open_note(handle, row["note"], row["image_no"])
            except ContentUnreadable:
                message.note_unreadable = True
        if row["op"] == Op.RENAMED_AWAY:  # the other half says it
            continue
        change = message.changes.add()
        tell(handle, row, change, before=before)
        types.append((row["kind"] == Kind.NODE, row["type"], row["previous_type"]))
    return Entry(end, message, types, message.ByteSize())


def chosen(entry: Entry, passing: Iterable[bool]) -> CommitChanges:
    """The entry's message with the changes that pass."""
    message = CommitChanges()
    message.CopyFrom(entry.message)
    del message.changes[:]
    message.changes.extend(change for change, passes in zip(entry.message.changes, passing, strict=True) if passes)
    return message
