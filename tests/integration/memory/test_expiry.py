"""What has expired is in no read, at once, and soon gone from the disk."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from loci import AsyncClient, edge, errors, mutations, node
from loci.v1.bulk_service_pb2 import BulkItem
from tests.calls import collect
from tests.postgres import DatabaseFactory
from tests.server import RunningServer, new_tenant, running_server
from tests.waiting import eventually

PAST = datetime(2001, 1, 1, tzinfo=UTC)


@pytest.fixture
async def idle(fresh_database: DatabaseFactory) -> AsyncIterator[RunningServer]:
    """A server that removes nothing by itself."""
    async with running_server(await fresh_database(), LOCI_BACKGROUND_JOBS="false") as server:
        yield server


@pytest.fixture
async def still(idle: RunningServer) -> AsyncIterator[AsyncClient]:
    """A graph with what lives and what has expired, beside each other."""
    async with new_tenant(idle) as client:
        await client.create_graph("g")
        items = [
            node("old", type="note", text="a copper kettle", event_time=PAST, expire_time=PAST),
            node("new", type="note", text="a copper kettle", event_time=PAST),
            edge("old", "NEXT", "new"),
        ]
        await client.import_items("g", items)
        yield client


async def test_no_read_finds_what_has_expired(still: AsyncClient) -> None:
    with pytest.raises(errors.NodeNotFound):
        await still.get_node("g", "old")
    assert list((await still.get_nodes("g", ["old", "new"])).missing) == ["graphs/g/nodes/old"]
    listed = [found.name async for found in still.list_nodes("g")]
    assert listed == ["graphs/g/nodes/new"]
    assert [found.name async for found in still.list_nodes("g", filter={"types": ["note"]})] == listed
    for mode in ("lexical", "hybrid"):
        found = await still.search("g", "copper kettle in 2001", mode=mode)  # type: ignore[arg-type]
        assert [hit.node.name for hit in found.hits] == listed
        filtered = await still.search("g", "copper kettle", mode=mode, filter={"types": ["note"]})  # type: ignore[arg-type]
        assert [hit.node.name for hit in filtered.hits] == listed
    assert [hit.node.name for hit in (await still.recall("g", "copper kettle", max_tokens=100)).memories] == listed
    assert await collect(still.neighbors("g", "new")) == []
    with pytest.raises(errors.NodeNotFound):
        await collect(still.neighbors("g", "old"))
    assert [item.node.name for item in await collect(still.export_items("g")) if item.HasField("node")] == listed


async def test_what_has_expired_is_not_as_of_an_earlier_time_either(still: AsyncClient) -> None:
    await still.update_node("g", "new", text="a tin kettle")
    with pytest.raises(errors.NodeNotFound):
        await still.get_node("g", "old", as_of=1)
    assert [found.name async for found in still.list_nodes("g", as_of=1)] == ["graphs/g/nodes/new"]
    assert [hit.node.name for hit in (await still.search("g", "kettle", as_of=1)).hits] == ["graphs/g/nodes/new"]


async def test_an_export_leaves_out_what_has_expired_and_waits_for_no_removal(still: AsyncClient) -> None:
    many = [node(f"n{number:04}", expire_time=PAST) for number in range(1500)]
    edges = [edge(f"n{number:04}", "R", "new") for number in range(1500)]
    await still.import_items("g", [*many, *edges], chunk_size=5000)
    await still.import_items("g", [node("last"), edge("new", "R", "last")])
    before = (await still.get_graph("g")).revision

    async def exported(**options: Any) -> tuple[set[str], set[tuple[str, str]]]:
        items = await collect(still.export_items("g", **options))
        nodes = {item.node.name.rpartition("/")[2] for item in items if item.HasField("node")}
        return nodes, {(item.edge.source, item.edge.target) for item in items if item.HasField("edge")}

    assert await exported() == ({"new", "last"}, {("new", "last")})
    assert await exported(revision=1) == ({"new"}, set())
    assert (await still.get_graph("g")).revision == before, "nothing was removed for it"


async def test_an_export_of_an_earlier_state_has_no_edge_to_what_has_expired_since(still: AsyncClient) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=2)
    await still.commit(
        "g",
        [
            mutations.create_node("soon", expire_time=soon),
            mutations.create_node("kept", expire_time=soon),
            mutations.create_edge("soon", "R", "new"),
            mutations.create_edge("kept", "R", "new"),
        ],
    )
    then = (await still.get_graph("g")).revision
    await still.delete_node("g", "soon")
    await still.update_node("g", "kept", expire_time=datetime(9000, 1, 1, tzinfo=UTC))

    async def ends(revision: int) -> set[str]:
        items = await collect(still.export_items("g", revision=revision))
        assert all(item.HasField("node") or item.edge.source in nodes_of(items) for item in items)
        return nodes_of(items)

    assert await ends(then) == {"new", "soon", "kept"}
    await asyncio.sleep((soon - datetime.now(UTC)).total_seconds() + 0.1)
    assert await ends(then) == {"new"}
    assert await ends(then + 2) == {"new", "kept"}


def nodes_of(items: list[BulkItem]) -> set[str]:
    return {item.node.name.rpartition("/")[2] for item in items if item.HasField("node")}


async def test_its_id_and_its_words_are_free_again(still: AsyncClient) -> None:
    with pytest.raises(errors.NodeNotFound):
        await still.update_node("g", "old", label="x")
    with pytest.raises(errors.NodeNotFound):
        await still.delete_node("g", "old")
    with pytest.raises(errors.EndpointMissing):
        await still.create_edge("g", "new", "KNOWS", "old")
    made = await still.create_node("g", "old", text="another kettle")
    assert (await still.get_node("g", "old")).text == made.text == "another kettle"
    assert [found.name async for found in still.list_edges("g")] == []  # its edge went with the one before
    revisions = await collect(still.list_node_revisions("g", "old"))
    assert [one.api_key != "" for one in revisions] == [True, False, True]  # the server removed it by itself
    assert [(one.change.erased, one.change.hard) for one in revisions] == [(False, False), (False, True), (True, False)]


async def test_a_commit_that_erases_takes_its_id_too(still: AsyncClient) -> None:
    await still.commit("g", [mutations.delete_node("new", hard=True), mutations.create_node("old", text="made anew")])
    assert [(found.name, found.text) async for found in still.list_nodes("g")] == [("graphs/g/nodes/old", "made anew")]


async def test_an_import_takes_its_id(still: AsyncClient) -> None:
    await still.import_items("g", [node("old", text="a third kettle"), edge("old", "R", "new")])
    assert (await still.get_node("g", "old")).text == "a third kettle"
    assert [found.relation async for found in still.list_edges("g")] == ["R"]


async def test_what_has_expired_is_no_duplicate(still: AsyncClient) -> None:
    first = await still.remember("g", "The kettle is new", id="memory", expires=timedelta(hours=1))
    await still.update_node("g", "memory", expire_time=PAST)
    again = await still.remember("g", "The kettle is new")
    assert again.outcome == first.outcome
    assert again.node.name != first.node.name


INDEXED = """
SELECT count(*) FROM (
    SELECT doc_no FROM loci.lexical_tail WHERE graph_key = $1
    UNION SELECT x.posted >> 1 FROM (
        SELECT s.first_doc_no + (unnest(s.postings) >> 35) << 1 | (s.term & 1) AS posted FROM loci.lexical_segments s
        WHERE s.graph_key = $1 EXCEPT SELECT posted FROM loci.lexical_dead WHERE graph_key = $1) x) found
"""
"""Documents that a search by words finds, merged or not."""


async def test_what_has_expired_goes_from_the_disk_with_all_that_was_kept_of_it(
    client: AsyncClient, server: RunningServer
) -> None:
    graph = "expiring-graph"
    await client.create_graph(graph)
    await client.create_node(graph, "stays", text="it stays")
    await client.create_node(graph, "later", text="it stays too", expire_time=datetime(9000, 1, 1, tzinfo=UTC))
    await client.create_node(graph, "goes", text="first words", properties={"p": 1})
    await client.create_edge(graph, "goes", "R", "stays")
    soon = datetime.now(UTC) + timedelta(seconds=1)
    await client.update_node(graph, "goes", text="last words", expire_time=soon)
    connection = await asyncpg.connect(server.database_url)
    try:
        key = await connection.fetchval("SELECT graph_key FROM loci.graphs WHERE graph_id = $1", graph)

        async def gone() -> bool:
            return not await connection.fetchval(
                "SELECT count(*) FROM loci.nodes WHERE graph_key = $1 AND id = 'goes'", key
            )

        await eventually(gone)
        left = {
            table: await connection.fetchval(f"SELECT count(*) FROM loci.{table} WHERE graph_key = $1", key)
            for table in ("nodes", "edges", "property_index")
        }
        assert left == {"nodes": 2, "edges": 0, "property_index": 0}
        assert await connection.fetchval(INDEXED, key) == 2
        images = "SELECT count(image) FROM loci.changes WHERE graph_key = $1 AND id = 'goes'"
        assert await connection.fetchval(images, key) == 0

        async def waiting() -> list[int]:
            jobs = "SELECT extract(year FROM run_after)::int AS year FROM loci.jobs WHERE graph_key = $1 AND kind = 4"
            years = [row["year"] for row in await connection.fetch(jobs, key)]
            return years if years == [9000] else []

        assert await eventually(waiting) == [9000]
    finally:
        await connection.close()
    stats = await client.get_graph_stats(graph)
    assert (stats.node_count, stats.edge_count) == (2, 0)


async def test_what_expires_is_removed_though_its_server_opened_the_graph_before_its_keys_changed(
    database_url: str,
) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        await client.create_graph("g")
        await client.create_node("g", "old", expire_time=datetime.now(UTC) + timedelta(seconds=2))
        database = await asyncpg.connect(database_url)
        try:
            # As a rotation does when what was sealed before is to be found again.
            await database.execute("UPDATE loci.graphs SET search_version = search_version + 1")
            assert await database.fetchval("SELECT count(*) FROM loci.nodes") == 1

            async def gone() -> bool:
                return await database.fetchval("SELECT count(*) FROM loci.nodes") == 0

            await eventually(gone)
        finally:
            await database.close()
