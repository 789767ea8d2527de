"""What reading leaves behind: uses of the memories that a recall returned, and the history of what was asked."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from loci.v1.query_history_pb2 import QueryRecord
from loci_server.memory.query_log import QueryLog
from loci_server.memory.use_counts import UseCounts
from loci_server.store.handles import GraphHandle
from loci_server.store.queries import Queries

PAUSE: Final = 2.0
"""Seconds between two writes: what a kill -9 loses."""
PURGED: Final = 5000
log = logging.getLogger(__name__)


class Traces:
    """Those of one process. `queries` None: the server keeps no history."""

    def __init__(self, uses: UseCounts, queries: QueryLog | None) -> None:
        self._uses = uses
        self._queries = queries

    def asked(self, handle: GraphHandle, query_id: str, actor: int, record: QueryRecord) -> None:
        """A graph was asked."""
        if self._queries is not None:
            self._queries.add(handle, query_id, datetime.now(UTC), actor, record)

    def used(self, handle: GraphHandle, ids: Collection[str]) -> None:
        """A recall returned these memories."""
        self._uses.add(handle, ids, datetime.now(UTC))

    async def run(self) -> None:
        """Writes what has come, every few seconds, until cancelled. Whatever stops it, it is tried again."""
        failed = ""
        while True:
            await asyncio.sleep(PAUSE)
            try:
                await self.flush()
                failed = ""
            except Exception as error:  # of which the message may hold content
                if failed != type(error).__name__:
                    failed = type(error).__name__
                    log.warning("uses and queries cannot be written: %s; it will be tried again", failed)

    async def flush(self) -> None:
        """Writes what waits; a few statements for all graphs together."""
        buffers: Sequence[UseCounts | QueryLog] = [self._uses, *([self._queries] if self._queries else [])]
        failures = [
            result
            for result in await asyncio.gather(*(buffer.flush() for buffer in buffers), return_exceptions=True)
            if isinstance(result, BaseException)
        ]
        if failures:
            raise failures[0]


class Retention:
    """Removes what was asked long ago. `age` None: never."""

    def __init__(self, queries: Queries, age: timedelta | None) -> None:
        self._queries = queries
        self._age = age

    async def purge(self) -> bool:
        """A step. True if there may be more to do."""
        if self._age is None:
            return False
        return await self._queries.purge(datetime.now(UTC) - self._age, PURGED) >= PURGED
