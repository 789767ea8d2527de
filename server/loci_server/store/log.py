"""The log of a graph, read in order, and its changes opened."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import asyncpg

from loci.v1.change_pb2 import (
    CHANGE_KIND_CREATED,
    CHANGE_KIND_DELETED,
    CHANGE_KIND_RENAMED,
    CHANGE_KIND_UPDATED,
    Change,
    ChangeKind,
)
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.domain.items import GONE, Kind, Op
from loci_server.domain.names import actor_id, edge_name, node_name
from loci_server.domain.row import Row
from loci_server.errors import ContentErased, ContentUnreadable, GraphNotFound, RevisionCompacted
from loci_server.store.handles import GraphHandle, Handles
from loci_server.store.items import GRAPH_GONE
from loci_server.store.places import NOTE, note_identity
from loci_server.store.pool import Database
from loci_server.store.rows import etag, open_image
from loci_server.store.statements import statements
from loci_server.store.times import microseconds, write_timestamp

COMPACTED = "LC004"
END = 2**31 - 1
"""The ordinal behind every change of a revision."""
SQL = statements("log")


KINDS: dict[int, "ChangeKind.ValueType"] = {
    Op.CREATED: CHANGE_KIND_CREATED,
    Op.UPDATED: CHANGE_KIND_UPDATED,
    Op.DELETED: CHANGE_KIND_DELETED,
    Op.RENAMED: CHANGE_KIND_RENAMED,
    Op.RENAMED_AWAY: CHANGE_KIND_RENAMED,
    Op.ERASED: CHANGE_KIND_DELETED,
}


class Place(NamedTuple):
    """A place in the log of a graph: that of this change, for readers behind it."""

    revision: int
    ordinal: int = END


class Bounds(NamedTuple):
    """What can be read of a log."""

    revision: int
    """How far the graph is."""
    floor: int
    """The log is whole behind this revision, and it is the oldest state that can be read."""
    at: int
    """The last commit that is not after the time that was asked for; below `floor`: it is not known any more."""

    @property
    def since(self) -> int:
        """Behind this revision, all commits are younger than that time, and the log is whole."""
        return max(self.at, self.floor)


LAST, OLDEST = None, -1
"""Where a reader may begin without naming a revision: behind all there is; with the first commit that can be read."""


class Start(NamedTuple):
    """Where a reader begins."""

    bounds: Bounds
    revision: int
    written: int
    """When it was, in microseconds since 1970; 0: that is not known any more, or there is none yet."""


class Log:
    """Reads the changes of open graphs."""

    def __init__(self, database: Database, handles: Handles) -> None:
        self._database = database
        self._handles = handles

    async def bounds(self, handle: GraphHandle, since: datetime) -> Bounds:
        """Raises GraphNotFound."""
        row = (await self._read("log_bounds", handle, since))[0]
        return Bounds(row["revision"], row["floor"], row["since"])

    async def start(self, handle: GraphHandle, since: datetime, at: int | None) -> Start:
        """Behind the revision `at`, LAST or OLDEST. Raises GraphNotFound."""
        row = (await self._read("log_start", handle, since, at))[0]
        written = 0 if row["written"] is None else microseconds(row["written"])
        return Start(Bounds(row["revision"], row["floor"], row["since"]), row["at"], written)

    async def heads(self, tenant_key: int, graphs: Iterable[int]) -> dict[int, int]:
        """The revisions of graphs; those that are gone are missing."""
        rows = await self._database.fetch("log_heads", SQL["log_heads"], tenant_key, list(graphs))
        return {row["graph_key"]: row["revision"] for row in rows}

    async def head(self, handle: GraphHandle) -> int:
        """The revision of a graph. Raises GraphNotFound."""
        heads = await self.heads(handle.tenant_key, [handle.graph_key])
        if handle.graph_key not in heads:
            self._handles.forget(handle)
            raise GraphNotFound(resource=handle.name)
        return heads[handle.graph_key]

    async def page(self, handle: GraphHandle, place: Place, *, before: bool, limit: int) -> Sequence[asyncpg.Record]:
        """At most `limit` changes behind `place`. Raises GraphNotFound, RevisionCompacted."""
        return await self._read("log_page", handle, *place, before, limit)

    async def history(
        self, handle: GraphHandle, kind: Kind, identity: str, *, before: Place, limit: int
    ) -> list[asyncpg.Record]:
        """At most `limit` changes of one item, latest first, before a place. Raises GraphNotFound."""
        return await self._read("history_page", handle, kind, identity, *before, limit)

    async def _read(self, name: str, handle: GraphHandle, *arguments: object) -> list[asyncpg.Record]:
        return await self.read(name, SQL[name], handle, *arguments)

    async def read(self, name: str, sql: str, handle: GraphHandle, *arguments: object) -> list[asyncpg.Record]:
        """The rows of a statement over the log that takes tenant and graph first. Raises GraphNotFound,
        RevisionCompacted."""
        try:
            return await self._database.fetch(name, sql, handle.tenant_key, handle.graph_key, *arguments)
        except asyncpg.PostgresError as error:
            if error.sqlstate == GRAPH_GONE:
                self._handles.forget(handle)
                raise GraphNotFound(resource=handle.name) from None
            if error.sqlstate == COMPACTED:
                raise RevisionCompacted(resource=handle.name, oldest=str(error)) from None
            raise

    async def notify(self, channel: str, payload: str) -> None:
        await self._database.fetch("notify", SQL["notify"], channel, payload)


def tell(handle: GraphHandle, row: Row, change: Change, *, before: bool) -> None:
    """Fills a change from a row. What does not open is said so: the feed goes on."""
    op, identity = row["op"], row["id"]
    is_node = row["kind"] == Kind.NODE
    folder = f"graphs/{handle.graph_id}/{'nodes' if is_node else 'edges'}/"
    name = folder + identity
    other = row["other_id"]
    change.kind = KINDS[op]
    if op == Op.RENAMED_AWAY:
        change.name, change.previous_name = folder + other, name
        return
    change.name = name
    if other is not None:
        change.previous_name = folder + other
    try:
        if op in GONE:
            change.hard = op == Op.ERASED
        elif row["image"] is None:
            change.erased = True
        else:
            item: Node | Edge = change.node if is_node else change.edge
            _fill(handle, item, identity, name, row["image_no"], row["image"])
            _stamp(item, row["revision"], row["create_time"], row["update_time"])
            if is_node:
                item.ClearField("embedding")  # type: ignore[arg-type]
        if before and row["before_image"] is not None:
            item = change.node_before if is_node else change.edge_before
            _fill_before(handle, item, other or identity, folder, row)
            if is_node:
                item.ClearField("embedding")  # type: ignore[arg-type]
    except ContentUnreadable:
        change.unreadable = True


def told_actor(actor: int) -> str:
    """Who made a commit, as names.actor_id; empty for what the server did by itself."""
    return actor_id(actor) if actor else ""


def open_change(handle: GraphHandle, kind: int, row: Row) -> Node | Edge:
    """The node or edge of a row of the log, as it was after the change. Raises ContentUnreadable, ContentErased."""
    if row["image"] is None:
        raise ContentErased(resource=handle.name)
    identity = row["id"]
    name = node_name if kind == Kind.NODE else edge_name
    item: Node | Edge = Node() if kind == Kind.NODE else Edge()
    _fill(handle, item, identity, name(handle.graph_id, identity), row["image_no"], row["image"])
    _stamp(item, row["revision"], row["create_time"], row["update_time"])
    return item


def open_note(handle: GraphHandle, note: bytes | None, number: int | None) -> str:
    """What the writer gave as its reason, sealed with the image of this number; empty if nothing. Raises
    ContentUnreadable."""
    if note is None or number is None:  # they come together
        return ""
    return handle.sealer.open(NOTE, note_identity(number), NOTE, note).decode()


def _fill_before(handle: GraphHandle, item: Node | Edge, identity: str, folder: str, row: Row) -> None:
    _fill(handle, item, identity, folder + identity, row["before_no"], row["before_image"])
    _stamp(item, row["before_revision"], row["before_create_time"], row["before_update_time"])


def _fill(handle: GraphHandle, item: Node | Edge, identity: str, name: str, number: int, image: bytes) -> None:
    """What is sealed in an image, parsed where it is to stand: nothing is copied."""
    item.MergeFromString(open_image(handle, type(item), identity, number, image))
    item.name = name


def _stamp(item: Node | Edge, revision: int, created: datetime, updated: datetime) -> None:
    item.revision = revision
    item.etag = etag(revision)
    write_timestamp(item.create_time, created)
    write_timestamp(item.update_time, updated)
