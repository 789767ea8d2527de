"""A call that has begun before a graph or a tenant was erased, and goes on after, finds it gone."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import uuid4

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


@asynccontextmanager
async def connections(server: RunningServer, count: int) -> AsyncIterator[list[asyncpg.Connection]]:
    async with AsyncExitStack() as stack:
        made = []
        for _ in range(count):
            made.append(await asyncpg.connect(server.database_url))
            stack.push_async_callback(made[-1].close)
        yield made


async def test_no_key_is_rotated_by_a_call_that_began_before_its_tenant_was_erased(server: RunningServer) -> None:
    tenant = f"t{uuid4().hex[:12]}"
    async with server.client() as operator, connections(server, 2) as (eraser, watcher):
        await operator.create_tenant(tenant)
        tenant_key = await watcher.fetchval("SELECT tenant_key FROM loci.tenants WHERE tenant_id = $1", tenant)
        async with eraser.transaction():
            await eraser.execute("SELECT FROM loci.tenants WHERE tenant_key = $1 FOR UPDATE", tenant_key)
            rotating = asyncio.create_task(operator.rotate_keys(f"tenants/{tenant}"))
            await eventually(lambda: watcher.fetchval(WAITING, "loci.tenants"), every=0.02)
            await eraser.execute("SELECT loci.begin_tenant_erasure($1, gen_random_uuid(), '', NULL, NULL)", tenant_key)
        with pytest.raises(errors.TenantNotFound, match="is being erased"):
            await rotating
        assert not await watcher.fetchval("SELECT count(*) FROM loci.key_rotations WHERE tenant_key = $1", tenant_key)


async def test_graphs_of_a_tenant_are_closed_beside_rotations_that_come_to_their_end(server: RunningServer) -> None:
    async with new_tenant(server) as client, connections(server, 4) as (blocker, closer, ender, watcher):
        for graph in ("first", "second"):
            await client.create_graph(graph)
        tenant, graph = await watcher.fetchrow(
            "SELECT tenant_key, graph_key FROM loci.graphs WHERE graph_id = 'second' ORDER BY graph_key DESC"
        )
        lease = await watcher.fetchval(
            "INSERT INTO loci.key_rotations (tenant_key, graph_key, state, version, run_after) "
            "VALUES ($1, $2, 4, 2, now() + interval '1 hour') RETURNING run_after",
            *(tenant, graph),
        )
        async with blocker.transaction():
            await blocker.execute("SELECT FROM loci.cluster FOR UPDATE")
            closing = asyncio.create_task(closer.fetchval("SELECT loci.close_graphs($1, $2, 10)", tenant, uuid4()))
            await eventually(lambda: watcher.fetchval(WAITING, "close_graphs"), every=0.02)
            ending = asyncio.create_task(
                ender.execute("SELECT loci.end_key_rotation($1, $2, $3)", tenant, graph, lease)
            )
            await eventually(lambda: watcher.fetchval(WAITING, "end_key_rotation"), every=0.02)
        assert await closing == 2
        await ending
        assert not await watcher.fetchval("SELECT count(*) FROM loci.graph_keys WHERE tenant_key = $1", tenant)
