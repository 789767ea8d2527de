"""A watch keeps its promises, or says how to go on, whatever happens to servers, readers, connections and graphs."""

import asyncio
from contextlib import AsyncExitStack

import asyncpg
import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from loci import AsyncClient, errors, names, node
from loci.v1 import watch_service_pb2 as pb
from loci.v1.watch_service_pb2_grpc import WatchServiceStub
from tests.calls import bare_calls, collect
from tests.commits import LIMIT, messages, take, told
from tests.server import RunningServer, new_tenant, running_server
from tests.waiting import eventually


@pytest.fixture
async def graph(client: AsyncClient) -> str:
    await client.create_graph("g")
    return "g"


async def test_a_watch_goes_on_over_kill_9_and_restart_of_the_server(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        await client.create_graph("g")
        watching = asyncio.create_task(take(client.watch("g", start="oldest"), 150))
        for round in range(3):
            for number in range(50):
                await client.create_node("g", f"{round}-{number}")
            if round < 2:
                await server.kill()
                await server.start()
                await client.wait_ready()
        assert [commit.revision for commit in await watching] == list(range(1, 151))


async def test_a_watch_goes_on_when_its_connections_to_the_database_are_cut(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        await client.create_graph("g")
        watching = asyncio.create_task(take(client.watch("g", start="oldest"), 60))
        connection = await asyncpg.connect(database_url)
        try:
            for round in range(3):
                for number in range(20):
                    await client.create_node("g", f"{round}-{number}")
                await connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
        finally:
            await connection.close()
        assert [commit.revision for commit in await watching] == list(range(1, 61))


async def test_a_server_that_drains_says_how_to_go_on(database_url: str) -> None:
    async with running_server(database_url, LOCI_DRAIN_TIMEOUT="60") as server, new_tenant(server) as client:
        await client.create_graph("g")
        await client.create_node("g", "a")
        async with messages(server, client, position=pb.WATCH_START_OLDEST) as stream:
            while not (await anext(stream)).commits:
                pass
            stopping = asyncio.create_task(server.stop())
            response = await anext(stream)
            assert response.draining
            with pytest.raises(grpc.RpcError) as raised:
                await anext(stream)
            assert raised.value.code() is grpc.StatusCode.UNAVAILABLE
            assert await asyncio.wait_for(stopping, LIMIT) == 0
        await server.start()
        await client.wait_ready()
        await client.create_node("g", "b")
        rest = await take(client.watch("g", resume_token=response.resume_token), 1)
        assert told(rest) == [[("created", "b")]]


async def test_a_reader_that_takes_nothing_is_told_so_with_a_token(database_url: str) -> None:
    async with running_server(database_url, LOCI_WATCH_STALL_TIMEOUT="1") as server, new_tenant(server) as client:
        await client.create_graph("g")
        items = [node(f"n{number}", text="x" * 100_000) for number in range(600)]
        await client.import_items("g", items, chunk_size=20)
        async with messages(server, client, position=pb.WATCH_START_OLDEST) as stream:
            covered = (await anext(stream)).end_revision
            await asyncio.sleep(5)
            try:
                async for response in stream:
                    covered = response.end_revision
            except grpc.RpcError as error:
                failure = errors.from_rpc(error)
        assert failure.reason == "WATCH_TOO_SLOW"
        assert covered < 30
        rest = await take(client.watch("g", resume_token=failure.metadata["resume_token"]), 30 - covered)
        assert [commit.revision for commit in rest] == list(range(covered + 1, 31))


async def test_a_reader_that_takes_nothing_keeps_its_place_in_the_count_until_it_leaves(database_url: str) -> None:
    room = {"LOCI_MAX_WATCHES_PER_TENANT": "1", "LOCI_WATCH_STALL_TIMEOUT": "1"}
    async with running_server(database_url, **room) as server, new_tenant(server) as client:
        await client.create_graph("g")
        items = [node(f"n{number}", text="x" * 100_000) for number in range(600)]
        await client.import_items("g", items, chunk_size=20)

        async def refused() -> str:
            """The reason for which another watch is; empty: it is not."""
            try:
                async with messages(server, client) as another:
                    await anext(another)
            except grpc.RpcError as error:
                return errors.from_rpc(error).reason
            return ""

        async def admitted() -> bool:
            return not await refused()

        for leaves in ("takes what was sent", "cancels"):
            async with messages(server, client, position=pb.WATCH_START_OLDEST) as stream:
                await anext(stream)
                for _ in range(10):  # for longer than the server waits for it
                    await asyncio.sleep(0.25)
                    assert await refused() == "TOO_MANY_REQUESTS"
                if leaves == "takes what was sent":
                    with pytest.raises(grpc.RpcError) as raised:
                        await collect(stream)
                    assert errors.from_rpc(raised.value).reason == "WATCH_TOO_SLOW"
            await eventually(admitted)


async def test_a_watch_ends_soon_after_its_key_is_revoked(client: AsyncClient, server: RunningServer) -> None:
    await client.create_graph("g")
    made = await client.create_api_key(["read"])
    async with bare_calls(server, made.secret) as bare:
        request = pb.WatchRequest(parent="graphs/g", progress_interval=Duration(seconds=1))
        stream = WatchServiceStub(bare.channel).Watch(request, metadata=bare.metadata)
        failure: errors.LociError | None = None
        async with asyncio.timeout(LIMIT):
            try:
                async for response in stream:
                    if not response.end_revision:
                        await client.revoke_api_key(names.id_of(made.api_key.name))
            except grpc.RpcError as error:
                failure = errors.from_rpc(error)
        assert failure is not None
        assert failure.code == "UNAUTHENTICATED"


async def test_a_graph_that_came_back_is_watched_anew(client: AsyncClient, graph: str) -> None:
    for _ in range(2):
        watching = asyncio.create_task(take(client.watch(graph, start="oldest"), 100))
        await client.delete_graph(graph)
        with pytest.raises(errors.GraphNotFound):
            await watching
        await client.undelete_graph(graph)
    await client.create_node(graph, "a")
    assert told(await take(client.watch(graph, start="oldest"), 1)) == [[("created", "a")]]


async def test_watches_take_no_room_from_calls_and_are_bounded_by_themselves(database_url: str) -> None:
    room = {"LOCI_MAX_IN_FLIGHT_PER_TENANT": "2", "LOCI_MAX_WATCHES_PER_TENANT": "3"}
    async with running_server(database_url, **room) as server, new_tenant(server) as client:
        await client.create_graph("g")
        async with AsyncExitStack() as stack:
            for _ in range(3):
                await anext(await stack.enter_async_context(messages(server, client)))
            assert (await client.get_graph("g")).revision == 0
            with pytest.raises(grpc.RpcError) as raised:
                async with messages(server, client) as stream:
                    await anext(stream)
            assert errors.from_rpc(raised.value).reason == "TOO_MANY_REQUESTS"
        async with messages(server, client) as stream:
            assert (await anext(stream)).resume_token


async def test_a_watch_says_how_to_go_on_before_its_connection_has_to_end(database_url: str) -> None:
    async with running_server(database_url, LOCI_MAX_CONNECTION_AGE="2") as server, new_tenant(server) as client:
        await client.create_graph("g")
        for parent in ("graphs/g", "graphs/-"):
            key = (await client.create_api_key(["read"])).secret
            async with bare_calls(server, key) as bare, asyncio.timeout(LIMIT):
                call = WatchServiceStub(bare.channel).Watch(pb.WatchRequest(parent=parent), metadata=bare.metadata)
                last, failure = pb.WatchResponse(), errors.LociError("")
                try:
                    async for response in call:
                        last = response
                except grpc.RpcError as error:
                    failure = errors.from_rpc(error)
                assert (last.draining, failure.reason) == (True, "DRAINING")
        watching = asyncio.create_task(take(client.watch("g", start="oldest"), 40))
        everything = client.watch_all(start="oldest")
        for number in range(40):
            await client.create_node("g", f"n{number}")
            await asyncio.sleep(0.15)  # over several ages of the connection
        assert [commit.revision for commit in await watching] == list(range(1, 41))
        async with asyncio.timeout(LIMIT):
            revisions = []
            async for told in everything:
                if isinstance(told, pb.CommitChanges):
                    revisions.append(told.revision)
                if len(revisions) == 40:
                    break
        assert revisions == list(range(1, 41))
