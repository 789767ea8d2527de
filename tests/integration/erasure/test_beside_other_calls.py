"""A call that has looked at a graph before it was erased, and goes on after, finds it gone."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import asyncpg
import pytest

from loci import AsyncClient, errors
from tests.server import RunningServer
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
