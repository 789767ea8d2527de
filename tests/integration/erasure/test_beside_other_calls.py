"""A call that has begun before a graph or a tenant was erased, and goes on after, finds it gone."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import asyncpg
import pytest

from loci import AsyncClient, errors
from tests.server import RunningServer, new_tenant
from tests.waiting import eventually

WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND strpos(query, $1) > 0
"""


async def erased_beside(
    server: RunningServer, client: AsyncClient, call: Coroutine[Any, Any, Any], statement: str
) -> None:
    """Makes a call that comes to lock graph `g`, by a statement that holds these words, behind its erasure."""
    blocker, watcher = [await asyncpg.connect(server.database_url) for _ in range(2)]

    async def waits(words: str) -> None:
        await eventually(lambda: watcher.fetchval(WAITING, words), every=0.02)

    try:
        async with blocker.transaction():
            await blocker.execute("SELECT FROM loci.cluster FOR UPDATE")  # where an erasure comes last
            erasing = asyncio.create_task(client.erase_graph("g"))
            await waits("begin_graph_erasure")
            calling = asyncio.create_task(call)
            await waits(statement)
        await erasing
        await calling
    finally:
        await blocker.close()
        await watcher.close()


async def test_a_graph_is_not_brought_back_by_who_found_it_deleted_before_it_was_erased(
    server: RunningServer, client: AsyncClient
) -> None:
    await client.create_graph("g")
    await client.delete_graph("g")
    with pytest.raises(errors.GraphNotFound):
        await erased_beside(server, client, client.undelete_graph("g"), "FOR UPDATE")
    assert [graph async for graph in client.list_graphs(show_deleted=True)] == []
    with pytest.raises(errors.GraphNotFound):
        await client.get_graph("g")


async def test_keys_of_a_graph_are_not_rotated_by_who_found_it_before_it_was_erased(
    server: RunningServer, client: AsyncClient
) -> None:
    await client.create_graph("g")
    with pytest.raises(errors.GraphNotFound):
        await erased_beside(server, client, client.rotate_keys("g"), "begin_key_rotation")
    assert [each async for each in client.list_key_rotations()] == []


async def test_no_graph_is_made_by_a_call_that_began_before_its_tenant_was_erased(server: RunningServer) -> None:
    async with server.client() as operator, new_tenant(server) as client:
        await client.create_graph("g")
        blocker, watcher = [await asyncpg.connect(server.database_url) for _ in range(2)]
        try:
            (tenant,) = await watcher.fetchrow(
                "SELECT t.tenant_id FROM loci.tenants t JOIN loci.graphs g USING (tenant_key) ORDER BY graph_key DESC"
            )
            async with blocker.transaction():
                await blocker.execute("LOCK TABLE loci.idempotency IN SHARE MODE")  # where a new graph begins
                creating = asyncio.create_task(client.create_graph("late"))
                await eventually(lambda: watcher.fetchval(WAITING, "loci.idempotency"), every=0.02)
                await operator.erase_tenant(tenant)
            with pytest.raises(errors.TenantNotFound, match="is being erased"):
                await creating
            assert not await watcher.fetchval("SELECT count(*) FROM loci.graphs WHERE graph_id = 'late'")
        finally:
            await blocker.close()
            await watcher.close()
