"""The bytes of a graph are those of what it holds, whatever made, changed or removed it."""

from datetime import UTC, datetime, timedelta

import asyncpg

from loci import AsyncClient, mutations, node
from tests.calls import collect
from tests.server import RunningServer
from tests.waiting import eventually


async def test_the_count_of_bytes_is_what_the_tables_hold(server: RunningServer, client: AsyncClient) -> None:
    await client.create_graph("g")

    async def counted() -> int:
        stats = await client.get_graph_stats("g")
        return stats.byte_count

    async def held() -> int:
        connection = await asyncpg.connect(server.database_url)
        try:
            size = await connection.fetchval(
                "SELECT (SELECT coalesce(sum(octet_length(content)), 0) FROM loci.nodes WHERE graph_key = g.graph_key)"
                " + (SELECT coalesce(sum(octet_length(content)), 0) FROM loci.edges WHERE graph_key = g.graph_key)"
                " FROM loci.graphs g JOIN loci.tenants t USING (tenant_key)"
                " WHERE g.graph_id = 'g' AND t.tenant_id = $1",
                (await collect(client.list_api_keys()))[0].name.split("/")[1],
            )
        finally:
            await connection.close()
        return int(size)

    assert await counted() == 0
    await client.create_node("g", "a", text="x" * 10_000)
    assert await counted() > 10_000
    await client.commit("g", [mutations.create_node("b", text="b"), mutations.create_edge("a", "R", "b", id="e")])
    assert await counted() == await held()
    await client.update_node("g", "a", text="short")
    assert await counted() < 1000
    await client.update_edge("g", "e", properties={"k": "v" * 500})
    await client.rename_node("g", "a", "renamed")
    assert await counted() == await held()
    await client.import_items("g", [node("b", text="y" * 3000), node("c", text="c")], on_conflict="replace")
    assert await counted() == await held()
    await client.remember("g", "The apple is green.")
    await client.start_session("g", "s")
    await client.append_turns("g", "s", ["hello", "there"])
    assert await counted() == await held()
    await client.delete_node("g", "b")
    await client.restore_node("g", "b", 2)
    await client.delete_node("g", "renamed", hard=True)
    assert await counted() == await held()
    before = await counted()
    soon = datetime.now(UTC) + timedelta(seconds=1)
    await client.create_node("g", "mortal", text="z" * 5000, expire_time=soon)
    assert await counted() > before + 5000

    async def expired() -> bool:
        return await counted() == before

    await eventually(expired)
    assert await counted() == await held()
    await client.forget("g", filter={"types": ["fact"]}, hard=True)
    assert await counted() == await held()
