"""A call that ends early takes its SQL with it."""

import asyncio
import contextlib

import asyncpg
import pytest

from loci_server.bootstrap import Unobserved
from loci_server.errors import DatabaseUnavailable
from loci_server.store.pool import Database, connect

SLEEP = "SELECT pg_sleep(60)"


async def running(connection: "asyncpg.Connection[asyncpg.Record]") -> int:
    count: int = await connection.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = $1", SLEEP
    )
    return count


async def until(connection: "asyncpg.Connection[asyncpg.Record]", count: int) -> None:
    async with asyncio.timeout(10):
        while await running(connection) != count:  # noqa: ASYNC110 - only polling tells what another process does
            await asyncio.sleep(0.02)


@pytest.fixture
async def database(database_url: str) -> Database:
    return await connect(database_url, size=2, pooler="none", observer=Unobserved())


async def test_an_expired_deadline_cancels_the_statement(database: Database, database_url: str) -> None:
    watcher = await asyncpg.connect(database_url)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await database.pool.fetch(SLEEP)
    await until(watcher, 0)
    await watcher.close()
    await database.close()


async def test_a_cancelled_call_cancels_the_statement_and_frees_its_connection(
    database: Database, database_url: str
) -> None:
    watcher = await asyncpg.connect(database_url)
    calls = [asyncio.create_task(database.fetch("sleep", SLEEP)) for _ in range(2)]
    await until(watcher, 2)
    for call in calls:
        call.cancel()
    for call in calls:
        with contextlib.suppress(asyncio.CancelledError):
            await call
    await until(watcher, 0)
    await database.ping()
    await watcher.close()
    await database.close()


async def test_a_server_that_stands_still_in_a_transaction_holds_up_nobody_for_ever(database_url: str) -> None:
    key = 4711
    database = await connect(database_url, size=1, pooler="none", observer=Unobserved(), statement_timeout=0.5)
    watcher = await asyncpg.connect(database_url)
    held, over = asyncio.Event(), asyncio.Event()

    async def stand_still() -> None:
        async with database.transaction(None) as transaction:
            await transaction.fetch("hold", "SELECT pg_advisory_xact_lock($1)", key)
            held.set()
            await over.wait()
            await transaction.fetch("go on", "SELECT 1")

    standing = asyncio.create_task(stand_still())
    try:
        await held.wait()
        async with asyncio.timeout(10):
            await watcher.execute("SELECT pg_advisory_lock($1)", key)
        over.set()
        with pytest.raises(DatabaseUnavailable):
            await standing
        await database.ping()
    finally:
        standing.cancel()
        await watcher.close()
        await database.close()
