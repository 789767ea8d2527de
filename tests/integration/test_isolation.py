"""Tenants with the same ids have things of their own, and the database alone would keep them apart. That no answer
tells of another tenant is proved in tests/integration/isolation, that either fence is enough for each statement in
tests/integration/plans/test_fences.py."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from loci import AsyncClient, errors, mutations, search_request, slot
from loci.v1.memory_service_pb2 import REMEMBER_OUTCOME_ADDED
from tests.calls import collect
from tests.server import RunningServer, new_tenant


@pytest.fixture
async def other(server: RunningServer) -> AsyncIterator[AsyncClient]:
    async with new_tenant(server) as client:
        yield client


async def furnish(client: AsyncClient, word: str, graph: str = "g") -> None:
    await client.create_graph(graph, display_name=word, request_id="graph-" + graph)
    await client.commit(
        graph,
        [
            mutations.create_node("a", text=f"{word} apple", properties={"k": word}, embedding=("m", [1.0, 0.0])),
            mutations.create_node("b", text="apple"),
            mutations.create_node("c"),
            mutations.create_edge("a", "R", "b", properties={"k": word}),
            mutations.create_edge("b", "R", "c", properties={"k": word}),
        ],
        request_id="commit",
    )
    await client.import_items(graph, [], import_id="import")
    await client.give_feedback(graph, "helpful", node="a", comment=word)
    await client.boost_memory(graph, "a", 0.5)
    await client.search(graph, word)
    await client.recalculate(graph)


async def test_the_same_ids_are_different_things(client: AsyncClient, other: AsyncClient) -> None:
    await furnish(client, "mine")
    await furnish(other, "theirs")
    for one, word in ((client, "mine"), (other, "theirs")):
        assert (await one.get_graph("g")).display_name == word
        assert (await one.get_node("g", "a")).text == f"{word} apple"
        assert len(await collect(one.list_nodes("g", filter={"properties": {"k": word}}))) == 1
        for answer in (
            await one.search("g", "apple"),
            await one.search("g", mode="semantic", query_embedding=("m", [1.0, 0.0])),
            (await one.batch_search([search_request("g", "apple")]))[0].response,
        ):
            assert f"{word} apple" in [hit.node.text for hit in answer.hits]
            assert len(answer.hits) <= 2
        recalled = await one.recall("g", "apple", max_tokens=100)
        assert f"{word} apple" in recalled.context.text
        assert len(recalled.memories) <= 2
        told = await one.remember("g", "The apple is green", slot=slot("color", "green", subject="apple"))
        assert told.outcome == REMEMBER_OUTCOME_ADDED, "the other tenant's is not seen"
        await one.forget("g", [told.node.name], hard=True)
        assert len(await collect(one.export_items("g"))) == 5
        assert (await one.get_graph_stats("g")).node_count == 3
    await client.delete_node("g", "a")
    assert (await other.get_node("g", "a")).text == "theirs apple"
    await client.delete_graph("g")
    assert (await other.get_graph_stats("g")).edge_count == 2


async def test_request_ids_import_ids_and_etags_of_another_tenant_mean_nothing(
    client: AsyncClient, other: AsyncClient
) -> None:
    await furnish(client, "mine")
    await other.create_graph("g", request_id="graph-g")
    answer = await other.commit("g", [mutations.create_node("x", text="own")], request_id="commit")
    assert [result.node.text for result in answer.results] == ["own"]
    with pytest.raises(errors.ImportNotFound):
        await other.get_import("g", "import")
    etag = (await client.get_node("g", "a")).etag
    await other.update_node("g", "x", text="changed", etag=etag)  # the same revision, of another graph
    assert (await client.get_node("g", "a")).text == "mine apple"


async def test_dimensions_of_a_model_are_each_tenants_own(client: AsyncClient, other: AsyncClient) -> None:
    for one, vector in ((client, [1.0, 0.0]), (other, [1.0, 0.0, 0.0])):
        await one.create_graph("g")
        await one.create_node("g", "a", embedding=("m", vector))


# --- row-level security alone ----------------------------------------------------------------------------------------

ROLES = {
    "worker": {"jobs", "graph_models", "audit_inbox", "audit_heads", "key_rotations", "key_changes", "erasures"},
    "keeper": {"graph_keys", "key_rotations"},
}
"""Tables of which a job sees the rows of all tenants, by the role that it takes."""


async def test_row_level_security_alone_keeps_tenants_apart(
    server: RunningServer, client: AsyncClient, other: AsyncClient
) -> None:
    for one, word in ((client, "mine"), (other, "theirs")):
        await furnish(one, word)
        await one.verify_audit()
        assert await collect(one.list_queries("g"))
    connection = await asyncpg.connect(server.database_url)
    try:
        keys = dict(await connection.fetch("SELECT tenant_id, tenant_key FROM loci.tenants"))
        mine = keys[await tenant(client)]
        theirs = keys[await tenant(other)]
        tables = await connection.fetch(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'loci' "
            "AND column_name = 'tenant_key' AND table_name !~ '^changes_' ORDER BY 1"
        )
        # one snapshot: jobs come and go
        async with connection.transaction(isolation="repeatable_read"):
            full = {
                table: await connection.fetchval(f"SELECT count(*) FROM loci.{table} WHERE tenant_key = $1", mine)
                for (table,) in tables
            }
            assert {"nodes", "edges", "changes", "graphs", "api_keys", "embeddings"} <= {
                t for t, n in full.items() if n
            }
            assert {"node_uses", "queries", "feedback", "recalculations"} <= {t for t, n in full.items() if n}
            await connection.execute("SET ROLE loci_app")
            for (table,) in tables:
                assert await seen(connection, table, "") == set(), table
                assert await seen(connection, table, str(theirs)) <= {theirs}, table
                assert await seen(connection, table, str(mine)) == ({mine} if full[table] else set()), table
                for role, sees in ROLES.items():
                    if table not in sees:
                        assert await seen(connection, table, str(theirs), role=role) <= {theirs}, table
                assert await seen(connection, table, "0") == set(), table
        for sql in (
            "INSERT INTO loci.embedding_models (tenant_key, model, dimension) VALUES ($1, 'forged', 3)",
            "UPDATE loci.nodes SET tenant_key = $1",
            "UPDATE loci.graphs SET tenant_key = $1",
            "UPDATE loci.audit SET tenant_key = $1",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await execute_as(connection, theirs, sql, mine)
        done = await execute_as(connection, theirs, "DELETE FROM loci.nodes WHERE tenant_key = $1", mine)
        assert done == "DELETE 0"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("TRUNCATE loci.nodes")
        await connection.execute("SET row_security = off")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT * FROM loci.nodes")
    finally:
        await connection.close()


async def execute_as(connection: "asyncpg.Connection[Any]", as_tenant: int, sql: str, *arguments: object) -> str:
    async with connection.transaction():
        await connection.execute("SELECT set_config('loci.tenant', $1, true)", str(as_tenant))
        return await connection.execute(sql, *arguments)


async def tenant(client: AsyncClient) -> str:
    key = (await collect(client.list_api_keys()))[0]
    return key.name.split("/")[1]


async def seen(connection: "asyncpg.Connection[Any]", table: str, as_tenant: str, role: str = "") -> set[int]:
    """Tenants of the rows that a statement without any predicate sees."""
    async with connection.transaction():
        await connection.execute("SELECT set_config('loci.tenant', $1, true)", as_tenant)
        await connection.execute("SELECT set_config('loci.role', $1, true)", role)
        return {row[0] for row in await connection.fetch(f"SELECT DISTINCT tenant_key FROM loci.{table}")}
