"""Recalls of memories, counted in the process and written together: no read ever waits for a write, or makes one."""

import asyncio
import logging
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import uuid4

from loci_server.store.handles import GraphHandle
from loci_server.store.uses import NodeUses, UseRow

MAX_WAITING: Final = 100_000
"""Memories whose recalls wait to be written; those of others are not counted meanwhile."""
MAX_OF_TENANT: Final = 20_000
BATCH: Final = 5000
"""Memories of one statement."""
BATCH_GRAPHS: Final = 200
"""Graphs of one statement: each takes a place in the database's table of locks, which has some thousands."""
log = logging.getLogger(__name__)


class Key(NamedTuple):
    """A memory."""

    tenant_key: int
    graph_key: int
    id: str


class UseCounts:
    """Those of one process."""

    def __init__(self, uses: NodeUses) -> None:
        self._uses = uses
        self._waiting: dict[Key, UseRow] = {}
        self._process = uuid4()
        self._number = 0
        self._sent: Sequence[UseRow] = ()
        """What was sent under that number, and may have been written: it is sent again as it was."""
        self._of_tenant: Counter[int] = Counter()
        self._lost = 0
        self._flushing = asyncio.Lock()

    def add(self, handle: GraphHandle, ids: Collection[str], time: datetime) -> None:
        """These memories were recalled."""
        for identity in ids:
            self._join(UseRow(handle.tenant_key, handle.graph_key, identity, 1, time, time))

    async def flush(self) -> None:
        """Writes what waits. What cannot be written now goes on waiting."""
        async with self._flushing:
            await self._send()
            waiting, self._waiting = sorted(self._waiting.values()), {}
            self._of_tenant.clear()
            self._tell_lost()
            done = 0
            try:
                for batch in batches(waiting):
                    self._number, self._sent = self._number + 1, batch
                    done += len(batch)
                    await self._send()
            finally:
                for row in waiting[done:]:
                    self._join(row)

    async def _send(self) -> None:
        if not self._sent:
            return
        busy = await self._uses.record(self._process, self._number, self._sent)
        sent, self._sent = self._sent, ()
        for row in sent if busy else ():
            if row.graph_key in busy:
                self._join(row)

    def _join(self, row: UseRow) -> None:
        key = Key(row.tenant_key, row.graph_key, row.id)
        there = self._waiting.get(key)
        if there is not None:
            self._waiting[key] = there._replace(
                uses=there.uses + row.uses,
                first_use_time=min(there.first_use_time, row.first_use_time),
                last_use_time=max(there.last_use_time, row.last_use_time),
            )
        elif len(self._waiting) < MAX_WAITING and self._of_tenant[row.tenant_key] < MAX_OF_TENANT:
            self._waiting[key] = row
            self._of_tenant[row.tenant_key] += 1
        else:
            self._lost += row.uses

    def _tell_lost(self) -> None:
        if self._lost:
            log.warning("%d recalls were not counted: too many were waiting to be written", self._lost)
            self._lost = 0


def batches(rows: Sequence[UseRow]) -> Iterator[Sequence[UseRow]]:
    """Rows that are sorted by graph, as many as one statement takes."""
    begin, graphs = 0, 0
    for place, row in enumerate(rows):
        new = place == begin or row.graph_key != rows[place - 1].graph_key
        if place - begin == BATCH or (new and graphs == BATCH_GRAPHS):
            yield rows[begin:place]
            begin, graphs, new = place, 0, True
        graphs += new
    if begin < len(rows):
        yield rows[begin:]
