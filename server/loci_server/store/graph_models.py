"""Which model each graph is searched by, and which one is to take its place."""

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from loci_server.store.handles import GraphHandle
from loci_server.store.pool import Database
from loci_server.store.statements import statements

SQL = statements("reembedding")
MAX_CACHED = 10_000
LIFETIME = 5.0
"""Seconds. A search by a model that is not the graph's any more is refused by the database, however old this is."""


@dataclass(frozen=True, slots=True)
class GraphModel:
    """The models of a graph that has vectors of a server."""

    number: int
    model: str
    """Queries are embedded by it."""
    dimension: int
    next_number: int | None
    next_model: str | None
    """The one that is to take its place; the same one if its vectors are made anew."""
    former: Sequence[int]
    """Models whose vectors are being removed."""
    place: int
    """The document that the change is at."""
    done: int
    total: int
    """Documents: gone through, and in all when it began."""
    begun: datetime | None

    @property
    def replaced(self) -> bool:
        """Whether another model is to take its place."""
        return self.next_number is not None and self.next_number != self.number

    @property
    def progress(self) -> str:
        return f"{min(self.done, self.total)} of {self.total} documents are done"


class GraphModels:
    """Reads them, and keeps them for a moment."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[int, tuple[float, GraphModel]] = OrderedDict()

    async def find(self, handle: GraphHandle, *, fresh: bool = False) -> GraphModel | None:
        """None if the graph has no vector of a server yet. `fresh`: as it is now, not a moment ago."""
        known = None if fresh else self._known.get(handle.graph_key)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        row = await self._database.fetchrow("graph_model", SQL["graph_model"], handle.tenant_key, handle.graph_key)
        if row is None:
            return None
        found = GraphModel(*row)
        self._known[handle.graph_key] = time.monotonic() + LIFETIME, found
        self._known.move_to_end(handle.graph_key)
        while len(self._known) > MAX_CACHED:
            self._known.popitem(last=False)
        return found

    def forget(self, handle: GraphHandle) -> None:
        self._known.pop(handle.graph_key, None)
