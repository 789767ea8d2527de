"""A claim takes one piece of work and leaves the rest to others, whatever PostgreSQL believes of the tables and plans.

A table that had one row when it was last analyzed is read from the start for each row that could be claimed.
"""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from loci_server.bootstrap import Unobserved
from loci_server.store.erasures import Erasures
from loci_server.store.jobs import JobKind, Jobs
from loci_server.store.key_rotations import KeyRotations
from loci_server.store.pool import Database, connect

COUNT = 5
FURNITURE = (
    "INSERT INTO loci.key_rotations (tenant_key, graph_key, state) SELECT 1, n, 1 FROM generate_series($1::int, $2) n",
    "INSERT INTO loci.erasures (erasure_id, tenant_key, tenant_id, graph_key, graph_id, actor, state)"
    " SELECT gen_random_uuid(), 1, 't', n, 'g', 'a', 1 FROM generate_series($1::int, $2) n",
    "INSERT INTO loci.jobs (tenant_key, graph_key, kind, subject)"
    f" SELECT 1, n, {JobKind.EMBED:d}, s FROM generate_series($1::int, $2) n, generate_series($1, $2) s",
)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    connection = await asyncpg.connect(database_url)
    try:
        for statement in FURNITURE:
            await connection.execute(statement, 1, 1)
        await connection.execute("ANALYZE loci.key_rotations, loci.erasures, loci.jobs")
        for statement in FURNITURE:
            await connection.execute(statement, 2, COUNT)
    finally:
        await connection.close()
    connected = await connect(database_url, size=2, pooler="none", observer=Unobserved())
    yield connected
    await connected.close()


async def test_each_rotation_that_is_due_is_claimed_by_itself(database: Database) -> None:
    rotations = KeyRotations(database)
    claimed = [await rotations.claim(60.0) for _ in range(COUNT)]
    assert {rotation.graph_key for rotation in claimed if rotation} == {*range(1, COUNT + 1)}
    assert await rotations.claim(60.0) is None


async def test_each_erasure_that_is_due_is_claimed_by_itself(database: Database) -> None:
    erasures = Erasures(database)
    claimed = [await erasures.claim(60.0) for _ in range(COUNT)]
    assert {erasure["graph_key"] for erasure in claimed if erasure} == {*range(1, COUNT + 1)}
    assert await erasures.claim(60.0) is None


async def test_no_more_jobs_are_claimed_than_are_asked_for(database: Database) -> None:
    jobs = Jobs(database)
    assert [job.graph_key for job in await jobs.claim(JobKind.EMBED, 60.0, 2, 1, 0)] == [1, 2]
    for _ in range(COUNT - 2):
        assert [job.graph_key for job in await jobs.claim(JobKind.EMBED, 60.0, 2, 1, 1)] == [2, 3]
    assert [job.graph_key for job in await jobs.claim(JobKind.EMBED, 60.0, 2, 1, 1)] == [3, 4]
