"""A graph whose keys do not open holds up no other: its work is put off alone."""

from collections.abc import Callable

import pytest

from loci_server.errors import ContentUnreadable, KeyServiceUnavailable, LociError
from loci_server.jobs.expire import CLOSED_SECONDS, ExpireJob
from loci_server.store.jobs import Job, JobKind


class Shelf:
    """Jobs of two graphs; the keys of the first do not open."""

    def __init__(self, error: Callable[[], LociError]) -> None:
        self.error = error
        self.due = [Job(1, 1, 0, 0), Job(2, 2, 0, 0)]
        self.postponed: list[tuple[int, float]] = []
        self.expired: list[str] = []
        self.awaited: list[int] = []

    async def claim(self, kind: JobKind, lease: float, graphs: int, limit: int, after: int) -> list[Job]:
        return [self.due.pop(0)] if self.due else []

    async def graph_id(self, tenant_key: int, graph_key: int) -> str:
        return f"g{graph_key}"

    async def get(self, tenant_key: int, graph_id: str) -> str:
        if graph_id == "g1":
            raise self.error()
        return graph_id

    async def expire(self, handle: str) -> bool:
        self.expired.append(handle)
        return False

    async def postpone(self, kind: JobKind, tenant: int, graph: int, subjects: list[int], seconds: float) -> None:
        self.postponed.append((graph, seconds))

    async def await_expiry(self, job: Job) -> None:
        self.awaited.append(job.graph_key)


@pytest.mark.parametrize(
    "error",
    [
        lambda: ContentUnreadable(detail="its key is gone"),
        lambda: KeyServiceUnavailable(detail="it is sealed.", retry_after=1.0),
    ],
    ids=["gone", "away"],
)
async def test_what_has_expired_elsewhere_is_removed(error: Callable[[], LociError]) -> None:
    shelf = Shelf(error)
    job = ExpireJob(shelf, shelf, shelf)  # type: ignore[arg-type]  # it stands for all three
    assert await job.run_once()
    assert await job.run_once()
    assert shelf.postponed == [(1, CLOSED_SECONDS)]
    assert shelf.expired == ["g2"]
    assert shelf.awaited == [2], "that of the graph that is closed stays"
