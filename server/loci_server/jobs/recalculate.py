"""The job that computes the salience of a graph's nodes and stores it, so that filters can compare it.

It counts time up to the moment for which it was asked and looks at nothing that was stored before, so that it comes to
the same however often it runs, and wherever it was interrupted.
"""

import asyncio
import time

from loci_server.domain.salience import HalfLives, salience
from loci_server.jobs.turns import Turns
from loci_server.store.jobs import Job, JobKind, Jobs
from loci_server.store.uses import NodeUses, Standing, Stretch

LEASE = 60.0
STEP = 1000
"""Nodes of one transaction."""
TURN_SECONDS = 5.0
"""After which the next graph gets its turn."""
DELETED_PAUSE = 3600.0
DIGITS = 4
"""To which a salience is stored: what is less is not worth a row that is written anew."""


class RecalculateJob:
    """Works on one graph at a time."""

    def __init__(self, jobs: Jobs, uses: NodeUses, half_lives: HalfLives) -> None:
        self._jobs = jobs
        self._uses = uses
        self._half_lives = half_lives
        self._turns = Turns(jobs, JobKind.RECALCULATE, LEASE, graphs=1, limit=1)

    async def run_once(self) -> bool:
        """Works on one graph for a turn. True if there was one."""
        claimed = await self._turns.claim()
        for job in claimed:
            where = job.tenant_key, job.graph_key
            if await self._jobs.graph_id(*where) is None:
                await self._jobs.put_off_deleted(JobKind.RECALCULATE, *where, [job.subject], DELETED_PAUSE)
                continue
            begun = time.monotonic()
            while await self._step(job):
                if time.monotonic() - begun > TURN_SECONDS:
                    await self._jobs.postpone(JobKind.RECALCULATE, *where, [job.subject], 0.0)
                    break
                await asyncio.sleep(0)
            else:
                await self._jobs.finish_claimed(JobKind.RECALCULATE, job)
        return bool(claimed)

    async def _step(self, job: Job) -> bool:
        """True if there may be more to do."""
        stretch = await self._uses.stretch(job, STEP)
        if stretch is None:
            return False
        stored = await self._uses.store(job, stretch, [self._of(node, stretch) for node in stretch.nodes])
        return stored and bool(stretch.nodes)

    def _of(self, node: Standing, stretch: Stretch) -> float:
        parts = salience(node.importance, node.said, node.uses, stretch.time, self._half_lives.of(node.type))
        value = round(parts.value, DIGITS)
        return node.importance if value == round(node.importance, DIGITS) else value
