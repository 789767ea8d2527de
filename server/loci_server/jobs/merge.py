"""The job that moves the lexical tail of a graph into segments."""

from loci_server.jobs.turns import Turns
from loci_server.store.jobs import JobKind, Jobs

LEASE = 300.0
STEP = 5000
"""Documents moved in one transaction."""


class MergeJob:
    """Merges the tail of one graph at a time."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._turns = Turns(jobs, JobKind.MERGE, LEASE, graphs=1, limit=1)

    async def run_once(self) -> bool:
        """Merges one graph. True if there was one."""
        claimed = await self._turns.claim()
        for job in claimed:
            while await self._jobs.merge_tail(job.tenant_key, job.graph_key, STEP):
                pass
            await self._jobs.finish_merge(job.tenant_key, job.graph_key)
        return bool(claimed)
