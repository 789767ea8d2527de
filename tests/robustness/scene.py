"""Where faults strike: one server, its database, one graph, and the proxies that its clients come through."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from tests.postgres import children
from tests.robustness.compaction import compact
from tests.robustness.history import Compaction, History
from tests.robustness.proxy import Proxy
from tests.robustness.recorder import now
from tests.server import RunningServer
from tests.waiting import eventually

PATIENCE = 90.0
"""Seconds for what must happen in the end, on a slow machine."""


@dataclass
class Scene:
    """What a fault may touch."""

    server: RunningServer
    database: str
    """URL of a superuser."""
    history: History
    calls: Proxy
    watches: Proxy
    random: random.Random
    witnessed: Callable[[], int] = lambda: 0
    """Up to which revision those who see all have been told."""
    burst: Callable[[int], Awaitable[None]] | None = None
    """Writes much at once, in so many commits."""
    vast: Callable[[], Awaitable[None]] | None = None
    """Makes a commit of so many changes that it is told in pieces, in the first graph beside."""
    struck: Counter[str] = field(default_factory=Counter)
    """How often each fault did."""

    @property
    def graph(self) -> str:
        return self.history.graph

    def workers(self) -> list[int]:
        """The processes of a server with several workers; they are in process groups of their own."""
        assert self.server.process is not None
        started = children(self.server.process.pid)
        return [child for child in started if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]

    def processes(self) -> list[int]:
        """All processes of the server."""
        assert self.server.process is not None
        return [self.server.process.pid, *self.workers()]

    async def kill_server(self) -> None:
        """kill -9, with all of its workers: first it is stopped, so that it starts no others meanwhile."""
        assert self.server.process is not None
        supervisor = self.server.process.pid
        os.kill(supervisor, signal.SIGSTOP)
        for worker in children(supervisor):
            os.kill(worker, signal.SIGKILL)
        await self.server.kill()
        self.struck["server killed"] += 1

    async def start_server(self) -> None:
        await self.server.start()

    async def revision(self) -> int:
        """Of the graph, as the database has it."""
        async with self.connected() as connection:
            found: int = await connection.fetchval("SELECT revision FROM loci.graphs WHERE graph_id = $1", self.graph)
            return found

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection of the superuser."""
        connection = await asyncpg.connect(self.database, timeout=30)
        try:
            yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def held_graph(self) -> AsyncIterator[asyncpg.Connection]:
        """While the row of the graph is locked: commits to it wait, with all but their last step done."""
        async with self.connected() as connection:
            transaction = connection.transaction()
            await transaction.start()
            try:
                await connection.execute("SELECT FROM loci.graphs WHERE graph_id = $1 FOR UPDATE", self.graph)
                yield connection
            finally:
                await transaction.rollback()

    async def compact(self, revision: int) -> None:
        """Ends the log at a revision."""
        compaction = Compaction(now(), revision)
        self.history.compactions.append(compaction)
        await compact(self.database, self.graph, revision)
        compaction.ended = now()

    async def recovered(self, writes: int = 10) -> None:
        """Until the writers have got on."""
        wanted = self.history.acknowledged + writes

        async def so() -> bool:
            return self.history.acknowledged >= wanted

        await eventually(so, within=PATIENCE)

    async def rest(self, seconds: float = 0.5) -> None:
        """Lets traffic go on between faults."""
        await asyncio.sleep(self.random.uniform(0, 2 * seconds))
