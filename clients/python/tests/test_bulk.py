"""An import applies each chunk once and an export gives each item once, over cut connections."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from typing import Any

import grpc
import pytest

from loci import AsyncClient, ImportSummary, edge, errors, node
from loci.importing import Item
from loci.v1 import bulk_service_pb2 as bulk
from tests.stand_in import StandIn, abort, failure

CUT = failure(grpc.StatusCode.UNAVAILABLE, "DRAINING")


class Importer:
    """Keeps chunks as the server does. Each of `cuts` ends a connection after some chunks, the last answered or not."""

    def __init__(self, cuts: list[tuple[int, bool]] | None = None) -> None:
        self.cuts = cuts or []
        self.results: dict[int, bulk.ChunkResult] = {}
        self.names: list[str] = []
        self.headers: list[bulk.ImportHeader] = []
        self.replayed: list[int] = []
        self.bad: set[str] = set()
        self.ended = asyncio.Event()

    async def __call__(self, requests: Any, context: Any) -> AsyncIterator[bulk.ImportResponse]:
        try:
            async for response in self._answers(requests, context):
                yield response
        finally:
            self.ended.set()

    async def _answers(self, requests: Any, context: Any) -> AsyncIterator[bulk.ImportResponse]:
        after, answered = self.cuts.pop(0) if self.cuts else (10**9, True)
        async for request in requests:
            if request.HasField("header"):
                self.headers.append(request.header)
                yield bulk.ImportResponse(state=self._state())
                continue
            result = self._apply(request.items)
            after -= 1
            if after == 0 and not answered:
                await abort(context, CUT)
            yield bulk.ImportResponse(chunk=result)
            if after == 0:
                await abort(context, CUT)

    def _state(self) -> bulk.ImportState:
        nodes = sum(result.node_count for result in self.results.values())
        return bulk.ImportState(next_sequence=len(self.results) + 1, node_count=nodes)

    def _apply(self, chunk: bulk.ImportItems) -> bulk.ChunkResult:
        if chunk.sequence in self.results:
            self.replayed.append(chunk.sequence)
            return self.results[chunk.sequence]
        assert chunk.sequence == len(self.results) + 1
        result = bulk.ChunkResult(sequence=chunk.sequence, revision=chunk.sequence)
        for index, item in enumerate(chunk.items):
            named = item.node if item.HasField("node") else item.edge
            if named.name in self.bad:
                status = failure(grpc.StatusCode.ALREADY_EXISTS, "NODE_EXISTS")
                result.errors.append(bulk.ItemError(index=index, status=status))
            else:
                self.names.append(named.name)
                result.node_count += 1
        self.results[chunk.sequence] = result
        return result


def nodes(count: int) -> Iterator[Any]:
    return (node(f"n{number}") for number in range(count))


EVERY = [f"graphs/g/nodes/n{number}" for number in range(25)]


@pytest.mark.parametrize("answered", [True, False], ids=["acknowledged", "unacknowledged"])
async def test_an_import_goes_on_after_cuts(server: StandIn, client: AsyncClient, answered: bool) -> None:
    importer = server.streams["BulkService/Import"] = Importer(cuts=[(2, answered), (3, answered)])
    seen: list[int] = []
    summary = await client.import_items(
        "g", nodes(25), import_id="i", chunk_size=2, progress=lambda so_far: seen.append(so_far.chunk_count)
    )
    assert importer.names == EVERY
    assert (summary.node_count, summary.chunk_count, summary.revision) == (25, 13, 13)
    assert seen == list(range(1, 14))
    assert len(importer.headers) == 3
    assert {header.import_id for header in importer.headers} == {"i"}
    assert bool(importer.replayed) is not answered


async def test_the_blocking_import_does_too(server: StandIn, blocking: Callable[..., Any]) -> None:
    importer = server.streams["BulkService/Import"] = Importer(cuts=[(2, False), (3, True)])
    summary: ImportSummary = await blocking(lambda client: client.import_items("g", nodes(25), chunk_size=2))
    assert importer.names == EVERY
    assert (summary.node_count, summary.chunk_count) == (25, 13)


async def test_an_import_of_an_earlier_process_is_taken_up(server: StandIn, client: AsyncClient) -> None:
    importer = server.streams["BulkService/Import"] = Importer()

    async def half() -> AsyncIterator[Any]:
        for item in nodes(25):
            if item.name == "nodes/n14":
                raise RuntimeError("the process ends")
            yield item

    with pytest.raises(RuntimeError, match="the process ends"):
        await client.import_items("g", half(), import_id="i", chunk_size=2)
    await importer.ended.wait()
    had = len(importer.results)
    assert 0 < had <= 7
    summary = await client.import_items("g", nodes(25), import_id="i", chunk_size=2)
    assert importer.names == EVERY
    assert (summary.skipped_chunk_count, summary.chunk_count, summary.node_count) == (had, 13 - had, 25)


@pytest.mark.parametrize("error", [errors.Unavailable("of another server", reason=""), grpc.RpcError()])
async def test_an_import_ends_with_the_error_of_its_items(
    server: StandIn, client: AsyncClient, blocking: Callable[..., Any], error: Exception
) -> None:
    server.streams["BulkService/Import"] = Importer()

    def broken() -> Iterator[Any]:
        yield node("n0")
        raise error

    with pytest.raises(type(error)) as raised:
        await client.import_items("g", broken(), chunk_size=1)
    assert raised.value is error
    with pytest.raises(type(error)) as raised:
        await blocking(lambda found: found.import_items("g", broken(), chunk_size=1))
    assert raised.value is error


async def test_an_import_of_which_all_is_acknowledged_is_done_however_its_connection_ends(
    server: StandIn, client: AsyncClient
) -> None:
    importer = Importer(cuts=[(1, True)])

    async def once(requests: Any, context: Any) -> AsyncIterator[bulk.ImportResponse]:
        server.streams["BulkService/Import"] = refused
        async for response in importer(requests, context):
            yield response

    async def refused(requests: Any, context: Any) -> AsyncIterator[bulk.ImportResponse]:
        await abort(context, failure(grpc.StatusCode.PERMISSION_DENIED, "SCOPE_MISSING"))
        yield

    server.streams["BulkService/Import"] = once
    assert (await client.import_items("g", nodes(1))).node_count == 1


async def test_bad_items_are_named_by_their_place_among_all(server: StandIn, client: AsyncClient) -> None:
    importer = server.streams["BulkService/Import"] = Importer()
    importer.bad = {"graphs/g/nodes/n5"}
    summary = await client.import_items("g", nodes(8), on_error="skip", chunk_size=2)
    assert (summary.failed_count, summary.node_count) == (1, 7)
    assert [failed.index for failed in summary.errors] == [5]
    assert isinstance(summary.errors[0].error, errors.NodeExists)


async def test_a_refused_chunk_ends_the_import(server: StandIn, client: AsyncClient) -> None:
    importer = server.streams["BulkService/Import"] = Importer()
    importer.bad = {"graphs/g/nodes/n5"}
    with pytest.raises(errors.BadItems, match="item 5"):
        await client.import_items("g", nodes(8), chunk_size=2)


async def test_why_the_server_ended_an_import_is_not_lost(server: StandIn, client: AsyncClient) -> None:
    async def refusing(requests: Any, context: Any) -> AsyncIterator[bulk.ImportResponse]:
        async for request in requests:
            if request.HasField("header"):
                yield bulk.ImportResponse(state=bulk.ImportState(next_sequence=1))
            else:
                await abort(context, failure(grpc.StatusCode.INVALID_ARGUMENT, "BAD_ITEMS"))

    server.streams["BulkService/Import"] = refusing
    for _ in range(20):
        with pytest.raises(errors.BadItems):
            await client.import_items("g", nodes(100), chunk_size=1)


async def test_an_export_of_another_graph_is_imported_into_this_one(server: StandIn, client: AsyncClient) -> None:
    importer = server.streams["BulkService/Import"] = Importer()
    items: list[Item] = [
        node("a", graph="other"),
        edge("a", "knows", "b", id="e", graph="other"),
        edge("a", "knows", "b"),
    ]
    await client.import_items("g", items)
    assert importer.names == ["graphs/g/nodes/a", "graphs/g/edges/e", ""]


async def test_an_import_without_items_ends(server: StandIn, client: AsyncClient) -> None:
    server.streams["BulkService/Import"] = Importer()
    assert (await client.import_items("g", [])).chunk_count == 0


async def test_an_import_that_cannot_go_on_ends_in_time(server: StandIn, client: AsyncClient) -> None:
    async def always_cut(requests: Any, context: Any) -> AsyncIterator[Any]:
        await abort(context, CUT)
        yield

    server.streams["BulkService/Import"] = always_cut
    with pytest.raises(errors.Draining):
        await client.import_items("g", nodes(3), timeout=0.5)


async def test_an_export_goes_on_behind_the_last_page(server: StandIn, client: AsyncClient) -> None:
    server.streams["BulkService/Export"] = cut_export
    found = [item.node.name async for item in client.export_items("g", revision=7)]
    assert found == ["n0", "n1", "n2", "n3", "n4"]
    calls = server.sent("BulkService/Export")
    assert [call.request.page_token for call in calls] == ["", "2", "4"]


async def test_the_blocking_export_does_too(server: StandIn, blocking: Callable[..., Any]) -> None:
    server.streams["BulkService/Export"] = cut_export
    found = await blocking(lambda client: [item.node.name for item in client.export_items("g")])
    assert found == ["n0", "n1", "n2", "n3", "n4"]


async def test_an_export_that_is_left_early_ends_the_call(server: StandIn, client: AsyncClient) -> None:
    server.streams["BulkService/Export"] = cut_export
    pages = client.export_pages("g")
    assert isinstance(pages, AsyncGenerator)
    assert (await anext(pages)).next_page_token == "1"
    await pages.aclose()
    assert len(server.sent("BulkService/Export")) == 1


async def cut_export(request: bulk.ExportRequest, context: Any) -> AsyncIterator[bulk.ExportResponse]:
    """Five pages of one node; each connection is cut after two."""
    start = int(request.page_token or 0)
    for number in range(start, min(start + 2, 5)):
        token = str(number + 1) if number < 4 else ""
        item = bulk.BulkItem(node=node(f"n{number}"))
        item.node.name = f"n{number}"
        yield bulk.ExportResponse(revision=7, items=[item], next_page_token=token)
    if start + 2 < 5:
        await abort(context, CUT)
