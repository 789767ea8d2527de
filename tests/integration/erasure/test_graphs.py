"""What was erased is gone: nobody finds it, nothing of it is stored, and a dump from before opens nowhere."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg
import pytest

from loci import AsyncClient, errors
from loci.v1 import erasure_pb2 as pb
from loci.v1.graph_pb2 import Graph, SearchFields
from loci_server.store.erasures import GRAPH_TABLES
from loci_server.store.handles import PURPOSES
from tests.integration.rotation.scene import SOON, Scene, furnish, scene
from tests.postgres import create_database, database_name, drop_database
from tests.server import running_server
from tests.sharing import another_server
from tests.vault.in_use import in_vault
from tests.vault.stand_in import StandIn
from tests.waiting import eventually
from tests.watching import DELETED, Seen

WORD = "quokkas"


async def over(client: AsyncClient, erasure: pb.Erasure) -> pb.Erasure:
    """The erasure when it is over."""

    async def ended() -> pb.Erasure | None:
        told = await client.get_erasure(erasure.name)
        return told if told.state == pb.ERASURE_STATE_DONE else None

    told = await eventually(ended, within=90)
    assert told is not None
    return told


async def rows_of(database: asyncpg.Connection, graph: int) -> dict[str, int]:
    """Of every table that knows graphs, how many rows it has of one."""
    tables = await database.fetch(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'loci' AND column_name = 'graph_key' "
        "AND table_name IN (SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition)"
    )
    counted = {}
    for (table,) in tables:
        count = await database.fetchval(f"SELECT count(*) FROM loci.{table} WHERE graph_key = $1", graph)
        if count:
            counted[table] = count
    return counted


async def graph_key(found: Scene, graph: str = "g") -> int:
    key: int = await found.database.fetchval("SELECT graph_key FROM loci.graphs WHERE graph_id = $1", graph)
    return key


def reads(client: AsyncClient, graph: str = "g") -> dict[str, Callable[[], Awaitable[object]]]:
    """Ways to read a graph, or to write to it."""

    async def listed(found: AsyncIterator[object]) -> None:
        async for _ in found:
            pass

    return {
        "get_graph": lambda: client.get_graph(graph),
        "get_graph_stats": lambda: client.get_graph_stats(graph),
        "undelete_graph": lambda: client.undelete_graph(graph),
        "update_graph": lambda: client.update_graph(graph, display_name="x"),
        "get_node": lambda: client.get_node(graph, "a"),
        "get_nodes": lambda: client.get_nodes(graph, ["a"]),
        "as_of": lambda: client.get_node(graph, "a", as_of=1),
        "list_nodes": lambda: listed(client.list_nodes(graph)),
        "list_edges": lambda: listed(client.list_edges(graph)),
        "list_node_revisions": lambda: listed(client.list_node_revisions(graph, "a")),
        "search": lambda: client.search(graph, WORD),
        "recall": lambda: client.recall(graph, WORD),
        "get_neighbors": lambda: listed(client.neighbors(graph, "a")),
        "list_queries": lambda: listed(client.list_queries(graph)),
        "list_feedback": lambda: listed(client.list_feedback(graph)),
        "watch": lambda: listed(client.watch(graph, start="oldest")),
        "export": lambda: listed(client.export_items(graph)),
        "create_node": lambda: client.create_node(graph, "new", text="x"),
        "remember": lambda: client.remember(graph, "x"),
        "rotate_keys": lambda: client.rotate_keys(graph),
        "erase_graph": lambda: client.erase_graph(graph),
    }


async def who_finds_it(client: AsyncClient) -> set[str]:
    """Of `reads`, those that are not told GRAPH_NOT_FOUND."""
    found = set()
    for name, read in reads(client).items():
        try:
            await read()
        except errors.GraphNotFound:
            continue
        found.add(name)
    return found


async def test_an_erased_graph_is_found_by_nobody_from_then_on_also_over_other_servers(database_url: str) -> None:
    async with scene(database_url) as found, another_server(found.server, **SOON) as other:
        await furnish(found.client)
        key = (await found.client.create_api_key(["admin"])).secret
        async with other.client(key) as second:
            await second.get_node("g", "a")
            erasure = await found.client.erase_graph("g")
            assert (erasure.resource, erasure.state) == ("graphs/g", pb.ERASURE_STATE_REMOVING)
            for client in (found.client, second):
                assert await who_finds_it(client) == set()
            assert [graph async for graph in found.client.list_graphs(show_deleted=True)] == []
            await over(found.client, erasure)
            for client in (found.client, second):
                assert await who_finds_it(client) == set()


async def test_nothing_of_an_erased_graph_is_stored_and_another_one_stays_as_it_is(database_url: str) -> None:
    async with scene(database_url) as found:
        for graph in ("g", "h"):
            await furnish(found.client, graph)
        await found.client.recalculate("g")
        await found.client.rotate_keys("g")
        gone, stays = await graph_key(found), await graph_key(found, "h")

        async def written() -> bool:
            return "queries" in await rows_of(found.database, gone) and "queries" in await rows_of(
                found.database, stays
            )

        await eventually(written)
        before, others = await rows_of(found.database, gone), await rows_of(found.database, stays)
        erasure = await over(found.client, await found.client.erase_graph("g"))
        left = await rows_of(found.database, gone)
        assert set(left) <= {"graphs", "erasures", "key_changes"}
        row = await found.database.fetchrow("SELECT * FROM loci.graphs WHERE graph_key = $1", gone)
        assert (row["display_name"], row["search_fields"], row["node_count"]) == (b"", None, 0)
        assert await rows_of(found.database, stays) == others
        assert (await found.client.get_node("h", "a")).text == "plays the viola"
        for table in ("nodes", "edges", "feedback", "property_index"):
            assert erasure.row_counts[table] == before[table]


async def test_answers_that_tell_the_name_and_fields_of_a_graph_are_kept_with_it_and_go_with_it(
    database_url: str,
) -> None:
    async with scene(database_url) as found:
        name, fields = "Ann's " * 80, SearchFields(properties=["diagnosis"])

        async def made() -> Graph:
            return await found.client.create_graph("g", display_name=name, search_fields=fields, request_id="made")

        async def renamed() -> Graph:
            return await found.client.update_graph("g", display_name=name + "!", request_id="renamed")

        async def deleted() -> Graph:
            return await found.client.delete_graph("g", request_id="deleted")

        async def back() -> Graph:
            return await found.client.undelete_graph("g", request_id="back")

        calls = (made, renamed, deleted, back)
        first = [await call() for call in calls]
        await found.client.rotate_keys("g")
        await found.over()
        assert [await call() for call in calls] == first
        assert [graph.display_name for graph in first] == [name, *[name + "!"] * 3]
        assert all(graph.search_fields == fields for graph in first)
        kept = await found.database.fetch("SELECT graph_key, length(answer) AS size FROM loci.idempotency")
        assert len(kept) == 2 * len(calls)
        gone = await graph_key(found)
        assert all((row["graph_key"] == gone) == (row["size"] > len(name)) for row in kept), (
            "what is not of it is short"
        )
        erasure = await found.client.erase_graph("g")
        for call in calls:
            with pytest.raises(errors.GraphNotFound):
                await call()
        await over(found.client, erasure)
        assert "idempotency" not in await rows_of(found.database, gone)


async def test_every_table_that_knows_graphs_is_erased(database_url: str) -> None:
    database = await asyncpg.connect(database_url)
    try:
        rows = await database.fetch(
            "SELECT c.table_name FROM information_schema.columns c JOIN pg_class p ON p.relname = c.table_name "
            "WHERE c.table_schema = 'loci' AND c.column_name = 'graph_key' AND p.relkind IN ('r', 'p') "
            "AND NOT p.relispartition"
        )
    finally:
        await database.close()
    known = {row["table_name"] for row in rows}
    # The graph itself and its keys go first; what servers and auditors are told stays; that of compaction is of nobody.
    assert known == {*GRAPH_TABLES, "graphs", "graph_keys", "erasures", "key_changes", "log_compaction"}


@asynccontextmanager
async def as_it_was(database_url: str) -> AsyncIterator[str]:
    """A copy of the database, as a dump that is restored."""
    server = database_url.replace(database_name(database_url), "postgres")
    url = await create_database(server, database_name(database_url))
    try:
        yield url
    finally:
        await drop_database(url)


@pytest.mark.parametrize("provider", ["vault", "vault-kv"])
async def test_a_dump_from_before_opens_nothing_of_an_erased_graph_and_all_else_with_the_keys_of_today(
    database_url: str, vault: StandIn, provider: str
) -> None:
    settings = in_vault(vault, provider)
    async with AsyncExitStack() as stack:
        async with scene(database_url, **settings) as found:
            for graph in ("g", "h"):
                await furnish(found.client, graph)
            key = (await found.client.create_api_key(["admin"])).secret
        dump = await stack.enter_async_context(as_it_was(database_url))
        async with running_server(database_url, **SOON, **settings) as server, server.client(key) as client:
            erasure = await over(client, await client.erase_graph("g"))
            told = json.loads(erasure.receipt.statement)
            assert told["key_encryption_keys_remaining"] == []
            assert len(told["key_encryption_keys_destroyed"]) == 1
            assert {key["wrapped_by"] for key in told["data_keys"]} == set(told["key_encryption_keys_destroyed"])
            assert [key["purpose"] for key in told["data_keys"]] == [label.decode() for label in PURPOSES.values()]
            assert (await client.get_node("h", "a")).text == "plays the viola"
        async with running_server(dump, **SOON, **settings) as restored, restored.client(key) as client:
            for graph in ("g", "h"):
                with pytest.raises(errors.KeyDestroyed, match=rf"\(graphs/{graph}, wrapped by vault"):
                    await client.get_node(graph, "a")
        await copy_keys(database_url, dump)
        async with running_server(dump, **SOON, **settings) as restored, restored.client(key) as client:
            assert (await client.get_node("h", "a")).text == "plays the viola"
            with pytest.raises(errors.GraphNotFound):
                await client.get_node("g", "a")


async def copy_keys(source: str, target: str) -> None:
    """The wrapped keys of today in the place of those of the dump."""
    one, other = await asyncpg.connect(source), await asyncpg.connect(target)
    try:
        rows = await one.fetch("SELECT * FROM loci.graph_keys")
        async with other.transaction():
            await other.execute("DELETE FROM loci.graph_keys")
            await other.copy_records_to_table("graph_keys", schema_name="loci", records=[tuple(row) for row in rows])
    finally:
        await one.close()
        await other.close()


async def test_with_a_keyring_the_receipt_says_which_root_key_still_opens_dumps(database_url: str) -> None:
    async with scene(database_url) as found:
        await furnish(found.client)
        erasure = await over(found.client, await found.client.erase_graph("g"))
        told = json.loads(erasure.receipt.statement)
        assert told["key_encryption_keys_destroyed"] == []
        (left,) = told["key_encryption_keys_remaining"]
        assert left.startswith("local-")


async def test_an_erasure_is_asked_for_once_under_one_request_id(database_url: str) -> None:
    async with scene(database_url) as found:
        await found.client.create_graph("g")
        await found.client.create_graph("h")
        first = await found.client.erase_graph("g", request_id="once")
        assert (await found.client.erase_graph("g", request_id="once")).name == first.name
        with pytest.raises(errors.RequestIdReused):
            await found.client.erase_graph("h", request_id="once")
        await over(found.client, first)
        assert (await found.client.erase_graph("g", request_id="once")).name == first.name
        assert [each.name async for each in found.client.list_erasures()] == [first.name]


async def test_a_new_graph_may_take_the_id_once_the_rows_are_gone(database_url: str) -> None:
    async with scene(database_url) as found:
        await furnish(found.client)
        with pytest.raises(errors.GraphExists, match="There is already"):
            await found.client.create_graph("g")
        erasure = await found.client.erase_graph("g")
        with pytest.raises(errors.GraphExists, match="is being erased"):
            await found.client.create_graph("g")
        await over(found.client, erasure)
        await found.client.create_graph("g")
        await found.client.create_node("g", "a", text="another life")
        assert [node.text async for node in found.client.list_nodes("g")] == ["another life"]
        assert (await found.client.get_graph("g")).revision == 1


async def test_a_graph_that_was_deleted_can_be_erased_and_one_that_was_erased_cannot_come_back(
    database_url: str,
) -> None:
    async with scene(database_url) as found:
        await furnish(found.client)
        await found.client.delete_graph("g")
        await over(found.client, await found.client.erase_graph("g"))
        with pytest.raises(errors.GraphNotFound):
            await found.client.undelete_graph("g")


async def test_an_erasure_goes_on_after_its_server_was_killed(database_url: str) -> None:
    async with scene(database_url) as found:
        await furnish(found.client)
        erasure = await found.client.erase_graph("g")
        await found.server.kill()
        await found.server.start()
        await found.database.execute("UPDATE loci.erasures SET run_after = now()")  # the lease of the dead one
        assert (await over(found.client, erasure)).receipt.signature


async def test_writers_that_are_at_work_leave_nothing_behind(database_url: str) -> None:
    async with scene(database_url) as found:
        await found.client.create_graph("g")
        key = await graph_key(found)

        async def write(worker: int) -> int:
            for number in range(10_000):
                try:
                    await found.client.create_node("g", f"{worker}-{number}", text=f"text {number}")
                    await found.client.search("g", f"text {number}")
                except errors.GraphNotFound:
                    return number
            raise AssertionError("the graph was there to the end")

        writers = [asyncio.create_task(write(worker)) for worker in range(4)]

        async def some() -> bool:
            return (await found.client.get_graph("g")).revision > 40

        await eventually(some)
        erasure = await found.client.erase_graph("g")
        assert all([await writer > 0 for writer in writers])
        await over(found.client, erasure)
        assert set(await rows_of(found.database, key)) <= {"graphs", "erasures", "key_changes"}


async def test_watchers_of_all_graphs_are_told_that_it_is_deleted(database_url: str) -> None:
    async with scene(database_url) as found:
        for graph in ("g", "h"):
            await furnish(found.client, graph)
        seen = Seen()
        async with asyncio.timeout(30):
            async for told in found.client.watch_all(start="oldest"):
                seen.add(told)
                if sorted(map(len, seen.commits.values())) == [6, 6]:
                    break
        await over(found.client, await found.client.erase_graph("g"))
        later = Seen()
        async with asyncio.timeout(30):
            async for told in found.client.watch_all(resume_token=seen.tokens[-1]):
                later.add(told)
                if ("g", DELETED) in later.events:
                    break
