"""The job that keeps the lexical index of a graph in order: it moves the tail into segments, and takes documents that
were replaced or removed out of them."""

from loci_server.jobs.turns import Turns
from loci_server.store.jobs import Job, JobKind, Jobs

LEASE = 300.0
STEP = 5000
"""Documents moved in one transaction."""
PURGED = 10_000
"""Dead documents that are taken out in one walk over the segments."""
ROWS = 2000
"""Rows of segments looked at in one transaction."""
ALL_DEAD = 1
"""The subject of a job that waits for no number of dead documents: something was hard-deleted."""


class MergeJob:
    """Looks after one graph at a time."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._turns = Turns(jobs, JobKind.MERGE, LEASE, graphs=1, limit=1)

    async def run_once(self) -> bool:
        """Looks after one graph. True if there was one."""
        claimed = await self._turns.claim()
        for job in claimed:
            while await self._jobs.merge_tail(job.tenant_key, job.graph_key, STEP):
                pass
            await self._purge(job)
            await self._jobs.finish_claimed(JobKind.MERGE, job)
        return bool(claimed)

    async def _purge(self, job: Job) -> None:
        asked = job.subject == ALL_DEAD
        while dead := await self._jobs.lexical_burden(job.tenant_key, job.graph_key, asked, PURGED):
            after: int | None = None
            while (after := await self._jobs.purge_dead(job.tenant_key, job.graph_key, dead, after, ROWS)) is not None:
                pass
