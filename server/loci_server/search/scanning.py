"""Filters that only opened nodes can answer: all that pass the rest are read, so that none that passes is missed.

A scan of a large graph takes long. It reads page by page (as many nodes as loci.page_bytes allows), gives way while it
opens them, and others have their turns between its pages. It ends with its call.
"""

import asyncio
import logging
from collections.abc import Callable
from math import inf
from typing import Final

from loci.v1.node_pb2 import Node
from loci_server.domain.limits import MAX_PAGE_SIZE
from loci_server.errors import ContentUnreadable
from loci_server.search.query import DOCUMENTS, Filter
from loci_server.search.turns import Scan, Turns
from loci_server.store.handles import GraphHandle
from loci_server.store.items import PASSES_ALL, Items
from loci_server.store.rows import open_node
from loci_server.writing.fairness import Fairness

PATIENCE: Final = 10.0
"""Seconds that one waits for other tenants before its first page; who has begun is not refused any more."""
log = logging.getLogger(__name__)


class Scans:
    """Those of one process."""

    def __init__(self, items: Items, turns: Turns, patience: float = PATIENCE) -> None:
        self._items = items
        self._turns = turns
        self._patience = patience

    async def narrowed(
        self, handle: GraphHandle, filter: Filter, accepts: Callable[[Node], bool], deadline: float
    ) -> Filter:
        """The filter for those documents only whose nodes are accepted. `deadline`: loop.time() at which the call ends.
        Raises TooManyScans, DeadlineExceeded."""
        scan = Scan(handle.tenant_key, asyncio.get_running_loop().time(), deadline)
        given = filter or PASSES_ALL
        found: list[int] = []
        after, fairness = "", Fairness()
        while True:
            async with self._turns.turn(scan, inf if after else self._patience):
                rows = await self._items.fetch("list_nodes", handle, given, after, MAX_PAGE_SIZE)
                for row in rows:
                    await fairness.spend(len(row["content"]))
                    if row["doc_no"] is None:
                        continue
                    try:
                        if accepts(open_node(handle, row)):
                            found.append(row["doc_no"])
                    except ContentUnreadable:
                        log.warning("a node does not open and passes no comparison")
            if not rows:
                return (*given[:DOCUMENTS], found, *given[DOCUMENTS + 1 :])
            after = rows[-1]["id"]
