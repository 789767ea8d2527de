"""What happened to single nodes and edges, and how they were: shared by the services of both."""

from datetime import UTC, datetime
from struct import Struct
from typing import Protocol, TypeVar

from google.protobuf.struct_pb2 import Value

from loci.v1.change_pb2 import Change, ItemRevision
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.codec.page_tokens import PageTokens
from loci_server.domain.items import GONE, Kind
from loci_server.domain.limits import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, bounded
from loci_server.domain.row import Row
from loci_server.errors import (
    ContentUnreadable,
    EdgeNotFound,
    InvalidField,
    NodeNotFound,
    RevisionCompacted,
    RevisionInFuture,
)
from loci_server.services.requests import end_of_page
from loci_server.store.handles import GraphHandle
from loci_server.store.log import Log, Place, open_change, open_note, tell, told_actor
from loci_server.store.times import write_timestamp

LATEST = Place(2**63 - 1)
PLACE = Struct(">qi")
"""Revision and ordinal in a page token."""
NOT_CONTENT = frozenset(("name", "create_time", "update_time", "revision", "etag", "embedding"))
Item = TypeVar("Item", Node, Edge)


class RevisionsRequest(Protocol):
    """ListNodeRevisionsRequest or ListEdgeRevisionsRequest."""

    name: str
    page_size: int
    page_token: str


class History:
    """Reads the log of one item backwards."""

    def __init__(self, log: Log, tokens: PageTokens) -> None:
        self._log = log
        self._tokens = tokens

    async def page(
        self, handle: GraphHandle, kind: Kind, identity: str, request: RevisionsRequest
    ) -> tuple[list[ItemRevision], str]:
        """A page of revisions, latest first, and the token of the next one. Raises NodeNotFound, EdgeNotFound for what
        never was."""
        size = bounded("page_size", request.page_size, 1, MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE)
        tenant = handle.tenant_key
        position = self._tokens.decode(tenant, request, request.page_token, PLACE.unpack)  # type: ignore[arg-type]
        before = Place(*position) if position is not None else LATEST
        rows = await self._log.history(handle, kind, identity, before=before, limit=size + 1)
        if not rows and position is None:
            raise never_was(kind, request.name)
        token = ""
        if (last := end_of_page(rows, size, "image")) is not None:
            token = self._tokens.encode(tenant, request, PLACE.pack(last["revision"], last["ordinal"]))  # type: ignore[arg-type]
        return [revision(handle, row) for row in rows[:size]], token

    async def at(self, handle: GraphHandle, kind: Kind, identity: str, name: str, at: int) -> Node | Edge:
        """How an item was at a revision of its graph. Raises InvalidField, RevisionInFuture, ContentUnreadable,
        NodeNotFound, EdgeNotFound."""
        if at < 1:
            raise InvalidField(field="revision", detail="revisions are numbered from 1")
        bounds = await self._log.bounds(handle, datetime.now(UTC))
        if at > bounds.revision:
            raise RevisionInFuture(field="revision", revision=bounds.revision)
        if at < bounds.floor:
            raise RevisionCompacted(resource=handle.name, oldest=bounds.floor)
        rows = await self._log.history(handle, kind, identity, before=Place(at + 1, 0), limit=1)
        if not rows or rows[0]["op"] in GONE:
            raise never_was(kind, f"{name} at revision {at}")
        return open_change(handle, kind, rows[0])


def revision(handle: GraphHandle, row: Row) -> ItemRevision:
    """A row of loci.history_page."""
    told = ItemRevision(revision=row["revision"], api_key=told_actor(row["actor"]))
    write_timestamp(told.commit_time, row["commit_time"])
    tell(handle, row, told.change, before=True)
    try:
        told.note = open_note(handle, row["note"], row["note_no"])
    except ContentUnreadable:
        told.change.unreadable = True
    told.changed_fields.extend(changed_fields(told.change))
    told.change.ClearField("node_before")
    told.change.ClearField("edge_before")
    return told


def changed_fields(change: Change) -> list[str]:
    """The paths of what differs between before and after; none if there is no before."""
    if change.HasField("node") and change.HasField("node_before"):
        return differing(change.node_before, change.node)
    if change.HasField("edge") and change.HasField("edge_before"):
        return differing(change.edge_before, change.edge)
    return []


def differing(before: Item, after: Item) -> list[str]:
    paths: list[str] = []
    for field in after.DESCRIPTOR.fields:
        if field.name in NOT_CONTENT:
            continue
        if field.name == "properties":
            old: dict[str, Value] = dict(before.properties.fields)
            new: dict[str, Value] = dict(after.properties.fields)
            paths += [f"properties.{key}" for key in sorted({*old, *new}) if old.get(key) != new.get(key)]
        elif getattr(before, field.name) != getattr(after, field.name):
            paths.append(field.name)
    return paths


def never_was(kind: Kind, name: str) -> NodeNotFound | EdgeNotFound:
    return NodeNotFound(resource=name) if kind is Kind.NODE else EdgeNotFound(resource=name)
