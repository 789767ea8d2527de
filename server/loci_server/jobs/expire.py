"""The job that hard-deletes nodes whose time is over. No read finds them meanwhile (policy `living` of loci.nodes)."""

import logging

from loci_server.errors import ContentUnreadable, GraphNotFound, KeyServiceUnavailable, WriteContention
from loci_server.jobs.turns import Turns
from loci_server.store.handles import Handles
from loci_server.store.jobs import JobKind, Jobs
from loci_server.writing.writer import Writer

LEASE = 60.0
STEPS = 20
"""Commits after which the next graph gets its turn."""
DELETED_SECONDS = 3600.0
"""Until a graph that is deleted, but may come back, is looked at again."""
CLOSED_SECONDS = 300.0
"""The same of one whose keys do not open now."""
log = logging.getLogger(__name__)


class ExpireJob:
    """Works on one graph at a time in which something has expired."""

    def __init__(self, jobs: Jobs, handles: Handles, writer: Writer) -> None:
        self._jobs = jobs
        self._handles = handles
        self._writer = writer
        self._turns = Turns(jobs, JobKind.EXPIRE, LEASE, graphs=1, limit=1)

    async def run_once(self) -> bool:
        """Works on one graph. True if there was one. One whose keys do not open is put off alone."""
        claimed = await self._turns.claim()
        for job in claimed:
            key = job.tenant_key, job.graph_key
            graph = await self._jobs.graph_id(*key)
            try:
                if graph is None:
                    await self._jobs.put_off_deleted(JobKind.EXPIRE, *key, [job.subject], DELETED_SECONDS)
                    continue
                for _ in range(STEPS):
                    if not await self._writer.expire(await self._handles.get(job.tenant_key, graph)):
                        break
            except (ContentUnreadable, KeyServiceUnavailable) as error:
                log.warning("what has expired in a graph is not removed now: %s", error.reason_name())
                await self._jobs.postpone(JobKind.EXPIRE, *key, [job.subject], CLOSED_SECONDS)
                continue
            except (GraphNotFound, WriteContention):
                pass  # deleted meanwhile
            await self._jobs.await_expiry(job)
        return bool(claimed)
