"""Hints that a graph has new commits, from process to process: NOTIFY after the commit, many graphs in one.

A lost hint costs time only, up to the next poll.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable

import asyncpg

from loci_server.errors import Unavailable
from loci_server.store.log import Log
from loci_server.store.pool import CONNECTION_ERRORS

CHANNEL = "loci_commits"
PER_MESSAGE = 400
"""Graph keys in one notification; its payload must stay below 8,000 bytes."""
PAUSE = 0.001
"""Seconds between two notifications at the least: what commits meanwhile shares the next one."""
RECONNECT = 1.0
log = logging.getLogger(__name__)


class Hints:
    """Tells the other processes of commits, and this one of theirs."""

    def __init__(self, source: Log, heard: Callable[[Iterable[int]], None], missed: Callable[[], None]) -> None:
        self._source = source
        self._heard = heard
        self._missed = missed
        self._graphs: set[int] = set()
        self._pending = asyncio.Event()

    def committed(self, graph_key: int) -> None:
        """A commit to this graph is done: called after it, in this process."""
        self._heard((graph_key,))
        self._graphs.add(graph_key)
        self._pending.set()

    async def tell(self) -> None:
        """Sends notifications until cancelled."""
        while True:
            await self._pending.wait()
            self._pending.clear()
            graphs, self._graphs = [*self._graphs], set()
            with contextlib.suppress(Unavailable, asyncpg.PostgresError):
                for start in range(0, len(graphs), PER_MESSAGE):
                    await self._source.notify(CHANNEL, ",".join(map(str, graphs[start : start + PER_MESSAGE])))
            await asyncio.sleep(PAUSE)

    async def listen(self, url: str) -> None:
        """Listens until cancelled, on a connection of its own, which is made again whenever it is lost."""
        while True:
            try:
                await self._listen_once(url)
                log.info("the connection for hints is lost; it is made again")
            except (*CONNECTION_ERRORS, asyncpg.PostgresError):
                log.info("no connection for hints; the log is polled")
            await asyncio.sleep(RECONNECT)

    async def _listen_once(self, url: str) -> None:
        lost = asyncio.Event()
        connection = await asyncpg.connect(url, timeout=10, server_settings={"application_name": "loci hints"})
        try:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(CHANNEL, self._notified)
            self._missed()
            await lost.wait()
        finally:
            connection.terminate()

    def _notified(self, connection: object, pid: int, channel: str, payload: object) -> None:
        keys = str(payload).split(",")
        self._heard([int(key) for key in keys if key.isdecimal() and len(key) < 20])
