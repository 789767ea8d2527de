"""All tailers of a process: one for each graph that is watched, for as long as it is."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable

import asyncpg

from loci_server.errors import GraphNotFound, LociError
from loci_server.store.handles import GraphHandle, Handles
from loci_server.store.log import Log, Place
from loci_server.watch.tailer import Tailer

CATCHING_UP = 4
"""Pages that one process reads at a time for watchers behind their ring: calls need the database, too."""
POLL = 1.0
"""Seconds between looks at all watched graphs: what no hint told of is found by then."""
log = logging.getLogger(__name__)


class Tailers:
    """Opens and closes tailers, wakes them, and polls for all of them at once."""

    def __init__(self, source: Log, handles: Handles) -> None:
        self._source = source
        self._handles = handles
        self._open: dict[tuple[int, bool], Tailer] = {}
        self._draining: asyncio.Task[None] | None = None
        self._room = asyncio.Semaphore(CATCHING_UP)

    async def open(self, handle: GraphHandle, *, before: bool) -> Tailer:
        """The tailer of a graph, which is to be given to `close` in the end. Raises GraphNotFound."""
        key = handle.graph_key, before
        tailer = self._open.get(key)
        if tailer is None or tailer.failed:
            head = await self._source.head(handle)
            tailer = self._open.get(key)  # another watcher may have opened it meanwhile
            if tailer is None or tailer.failed:
                place = Place(head)
                tailer = Tailer(self._source, self._handles, handle, place, self._room, before=before)
                self._open[key] = tailer
        tailer.watchers += 1
        return tailer

    async def close(self, tailer: Tailer) -> None:
        """Its last watcher closes it for good."""
        tailer.watchers -= 1
        if not tailer.watchers:
            key = tailer.handle.graph_key, tailer.before
            if self._open.get(key) is tailer:
                del self._open[key]
            await tailer.close()

    def wake(self, keys: Iterable[tuple[int, int]]) -> None:
        """These graphs, by tenant and own key, have new commits, it is said."""
        for _, graph in keys:
            for before in (False, True):
                if (tailer := self._open.get((graph, before))) is not None:
                    tailer.wake()

    def wake_all(self) -> None:
        """Hints may have been missed."""
        for tailer in self._open.values():
            tailer.wake()

    def stir_at(self, draining: asyncio.Event) -> None:
        """All watchers look around when the server begins to drain."""
        if self._draining is None:
            self._draining = asyncio.create_task(self._stir_at(draining))

    async def _stir_at(self, draining: asyncio.Event) -> None:
        await draining.wait()
        for tailer in self._open.values():
            tailer.stir()

    async def run(self) -> None:
        """Polls until cancelled."""
        while True:
            await asyncio.sleep(POLL)
            try:
                await self._poll()
            except (LociError, asyncpg.PostgresError) as error:
                log.info("watched graphs cannot be looked at now: %s", type(error).__name__)

    async def _poll(self) -> None:
        by_tenant: dict[int, list[Tailer]] = defaultdict(list)
        for tailer in self._open.values():
            by_tenant[tailer.handle.tenant_key].append(tailer)
        for tenant_key, tailers in by_tenant.items():
            heads = await self._source.heads(tenant_key, {tailer.handle.graph_key for tailer in tailers})
            for tailer in tailers:
                head = heads.get(tailer.handle.graph_key)
                if head is None:
                    tailer.fail(GraphNotFound(resource=tailer.handle.name))
                elif Place(head) > tailer.head:
                    tailer.wake()
