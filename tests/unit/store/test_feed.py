"""However many read all graphs of their tenants: they leave the database to others, and no tenant keeps one waiting."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Any, cast

from loci_server.store.feed import READS, READS_OF_A_TENANT, Feed, Witness
from loci_server.store.pool import Database

SEEN = Witness(1, 1, datetime(2026, 5, 3, tzinfo=UTC))


class Slow:
    """A database whose answers wait until they are let go."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.running: Counter[int] = Counter()

    async def fetch(self, name: str, sql: str, tenant_key: int, *arguments: object) -> Any:
        self.running[tenant_key] += 1
        await self.go.wait()
        self.running[tenant_key] -= 1
        return [{"holds": True}]


async def settled() -> None:
    """Whoever can go on has."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_the_readers_of_one_tenant_do_not_keep_those_of_another_waiting() -> None:
    database = Slow()
    feed = Feed(cast(Database, database))
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        for _ in range(50):
            group.create_task(feed.holds(1, SEEN))
        await settled()
        assert database.running == {1: READS_OF_A_TENANT}
        group.create_task(feed.holds(2, SEEN))
        await settled()
        assert database.running == {1: READS_OF_A_TENANT, 2: 1}
        database.go.set()


async def test_all_readers_together_have_a_bound_and_all_get_their_turn() -> None:
    database = Slow()
    feed = Feed(cast(Database, database))
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        reads = [group.create_task(feed.holds(tenant, SEEN)) for tenant in range(20) for _ in range(3)]
        await settled()
        assert database.running.total() == READS
        assert max(database.running.values()) <= READS_OF_A_TENANT
        database.go.set()
    assert all(read.result() for read in reads)
    assert database.running.total() == 0


async def test_a_reader_that_gives_up_leaves_its_room() -> None:
    database = Slow()
    feed = Feed(cast(Database, database))
    waiting = [asyncio.create_task(feed.holds(1, SEEN)) for _ in range(5)]
    await settled()
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    database.go.set()
    async with asyncio.timeout(10):
        assert await feed.holds(1, SEEN)
