"""Keeps this process known to the other servers on its database, and its model known to be in use."""

import asyncio
import logging
from collections.abc import Callable

import asyncpg

from loci_server.embedding import Embedders
from loci_server.errors import Unavailable
from loci_server.store.servers import ANNOUNCE_SECONDS, Servers

log = logging.getLogger(__name__)


class Presence:
    """`servers` None: this process has no embedder, and nothing to say. `changed` is called when graphs are brought to
    another model than before."""

    def __init__(self, embedders: Embedders, servers: Servers | None, changed: Callable[[], None]) -> None:
        self._embedders = embedders
        self._servers = servers
        self._changed = changed

    async def arrive(self) -> None:
        """Before this process works. Raises DatabaseUnavailable."""
        if self._servers is None:
            return
        target = await self._servers.announce()
        if target != self._embedders.target:
            log.info("servers with another embedder are up; graphs keep their model until these are gone")
            self._embedders.target = target

    async def run(self) -> None:
        """Until cancelled."""
        if self._servers is None:
            await asyncio.Event().wait()
            return
        while True:
            await asyncio.sleep(ANNOUNCE_SECONDS)
            try:
                target = await self._servers.announce()
            except (Unavailable, asyncpg.PostgresError):
                continue  # health tells of it
            if target != self._embedders.target:
                log.info("graphs are brought to another embedding model from now on")
                self._embedders.target = target
                self._changed()

    async def leave(self) -> None:
        """Raises DatabaseUnavailable."""
        if self._servers is not None:
            await self._servers.leave()
