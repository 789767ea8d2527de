"""Hints that a graph has new commits, from process to process: NOTIFY after the commit, many graphs in one.

A lost hint costs time only, up to the next poll.
"""

import asyncio
import contextlib
import logging
import re
from collections.abc import Sequence
from typing import Protocol

import asyncpg

from loci_server.errors import Unavailable
from loci_server.store.handles import GraphHandle
from loci_server.store.log import Log
from loci_server.store.pool import CONNECTION_ERRORS

CHANNEL = "loci_commits"
PER_MESSAGE = 180
"""Graphs in one notification, at most 41 bytes each; its payload must stay below 8,000 bytes."""
KEYS = re.compile(r"(\d{1,19})/(\d{1,19})")
PAUSE = 0.001
"""Seconds between two notifications at the least: what commits meanwhile shares the next one."""
RECONNECT = 1.0
log = logging.getLogger(__name__)

Key = tuple[int, int]
"""Of a tenant, and of a graph."""


class Sleeper(Protocol):
    """Who wants to be woken when there are commits."""

    def wake(self, keys: Sequence[Key], /) -> None:
        """These graphs have new commits, it is said."""

    def wake_all(self) -> None:
        """Hints may have been missed."""


class Hints:
    """Tells the other processes of commits, and this one of theirs."""

    def __init__(self, source: Log, sleepers: Sequence[Sleeper]) -> None:
        self._source = source
        self._sleepers = sleepers
        self._graphs: set[Key] = set()
        self._pending = asyncio.Event()

    def committed(self, handle: GraphHandle) -> None:
        """A commit to this graph is done: called after it, in this process."""
        key = handle.tenant_key, handle.graph_key
        self._heard((key,))
        self._graphs.add(key)
        self._pending.set()

    async def tell(self) -> None:
        """Sends notifications until cancelled."""
        while True:
            await self._pending.wait()
            self._pending.clear()
            graphs, self._graphs = [*self._graphs], set()
            with contextlib.suppress(Unavailable, asyncpg.PostgresError):
                for start in range(0, len(graphs), PER_MESSAGE):
                    part = graphs[start : start + PER_MESSAGE]
                    await self._source.notify(CHANNEL, ",".join(f"{tenant}/{graph}" for tenant, graph in part))
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
            for sleeper in self._sleepers:  # hints may have been missed
                sleeper.wake_all()
            await lost.wait()
        finally:
            connection.terminate()

    def _heard(self, keys: Sequence[Key]) -> None:
        for sleeper in self._sleepers:
            sleeper.wake(keys)

    def _notified(self, connection: object, pid: int, channel: str, payload: object) -> None:
        self._heard([(int(tenant), int(graph)) for tenant, graph in KEYS.findall(str(payload))])
