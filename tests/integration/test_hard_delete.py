"""A hard delete takes what the log holds of an item out of it; that it was there, and when, stays."""

import asyncpg
import pytest

from loci import AsyncClient, errors, mutations, names
from loci.v1.change_pb2 import ChangeKind
from loci.v1.watch_service_pb2 import CommitChanges
from tests.calls import collect
from tests.server import RunningServer


@pytest.fixture
async def graph(client: AsyncClient) -> str:
    await client.create_graph("g")
    return "g"


async def told(client: AsyncClient, count: int, **options: object) -> list[CommitChanges]:
    found: list[CommitChanges] = []
    async for commit in client.watch("g", start="oldest", **options):  # type: ignore[arg-type]
        found.append(commit)
        if len(found) == count:
            break
    return found


async def images(server: RunningServer, graph: str) -> int:
    """How many images the log holds of a graph whose id no other tenant uses."""
    connection = await asyncpg.connect(server.database_url)
    try:
        count: int = await connection.fetchval(
            "SELECT count(c.image) FROM loci.changes c JOIN loci.graphs g USING (graph_key) WHERE g.graph_id = $1",
            graph,
        )
        return count
    finally:
        await connection.close()


async def test_what_was_hard_deleted_is_nowhere_in_the_history(client: AsyncClient, graph: str) -> None:
    await client.create_node(graph, "early", text="secret", note="secret reason")
    await client.create_node(graph, "other", text="kept", note="kept reason")
    await client.create_edge(graph, "early", "KNOWS", "other", id="e", properties={"p": "secret"})
    await client.rename_node(graph, "early", "late")
    await client.update_node(graph, "late", text="second secret")
    await client.delete_node(graph, "late", hard=True, note="asked to")
    commits = await told(client, 6, include_before=True)
    assert b"secret" not in b"".join(commit.SerializeToString() for commit in commits)
    assert [commit.note for commit in commits] == ["", "kept reason", "", "", "", "asked to"]
    assert [change.erased for commit in commits for change in commit.changes] == [
        *(True, False, True, True, True, True),
        *(False, False),
    ]
    last = commits[5].changes
    assert [(change.kind, change.hard) for change in last] == [(ChangeKind.CHANGE_KIND_DELETED, True)] * 2
    revisions = await collect(client.list_node_revisions(graph, "late"))
    assert [(one.revision, one.change.erased, one.change.hard) for one in revisions] == [
        *((6, False, True), (5, True, False), (4, True, False), (1, True, False)),
    ]
    assert revisions[-1].commit_time
    for revision in (4, 5):
        with pytest.raises(errors.ContentErased):
            await client.restore_node(graph, "late", revision)
    then = await collect(client.export_items(graph, revision=5))
    assert [names.id_of(item.node.name or item.edge.name) for item in then] == ["other"]
    assert (await client.get_node(graph, "other")).text == "kept"
    with pytest.raises(errors.NodeNotFound):
        await client.get_node(graph, "late", as_of=5)
    assert [names.id_of(one.name) async for one in client.list_nodes(graph, as_of=5)] == ["other"]
    assert not (await client.search(graph, "secret", mode="lexical", as_of=5)).hits
    assert not [one async for one in client.neighbors(graph, "other", as_of=5)]


async def test_what_was_deleted_before_can_be_hard_deleted(client: AsyncClient, server: RunningServer) -> None:
    graph = "deleted-before"
    await client.create_graph(graph)
    await client.create_node(graph, "a", text="secret")
    await client.create_node(graph, "b")
    await client.create_edge(graph, "a", "R", "b", id="e")
    await client.delete_node(graph, "a")
    for _ in range(2):  # the second time there is nothing left
        done = await client.delete_node(graph, "a", hard=True, allow_missing=True)
    assert done.revision == 0
    with pytest.raises(errors.NodeNotFound):
        await client.delete_node(graph, "a", hard=True)
    with pytest.raises(errors.NodeNotFound):
        await client.delete_node(graph, "never", hard=True)
    assert (await client.delete_edge(graph, "e", hard=True)).revision == 6
    with pytest.raises(errors.EdgeNotFound):
        await client.delete_edge(graph, "e", hard=True)
    assert await images(server, graph) == 1
    stats = await client.get_graph_stats(graph)
    assert (stats.node_count, stats.edge_count) == (1, 0)
    await client.create_node(graph, "a", text="new")
    assert (await client.get_node(graph, "a")).text == "new"


async def test_items_that_had_the_id_before_and_live_on_keep_their_history(client: AsyncClient, graph: str) -> None:
    await client.create_node(graph, "a", text="first")
    await client.rename_node(graph, "a", "b")
    await client.create_node(graph, "a", text="second")
    await client.delete_node(graph, "a")
    await client.create_node(graph, "a", text="third")
    await client.delete_node(graph, "a", hard=True)
    history = await collect(client.list_node_revisions(graph, "b"))
    assert [(one.revision, one.change.node.text) for one in history] == [(2, "first"), (1, "first")]
    kept = [
        change.node.text for commit in await told(client, 6) for change in commit.changes if change.HasField("node")
    ]
    assert kept == ["first", "first"]


async def test_the_answer_to_a_write_is_not_given_again_once_its_item_is_hard_deleted(
    client: AsyncClient, graph: str
) -> None:
    made = await client.create_node(graph, "a", text="secret", request_id="one")
    assert (await client.create_node(graph, "a", text="secret", request_id="one")) == made
    deleted = await client.delete_node(graph, "a", hard=True, request_id="two")
    with pytest.raises(errors.ContentErased):
        await client.create_node(graph, "a", text="secret", request_id="one")
    assert await client.delete_node(graph, "a", hard=True, request_id="two") == deleted


async def test_a_commit_hard_deletes_what_it_names_and_nothing_else(client: AsyncClient, graph: str) -> None:
    made = [mutations.create_node(id, text=f"text of {id}") for id in ("a", "b", "c")]
    await client.commit(graph, made)
    await client.commit(
        graph, [mutations.create_edge("a", "R", "b", id="e"), mutations.create_edge("b", "R", "c", id="f")]
    )
    await client.commit(
        graph,
        [
            mutations.rename_node("a", "z"),
            mutations.delete_node("z", hard=True),
            mutations.create_node("z", text="another"),
            mutations.delete_edge("f", hard=True),
            mutations.delete_node("c"),
        ],
    )
    first, second, third = await told(client, 3)
    assert [change.erased for change in first.changes] == [True, False, False]
    assert [change.erased for change in second.changes] == [True, True]
    by_name = {names.id_of(change.name): change for change in third.changes}
    assert {id: change.hard for id, change in by_name.items()} == {
        "a": True, "c": False, "z": False, "e": True, "f": True
    }  # fmt: skip
    assert by_name["z"].node.text == "another"
    assert [one.change.node.text for one in await collect(client.list_node_revisions(graph, "c"))] == ["", "text of c"]


async def test_a_watcher_that_resumes_reads_no_erased_image_from_memory(client: AsyncClient, graph: str) -> None:
    await client.create_node(graph, "a", text="secret")
    watch = client.watch(graph, start="oldest")  # keeps the tailer and its ring alive
    assert (await anext(aiter(watch))).changes[0].node.text == "secret"
    await client.update_node(graph, "a", text="second secret")
    await client.delete_node(graph, "a", hard=True)
    async for commit in watch:
        if commit.revision == 3:
            break
    again = await told(client, 3)
    assert b"secret" not in b"".join(commit.SerializeToString() for commit in again)


async def images_of(client: AsyncClient, revision: int = 0) -> dict[str, str]:
    return {names.id_of(item.node.name): item.node.text async for item in client.export_items("g", revision=revision)}


async def test_an_id_that_is_given_again_by_the_same_commit_is_another_item(client: AsyncClient, graph: str) -> None:
    await client.commit(graph, [mutations.create_node(id, text=f"old {id}") for id in ("a", "b", "c")])
    await client.commit(graph, [mutations.delete_node("a", hard=True), mutations.rename_node("b", "a")])
    assert await images_of(client, 1) == {"b": "old b", "c": "old c"}
    assert await images_of(client) == {"a": "old b", "c": "old c"}
    await client.commit(graph, [mutations.delete_node("c", hard=True), mutations.create_node("c", text="new c")])
    assert await images_of(client, 2) == {"a": "old b"}
    assert await images_of(client) == {"a": "old b", "c": "new c"}
    await client.commit(graph, [mutations.rename_node("a", "z"), mutations.create_node("a", text="secret")])
    await client.delete_node(graph, "a", hard=True)
    assert await images_of(client, 4) == {"z": "old b", "c": "new c"}
    assert await images_of(client, 1) == {"b": "old b"}
    await client.delete_node(graph, "z", hard=True)
    for revision in range(1, 6):
        assert "old b" not in (await images_of(client, revision)).values()


async def test_edges_that_followed_a_rename_are_erased_under_all_their_ids(client: AsyncClient, graph: str) -> None:
    await client.create_node(graph, "a")
    await client.create_node(graph, "b")
    await client.create_edge(graph, "a", "R", "b", properties={"p": "secret"})
    await client.rename_node(graph, "a", "z")
    await client.delete_node(graph, "z", hard=True)
    for revision in (3, 4):
        assert [one async for one in client.list_edges(graph, as_of=revision)] == []
    assert b"secret" not in b"".join(commit.SerializeToString() for commit in await told(client, 5))


async def test_all_that_was_deleted_under_an_id_is_hard_deleted_with_it(
    client: AsyncClient, server: RunningServer
) -> None:
    graph = "deleted-under-it"
    await client.create_graph(graph)
    await client.create_node(graph, "a", text="deleted under a")
    await client.delete_node(graph, "a")
    await client.create_node(graph, "a", text="lives on as b")
    await client.rename_node(graph, "a", "b")
    await client.create_node(graph, "c", text="deleted under a, too")
    await client.rename_node(graph, "c", "a")
    await client.delete_node(graph, "a")
    await client.create_node(graph, "d", text="moves on to e")
    await client.rename_node(graph, "d", "a")
    await client.rename_node(graph, "a", "e")
    await client.delete_node(graph, "a", hard=True)
    assert await images(server, graph) == 5
    with pytest.raises(errors.NodeNotFound):
        await client.delete_node(graph, "a", hard=True)
    histories = [await collect(client.list_node_revisions(graph, name)) for name in ("b", "e")]
    assert [[one.change.node.text for one in history if one.change.node.text] for history in histories] == [
        ["lives on as b"] * 2,
        ["moves on to e"] * 3,
    ]
    await client.delete_node(graph, "b")
    await client.rename_node(graph, "e", "b")
    await client.delete_node(graph, "b", hard=True)
    assert await images(server, graph) == 0
