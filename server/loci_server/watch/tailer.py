"""The tailer of a graph: reads its log when there is something new, and keeps the last of it for all its watchers."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from itertools import takewhile
from typing import NamedTuple

import asyncpg

from loci_server.domain.limits import LOG_PAGE_BYTES
from loci_server.errors import GraphNotFound, LociError, Unavailable
from loci_server.store.handles import GraphHandle, Handles
from loci_server.store.log import Log, Place
from loci_server.watch.entries import Entry, content, entries
from loci_server.watch.waiting import Waiting

PAGE = 1000
"""Changes that are read at once."""
RING_BYTES = 1024 * 1024
RING_ENTRIES = 1024
SHARED_BYTES = 256 * 1024
"""Of messages that watchers have in common."""
log = logging.getLogger(__name__)


class Message(NamedTuple):
    """One of a stream, serialized, and the token that goes on behind it."""

    raw: bytes
    token: str


class Tailer:
    """What is new in one graph. `before` says whether changes carry what was there before them."""

    def __init__(
        self,
        source: Log,
        handles: Handles,
        handle: GraphHandle,
        head: Place,
        room: asyncio.Semaphore,
        *,
        before: bool,
    ) -> None:
        self.handle = handle
        """As it was when the tailer was made."""
        self.head = head
        """All up to here was read."""
        self.before = before
        self.watchers = 0
        """How many have it open."""
        self._source = source
        self._handles = handles
        self._room = room
        self._floor = head
        """The ring holds all behind this place."""
        self._ring: deque[Entry] = deque()
        self._bytes = 0
        self._waiting = Waiting()
        self._reading: asyncio.Task[None] | None = None
        self._again = False
        self._failure: LociError | None = None
        self._made: dict[Hashable, Message] = {}
        self._made_bytes = 0

    @property
    def failed(self) -> bool:
        """It has no more to tell: the graph was gone."""
        return self._failure is not None

    def wake(self) -> None:
        """There may be something new."""
        self._again = True
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())

    def stir(self) -> None:
        """Lets all watchers look around, though there may be nothing new."""
        self._waiting.wake()

    def fail(self, error: LociError) -> None:
        """The graph is gone: all watchers get this error."""
        self._failure = error
        self.stir()

    def news(self, place: Place, until: float) -> asyncio.Future[None] | None:
        """Done when there may be entries behind `place`, or loop.time() is `until`. None: there are some already, or
        there is a failure to tell."""
        if place < self.head or self._failure is not None:
            return None
        return self._waiting.wait(until)

    def behind(self, place: Place) -> Sequence[Entry] | None:
        """The entries behind `place`, as many as are at hand. None if the ring no longer reaches back so far. Raises
        what `fail` was given."""
        if self._failure is not None:
            raise self._failure
        if place >= self.head:
            return ()
        if place < self._floor:
            return None
        new = list(takewhile(lambda entry: entry.end > place, reversed(self._ring)))
        return new[::-1]

    def shared(self, key: Hashable, make: Callable[[], Message]) -> Message:
        """What `make` makes, made once for all watchers that ask for it about the same time."""
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = make()
            self._made_bytes += len(made.raw)
            while self._made_bytes > SHARED_BYTES:
                self._made_bytes -= len(self._made.pop(next(iter(self._made))).raw)
        return made

    async def page(self, place: Place, *, facts: bool) -> Sequence[Entry]:
        """The entries of the next page of the log behind `place`; `facts` as for `entries`. Raises GraphNotFound,
        RevisionCompacted, KeyServiceUnavailable."""
        handle = await self._opened()  # without the room, as it may wait for the key service
        async with self._room:
            found, _ = await self._page(handle, place, facts=facts)
        return found

    async def _opened(self) -> GraphHandle:
        """The graph as it is now: a watch may last for longer than its keys."""
        handle = await self._handles.get(self.handle.tenant_key, self.handle.graph_id)
        if handle.graph_key != self.handle.graph_key:
            raise GraphNotFound(resource=self.handle.name)
        return handle

    async def _page(self, handle: GraphHandle, place: Place, *, facts: bool = True) -> tuple[Sequence[Entry], bool]:
        """Also whether there may be more behind it."""
        rows = await self._source.page(handle, place, before=self.before, limit=PAGE)
        cut = len(rows) == PAGE or content(rows) >= LOG_PAGE_BYTES
        return list(entries(handle, rows, place, before=self.before, cut=cut, facts=facts)), cut

    async def close(self) -> None:
        self._waiting.close()
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self) -> None:
        try:
            while self._again:
                self._again = False
                cut = True
                while cut:
                    found, cut = await self._page(await self._opened(), self.head)
                    if found:
                        self._keep(found)
        except (Unavailable, asyncpg.PostgresError) as error:  # the poll wakes it again
            log.info("the log of a graph cannot be read now: %s", type(error).__name__)
        except LociError as error:
            self.fail(error)

    def _keep(self, found: Sequence[Entry]) -> None:
        if any(entry.erases for entry in found):
            # What was hard-deleted is gone from the log; who needs what came before reads it there.
            self._ring.clear()
            self._made.clear()
            self._made_bytes = 0
            self._bytes = 0
            self._floor = self.head
        self._ring.extend(found)
        self._bytes += sum(entry.size for entry in found)
        self.head = found[-1].end
        while self._ring and (self._bytes > RING_BYTES or len(self._ring) > RING_ENTRIES):
            gone = self._ring.popleft()
            self._bytes -= gone.size
            self._floor = gone.end
        self.stir()
