"""Recalls are counted, once each, and follow their nodes."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import asyncpg
import pytest

from loci import AsyncClient, mutations, node
from loci_server.errors import DatabaseUnavailable
from loci_server.memory.use_counts import UseCounts
from loci_server.store.handles import GraphHandle
from loci_server.store.notes import Notes
from loci_server.store.pool import connect
from loci_server.store.uses import NodeUses, UseRow
from tests.calls import collect
from tests.integration.salience.asking import salience, used
from tests.server import RunningServer, new_tenant, running_server
from tests.waiting import eventually


class Unobserved:
    def statement(self, name: str) -> AbstractContextManager[object]:
        return nullcontext()


async def test_what_a_recall_returns_is_used_and_what_it_packs_too(client: AsyncClient, graph: str) -> None:
    await client.create_node(graph, "other", text="It rains.")
    begun = datetime.now(UTC)
    for _ in range(3):
        assert len((await client.recall(graph, "kettle", limit=1, max_tokens=100)).memories) == 1
    await client.recall(graph, "kettle", limit=1, unrecorded=True)
    await client.recall(graph, "kettle", as_of=(await client.get_graph(graph)).revision)
    await client.search(graph, "kettle")
    for id in "abc":
        found = await used(client, graph, id, 3)
        assert begun <= found.last_use_time.ToDatetime(UTC) <= datetime.now(UTC)
        assert found.value == pytest.approx(0.5 + 0.25 * 3 / 7, abs=1e-4)
    assert (await salience(client, graph, "other")).value == 0.5


async def test_uses_wait_for_the_database_and_for_the_end_of_the_server(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        await client.create_graph("g")
        await client.create_node("g", "a", text="kettle")
        await client.recall("g", "kettle")
        await server.stop()  # at once: what was counted is written on the way out
        await server.start()
        await client.wait_ready()
        assert (await salience(client, "g", "a")).use_count == 1
        assert len(await collect(client.list_queries("g"))) == 1


async def test_a_kill_loses_no_more_than_what_was_not_written_yet(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        await client.create_graph("g")
        await client.create_node("g", "a", text="kettle")
        await client.recall("g", "kettle")
        await used(client, "g", "a", 1)
        await client.recall("g", "kettle")
        await server.kill()
        await server.start()
        await client.wait_ready()
        assert (await salience(client, "g", "a")).use_count in (1, 2)
        await client.recall("g", "kettle")

        async def goes_on() -> bool:
            return (await salience(client, "g", "a")).use_count >= 2

        await eventually(goes_on)


class Deaf(NodeUses):
    """Does not hear the first answers of the database."""

    deaf = 2

    async def record(self, process: UUID, number: int, rows: Sequence[UseRow]) -> set[int]:
        busy = await super().record(process, number, rows)
        if self.deaf:
            self.deaf -= 1
            raise DatabaseUnavailable(retry_after=1.0)
        return busy


async def test_a_use_counts_once_though_the_answer_of_the_database_is_lost(
    client: AsyncClient, graph: str, server: RunningServer, rows: "asyncpg.Connection[Any]"
) -> None:
    await client.create_graph("busy")
    await client.create_node("busy", "a")
    tenant = (await collect(client.list_api_keys()))[0].name.split("/")[1]
    keys = await rows.fetch(
        "SELECT g.* FROM loci.graphs g JOIN loci.tenants t USING (tenant_key) WHERE t.tenant_id = $1 ORDER BY graph_id",
        tenant,
    )
    busy, other = [cast(GraphHandle, SimpleNamespace(**row)) for row in keys]
    database = await connect(server.database_url or "", size=2, pooler="none", observer=Unobserved())
    try:
        counts = UseCounts(Deaf(database, cast(Notes, None)))
        async with rows.transaction():
            await rows.execute("SELECT loci.hold_uses($1)", busy.graph_key)
            for handle in (busy, other):
                counts.add(handle, ["a"], datetime.now(UTC))
            with pytest.raises(DatabaseUnavailable):
                await counts.flush()
        counts.add(other, ["a", "b"], datetime.now(UTC))
        with pytest.raises(DatabaseUnavailable):
            await counts.flush()
        await counts.flush()
        await counts.flush()
    finally:
        await database.close()
    assert [(await salience(client, graph, id)).use_count for id in "abc"] == [2, 1, 0]
    assert (await salience(client, "busy", "a")).use_count == 1, "it was tried again when nobody held it"


async def test_what_is_known_of_a_node_follows_its_renames_and_ends_with_it(
    client: AsyncClient, graph: str, rows: "asyncpg.Connection[Any]"
) -> None:
    for id, boost in (("a", 0.25), ("b", 0.5), ("c", -0.5)):
        await client.boost_memory(graph, id, boost)
    swap = [
        mutations.rename_node("a", "x"),
        mutations.rename_node("b", "a"),
        mutations.rename_node("x", "b"),
        mutations.rename_node("c", "d"),
    ]
    await client.commit(graph, swap)
    values = {id: (await salience(client, graph, id)).value for id in "abd"}
    assert values == {"a": 0.75, "b": 0.625, "d": 0.25}
    await client.delete_node(graph, "a")
    await client.delete_node(graph, "b", hard=True)
    for id in "ab":
        await client.create_node(graph, id, text="another")
        assert (await salience(client, graph, id)).value == 0.5, "an id that is given again begins anew"
    await client.commit(graph, [mutations.delete_node("d", hard=True), mutations.create_node("d")])
    assert (await salience(client, graph, "d")).value == 0.5
    tenant = (await collect(client.list_api_keys()))[0].name.split("/")[1]
    left = await rows.fetch(
        "SELECT u.id FROM loci.node_uses u JOIN loci.tenants t USING (tenant_key) WHERE t.tenant_id = $1", tenant
    )
    assert left == []


async def test_uses_of_nodes_that_went_meanwhile_leave_nothing(
    client: AsyncClient, rows: "asyncpg.Connection[Any]"
) -> None:
    await client.create_graph("g")
    await client.import_items("g", [node(f"n{number}", text=f"kettle {number}") for number in range(60)])

    async def recall() -> None:
        for _ in range(60):
            await client.recall("g", "kettle", limit=60)

    async def remove() -> None:
        for number in range(59):
            await client.delete_node("g", f"n{number}", hard=number % 2 == 0)
            await asyncio.sleep(0.05)

    await asyncio.gather(recall(), remove())
    await client.recall("g", "kettle")

    async def is_written() -> bool:
        return bool((await salience(client, "g", "n59")).use_count >= 61)

    await eventually(is_written)
    tenant = (await collect(client.list_api_keys()))[0].name.split("/")[1]
    left = await rows.fetch(
        "SELECT u.id FROM loci.node_uses u JOIN loci.tenants t USING (tenant_key) WHERE t.tenant_id = $1", tenant
    )
    assert [row["id"] for row in left] == ["n59"]


async def test_while_nodes_are_being_removed_their_graph_waits_and_no_other(
    client: AsyncClient, graph: str, rows: "asyncpg.Connection[Any]"
) -> None:
    await client.create_graph("h")
    await client.create_node("h", "x", text="kettle")
    key = await rows.fetchval(
        "SELECT g.graph_key FROM loci.graphs g JOIN loci.tenants t USING (tenant_key) "
        "WHERE t.tenant_id = $1 AND g.graph_id = $2",
        *((await collect(client.list_api_keys()))[0].name.split("/")[1], graph),
    )
    removal = rows.transaction()
    await removal.start()
    await rows.execute("SELECT loci.hold_uses($1)", key)
    await rows.execute("DELETE FROM loci.nodes WHERE graph_key = $1 AND id = 'a'", key)
    await client.recall([graph, "h"], "kettle")
    await used(client, "h", "x", 1)
    assert (await salience(client, graph, "b")).use_count == 0
    await removal.commit()
    await used(client, graph, "b", 1)
    assert await rows.fetch("SELECT id FROM loci.node_uses WHERE graph_key = $1 AND id = 'a'", key) == []


async def test_upkeep_of_the_lexical_index_keeps_nobody_from_writing_uses(
    rows: "asyncpg.Connection[Any]", server: RunningServer
) -> None:
    async with rows.transaction():
        await rows.execute("SELECT loci.hold_segments(1)")
        other = await asyncpg.connect(server.database_url)
        try:
            assert await other.fetchval("SELECT pg_try_advisory_xact_lock_shared(loci.uses_lock(1))")
        finally:
            await other.close()
