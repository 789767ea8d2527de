"""Views: a graph as it is now, or as it stood at a revision, read in the same way."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from loci.v1.as_of_pb2 import AsOf
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.codec.filters import validity
from loci_server.domain.dates import UNBOUNDED, Interval, parse_validity
from loci_server.domain.items import Kind, has_expired
from loci_server.domain.row import Row
from loci_server.domain.selector import Selector
from loci_server.domain.validation import check_timestamp
from loci_server.domain.walk import Step
from loci_server.errors import EdgeNotFound, InvalidField, NodeNotFound, RevisionCompacted, RevisionInFuture
from loci_server.services.requests import end_of_page
from loci_server.store.handles import GraphHandle
from loci_server.store.items import PASSES_ALL, Items
from loci_server.store.log import Log, open_change
from loci_server.store.past import Past
from loci_server.store.rows import open_edge, open_node
from loci_server.store.times import moment

OPENED_AT_ONCE = 200
"""Opening takes the processor; other calls get their turn in between."""
Item = TypeVar("Item", Node, Edge)
Opener = Callable[[GraphHandle, Row], Item]
Filter = tuple[object, ...] | None


@dataclass(frozen=True, slots=True)
class Listed(Generic[Item]):
    """A page of items, and the id behind which the next one begins (None: there is none)."""

    items: Sequence[Item]
    after: str | None


class Views:
    """Makes views of open graphs."""

    def __init__(self, items: Items, log: Log) -> None:
        self._items = items
        self._log = log
        self._past = Past(log)

    async def of(self, handle: GraphHandle, as_of: AsOf, *, given: str = "") -> "View":
        """The view that a request asks for. `given`: the valid_at of its filter or selector. Raises InvalidField,
        RevisionInFuture, RevisionCompacted, GraphNotFound."""
        if as_of.valid_at and given:
            raise InvalidField(field="as_of.valid_at", detail="give it here or in the filter or selector, not in both")
        held = validity(as_of.valid_at, "as_of.valid_at")
        return View(handle, self._items, self._past, await self._revision(handle, as_of), held)

    async def _revision(self, handle: GraphHandle, as_of: AsOf) -> int | None:
        match as_of.WhichOneof("record"):
            case "revision":
                bounds = await self._log.bounds(handle, datetime.now(UTC))
                revision = as_of.revision
                if revision < 0:
                    raise InvalidField(field="as_of.revision", detail="it must not be negative")
                if revision > bounds.revision:
                    raise RevisionInFuture(field="as_of.revision", revision=bounds.revision)
            case "time":
                check_timestamp(as_of.time, "as_of.time")
                bounds = await self._log.bounds(handle, moment(as_of.time))
                revision = bounds.at
            case _:
                return None
        if revision < bounds.floor:
            raise RevisionCompacted(resource=handle.name, oldest=bounds.floor)
        return revision


class View:
    """One graph at one time. `revision` None: now. `held`: of single items, only those that may have held then."""

    def __init__(self, handle: GraphHandle, items: Items, past: Past, revision: int | None, held: Interval) -> None:
        self.handle = handle
        self.revision = revision
        self.held = held
        self._items = items
        self._past = past

    def at_any_fact_time(self) -> "View":
        """The same, but items are given whenever they held: what a walk starts from, or a selector has chosen."""
        return View(self.handle, self._items, self._past, self.revision, UNBOUNDED)

    async def node(self, identity: str, name: str) -> Node:
        """Raises NodeNotFound."""
        found = await self.nodes([identity])
        if identity not in found:
            raise NodeNotFound(resource=name)
        return found[identity]

    async def edge(self, identity: str, name: str) -> Edge:
        """Raises EdgeNotFound."""
        found = await self.edges([identity])
        if identity not in found:
            raise EdgeNotFound(resource=name)
        return found[identity]

    async def nodes(self, ids: Sequence[str]) -> dict[str, Node]:
        """By id, without what only Export returns. Raises LimitExceeded."""
        if self.revision is None:
            found = await self._opened(await self._items.nodes(self.handle, ids), open_node)
        else:
            found = await self._opened(await self._past.items(self.handle, Kind.NODE, ids, self.revision), past_node)
        for node in found.values():
            node.ClearField("embedding")
        return {id: node for id, node in self._living(found).items() if holds(node, self.held)}

    async def edges(self, ids: Sequence[str]) -> dict[str, Edge]:
        """By id, in the order of `ids`. Raises LimitExceeded."""
        if self.revision is None:
            found = await self._opened(await self._items.edges(self.handle, ids), open_edge)
        else:
            found = await self._opened(await self._past.items(self.handle, Kind.EDGE, ids, self.revision), past_edge)
        return {id: found[id] for id in ids if id in found and holds(found[id], self.held)}

    async def list_nodes(self, filter: Filter, after: str, size: int) -> Listed[Node]:
        """A page of the nodes that pass a loci.node_filter, but for its properties; in order of id."""
        filter = filter or PASSES_ALL
        if self.revision is None:
            rows = await self._items.fetch("list_nodes", self.handle, filter, after, size + 1)
            return await self._page(rows, size, "content", open_node)
        rows = await self._past.fetch("list_at", self.handle, Kind.NODE, filter, None, after, size + 1, self.revision)
        return await self._page(rows, size, "image", past_node)

    async def list_edges(self, filter: Filter, after: str, size: int) -> Listed[Edge]:
        """A page of the edges that pass a loci.edge_filter, but for its properties; in order of id."""
        if self.revision is None:
            rows = await self._items.fetch("list_edges", self.handle, filter, after, size + 1)
            return await self._page(rows, size, "content", open_edge)
        rows = await self._past.fetch("list_at", self.handle, Kind.EDGE, None, filter, after, size + 1, self.revision)
        return await self._page(rows, size, "image", past_edge)

    async def expand(
        self,
        frontier: Sequence[str],
        selector: Selector,
        per_node: int,
        limit: int,
        *,
        admitted: Collection[str] = (),
        known_nodes: Collection[str] | None = None,
        known_edges: Collection[str] | None = None,
    ) -> list[Step]:
        """The heaviest edges of each node, at most `per_node` of each and `limit` in all, in the order of `frontier`.

        `admitted` nodes are entered whatever the selector says; `known_nodes` are not entered, and `known_edges` not
        followed. No content is read.
        """
        arguments = (
            frontier,
            selector.direction,
            selector.relations,
            selector.node_types,
            selector.valid.lower,
            selector.valid.upper,
            list(admitted),
            None if known_nodes is None else list(known_nodes),
            None if known_edges is None else list(known_edges),
            per_node,
            limit,
        )
        return steps(await self._walk("expand", arguments))

    async def behind(self, node: str, selector: Selector, weight: float, edge: str, limit: int) -> list[Step]:
        """The edges of one node that come behind an edge in the order of weight and id."""
        arguments = (
            node,
            selector.direction,
            selector.relations,
            selector.node_types,
            selector.valid.lower,
            selector.valid.upper,
            limit,
            weight,
            edge,
        )
        return steps(await self._walk("page_neighbors", arguments))[:limit]

    async def induced_edges(self, nodes: Collection[str], selector: Selector, limit: int) -> dict[str, Edge]:
        """Edges with both ends among these nodes, by id, heaviest first."""
        valid = selector.valid
        arguments = (list(nodes), selector.relations, valid.lower, valid.upper, limit)
        rows = await self._walk("induced_edges", arguments)
        return await self._opened(rows, open_edge if self.revision is None else past_edge)

    async def _walk(self, name: str, arguments: tuple[object, ...]) -> Sequence[Row]:
        if self.revision is None:
            return await self._items.fetch(name, self.handle, *arguments)
        return await self._past.fetch(f"{name}_at", self.handle, *arguments, self.revision)

    async def _page(self, rows: Sequence[Row], size: int, content: str, opener: Opener[Item]) -> Listed[Item]:
        opened: dict[str, Item] = await self._opened(rows[:size], opener)
        last = end_of_page(rows, size, content)
        return Listed(list(self._living(opened).values()), None if last is None else last["id"])

    def _living(self, found: dict[str, Item]) -> dict[str, Item]:
        """Without what has expired since the log was written."""
        if self.revision is None:
            return found
        now = datetime.now(UTC)
        return {id: item for id, item in found.items() if not (isinstance(item, Node) and has_expired(item, now))}

    async def _opened(self, rows: Iterable[Row], opener: Opener[Item]) -> dict[str, Item]:
        """Messages by id, in the order of the rows."""
        opened: dict[str, Item] = {}
        for place, row in enumerate(rows, start=1):
            opened[row["id"]] = opener(self.handle, row)
            if place % OPENED_AT_ONCE == 0:
                await asyncio.sleep(0)
        return opened


def past_node(handle: GraphHandle, row: Row) -> Node:
    node = open_change(handle, Kind.NODE, row)
    assert isinstance(node, Node)
    return node


def past_edge(handle: GraphHandle, row: Row) -> Edge:
    edge = open_change(handle, Kind.EDGE, row)
    assert isinstance(edge, Edge)
    return edge


def holds(item: Node | Edge, wanted: Interval) -> bool:
    """Whether the validity of an item may overlap an interval."""
    if wanted.lower is None and wanted.upper is None:
        return True
    own = parse_validity(item.valid_from, item.valid_to, "")
    return (wanted.lower is None or own.upper is None or own.upper > wanted.lower) and (
        wanted.upper is None or own.lower is None or own.lower < wanted.upper
    )


def steps(rows: Sequence[Row]) -> list[Step]:
    return [Step(*row) for row in rows]  # type: ignore[misc]
