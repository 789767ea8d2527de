"""The history of a node or edge tells each commit that touched it, and any state of it can be had again."""

import pytest

from loci import AsyncClient, errors, mutations, names, node, properties
from loci.v1.change_pb2 import ChangeKind, ItemRevision
from tests.calls import collect


@pytest.fixture
async def graph(client: AsyncClient) -> str:
    await client.create_graph("g")
    return "g"


def told(revisions: list[ItemRevision]) -> list[tuple[int, str, list[str]]]:
    """Revision, kind and changed fields."""
    return [
        (one.revision, ChangeKind.Name(one.change.kind)[12:].lower(), list(one.changed_fields)) for one in revisions
    ]


async def test_each_revision_says_what_was_changed_by_whom_and_why(client: AsyncClient, graph: str) -> None:
    await client.create_node(graph, "a", text="one", properties={"k": 1, "old": True}, note="begun")
    await client.commit(
        graph,
        [mutations.create_node("b"), mutations.update_node("a", text="two", properties={"k": 2, "old": None})],
        note="both",
    )
    await client.update_node(graph, "a", label="L", salience=0.9)
    await client.delete_node(graph, "a", note="enough")
    revisions = await collect(client.list_node_revisions(graph, "a"))
    assert told(revisions) == [
        (4, "deleted", []),
        (3, "updated", ["label", "salience"]),
        (2, "updated", ["text", "properties.k", "properties.old"]),
        (1, "created", []),
    ]
    assert [one.note for one in revisions] == ["enough", "", "both", "begun"]
    assert len({one.api_key for one in revisions}) == 1
    assert revisions[1].change.node.text == "two"
    assert properties(revisions[3].change.node) == {"k": 1, "old": True}
    assert not revisions[0].change.HasField("node")


async def test_history_follows_renames_and_not_who_had_the_name_before(client: AsyncClient, graph: str) -> None:
    await client.create_node(graph, "b", text="another")
    await client.delete_node(graph, "b")
    await client.create_node(graph, "a", text="one")
    await client.rename_node(graph, "a", "b")
    await client.update_node(graph, "b", text="two")
    await client.create_node(graph, "a", text="new")
    assert told(await collect(client.list_node_revisions(graph, "b"))) == [
        (5, "updated", ["text"]),
        (4, "renamed", []),
        (3, "created", []),
    ]
    assert [one[:2] for one in told(await collect(client.list_node_revisions(graph, "a")))] == [
        (6, "created"),
        (4, "renamed"),
        (3, "created"),
    ]


async def test_the_history_of_an_edge_follows_its_ends(client: AsyncClient, graph: str) -> None:
    await client.commit(graph, [mutations.create_node("a"), mutations.create_node("b")])
    made = await client.create_edge(graph, "a", "R", "b", weight=2.0)
    await client.rename_node(graph, "a", "z")
    (moved,) = await collect(client.list_edges(graph))
    assert moved.name != made.name
    revisions = await collect(client.list_edge_revisions(graph, names.id_of(moved.name)))
    assert told(revisions) == [(3, "renamed", ["source"]), (2, "created", [])]


async def test_pages_of_revisions_lose_and_repeat_nothing(client: AsyncClient, graph: str) -> None:
    await client.create_node(graph, "a")
    for number in range(9):
        await client.update_node(graph, "a", text=f"text {number}")
    for size in (1, 3, 10, 100):
        found = await collect(client.list_node_revisions(graph, "a", page_size=size))
        assert [one.revision for one in found] == list(range(10, 0, -1))


async def test_a_node_comes_back_as_it_was(client: AsyncClient, graph: str) -> None:
    first = await client.create_node(graph, "a", text="peanuts", properties={"k": 1}, aliases=["x"], type="fact")
    await client.update_node(graph, "a", text="almonds", properties={"k": None, "n": 2}, type="note", aliases=None)
    again = await client.restore_node(graph, "a", 1, note="it was right")
    assert (again.text, properties(again), list(again.aliases), again.type) == ("peanuts", {"k": 1}, ["x"], "fact")
    assert (again.revision, again.create_time) == (3, first.create_time)
    assert [names.id_of(hit.node.name) for hit in (await client.search(graph, "peanuts")).hits] == ["a"]
    await client.delete_node(graph, "a")
    back = await client.restore_node(graph, "a", 2)
    assert (back.text, properties(back)) == ("almonds", {"n": 2})
    assert told(await collect(client.list_node_revisions(graph, "a")))[0][:2] == (5, "created")


async def test_a_restored_edge_needs_its_ends(client: AsyncClient, graph: str) -> None:
    await client.commit(graph, [mutations.create_node("a"), mutations.create_node("b")])
    await client.create_edge(graph, "a", "R", "b", id="e", weight=2.0)
    await client.update_edge(graph, "e", weight=3.0)
    assert (await client.restore_edge(graph, "e", 2)).weight == 2.0
    await client.delete_node(graph, "b")
    with pytest.raises(errors.EndpointMissing):
        await client.restore_edge(graph, "e", 2)
    await client.restore_node(graph, "b", 4)
    assert (await client.restore_edge(graph, "e", 3)).weight == 3.0


async def test_a_restore_is_refused_where_there_is_nothing_or_something_newer(client: AsyncClient, graph: str) -> None:
    await client.import_items(graph, [node("other")])
    made = await client.create_node(graph, "a", text="one")
    await client.update_node(graph, "a", text="two")
    await client.delete_node(graph, "a")
    with pytest.raises(errors.NodeNotFound):
        await client.restore_node(graph, "a", 1)
    with pytest.raises(errors.NodeNotFound):
        await client.restore_node(graph, "a", 4)
    with pytest.raises(errors.RevisionInFuture):
        await client.restore_node(graph, "a", 5)
    with pytest.raises(errors.InvalidField):
        await client.restore_node(graph, "a", 0)
    with pytest.raises(errors.NodeNotFound):
        await collect(client.list_node_revisions(graph, "never"))
    await client.restore_node(graph, "a", 2)
    with pytest.raises(errors.EtagMismatch):
        await client.restore_node(graph, "a", 3, etag=made.etag)


async def test_a_repeated_restore_happens_once(client: AsyncClient, graph: str) -> None:
    await client.create_node(graph, "a", text="one")
    await client.update_node(graph, "a", text="two")
    first = await client.restore_node(graph, "a", 1, request_id="same")
    await client.update_node(graph, "a", text="three")
    assert await client.restore_node(graph, "a", 1, request_id="same") == first
    assert (await client.get_node(graph, "a")).text == "three"


async def test_an_item_that_is_made_anew_in_the_commit_that_deletes_it_has_both_in_its_history(
    client: AsyncClient, graph: str
) -> None:
    await client.create_node(graph, "a", text="one")
    await client.commit(graph, [mutations.delete_node("a"), mutations.create_node("a", text="two")])
    await client.update_node(graph, "a", text="three")
    for size in (1, 2, 10):
        revisions = await collect(client.list_node_revisions(graph, "a", page_size=size))
        assert [one[:2] for one in told(revisions)] == [(3, "updated"), (2, "created"), (2, "deleted"), (1, "created")]
    assert (await client.restore_node(graph, "a", 2)).text == "two"
    await client.create_node(graph, "b", text="another")
    await client.commit(graph, [mutations.delete_node("a"), mutations.rename_node("b", "a")])
    assert [one[:2] for one in told(await collect(client.list_node_revisions(graph, "a")))] == [
        (6, "renamed"),
        (5, "created"),
    ]
