"""Numbers for documents and images: unique in the installation, ascending within a process."""

import asyncio

from loci_server.store.pool import Database

BLOCK = 1000


class Numbers:
    """Takes numbers from the database's sequence in blocks of 1,000, so that a write rarely waits for one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._next = 0
        self._end = 0
        self._lock = asyncio.Lock()

    async def take(self, count: int) -> list[int]:
        if self._end - self._next < count:
            async with self._lock:
                return await self._refilled(count)
        return self._cut(count)

    async def _refilled(self, count: int) -> list[int]:
        taken = self._cut(min(count, self._end - self._next))
        while (missing := count - len(taken)) > 0:
            blocks = (missing + BLOCK - 1) // BLOCK
            rows = await self._database.fetch(
                "take_numbers",
                "SELECT nextval('loci.document_numbers') AS first FROM generate_series(1, $1)",
                blocks,
            )
            starts = [row["first"] for row in rows]
            for first in starts[:-1]:
                taken.extend(range(first, first + min(BLOCK, count - len(taken))))
            self._next, self._end = starts[-1], starts[-1] + BLOCK
            taken.extend(self._cut(count - len(taken)))
        return taken

    def _cut(self, count: int) -> list[int]:
        first = self._next
        self._next += count
        return list(range(first, first + count))
