"""The query that a judgement is about, also one that another process is about to write into the history.

What a process was asked it writes every few seconds. Until then others wait for it, looking more and more seldom: never
for one that claims to be of the future, never beyond the call, and few at once of a tenant, as it is the caller who
says how new a query is.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

from loci.v1.query_history_pb2 import QueryRecord
from loci_server.domain.ids import time_of
from loci_server.errors import DeadlineExceeded, QueryNotFound, TooManyAwaited
from loci_server.memory.query_log import QueryLog
from loci_server.memory.traces import PAUSE
from loci_server.store.handles import GraphHandle

WRITTEN: Final = 3 * PAUSE
"""Seconds after which what another process was asked stands in the history."""
AHEAD: Final = 1.0
"""Seconds that the clock of another process may be ahead."""
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 2.0
"""Seconds between two looks."""
WAITING_OF_A_TENANT: Final = 4


class AskedQueries:
    """Those of a history. `now` gives seconds since 1970."""

    def __init__(
        self,
        queries: QueryLog,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._queries = queries
        self._now = now
        self._sleep = sleep
        self._waiting: Counter[int] = Counter()

    async def find(self, handle: GraphHandle, query_id: str, deadline: float) -> QueryRecord | None:
        """A query of the graph; None if the graph keeps no history. `deadline`: loop.time() at which the call ends.
        Raises QueryNotFound, TooManyAwaited, DeadlineExceeded, ContentUnreadable."""
        query = await self._queries.find(handle, query_id)
        if query is not None or not await self._queries.kept(handle):
            return query
        age = self._now() - time_of(query_id)
        if -AHEAD <= age < WRITTEN:
            with self._place(handle.tenant_key):
                query = await self._awaited(handle, query_id, WRITTEN - age, deadline)
        if query is None:
            raise QueryNotFound(field="query_id", resource=f"{handle.name}/queries/{query_id}")
        return query

    async def _awaited(self, handle: GraphHandle, query_id: str, seconds: float, deadline: float) -> QueryRecord | None:
        """It, if it appears within so many seconds."""
        left = deadline - asyncio.get_running_loop().time()
        for pause in pauses(min(seconds, left)):
            await self._sleep(pause)
            query = await self._queries.find(handle, query_id)
            if query is not None:
                return query
        if left < seconds:
            raise DeadlineExceeded(seconds=f"{left:.3g}")
        return None

    @contextmanager
    def _place(self, tenant: int) -> Iterator[None]:
        """Raises TooManyAwaited."""
        if self._waiting[tenant] >= WAITING_OF_A_TENANT:
            raise TooManyAwaited(limit=WAITING_OF_A_TENANT, scope="tenant", name="awaited_queries", retry_after=PAUSE)
        self._waiting[tenant] += 1
        try:
            yield
        finally:
            self._waiting[tenant] -= 1
            if not self._waiting[tenant]:
                del self._waiting[tenant]


def pauses(seconds: float) -> Iterator[float]:
    """Longer and longer ones, together so many seconds."""
    pause = FIRST_PAUSE
    while seconds > 0:
        yield min(pause, seconds)
        seconds -= pause
        pause = min(2 * pause, LONGEST_PAUSE)
