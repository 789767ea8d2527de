"""What metrics tell of the background work of all processes: how much waits, and how far re-embedding is."""

import asyncio
import logging
from typing import Final

import asyncpg

from loci_server.errors import Unavailable
from loci_server.store.jobs import JobKind, Jobs
from loci_server.store.reembedding import Reembedding
from loci_server.telemetry.metrics import Instruments

EVERY: Final = 15.0
"""Seconds between two looks."""
NAMES: Final = {JobKind.CHANGE: "reembed", JobKind.LATE: "reembed_late"}
"""As runs of the job are called, where the kind has another name."""
log = logging.getLogger(__name__)


class Gauges:
    """Looks at the database now and then. Each process tells the same."""

    def __init__(self, jobs: Jobs, reembedding: Reembedding, instruments: Instruments) -> None:
        self._jobs = jobs
        self._reembedding = reembedding
        self._instruments = instruments

    async def run(self) -> None:
        """Until cancelled. While the database is away, the last figures stand."""
        failed = False
        while True:
            try:
                await self.look()
                failed = False
            except (Unavailable, asyncpg.PostgresError) as error:
                if not failed:
                    log.warning("the background work is not measured: %s", type(error).__name__)
                failed = True
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        waiting = await self._jobs.backlog()
        for kind in JobKind:
            self._instruments.jobs_pending(NAMES.get(kind, kind.name.lower()), waiting.get(kind, 0))
        progress = await self._reembedding.progress()
        self._instruments.reembedding(progress.graphs, progress.failing, progress.done, progress.total)
