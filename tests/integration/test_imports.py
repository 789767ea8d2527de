"""Imports apply each chunk exactly once and can be taken up again."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import Any

import asyncpg
import grpc
import pytest

from loci import AsyncClient, ImportSummary, edge, errors, moment, names, node, properties
from loci.errors import from_rpc, from_status
from loci.v1 import bulk_service_pb2 as pb
from loci.v1.bulk_service_pb2_grpc import BulkServiceStub
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.domain.ids import derived_edge_id
from tests.calls import Bare, bare_calls, collect
from tests.server import RunningServer, new_tenant, running_server
from tests.waiting import eventually

LONG_AGO = datetime(2001, 2, 3, 4, 5, 6, 789012, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def graph(client: AsyncClient) -> str:
    await client.create_graph("g")
    return "g"


@pytest.fixture
async def bare(server: RunningServer, client: AsyncClient) -> AsyncIterator[Bare]:
    key = (await client.create_api_key(["write"])).secret
    async with bare_calls(server, key) as calls:
        yield calls


def named(graph: str, *items: Node | Edge) -> list[pb.BulkItem]:
    made = []
    for item in items:
        bulk = pb.BulkItem(node=item) if isinstance(item, Node) else pb.BulkItem(edge=item)
        which = bulk.node if isinstance(item, Node) else bulk.edge
        if which.name:
            which.name = f"graphs/{graph}/{which.name}"
        made.append(bulk)
    return made


async def chunk(
    bare: Bare, sequence: int, items: Iterable[pb.BulkItem], import_id: str = "i", **options: Any
) -> pb.ChunkResult:
    request = pb.ImportChunkRequest(
        parent="graphs/g",
        import_id=import_id,
        options=pb.ImportOptions(**options),
        items=pb.ImportItems(sequence=sequence, items=items),
    )
    response: pb.ImportChunkResponse = await bare.unary(BulkServiceStub, "ImportChunk", request)
    return response.chunk


async def node_ids(client: AsyncClient) -> list[str]:
    return [names.id_of(found.name) async for found in client.list_nodes("g")]


async def test_times_are_kept_only_when_asked_for(client: AsyncClient) -> None:
    old = node("a")
    old.create_time.FromDatetime(LONG_AGO)
    old.update_time.FromDatetime(LONG_AGO.replace(year=2002))
    await client.create_graph("kept")
    await client.import_items("kept", [old], keep_times=True)
    await client.import_items("g", [old])
    kept = await client.get_node("kept", "a")
    assert (moment(kept.create_time), moment(kept.update_time)) == (LONG_AGO, LONG_AGO.replace(year=2002))
    assert (moment((await client.get_node("g", "a")).create_time)).year > 2020
    (exported,) = await collect(client.export_items("kept"))
    assert (exported.node.create_time, exported.node.update_time) == (kept.create_time, kept.update_time)
    changed = await client.update_node("kept", "a", label="L")
    assert moment(changed.create_time) == LONG_AGO
    assert moment(changed.update_time).year > 2020


async def test_imported_items_are_like_any_others(client: AsyncClient) -> None:
    await client.import_items(
        "g", [node("a", text="peanuts", properties={"k": 1}), node("b"), edge("a", "R", "b", properties={"k": 2})]
    )
    assert (await client.get_node("g", "a")).salience == 0.5
    assert (await client.get_edge("g", derived_edge_id("a", "R", "b"))).weight == 1.0
    assert [names.id_of(hit.node.name) for hit in (await client.search("g", "peanut")).hits] == ["a"]
    assert len(await collect(client.list_nodes("g", filter={"properties": {"k": 1}}))) == 1
    assert len(await collect(client.list_edges("g", filter={"properties": {"k": 2}}))) == 1
    stats = await client.get_graph_stats("g")
    assert (stats.revision, stats.node_count, stats.edge_count, stats.document_count) == (1, 2, 1, 1)


async def test_edges_may_name_nodes_of_their_chunk_of_earlier_ones_and_of_the_graph(
    client: AsyncClient, bare: Bare
) -> None:
    await client.create_node("g", "there")
    first = await chunk(bare, 1, named("g", edge("a", "R", "there"), node("nodes/a")))
    assert (first.node_count, first.edge_count, first.revision) == (1, 1, 2)
    second = await chunk(bare, 2, named("g", node("nodes/b"), edge("b", "R", "a")))
    assert (second.node_count, second.edge_count, second.revision) == (1, 1, 3)
    with pytest.raises(errors.BadItems):
        await chunk(bare, 3, named("g", node("nodes/c"), edge("c", "R", "missing")))
    assert await node_ids(client) == ["a", "b", "there"]


def mixed() -> list[pb.BulkItem]:
    return [
        *named("g", node("nodes/a"), node("nodes/bad", salience=2.0), node("nodes/b")),
        pb.BulkItem(),
        *named("g", edge("a", "R", "b"), edge("a", "R", "bad"), edge("a", "R", "a")),
        *named("other", node("nodes/c")),
    ]


async def test_abort_writes_nothing_of_a_chunk_with_a_bad_item(client: AsyncClient, bare: Bare) -> None:
    with pytest.raises(errors.BadItems, match="5 of 8"):
        await chunk(bare, 1, mixed())
    assert (await client.get_graph("g")).revision == 0
    assert (await client.get_import("g", "i")).next_sequence == 1
    assert (await chunk(bare, 1, named("g", node("nodes/a")))).node_count == 1


async def test_an_aborted_chunk_names_each_bad_item(bare: Bare) -> None:
    with pytest.raises(errors.BadItems) as caught:
        await chunk(bare, 1, mixed())
    bad = {detail.index: detail.status for detail in caught.value.details if isinstance(detail, pb.ItemError)}
    assert list(bad) == [1, 3, 5, 6, 7]
    assert isinstance(from_status(bad[5]), errors.EndpointMissing)


async def test_skip_leaves_bad_items_out_and_names_them(client: AsyncClient, bare: Bare) -> None:
    result = await chunk(bare, 1, mixed(), on_error=pb.ERROR_POLICY_SKIP)
    assert (result.node_count, result.edge_count, result.revision) == (2, 1, 1)
    found = {error.index: type(from_status(error.status)) for error in result.errors}
    assert found == {
        1: errors.InvalidField,
        3: errors.InvalidField,
        5: errors.EndpointMissing,
        6: errors.SelfEdge,
        7: errors.InvalidField,
    }
    state = await client.get_import("g", "i")
    assert (state.next_sequence, state.node_count, state.edge_count, state.failed_count) == (2, 2, 1, 5)
    result = await chunk(bare, 2, [pb.BulkItem()], on_error=pb.ERROR_POLICY_SKIP)
    assert (result.revision, len(result.errors)) == (0, 1)
    assert (await client.get_graph("g")).revision == 1


@pytest.mark.parametrize(("policy", "text"), [("FAIL", "old"), ("KEEP", "old"), ("REPLACE", "new")])
async def test_a_taken_id_fails_is_kept_or_replaced(client: AsyncClient, bare: Bare, policy: str, text: str) -> None:
    first = await client.create_node("g", "a", text="old", label="L", properties={"k": 1})
    await client.create_node("g", "b")
    await client.create_edge("g", "a", "R", "b", weight=5.0)
    items = named("g", node("nodes/a", text="new"), node("nodes/c"), edge("a", "R", "b"), edge("a", "R", "c"))
    options = {"on_conflict": pb.ConflictPolicy.Value(f"CONFLICT_POLICY_{policy}"), "on_error": pb.ERROR_POLICY_SKIP}
    result = await chunk(bare, 1, items, **options)
    expected = {"FAIL": (1, 1, 0, 2), "KEEP": (1, 1, 2, 0), "REPLACE": (2, 2, 0, 0)}[policy]
    assert (result.node_count, result.edge_count, result.kept_count, len(result.errors)) == expected
    found = await client.get_node("g", "a")
    assert found.text == text
    assert found.create_time == first.create_time
    if policy == "REPLACE":
        assert (found.label, properties(found)) == ("", {})
        assert await collect(client.list_nodes("g", filter={"properties": {"k": 1}})) == []
    assert (await client.get_edge("g", derived_edge_id("a", "R", "b"))).weight == (1.0 if text == "new" else 5.0)
    hits = (await client.search("g", text)).hits
    assert [names.id_of(hit.node.name) for hit in hits] == ["a"]
    stats = await client.get_graph_stats("g")
    assert (stats.node_count, stats.edge_count, stats.document_count) == (3, 2, 1)


@pytest.mark.parametrize(("policy", "text", "kept"), [("FAIL", "1", 0), ("KEEP", "1", 2), ("REPLACE", "3", 2)])
async def test_an_id_that_comes_again_in_its_chunk_is_treated_as_taken(
    client: AsyncClient, bare: Bare, policy: str, text: str, kept: int
) -> None:
    items = named("g", *[node("nodes/a", text=text) for text in "123"])
    options = {"on_conflict": pb.ConflictPolicy.Value(f"CONFLICT_POLICY_{policy}"), "on_error": pb.ERROR_POLICY_SKIP}
    result = await chunk(bare, 1, items, **options)
    assert (result.node_count, result.kept_count) == (1, kept)
    assert [error.index for error in result.errors] == ([1, 2] if policy == "FAIL" else [])
    assert (await client.get_node("g", "a")).text == text


async def test_a_chunk_is_applied_exactly_once(client: AsyncClient, bare: Bare) -> None:
    items = named("g", node(text="no id"), node("nodes/a"))
    first = await chunk(bare, 1, items)
    again = await chunk(bare, 1, items)
    assert again.replayed
    again.replayed = False
    assert again == first
    assert (await client.get_graph_stats("g")).node_count == 2
    with pytest.raises(errors.InvalidField):
        await chunk(bare, 1, named("g", node("nodes/other")))
    with pytest.raises(errors.ImportOutOfSequence):
        await chunk(bare, 3, items)
    with pytest.raises(errors.ImportOptionsChanged):
        await chunk(bare, 2, items, keep_times=True)
    with pytest.raises(errors.InvalidField):
        await chunk(bare, 0, items)
    with pytest.raises(errors.InvalidField):
        await chunk(bare, 2, [])


async def test_how_far_an_import_has_come_is_told(client: AsyncClient, bare: Bare) -> None:
    with pytest.raises(errors.ImportNotFound):
        await client.get_import("g", "i")
    await chunk(bare, 1, named("g", node("nodes/a"), node("nodes/b"), edge("a", "R", "b")), keep_times=True)
    state = await client.get_import("g", "i")
    assert (state.import_id, state.next_sequence, state.node_count, state.edge_count) == ("i", 2, 2, 1)
    assert state.options == pb.ImportOptions(
        on_error=pb.ERROR_POLICY_ABORT, on_conflict=pb.CONFLICT_POLICY_FAIL, keep_times=True
    )


async def test_a_cut_stream_is_taken_up_where_it_was(client: AsyncClient, bare: Bare) -> None:
    header = pb.ImportRequest(header=pb.ImportHeader(parent="graphs/g", import_id="i"))
    chunks = [pb.ImportItems(sequence=n, items=named("g", node(f"nodes/n{n}"))) for n in range(1, 6)]
    call = BulkServiceStub(bare.channel).Import(metadata=bare.metadata, timeout=60)
    await call.write(header)
    assert (await call.read()).state.next_sequence == 1
    for items in chunks[:2]:
        await call.write(pb.ImportRequest(items=items))
        assert (await call.read()).chunk.sequence == items.sequence
    call.cancel()
    call = BulkServiceStub(bare.channel).Import(metadata=bare.metadata, timeout=60)
    await call.write(header)
    assert (await call.read()).state.next_sequence == 3
    for items in chunks[1:]:
        await call.write(pb.ImportRequest(items=items))
        result = (await call.read()).chunk
        assert (result.sequence, result.replayed) == (items.sequence, items.sequence == 2)
    await call.done_writing()
    assert await call.read() is grpc.aio.EOF
    assert await node_ids(client) == [f"n{number}" for number in range(1, 6)]
    assert (await client.get_graph("g")).revision == 5


async def test_a_stream_must_begin_with_a_header_and_go_on_with_chunks(bare: Bare) -> None:
    header = pb.ImportRequest(header=pb.ImportHeader(parent="graphs/g", import_id="i"))
    items = pb.ImportRequest(items=pb.ImportItems(sequence=1, items=named("g", node("nodes/a"))))
    for requests in ([items], [header, header], [pb.ImportRequest()], []):
        call = BulkServiceStub(bare.channel).Import(iter(requests), metadata=bare.metadata, timeout=60)
        with pytest.raises(grpc.RpcError) as caught:
            await collect(call)
        assert isinstance(from_rpc(caught.value), errors.InvalidField)


async def test_an_import_is_taken_up_by_another_process_with_the_same_id(client: AsyncClient) -> None:
    async def breaks_off() -> AsyncIterator[Node]:
        for number in range(25):
            yield node(f"n{number:02}")
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="disk"):
        await client.import_items("g", breaks_off(), import_id="i", chunk_size=4)
    state = await client.get_import("g", "i")
    done = state.next_sequence - 1
    summary = await client.import_items("g", [node(f"n{n:02}") for n in range(40)], import_id="i", chunk_size=4)
    # A chunk that was on its way when the first process broke off may have been written since.
    assert done <= summary.skipped_chunk_count <= 7
    assert summary.chunk_count == 10 - summary.skipped_chunk_count
    assert summary.node_count == 40
    assert len(await node_ids(client)) == 40
    assert (await client.get_graph("g")).revision == 10


async def test_an_import_outlives_kill_9_of_the_server(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        await client.create_graph("g")
        reached = asyncio.Event()

        def progress(summary: ImportSummary) -> None:
            if summary.chunk_count == 3:
                reached.set()

        items = [node(f"n{number:04}", text=f"text {number}") for number in range(1000)]
        task = asyncio.create_task(
            client.import_items("g", items, import_id="i", chunk_size=50, progress=progress, timeout=60)
        )
        await asyncio.wait_for(reached.wait(), 30)
        await server.kill()
        await server.start()
        summary = await task
        assert summary.node_count == 1000
        stats = await client.get_graph_stats("g")
        assert (stats.revision, stats.node_count, stats.document_count) == (20, 1000, 1000)


async def test_an_import_resumed_with_other_items_is_refused(client: AsyncClient) -> None:
    items = [node(f"n{number:02}") for number in range(40)]
    await client.import_items("g", items, import_id="i", chunk_size=10)
    for others in ([node("x")], [*items[:30], *[node(f"x{number}") for number in range(10)]]):
        with pytest.raises(errors.InvalidField) as raised:
            await client.import_items("g", others, import_id="i", chunk_size=10)
        assert raised.value.violations[0].field == "items.sequence"
    again = await client.import_items("g", [*items, node("more")], import_id="i", chunk_size=10)
    assert (again.skipped_chunk_count, again.chunk_count, again.node_count) == (4, 1, 41)


async def test_the_errors_of_a_whole_chunk_fit_into_its_answer(client: AsyncClient) -> None:
    await client.create_graph("g" * 100)
    items = [edge("a" * 250 + f"{number:06}", "R", "b" * 250) for number in range(10_000)]
    summary = await client.import_items("g" * 100, items, on_error="skip", chunk_size=10_000)
    assert summary.failed_count == 10_000
    assert {failure.error.reason for failure in summary.errors} == {"ENDPOINT_MISSING"}


async def test_a_stop_ends_an_import_between_chunks_and_the_next_server_takes_it_up(database_url: str) -> None:
    async with running_server(database_url, LOCI_DRAIN_TIMEOUT="300") as server, new_tenant(server) as client:
        await client.create_graph("g")
        reached, stopped = asyncio.Event(), asyncio.Event()

        def progress(summary: ImportSummary) -> None:
            if summary.chunk_count == 3:
                reached.set()

        async def items() -> AsyncIterator[Node]:
            for number in range(400):
                if number == 300:
                    await stopped.wait()
                yield node(f"n{number:04}", text=f"text {number}")

        task = asyncio.create_task(
            client.import_items("g", items(), import_id="i", chunk_size=20, progress=progress, timeout=60)
        )
        await asyncio.wait_for(reached.wait(), 30)
        assert await asyncio.wait_for(server.stop(), 30) == 0
        stopped.set()
        await server.start()
        summary = await task
        assert summary.node_count == 400
        assert (await client.get_graph_stats("g")).node_count == 400


async def test_an_import_untouched_for_a_week_is_forgotten_and_its_id_is_free(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        await client.create_graph("g")
        await client.import_items("g", [node("a")], import_id="i")
        await server.stop()
        connection = await asyncpg.connect(database_url)
        await connection.execute("UPDATE loci.imports SET update_time = now() - interval '8 days'")
        await connection.close()
        await server.start()
        await client.wait_ready()

        async def forgotten() -> bool:
            try:
                await client.get_import("g", "i")
            except errors.ImportNotFound:
                return True
            return False

        await eventually(forgotten)
        summary = await client.import_items("g", [node("b")], import_id="i")
        assert (summary.node_count, summary.skipped_chunk_count) == (1, 0)
        assert await node_ids(client) == ["a", "b"]
