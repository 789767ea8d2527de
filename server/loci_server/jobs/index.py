"""The job that brings the vectors of large graphs into an index (migrations/0011_vectors.sql)."""

import asyncio
import time

from loci_server.jobs.turns import Turns
from loci_server.store.jobs import JobKind, Jobs

LEASE = 60.0
STEP = 64
"""Vectors of one transaction. Some milliseconds each, and a commit that rewrites one of them waits for all."""
TURN_SECONDS = 10.0
"""After which the next graph gets its turn."""


class IndexJob:
    """Looks at one graph at a time that has got new vectors. `least`: how many it must have more than.

    It rests for as long as it works, so that searches and writes find the database half idle at least.
    """

    def __init__(self, jobs: Jobs, least: int) -> None:
        self._jobs = jobs
        self._least = least
        self._turns = Turns(jobs, JobKind.INDEX, LEASE, graphs=1, limit=1)

    async def run_once(self) -> bool:
        """Works on one graph for a turn. True if there was one."""
        claimed = await self._turns.claim()
        for job in claimed:
            begun = step = time.monotonic()
            while await self._jobs.index_vectors(job, self._least, STEP):
                now = time.monotonic()
                if now - begun > TURN_SECONDS:
                    await self._jobs.postpone(JobKind.INDEX, job.tenant_key, job.graph_key, [job.subject], 0.0)
                    break
                await asyncio.sleep(now - step)
                step = time.monotonic()
            else:
                await self._jobs.finish_claimed(JobKind.INDEX, job)
        return bool(claimed)
