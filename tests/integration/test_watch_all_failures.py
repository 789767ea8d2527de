"""A watch over all graphs keeps its promises over a crash of the database, damaged keys and graphs that go."""

import asyncio

import asyncpg
import grpc
import pytest

from loci import AsyncClient, errors, node
from loci.v1 import watch_service_pb2 as pb
from loci.v1.watch_service_pb2_grpc import WatchServiceStub
from tests.calls import bare_calls
from tests.postgres import kill_postgres, run
from tests.server import new_tenant, running_server
from tests.sharing import another_server
from tests.watching import CREATED, DELETED, LIMIT, Seen, begun, take


async def test_a_token_from_before_a_crash_misses_nothing_that_gets_transaction_ids_again() -> None:
    """PostgreSQL gives out again, after a crash, the ids of transactions that were rolled back last before it."""
    quiet = {
        "LOCI_BACKGROUND_JOBS": "false",
        "LOCI_AUDIT": "off",
    }  # a commit of theirs would write down which ids are out
    async with running_server(None, **quiet) as server, new_tenant(server) as client:
        url = f"postgresql://postgres@/postgres?host={server.data_dir}/postgres"
        await client.create_graph("g")
        await client.create_node("g", "first")
        # So would this, five times a second, whoever committed.
        await run(url, "ALTER SYSTEM SET wal_writer_delay = '10s'")
        await server.stop()
        await server.start()  # and its PostgreSQL
        await client.wait_ready()
        connection = await asyncpg.connect(url)
        try:
            assert await connection.fetchval("SHOW wal_writer_delay") == "10s"
            for _ in range(40):
                transaction = connection.transaction()
                await transaction.start()
                await connection.execute("SELECT pg_current_xact_id()")
                await transaction.rollback()
            ahead = await connection.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        finally:
            await connection.close()
        watch = client.watch_all()
        told = asyncio.create_task(take(watch, 1))
        await begun(watch)
        token = watch.resume_token
        kill_postgres(server.data_dir / "postgres")
        await asyncio.gather(told, *[client.create_node("g", f"n{number}", timeout=60) for number in range(30)])
        connection = await asyncpg.connect(url)
        try:
            first = await connection.fetchval("SELECT xid::text::bigint FROM loci.changes WHERE revision = 2")
        finally:
            await connection.close()
        assert first < ahead, "ids were not given out again: nothing is tried here"
        seen = await take(client.watch_all(resume_token=token), 30)
        assert seen.commits == {"g": list(range(2, 32))}


async def test_a_graph_whose_keys_do_not_open_is_told_as_unreadable_and_stops_no_other(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        key = (await client.create_api_key(["admin"])).secret
        for name in ("broken", "whole"):
            await client.create_graph(name)
            await client.create_node(name, "a", text="text", note="note")
        connection = await asyncpg.connect(database_url)
        try:
            await connection.execute(
                "UPDATE loci.graph_keys SET wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) "
                "WHERE graph_key = (SELECT graph_key FROM loci.graphs WHERE graph_id = 'broken')"
            )
        finally:
            await connection.close()
        found: dict[str, pb.CommitChanges] = {}
        async with another_server(server) as cold, cold.client(key) as second, asyncio.timeout(LIMIT):
            async for told in second.watch_all(start="oldest"):
                if isinstance(told, pb.CommitChanges):
                    found[told.graph] = told
                if len(found) == 2:
                    break
        broken, whole = found["graphs/broken"], found["graphs/whole"]
        assert (broken.note_unreadable, broken.changes[0].unreadable) == (True, True)
        assert broken.changes[0].name == "graphs/broken/nodes/a"
        assert (whole.note, whole.changes[0].node.text) == ("note", "text")


@pytest.mark.parametrize("gone", ["a", "b"])
async def test_a_graph_that_is_deleted_in_the_midst_of_its_telling_hides_no_other(
    client: AsyncClient, gone: str
) -> None:
    names = ("a", "b", "c")
    for name in names:
        await client.create_graph(name)
        for part in range(3):  # commits that end a page within a graph
            await client.import_items(name, [node(f"n{part}-{number}") for number in range(800)], chunk_size=800)
    seen = Seen()
    deleted = False
    async with asyncio.timeout(LIMIT):
        async for told in client.watch_all(start="oldest"):
            seen.add(told)
            if seen.commits == {"a": [1]} and not deleted:  # that it is gone may be the very next that is told
                await client.delete_graph(gone)
                deleted = True
            if (gone, DELETED) in seen.events and seen.commits["c"] == [1, 2, 3]:
                break
    rest = set(names) - {gone}
    assert {name: seen.commits[name] for name in rest} == {name: [1, 2, 3] for name in rest}
    assert seen.commits[gone] == list(range(1, len(seen.commits[gone]) + 1))
    assert [event for event in seen.events if event[1] == CREATED and event[0] in rest] == [
        (name, CREATED) for name in sorted(rest)
    ]


async def test_a_reader_of_all_graphs_that_takes_nothing_is_told_so_with_a_token(database_url: str) -> None:
    async with running_server(database_url, LOCI_WATCH_STALL_TIMEOUT="1") as server, server.client() as client:
        await client.create_graph("g")
        async with bare_calls(server) as bare:
            call = WatchServiceStub(bare.channel).Watch(pb.WatchRequest(parent="graphs/-"), metadata=bare.metadata)
            stream = aiter(call)
            await anext(stream)
            items = [node(f"n{number}", text="x" * 100_000) for number in range(600)]
            await client.import_items("g", items, chunk_size=20)
            await asyncio.sleep(5)
            with pytest.raises(grpc.RpcError) as raised:
                async for _ in stream:
                    pass
        failure = errors.from_rpc(raised.value)
        assert failure.reason == "WATCH_TOO_SLOW"
        assert failure.metadata["resume_token"]
