"""Graphs take turns at the background work, so that the backlog of one does not hold up the others."""

from loci_server.store.jobs import Job, JobKind, Jobs


class Turns:
    """Claims due jobs of one kind: at most `limit` of each of the next `graphs` graphs, for `lease` seconds."""

    def __init__(self, jobs: Jobs, kind: JobKind, lease: float, *, graphs: int, limit: int) -> None:
        self._jobs = jobs
        self._kind = kind
        self._lease = lease
        self._graphs = graphs
        self._limit = limit
        self._last = 0

    async def claim(self) -> list[Job]:
        """What is due in the graphs behind those of the last call; from the first one again when there is no more."""
        claimed = await self._claim_behind(self._last)
        if not claimed and self._last:
            claimed = await self._claim_behind(0)
        self._last = max((job.graph_key for job in claimed), default=0)
        return claimed

    async def _claim_behind(self, graph_key: int) -> list[Job]:
        return await self._jobs.claim(self._kind, self._lease, self._graphs, self._limit, graph_key)
