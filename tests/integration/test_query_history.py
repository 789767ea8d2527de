"""What was asked is kept for those who may look, for as long as was set, and nowhere else."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from loci import AsyncClient, errors, search_request
from loci.v1.query_history_pb2 import QUERY_METHOD_RECALL, QUERY_METHOD_SEARCH, QueryRecord
from loci.v1.search_service_pb2 import SEARCH_MODE_LEXICAL, SEARCH_PROFILE_STRICT
from loci_server.domain.ids import uuid7
from tests.calls import collect
from tests.server import RunningServer, new_tenant, running_server
from tests.waiting import eventually


@pytest.fixture(autouse=True)
async def graphs(client: AsyncClient) -> None:
    for graph in ("g", "h"):
        await client.create_graph(graph)
        await client.create_node(graph, "a", text="The kettle is copper.")


async def asked(client: AsyncClient, graph: str = "g", **more: Any) -> list[QueryRecord]:
    return await collect(client.list_queries(graph, **more))


async def test_it_is_told_as_it_was_asked_latest_first(client: AsyncClient) -> None:
    begun = datetime.now(UTC)
    time = datetime(2024, 5, 1, tzinfo=UTC)
    first = await client.search("g", "which kettle?", mode="lexical", filter={"types": ["node"]}, limit=7)
    second = await client.recall(
        ["g", "h"], "copper?", profile="strict", weights={"graph": 2.0}, query_time=time, max_tokens=50, limit=3
    )
    await client.batch_search([search_request("g", "one"), search_request("h", "other")])
    latest, recalled, searched = await asked(client)
    assert (latest.query, latest.method) == ("one", QUERY_METHOD_SEARCH)
    assert recalled.name == f"graphs/g/queries/{second.query_id}"
    assert (recalled.query, recalled.method, recalled.profile) == (
        "copper?",
        QUERY_METHOD_RECALL,
        SEARCH_PROFILE_STRICT,
    )
    assert (recalled.weights.graph, recalled.query_time.ToDatetime(UTC)) == (2.0, time)
    assert (recalled.limit, recalled.max_tokens, recalled.hit_count) == (3, 50, 1)
    assert searched.name == f"graphs/g/queries/{first.query_id}"
    assert (searched.query, searched.mode, searched.limit) == ("which kettle?", SEARCH_MODE_LEXICAL, 7)
    assert list(searched.filter.types) == ["node"]
    key = (await collect(client.list_api_keys()))[0].name
    for one in (latest, recalled, searched):
        assert one.api_key == key
        assert begun <= one.time.ToDatetime(UTC) <= datetime.now(UTC)
    assert [one.query for one in await asked(client, "h")] == ["other", "copper?"]
    assert (await asked(client, "h"))[1].name == f"graphs/h/queries/{second.query_id}"


async def test_pages_and_unrecorded_calls_and_refused_ones_are_not_in_it(client: AsyncClient) -> None:
    await client.create_node("g", "b", text="kettle")
    first = await client.search("g", "kettle", limit=1)
    second = await client.search("g", "kettle", limit=1, page_token=first.next_page_token)
    assert (bool(first.query_id), second.query_id) == (True, "")
    assert (await client.search("g", "secret", unrecorded=True)).query_id == ""
    assert (await client.recall("g", "secret", unrecorded=True)).query_id == ""
    with pytest.raises(errors.LociError):
        await client.recall(["g", "none"], "secret")
    assert [one.query for one in await asked(client)] == ["kettle"]


async def test_pages_and_times_bound_what_is_listed(client: AsyncClient) -> None:
    for number in range(5):
        await client.search("g", f"kettle {number}")
    everything = await asked(client)
    assert [one.query for one in everything] == [f"kettle {number}" for number in (4, 3, 2, 1, 0)]
    assert await asked(client, page_size=2) == everything
    third = everything[2].time.ToDatetime(UTC)
    assert await asked(client, time=(third, None)) == everything[:3]
    assert await asked(client, time=(None, third), page_size=1) == everything[3:]
    assert await asked(client, time=(third, third)) == []


async def test_a_large_filter_is_left_out_and_that_is_said(client: AsyncClient) -> None:
    filter: Any = {"properties": {"k": "x" * 20_000}}
    await client.search("g", "kettle", filter=filter)
    (found,) = await asked(client)
    assert (found.query, found.filter_omitted, found.HasField("filter")) == ("kettle", True, False)


async def test_a_graph_can_be_left_out_and_what_there_was_goes(client: AsyncClient, server: RunningServer) -> None:
    await client.search("g", "before")
    await client.search("h", "before")
    assert len(await asked(client)) == 1
    assert (await client.update_graph("g", query_history=False)).query_history_disabled
    connection = await asyncpg.connect(server.database_url)
    try:
        keys = "SELECT graph_key FROM loci.graphs g JOIN loci.tenants t USING (tenant_key) WHERE t.tenant_id = $1"
        tenant = (await collect(client.list_api_keys()))[0].name.split("/")[1]
        left = await connection.fetch(f"SELECT 1 FROM loci.queries WHERE graph_key IN ({keys})", tenant)
        assert len(left) == 1, "that of the other graph"
    finally:
        await connection.close()
    assert (await client.search("g", "meanwhile")).query_id
    assert await asked(client) == []
    assert [one.query for one in await asked(client, "h")] == ["before"]
    renamed = await client.update_graph("g", display_name="x")
    assert renamed.query_history_disabled, "another update leaves it"
    assert (await client.get_graph("g")).query_history_disabled
    assert not (await client.update_graph("g", query_history=True)).query_history_disabled
    await client.search("g", "after")
    assert [one.query for one in await asked(client)] == ["after"]
    assert (await client.create_graph("quiet", query_history=False)).query_history_disabled
    await client.search("quiet", "kettle")
    assert await asked(client, "quiet") == []


@pytest.fixture
async def flush(client: AsyncClient, server: RunningServer) -> AsyncIterator["Flush"]:
    """A process that is about to write a query of the graph `g`."""
    tenant = (await collect(client.list_api_keys()))[0].name.split("/")[1]
    connections = [await asyncpg.connect(server.database_url) for _ in range(2)]
    keys = await connections[0].fetchrow(
        "SELECT g.tenant_key, g.graph_key FROM loci.graphs g JOIN loci.tenants t USING (tenant_key) "
        "WHERE t.tenant_id = $1 AND g.graph_id = 'g'",
        tenant,
    )
    assert keys is not None
    await connections[0].execute("SET ROLE loci_app")
    yield Flush(*connections, keys["tenant_key"], keys["graph_key"])
    for connection in connections:
        await connection.close()


@dataclass
class Flush:
    """One of another process, step by step; `watcher` sees everything."""

    writer: "asyncpg.Connection[Any]"
    watcher: "asyncpg.Connection[Any]"
    tenant_key: int
    graph_key: int

    async def write(self, time: datetime, ahead: timedelta = timedelta(0)) -> None:
        """What was asked at a time. The clock of the process is ahead."""
        row = (self.tenant_key, self.graph_key, UUID(uuid7()), time + ahead, 1, b"")
        await self.writer.execute("SELECT loci.record_queries($1::loci.query_row[], $2)", [row], -ahead)

    async def held_up(self, process: int) -> None:
        """Returns once somebody waits for this process."""

        async def waits() -> bool:
            sql = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid)))"
            return bool(await self.watcher.fetchval(sql, process))

        await eventually(waits)

    async def written(self) -> int:
        count: int = await self.watcher.fetchval(
            "SELECT count(*) FROM loci.queries WHERE graph_key = $1", self.graph_key
        )
        return count


async def test_switching_it_off_waits_for_what_is_being_written_and_removes_it(
    client: AsyncClient, flush: "Flush"
) -> None:
    async with flush.writer.transaction():
        await flush.write(datetime.now(UTC))
        await client.create_node("g", "b", text="commits go on meanwhile")
        switched = asyncio.create_task(client.update_graph("g", query_history=False))
        await flush.held_up(flush.writer.get_server_pid())
        assert not switched.done()
    assert (await switched).query_history_disabled
    assert await flush.written() == 0


async def test_what_waits_for_it_to_be_switched_off_is_not_written(flush: "Flush") -> None:
    async with flush.watcher.transaction():
        await flush.watcher.execute("SELECT FROM loci.graphs WHERE graph_key = $1 FOR UPDATE", flush.graph_key)
        writing = asyncio.create_task(flush.write(datetime.now(UTC)))
        await flush.held_up(flush.watcher.get_server_pid())
        assert not writing.done()
        await flush.watcher.execute(
            "UPDATE loci.graphs SET query_history = false WHERE graph_key = $1", flush.graph_key
        )
    await writing
    assert await flush.written() == 0


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(hours=1), timedelta(hours=-1)], ids=str)
async def test_what_was_asked_before_it_was_switched_off_does_not_appear_when_it_is_on_again(
    client: AsyncClient, flush: "Flush", ahead: timedelta
) -> None:
    before = datetime.now(UTC)
    await client.update_graph("g", query_history=False)
    meanwhile = datetime.now(UTC)
    await client.update_graph("g", query_history=True)
    await client.update_graph("g", display_name="another update")
    for time in (before, meanwhile):
        await flush.write(time, ahead)
    assert await flush.written() == 0
    await flush.write(datetime.now(UTC), ahead)
    assert await flush.written() == 1


async def test_only_an_admin_looks_into_it(client: AsyncClient, server: RunningServer) -> None:
    await client.search("g", "kettle")
    for scope in ("read", "write", "operator"):
        key = await client.create_api_key([scope]) if scope != "operator" else None
        if key is None:
            async with server.client() as operator:
                tenant = (await collect(client.list_api_keys()))[0].name.split("/")[1]
                key = await operator.create_api_key(["operator"], tenant=tenant)
        async with server.client(key.secret) as other:
            with pytest.raises(errors.ScopeMissing):
                await asked(other)


async def test_another_tenant_has_a_history_of_its_own(client: AsyncClient, server: RunningServer) -> None:
    answer = await client.search("g", "mine")
    async with new_tenant(server) as other:
        with pytest.raises(errors.GraphNotFound):
            await asked(other)
        await other.create_graph("g")
        assert await asked(other) == []
        with pytest.raises(errors.QueryNotFound):  # a query of others is as if it were not there
            await other.give_feedback("g", "helpful", query_id=answer.query_id)


async def test_the_server_can_keep_none(database_url: str) -> None:
    async with running_server(database_url, LOCI_QUERY_HISTORY="false") as server, new_tenant(server) as client:
        await client.create_graph("g")
        query = (await client.search("g", "kettle")).query_id
        assert await asked(client) == []
        assert (await client.give_feedback("g", "helpful", query_id=query)).query_id == query


@pytest.fixture
async def aged(database_url: str) -> AsyncIterator[RunningServer]:
    """A server that keeps two days, on a database with queries of several ages."""
    async with running_server(database_url) as server:
        async with new_tenant(server) as client:
            await client.create_graph("g")
            for age in ("new", "old"):
                await client.search("g", age)
            assert len(await asked(client)) == 2
        await server.stop()
        connection = await asyncpg.connect(database_url)
        try:
            await connection.execute("UPDATE loci.queries SET time = $1", datetime.now(UTC) - timedelta(hours=30))
            oldest = await connection.fetchval("SELECT query_id FROM loci.queries LIMIT 1")
            await connection.execute(
                "UPDATE loci.queries SET time = $1 WHERE query_id = $2",
                *(datetime.now(UTC) - timedelta(hours=50), oldest),
            )
            server.environment = {"LOCI_QUERY_HISTORY_DAYS": "2"}
            await server.start()
            yield server
        finally:
            await connection.close()


async def test_what_is_past_its_time_is_removed(aged: RunningServer) -> None:
    connection = await asyncpg.connect(aged.database_url)
    try:
        for _ in range(300):
            if await connection.fetchval("SELECT count(*) FROM loci.queries") == 1:
                break
            await connection.execute("SELECT pg_sleep(0.1)")
        age = await connection.fetchval("SELECT now() - time FROM loci.queries")
        assert timedelta(hours=29) < age < timedelta(hours=31)
    finally:
        await connection.close()
