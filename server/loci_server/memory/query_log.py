"""What was asked, sealed at once, kept in the process for a moment and written together."""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from loci.v1.query_history_pb2 import QueryRecord
from loci_server.store.handles import GraphHandle
from loci_server.store.places import CONTENT, QUERY
from loci_server.store.queries import Queries, QueryRow

MAX_WAITING_BYTES: Final = 32 * 1024 * 1024
"""What comes beyond is not kept."""
MAX_BYTES_OF_TENANT: Final = 8 * 1024 * 1024
OVERHEAD: Final = 200
"""Bytes that a waiting query takes beside its content."""
MAX_RECORD_BYTES: Final = 16 * 1024
"""Of a query with its filter; of a larger one the filter is left out."""
BATCH: Final = 1000
"""Queries of one statement."""
log = logging.getLogger(__name__)


class QueryLog:
    """Those of one process."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries
        self._waiting: dict[tuple[int, str], QueryRow] = {}
        self._written: dict[tuple[int, str], QueryRow] = {}
        """Those that are being written."""
        self._bytes = 0
        self._of_tenant: Counter[int] = Counter()
        self._lost = 0
        self._flushing = asyncio.Lock()

    def add(self, handle: GraphHandle, query_id: str, time: datetime, actor: int, record: QueryRecord) -> None:
        """`record` has what is to be sealed: no name, time and key."""
        if record.ByteSize() > MAX_RECORD_BYTES:
            record.ClearField("filter")
            record.filter_omitted = True
        content = handle.sealer.seal(QUERY, query_id.encode(), CONTENT, record.SerializeToString())
        self._keep(QueryRow(handle.tenant_key, handle.graph_key, query_id, time, actor, content))

    async def find(self, handle: GraphHandle, query_id: str) -> QueryRecord | None:
        """What is known of a query of a graph, written or waiting. Raises ContentUnreadable."""
        key = handle.graph_key, query_id
        waiting = self._waiting.get(key) or self._written.get(key)
        if waiting is not None:
            return opened(handle, query_id, waiting.content)
        row = await self._queries.find(handle, query_id)
        return None if row is None else opened(handle, query_id, row["content"])

    async def kept(self, handle: GraphHandle) -> bool:
        """Whether the graph keeps a history."""
        return await self._queries.kept(handle)

    async def flush(self) -> None:
        """Writes what waits. What cannot be written now goes on waiting."""
        async with self._flushing:
            self._written, self._waiting = self._waiting, {}
            waiting = list(self._written.values())
            self._bytes = 0
            self._of_tenant.clear()
            self._tell_lost()
            done = 0
            try:
                while done < len(waiting):
                    batch: Sequence[QueryRow] = waiting[done : done + BATCH]
                    await self._queries.record(batch)
                    done += len(batch)
            finally:
                for row in waiting[done:]:
                    self._keep(row)
                self._written = {}

    def _keep(self, row: QueryRow) -> None:
        size = len(row.content) + OVERHEAD
        if self._bytes + size > MAX_WAITING_BYTES or self._of_tenant[row.tenant_key] + size > MAX_BYTES_OF_TENANT:
            self._lost += 1
            return
        self._waiting[row.graph_key, row.query_id] = row
        self._bytes += size
        self._of_tenant[row.tenant_key] += size

    def _tell_lost(self) -> None:
        if self._lost:
            log.warning("%d queries are not in the history: too many were waiting to be written", self._lost)
            self._lost = 0


def opened(handle: GraphHandle, query_id: str, content: bytes) -> QueryRecord:
    """Raises ContentUnreadable."""
    return QueryRecord.FromString(handle.sealer.open(QUERY, query_id.encode(), CONTENT, content))
