"""A query that is on its way into the history is waited for, with few looks, and no caller can make that long."""

import asyncio
from dataclasses import dataclass, field
from math import inf
from typing import cast
from uuid import UUID

import pytest

from loci.v1.query_history_pb2 import QueryRecord
from loci_server.errors import DeadlineExceeded, QueryNotFound, TooManyAwaited
from loci_server.memory.asked import WAITING_OF_A_TENANT, WRITTEN, AskedQueries
from loci_server.store.handles import GraphHandle

NOW = 1_700_000_000.0


@dataclass
class Graph:
    tenant_key: int = 1
    name: str = "graphs/g"


@dataclass
class History:
    """One in which a query appears at a look; and its time, that passes by sleeping."""

    appears_at: int = 0
    keeps: bool = True
    looks: int = 0
    asked_kept: int = 0
    slept: list[float] = field(default_factory=list)

    async def find(self, handle: object, query_id: str) -> QueryRecord | None:
        self.looks += 1
        return QueryRecord(query="kettle") if self.looks == self.appears_at else None

    async def kept(self, handle: object) -> bool:
        self.asked_kept += 1
        return self.keeps

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def queries(self) -> AskedQueries:
        return AskedQueries(self, lambda: NOW + sum(self.slept), self.sleep)  # type: ignore[arg-type]  # it stands for the query log


def asked(before: float) -> str:
    """The id of a query that was asked so many seconds ago."""
    return str(UUID(int=int((NOW - before) * 1000) << 80 | 7 << 76 | 2 << 62))


def graph(tenant: int = 1) -> GraphHandle:
    return cast(GraphHandle, Graph(tenant))


@pytest.mark.parametrize("ahead", [1.1, 5.5, 60.0, 1e9])
async def test_one_of_the_future_is_not_waited_for(ahead: float) -> None:
    history = History()
    with pytest.raises(QueryNotFound):
        await history.queries().find(graph(), asked(-ahead), inf)
    assert (history.slept, history.looks, history.asked_kept) == ([], 1, 1)


async def test_one_that_should_stand_there_is_not_waited_for() -> None:
    history = History()
    with pytest.raises(QueryNotFound):
        await history.queries().find(graph(), asked(WRITTEN), inf)
    assert (history.slept, history.looks, history.asked_kept) == ([], 1, 1)


@pytest.mark.parametrize(("before", "seconds"), [(0.0, 6.0), (-0.9, 6.9), (4.0, 2.0)])
async def test_one_that_does_not_appear_costs_a_few_looks(before: float, seconds: float) -> None:
    history = History()
    with pytest.raises(QueryNotFound):
        await history.queries().find(graph(), asked(before), inf)
    assert sum(history.slept) == pytest.approx(seconds, abs=0.01)
    assert history.slept[:3] == [0.25, 0.5, 1.0]
    assert history.looks <= 8
    assert history.asked_kept == 1


async def test_one_that_appears_is_found_at_the_next_look() -> None:
    history = History(appears_at=3)
    found = await history.queries().find(graph(), asked(0.1), inf)
    assert found is not None
    assert (found.query, history.slept) == ("kettle", [0.25, 0.5])


async def test_where_no_history_is_kept_nothing_is_waited_for() -> None:
    history = History(keeps=False)
    assert await history.queries().find(graph(), asked(0.1), inf) is None
    assert (history.slept, history.looks) == ([], 1)


@pytest.mark.parametrize("seconds", [1.0, 0.1, -1.0])
async def test_nothing_is_waited_for_beyond_the_deadline_of_the_call(seconds: float) -> None:
    history = History()
    with pytest.raises(DeadlineExceeded):
        await history.queries().find(graph(), asked(0.0), asyncio.get_running_loop().time() + seconds)
    assert sum(history.slept) <= max(0.0, seconds)


async def test_few_calls_of_a_tenant_wait_and_the_others_are_told_when_to_try_again() -> None:
    history, woken, asleep = History(), asyncio.Event(), asyncio.Semaphore(0)

    async def sleep(seconds: float) -> None:
        asleep.release()
        await woken.wait()

    queries = AskedQueries(history, lambda: NOW, sleep)  # type: ignore[arg-type]  # it stands for the query log
    waiting = [asyncio.create_task(queries.find(graph(), asked(0.0), inf)) for _ in range(WAITING_OF_A_TENANT)]
    for _ in waiting:
        await asleep.acquire()
    with pytest.raises(TooManyAwaited, match="per tenant") as refused:
        await queries.find(graph(), asked(0.0), inf)
    assert refused.value.retry_after
    with pytest.raises(QueryNotFound):
        await queries.find(graph(), asked(WRITTEN), inf)
    waiting.append(asyncio.create_task(queries.find(graph(tenant=2), asked(0.0), inf)))
    await asleep.acquire()
    waiting[0].cancel()
    await asyncio.wait(waiting[:1])
    waiting[0] = asyncio.create_task(queries.find(graph(), asked(0.0), inf))
    await asleep.acquire()
    woken.set()
    ended = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(one) for one in ended] == [QueryNotFound] * len(waiting)
