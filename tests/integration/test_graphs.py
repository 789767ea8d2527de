"""Graphs are made, found, changed, hidden and brought back whole."""

from collections.abc import Awaitable, Callable

import pytest

from loci import AsyncClient, errors, mutations, names
from tests.calls import collect
from tests.server import RunningServer, new_tenant
from tests.sharing import another_server


async def test_a_graph_is_read_as_it_was_made(client: AsyncClient) -> None:
    made = await client.create_graph("ann", display_name="Ann's memory")
    assert (made.name, made.display_name, made.revision) == ("graphs/ann", "Ann's memory", 0)
    assert await client.get_graph("ann") == made
    assert made.HasField("create_time")
    assert not made.HasField("delete_time")


async def test_a_graph_without_an_id_gets_one(client: AsyncClient) -> None:
    first, second = await client.create_graph(), await client.create_graph()
    assert first.name != second.name
    assert await client.get_graph(first.name) == first


async def test_a_taken_id_is_refused_also_while_its_graph_is_deleted(client: AsyncClient) -> None:
    await client.create_graph("g")
    with pytest.raises(errors.GraphExists):
        await client.create_graph("g")
    await client.delete_graph("g")
    with pytest.raises(errors.GraphExists):
        await client.create_graph("g")


async def test_graphs_are_listed_in_order_of_their_ids_page_by_page(client: AsyncClient) -> None:
    ids = ["B", "Z", "a", "a-1", "b", "ä", "日本"]
    for graph in reversed(ids):
        await client.create_graph(graph)
    for size in (1, 3, 7, 100):
        listed = [names.id_of(graph.name) async for graph in client.list_graphs(page_size=size)]
        assert listed == ids
    await client.delete_graph("a")
    assert "a" not in [names.id_of(graph.name) async for graph in client.list_graphs(page_size=2)]
    shown = {names.id_of(graph.name): graph async for graph in client.list_graphs(page_size=2, show_deleted=True)}
    assert list(shown) == ids
    assert shown["a"].HasField("delete_time")


async def test_an_update_changes_the_name_and_the_etag_and_nothing_else(client: AsyncClient) -> None:
    made = await client.create_graph("g", display_name="one")
    changed = await client.update_graph("g", display_name="two", etag=made.etag)
    assert (changed.display_name, changed.revision, changed.create_time) == ("two", 0, made.create_time)
    assert changed.etag != made.etag
    with pytest.raises(errors.EtagMismatch):
        await client.update_graph("g", display_name="three", etag=made.etag)
    assert (await client.get_graph("g")) == changed


async def test_a_commit_raises_the_revision_and_leaves_the_etag_of_the_graph(client: AsyncClient) -> None:
    made = await client.create_graph("g")
    await client.create_node("g", "n")
    after = await client.get_graph("g")
    assert (after.revision, after.etag) == (1, made.etag)


async def test_stats_count_nodes_edges_and_documents(client: AsyncClient) -> None:
    await client.create_graph("g")
    await client.commit(
        "g",
        [
            mutations.create_node("a", text="Some text"),
            mutations.create_node("b", label="a label"),
            mutations.create_node("c"),
            mutations.create_edge("a", "KNOWS", "b"),
        ],
    )
    stats = await client.get_graph_stats("g")
    assert (stats.revision, stats.node_count, stats.edge_count, stats.document_count) == (1, 3, 1, 2)
    assert stats.pending_embedding_count == 0
    await client.delete_node("g", "a")
    stats = await client.get_graph_stats("g")
    assert (stats.revision, stats.node_count, stats.edge_count, stats.document_count) == (2, 2, 0, 1)


def every_use(client: AsyncClient) -> dict[str, Callable[[], Awaitable[object]]]:
    """One call of each kind that needs a live graph `g`."""
    return {
        "get import": lambda: client.get_import("g", "i"),
        "stats": lambda: client.get_graph_stats("g"),
        "create node": lambda: client.create_node("g", "new"),
        "get node": lambda: client.get_node("g", "a"),
        "get nodes": lambda: client.get_nodes("g", ["a"]),
        "list nodes": lambda: collect(client.list_nodes("g")),
        "update node": lambda: client.update_node("g", "a", text="other"),
        "delete node": lambda: client.delete_node("g", "a"),
        "rename node": lambda: client.rename_node("g", "a", "z"),
        "create edge": lambda: client.create_edge("g", "a", "R2", "b"),
        "get edge": lambda: client.get_edge("g", "e"),
        "get edges": lambda: client.get_edges("g", ["e"]),
        "list edges": lambda: collect(client.list_edges("g")),
        "update edge": lambda: client.update_edge("g", "e", weight=2.0),
        "delete edge": lambda: client.delete_edge("g", "e"),
        "commit": lambda: client.commit("g", [mutations.create_node("new")]),
        "search": lambda: client.search("g", "peanuts"),
        "import": lambda: client.import_items("g", [], import_id="i"),
        "export": lambda: collect(client.export_items("g")),
        "update graph": lambda: client.update_graph("g", display_name="x"),
        "delete graph": lambda: client.delete_graph("g"),
    }


async def fill(client: AsyncClient) -> None:
    await client.create_graph("g", display_name="named")
    await client.commit(
        "g",
        [
            mutations.create_node("a", text="peanuts", properties={"p": 1}),
            mutations.create_node("b"),
            mutations.create_edge("a", "R", "b", id="e"),
        ],
    )
    await client.import_items("g", [], import_id="i")


async def assert_hidden(client: AsyncClient) -> None:
    for what, call in every_use(client).items():
        try:
            await call()
        except errors.GraphNotFound:
            continue
        pytest.fail(f"{what} works in a deleted graph")


async def test_a_deleted_graph_can_be_neither_read_nor_written(client: AsyncClient) -> None:
    await fill(client)
    deleted = await client.delete_graph("g")
    assert deleted.HasField("delete_time")
    await assert_hidden(client)


async def test_a_graph_deleted_by_one_server_is_gone_for_another_that_had_it_open(server: RunningServer) -> None:
    async with new_tenant(server) as first:
        made = await first.create_api_key(["admin"])
        async with another_server(server) as other, other.client(made.secret) as second:
            await fill(first)
            assert (await second.get_node("g", "a")).text == "peanuts"
            await first.delete_graph("g")
            await assert_hidden(second)
            await first.undelete_graph("g")
            assert (await second.get_node("g", "a")).text == "peanuts"


async def test_an_undeleted_graph_is_whole(client: AsyncClient) -> None:
    await fill(client)
    node, edge = await client.get_node("g", "a"), await client.get_edge("g", "e")
    await client.delete_graph("g")
    back = await client.undelete_graph("g")
    assert (back.display_name, back.revision) == ("named", 1)
    assert not back.HasField("delete_time")
    assert await client.get_node("g", "a") == node
    assert await client.get_edge("g", "e") == edge
    assert [hit.node.name for hit in (await client.search("g", "peanuts")).hits] == ["graphs/g/nodes/a"]
    with pytest.raises(errors.GraphNotDeleted):
        await client.undelete_graph("g")
    with pytest.raises(errors.GraphNotFound):
        await client.undelete_graph("nothing")


async def test_a_graph_that_was_never_made_is_not_found(client: AsyncClient) -> None:
    with pytest.raises(errors.GraphNotFound):
        await client.get_graph("nothing")
    with pytest.raises(errors.GraphNotFound):
        await client.create_node("nothing", "n")
