"""Exports give everything back as it was, at one revision."""

from datetime import UTC, datetime
from typing import Any

import pytest

from loci import AsyncClient, errors, mutations, names
from loci.v1 import bulk_service_pb2 as pb
from tests.calls import collect

LONG_AGO = datetime(2001, 2, 3, 4, 5, 6, 789012, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def graph(client: AsyncClient) -> str:
    await client.create_graph("g")
    return "g"


async def furnish(client: AsyncClient) -> None:
    await client.commit(
        "g",
        [
            mutations.create_node(
                "a",
                type="person",
                label="Ann",
                aliases=["Annie", "Ä"],
                text="peanuts",
                properties={"s": "x", "n": 1.5, "z": None, "t": True, "l": [1, [2]], "o": {"p": {"q": "r"}}},
                valid_from="198X",
                valid_to="1999~",
                event_time=LONG_AGO,
                salience=0.125,
                embedding=("mine", [1.0, 2.0, -2.0]),
            ),
            mutations.create_node("b", valid_from="1985/1990"),
            mutations.create_node("日本"),
        ],
    )
    await client.commit(
        "g",
        [
            mutations.create_edge("a", "R", "b", properties={"k": {"v": None}}, weight=-3.5, valid_from="1985-04?"),
            mutations.create_edge("a", "R", "b", id="parallel"),
            mutations.create_edge("b", "S", "日本"),
        ],
    )
    await client.update_node("g", "b", label="changed")


async def contents(client: AsyncClient, graph: str, **options: Any) -> list[pb.BulkItem]:
    """An export without what a new graph gives anew."""
    items = [item async for item in client.export_items(graph, include_embeddings=True, page_size=2, **options)]
    for item in items:
        bare = item.node if item.HasField("node") else item.edge
        bare.name = bare.name.split("/", 2)[2]
        bare.revision, bare.etag = 0, ""
    return items


async def test_an_export_imported_elsewhere_is_the_same_graph(client: AsyncClient) -> None:
    await furnish(client)
    before = await contents(client, "g")
    await client.create_graph("copy")
    summary = await client.import_items("copy", client.export_items("g", include_embeddings=True), keep_times=True)
    assert (summary.node_count, summary.edge_count, summary.failed_count) == (3, 3, 0)
    assert await contents(client, "copy") == before
    assert len((await client.search("copy", "peanut", mode="lexical")).hits) == 1
    assert len((await client.search("copy", mode="semantic", query_embedding=("mine", [1.0, 2.0, -2.0]))).hits) == 1
    assert await collect(client.list_nodes("copy", filter={"properties": {"n": 1.5}}))
    assert await collect(client.list_nodes("copy", filter={"valid_at": "1985", "types": ["person"]}))


async def test_an_export_stays_at_its_revision_while_writes_go_on(client: AsyncClient) -> None:
    await furnish(client)
    before = await contents(client, "g")
    pinned = (await client.get_graph("g")).revision
    pages = client.export_pages("g", page_size=1, include_embeddings=True)
    first = await anext(pages)
    assert first.revision == pinned
    await client.rename_node("g", "a", "z")
    await client.delete_node("g", "日本")
    await client.update_node("g", "b", label="later")
    await client.create_node("g", "new")
    items = [*first.items, *[item async for page in pages for item in page.items]]
    for item in items:
        bare = item.node if item.HasField("node") else item.edge
        bare.name, bare.revision, bare.etag = bare.name.split("/", 2)[2], 0, ""
    assert items == before
    assert await contents(client, "g", revision=pinned) == before
    now = await contents(client, "g")
    assert [names.id_of(item.node.name) for item in now if item.HasField("node")] == ["b", "new", "z"]
    assert sorted((item.edge.source, item.edge.target) for item in now if item.HasField("edge")) == [("z", "b")] * 2
    assert [names.id_of(item.node.name) for item in await contents(client, "g", revision=1)] == ["a", "b", "日本"]


async def test_a_future_revision_is_refused(client: AsyncClient) -> None:
    with pytest.raises(errors.RevisionInFuture):
        await collect(client.export_items("g", revision=1))
    with pytest.raises(errors.InvalidField):
        await collect(client.export_items("g", revision=-1))
    assert await collect(client.export_items("g")) == []


async def test_an_export_goes_on_behind_the_last_page_that_arrived(client: AsyncClient) -> None:
    await furnish(client)
    whole = await collect(client.export_items("g"))
    pages = await collect(client.export_pages("g", page_size=2))
    for place, page in enumerate(pages[:-1]):
        await client.create_node("g")
        rest = [
            item
            async for later in client.export_pages("g", page_size=2, page_token=page.next_page_token)
            for item in later.items
        ]
        done = [item for earlier in pages[: place + 1] for item in earlier.items]
        assert done + rest == whole
    assert not pages[-1].next_page_token
