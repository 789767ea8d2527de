"""The edges at the frontier of a walk, in one statement for all of its nodes. No content is read here."""

from collections.abc import Collection, Sequence

import asyncpg

from loci_server.domain.selector import Selector
from loci_server.domain.walk import Step
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Items


class Steps:
    """One step of a walk at a time."""

    def __init__(self, items: Items) -> None:
        self._items = items

    async def expand(
        self,
        handle: GraphHandle,
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
        followed. Raises GraphNotFound.
        """
        rows = await self._items.fetch(
            "expand",
            handle,
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
        return steps(rows)

    async def behind(
        self, handle: GraphHandle, node: str, selector: Selector, weight: float, edge: str, limit: int
    ) -> list[Step]:
        """The edges of one node that come behind an edge in the order of weight and id. Raises GraphNotFound."""
        rows = await self._items.fetch(
            "page_neighbors",
            handle,
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
        return steps(rows[:limit])


def steps(rows: Sequence[asyncpg.Record]) -> list[Step]:
    return [Step(*row) for row in rows]
