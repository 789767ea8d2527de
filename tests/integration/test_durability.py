"""What was acknowledged is there after kill -9 of anything; a stop lets running calls end; servers share a database."""

import asyncio

import asyncpg
import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from loci import AsyncClient, errors, mutations, names
from loci.v1.node_service_pb2 import GetNodeRequest
from loci.v1.node_service_pb2_grpc import NodeServiceStub
from tests.calls import bare_calls, collect
from tests.postgres import kill_postgres
from tests.server import RunningServer, new_tenant, running_server
from tests.sharing import another_server
from tests.waiting import eventually

LAST_NODE = 1000
SERVING = health_pb2.HealthCheckResponse.SERVING


async def health(address: str, service: str = "") -> int:
    async with grpc.aio.insecure_channel(address) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        request = health_pb2.HealthCheckRequest(service=service)
        try:
            return int((await stub.Check(request, timeout=5)).status)
        except grpc.RpcError:
            return -1


async def write_until_cut(
    server: RunningServer, key: str, acknowledged: set[str], writer: int, timeout: float = 5
) -> None:
    """Creates nodes one by one until a call fails for good, and notes those that were acknowledged."""
    async with server.client(key) as client:
        for number in range(LAST_NODE):
            id = f"{writer}-{number}"
            try:
                await client.create_node("g", id, text=f"text of {id}", timeout=timeout)
            except errors.LociError:
                return
            acknowledged.add(id)


async def assert_whole(client: AsyncClient, acknowledged: set[str]) -> None:
    listed = {names.id_of(node.name): node async for node in client.list_nodes("g", page_size=1000)}
    assert acknowledged <= set(listed)
    assert all(node.text == f"text of {id}" for id, node in listed.items())
    stats = await client.get_graph_stats("g")
    assert stats.revision == stats.node_count == stats.document_count == len(listed)
    assert len(await collect(client.export_items("g"))) == len(listed)


async def test_acknowledged_writes_outlive_kill_9_of_the_server(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        key = (await client.create_api_key(["write"])).secret
        await client.create_graph("g")
        acknowledged: set[str] = set()
        for round in range(3):
            async with asyncio.TaskGroup() as group:
                for writer in range(4):
                    group.create_task(write_until_cut(server, key, acknowledged, round * 10 + writer))
                await asyncio.sleep(0.5 + round / 5)
                await server.kill()
            await server.start()
            async with server.client(key) as reader:
                await reader.wait_ready()
                await assert_whole(reader, acknowledged)
        assert len(acknowledged) > 50


async def test_acknowledged_writes_outlive_kill_9_of_the_database_which_comes_back_by_itself() -> None:
    async with running_server(None) as server, new_tenant(server) as client:
        key = (await client.create_api_key(["write"])).secret
        await client.create_graph("g")
        acknowledged: set[str] = set()
        async with asyncio.TaskGroup() as group:
            for writer in range(4):
                group.create_task(write_until_cut(server, key, acknowledged, writer, timeout=60))
            await asyncio.sleep(1)
            before = len(acknowledged)
            kill_postgres(server.data_dir / "postgres")
        assert 0 < before < 4 * LAST_NODE, "it was killed in the midst of the writes"
        assert len(acknowledged) == 4 * LAST_NODE, "the writers went on by themselves"
        await assert_whole(client, acknowledged)

        async def well() -> bool:
            return await health(server.address) == SERVING

        await eventually(well)


async def test_kill_9_of_both_at_once_loses_nothing() -> None:
    async with running_server(None) as server, new_tenant(server) as client:
        key = (await client.create_api_key(["write"])).secret
        await client.create_graph("g")
        acknowledged: set[str] = set()
        async with asyncio.TaskGroup() as group:
            group.create_task(write_until_cut(server, key, acknowledged, 0))
            await asyncio.sleep(1)
            kill_postgres(server.data_dir / "postgres")
            await server.kill()
        await server.start()
        async with server.client(key) as reader:
            await reader.wait_ready()
            await assert_whole(reader, acknowledged)
        assert acknowledged


async def test_sigterm_lets_running_calls_end_and_refuses_new_ones(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        await client.create_graph("g")
        key = (await client.create_api_key(["write"])).secret
        connection = await asyncpg.connect(database_url)
        try:
            transaction = connection.transaction()
            await transaction.start()
            await connection.execute("LOCK TABLE loci.nodes IN ACCESS EXCLUSIVE MODE")
            running = asyncio.create_task(client.create_node("g", "a"))

            async def waits() -> bool:
                sql = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'loci.nodes'::regclass"
                return bool(await connection.fetchval(sql))

            await eventually(waits)
            stopping = asyncio.create_task(server.stop())

            async def drains() -> bool:
                return await health(server.address) != SERVING

            await eventually(drains)
            async with bare_calls(server, key) as bare:
                with pytest.raises(errors.Draining):
                    await bare.unary(NodeServiceStub, "GetNode", GetNodeRequest(name="graphs/g/nodes/a"))
            assert not running.done()
            assert not stopping.done()
            await transaction.rollback()
        finally:
            await connection.close()
        assert (await running).revision == 1
        assert await stopping == 0
        await server.start()
        await client.wait_ready()
        assert (await client.get_node("g", "a")).revision == 1


async def test_health_names_the_server_its_services_and_its_parts(server: RunningServer) -> None:
    for service in ("", "loci.v1.NodeService", "loci.v1.SearchService", "database", "embedder"):
        assert await health(server.address, service) == SERVING, service
    assert await health(server.address, "nothing") == -1


async def test_workers_share_one_port(database_url: str) -> None:
    async with running_server(database_url, LOCI_WORKERS="2") as server, new_tenant(server) as client:
        await client.create_graph("g")
        key = (await client.create_api_key(["write"])).secret

        async def write(number: int) -> int:
            async with server.client(key) as own:
                return (await own.create_node("g", f"n{number}")).revision

        revisions = await asyncio.gather(*[write(number) for number in range(40)])
        assert sorted(revisions) == list(range(1, 41))
        assert len(await collect(client.list_nodes("g"))) == 40
        assert await server.stop() == 0
        await server.start()
        await client.wait_ready()
        assert (await client.get_graph("g")).revision == 40


async def test_two_servers_write_to_one_database_as_one(server: RunningServer) -> None:
    async with new_tenant(server) as first, another_server(server) as other:
        key = (await first.create_api_key(["admin"])).secret
        async with other.client(key) as second:
            await first.create_graph("g")
            await second.create_node("g", "a", text="peanuts", request_id="same")
            assert (await first.create_node("g", "a", text="peanuts", request_id="same")).revision == 1
            assert [hit.node.text for hit in (await first.search("g", "peanut")).hits] == ["peanuts"]
            revisions = [
                (answer.revision)
                for answer in await asyncio.gather(
                    *[
                        (first, second)[number % 2].commit(
                            "g", [mutations.update_node("a", properties={f"k{number}": number})]
                        )
                        for number in range(40)
                    ]
                )
            ]
            assert sorted(revisions) == list(range(2, 42))
            assert len((await first.get_node("g", "a")).properties.fields) == 40
            assert await first.get_node("g", "a") == await second.get_node("g", "a")


async def test_writers_hear_nothing_of_connections_that_the_database_ends(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        await client.create_graph("g")
        connection = await asyncpg.connect(database_url)
        try:
            for round in range(20):
                for number in range(3):
                    await client.create_node("g", f"{round}-{number}", text="x")
                await connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        finally:
            await connection.close()
        assert (await client.get_graph("g")).revision == 60
        assert "Traceback" not in server.log
