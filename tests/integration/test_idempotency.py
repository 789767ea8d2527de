"""A write that is repeated with its request_id happens once and gets the first answer."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from google.protobuf.message import Message

from loci import AsyncClient, LociError, errors, mutations, names, preconditions
from loci.v1 import bulk_service_pb2 as bulk
from loci.v1.bulk_service_pb2_grpc import BulkServiceStub
from loci.v1.node_pb2 import Node
from tests.calls import bare_calls, collect
from tests.server import RunningServer, new_tenant, running_server

Write = Callable[[AsyncClient, str], Awaitable[Message]]

IN_ORDER: Sequence[tuple[str, Write]] = (
    ("create graph", lambda c, id: c.create_graph("g", display_name="G", request_id=id)),
    ("create graph without an id", lambda c, id: c.create_graph(request_id=id)),
    ("update graph", lambda c, id: c.update_graph("g", display_name="H", request_id=id)),
    ("create graph to delete", lambda c, id: c.create_graph("gone", request_id=id)),
    ("delete graph", lambda c, id: c.delete_graph("gone", request_id=id)),
    ("create graph to bring back", lambda c, id: c.create_graph("back", request_id=id)),
    ("delete graph to bring back", lambda c, id: c.delete_graph("back", request_id=id)),
    ("undelete graph", lambda c, id: c.undelete_graph("back", request_id=id)),
    ("create node", lambda c, id: c.create_node("g", "a", text="A", request_id=id)),
    ("create node without an id", lambda c, id: c.create_node("g", text="?", request_id=id)),
    ("create another", lambda c, id: c.create_node("g", "b", request_id=id)),
    ("update node", lambda c, id: c.update_node("g", "a", properties={"k": 1}, request_id=id)),
    ("update node by etag", lambda c, id: c.update_node("g", "a", etag="4", label="L", request_id=id)),
    ("rename node", lambda c, id: c.rename_node("g", "a", "z", request_id=id)),
    ("create edge", lambda c, id: c.create_edge("g", "z", "R", "b", id="e", request_id=id)),
    ("update edge", lambda c, id: c.update_edge("g", "e", weight=2.0, request_id=id)),
    ("delete edge", lambda c, id: c.delete_edge("g", "e", request_id=id)),
    ("delete node", lambda c, id: c.delete_node("g", "z", request_id=id)),
    (
        "commit",
        lambda c, id: c.commit(
            "g",
            [mutations.create_node(), mutations.create_node("n"), mutations.delete_node("n")],
            [preconditions.graph_revision(10), preconditions.node_absent("n")],
            request_id=id,
        ),
    ),
    ("delete what is not there", lambda c, id: c.delete_node("g", "nothing", allow_missing=True, request_id=id)),
)


async def do_all(client: AsyncClient, prefix: str) -> list[Message]:
    return [await write(client, f"{prefix}{number}") for number, (_, write) in enumerate(IN_ORDER)]


async def state(client: AsyncClient) -> list[Any]:
    graphs = [graph async for graph in client.list_graphs(show_deleted=True)]
    live = [names.id_of(graph.name) for graph in graphs if not graph.HasField("delete_time")]
    return [graphs, *[await collect(client.export_items(graph)) for graph in live]]


def assert_same(first: Sequence[Message], again: Sequence[Message]) -> None:
    for (what, _), one, other in zip(IN_ORDER, first, again, strict=True):
        assert one == other, f"{what} was answered otherwise"


async def test_every_write_gets_its_first_answer_at_once(client: AsyncClient) -> None:
    for number, (what, write) in enumerate(IN_ORDER):
        first = await write(client, f"id-{number}")
        before = await state(client)
        assert await write(client, f"id-{number}") == first, what
        assert await state(client) == before, what


async def test_every_write_gets_its_first_answer_much_later(client: AsyncClient) -> None:
    first = await do_all(client, "id-")
    before = await state(client)
    assert_same(first, await do_all(client, "id-"))
    assert await state(client) == before


async def test_every_write_gets_its_first_answer_after_kill_9(database_url: str) -> None:
    async with running_server(database_url) as server:
        async with new_tenant(server) as client:
            key = (await client.create_api_key(["write"])).secret
            first = await do_all(client, "id-")
            before = await state(client)
        await server.kill()
        await server.start()
        async with server.client(key) as client:
            assert_same(first, await do_all(client, "id-"))
            assert await state(client) == before


async def test_twenty_at_once_happen_once(client: AsyncClient) -> None:
    for number, (what, write) in enumerate(IN_ORDER):
        answers = await asyncio.gather(*[write(client, f"id-{number}") for _ in range(20)])
        assert all(answer == answers[0] for answer in answers), what
    graphs, *_ = await state(client)
    assert len(graphs) == 4
    assert (await client.get_graph("g")).revision == 11


async def test_what_came_to_nothing_comes_to_nothing_again(client: AsyncClient) -> None:
    await client.create_graph("g")
    for delete in (client.delete_node, client.delete_edge):
        assert (await delete("g", "a", allow_missing=True, request_id=delete.__name__)).revision == 0
    await client.commit("g", [mutations.create_node(id) for id in ("a", "b")])
    await client.create_edge("g", "a", "R", "b", id="a")
    for delete in (client.delete_node, client.delete_edge):
        assert (await delete("g", "a", allow_missing=True, request_id=delete.__name__)).revision == 0
    assert (await client.get_node("g", "a")).revision == 1


async def test_another_write_with_a_used_id_is_refused(client: AsyncClient) -> None:
    await client.create_graph("g")
    await client.create_node("g", "a", request_id="used")
    others: list[Awaitable[Any]] = [
        client.create_node("g", "b", request_id="used"),
        client.create_node("g", "a", text="other", request_id="used"),
        client.update_node("g", "a", request_id="used", label="L"),
        client.delete_node("g", "a", request_id="used"),
        client.delete_node("g", "none", allow_missing=True, request_id="used"),
        client.commit("g", [mutations.create_node("a")], request_id="used"),
    ]
    for call in others:
        with pytest.raises(errors.RequestIdReused):
            await call
    await client.create_graph("h", request_id="graph")
    for call in (
        client.create_graph("i", request_id="graph"),
        client.update_graph("h", display_name="x", request_id="graph"),
        client.delete_graph("h", request_id="graph"),
    ):
        with pytest.raises(errors.RequestIdReused):
            await call
    assert (await client.get_graph("g")).revision == 1


async def test_a_refused_write_may_be_tried_again_under_its_id(client: AsyncClient) -> None:
    await client.create_graph("g")
    with pytest.raises(errors.EndpointMissing):
        await client.create_edge("g", "a", "R", "b", request_id="edge")
    await client.commit("g", [mutations.create_node("a"), mutations.create_node("b")])
    assert (await client.create_edge("g", "a", "R", "b", request_id="edge")).revision == 2


async def test_concurrent_calls_of_two_requests_under_one_id_do_one_of_them(client: AsyncClient) -> None:
    await client.create_graph("g")
    calls = [client.create_node("g", f"n{number % 2}", request_id="same") for number in range(10)]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    made = {answer.name for answer in answers if isinstance(answer, Node)}
    refused = [answer for answer in answers if not isinstance(answer, Node)]
    assert len(made) == 1
    assert all(isinstance(answer, errors.RequestIdReused) for answer in refused)
    assert len(refused) == 5


async def test_ids_are_those_of_one_graph_and_one_tenant(server: RunningServer, client: AsyncClient) -> None:
    async with new_tenant(server) as other:
        for one in (client, other):
            for graph in ("g", "h"):
                await one.create_graph(graph, request_id=f"graph-{graph}")
                assert (await one.create_node(graph, "a", request_id="same")).revision == 1


async def test_a_chunk_of_an_import_is_applied_once_among_twenty(server: RunningServer) -> None:
    async with new_tenant(server) as client:
        key = (await client.create_api_key(["write"])).secret
        await client.create_graph("g")
        request = bulk.ImportChunkRequest(
            parent="graphs/g",
            import_id="i",
            items=bulk.ImportItems(sequence=1, items=[bulk.BulkItem(node=Node(text="T")) for _ in range(50)]),
        )
        async with bare_calls(server, key) as bare:
            answers = await asyncio.gather(
                *[bare.unary(BulkServiceStub, "ImportChunk", request) for _ in range(20)], return_exceptions=True
            )
        failed = [answer for answer in answers if isinstance(answer, LociError)]
        assert failed == []
        assert sum(not answer.chunk.replayed for answer in answers) == 1
        assert {answer.chunk.revision for answer in answers} == {1}
        assert (await client.get_graph_stats("g")).node_count == 50
