"""What of a node is searched is its graph's choice, and counts as the choice says."""

import random

import pytest

from loci import AsyncClient, errors, mutations, names, node
from loci.v1.graph_pb2 import SearchFields
from loci.v1.node_pb2 import Node
from tests.integration.test_search import bm25, ids, ranking, sentence
from tests.server import RunningServer
from tests.sharing import another_server

CHOICE = SearchFields(properties=["title", "tags"], label_weight=3, text_weight=2, property_weight=5)


async def test_the_ranking_is_bm25_of_parts_that_stand_there_as_often_as_they_weigh(client: AsyncClient) -> None:
    await client.create_graph("g", search_fields=CHOICE)
    chance = random.Random(5)
    nodes, texts = [], {}
    for number in range(150):
        id, label, text, title, tag = f"n{number:03}", *(sentence(chance) for _ in range(4))
        given = {"title": title, "tags": [tag, {"more": [7, 2.5]}], "other": "apple pear plum"}
        nodes.append(node(id, label=label, aliases=["apple"], text=text, properties=given))
        texts[id] = " ".join([f"{label} apple"] * 3 + [text] * 2 + [f"{title} {tag} 7 2.5"] * 5)
    await client.import_items("g", nodes)
    for query in ("apple", "garden stone river", "7", "letter music 2.5", "absent"):
        assert await ranking(client, query) == pytest.approx(bm25(texts, query), rel=1e-9), query


async def test_without_a_choice_properties_are_not_searched_and_parts_count_alike(client: AsyncClient) -> None:
    await client.create_graph("g")
    chance = random.Random(6)
    texts = {f"n{number:03}": (sentence(chance), sentence(chance)) for number in range(80)}
    await client.import_items(
        "g", [node(id, label=a, text=b, properties={"title": "apple"}) for id, (a, b) in texts.items()]
    )
    joined = {id: f"{label} {text}" for id, (label, text) in texts.items()}
    for query in ("apple", "garden stone river"):
        assert await ranking(client, query) == pytest.approx(bm25(joined, query), rel=1e-9), query


async def found(client: AsyncClient, query: str) -> list[str]:
    return sorted(ids(await client.search("g", query, mode="lexical")))


async def test_a_choice_holds_for_what_is_written_after_it(client: AsyncClient) -> None:
    await client.create_graph("g")
    await client.create_node("g", "before", text="x1", properties={"title": "zephyr"})
    await client.update_graph("g", search_fields=CHOICE)
    await client.create_node("g", "after", properties={"title": "zephyr"})
    assert await found(client, "zephyr") == ["after"]
    await client.update_node("g", "before", salience=0.9)
    assert await found(client, "zephyr") == ["after"], "nothing that is searched has changed"
    await client.update_node("g", "before", properties={"title": "the zephyr"})
    assert await found(client, "zephyr") == ["after", "before"]
    await client.update_node("g", "before", properties={"other": 1})
    assert await found(client, "zephyr") == ["after", "before"]
    await client.update_graph("g", search_fields=SearchFields())
    await client.import_items("g", [node("import", text="x1", properties={"title": "zephyr"})])
    assert await found(client, "zephyr") == ["after", "before"]
    assert not (await client.get_graph("g")).HasField("search_fields")


async def test_another_server_writes_by_a_choice_that_it_has_not_heard_of(
    server: RunningServer, client: AsyncClient
) -> None:
    await client.create_graph("g")
    made = await client.create_api_key(["read", "write"])
    async with another_server(server) as other, other.client(made.secret) as second:
        await second.create_node("g", "warm", text="its handle is open now")
        await client.update_graph("g", search_fields=CHOICE)
        await second.create_node("g", "after", properties={"title": "zephyr"})
        assert await found(client, "zephyr") == ["after"]
        await client.update_graph("g", search_fields=SearchFields(properties=["tags"]))
        await second.import_items("g", [node("import", properties={"tags": ["zephyr"]})])
        assert await found(client, "zephyr") == ["after", "import"]


async def test_a_choice_is_told_kept_and_guarded_by_the_etag(client: AsyncClient) -> None:
    made = await client.create_graph("g", display_name="d", search_fields=CHOICE)
    assert made.search_fields == CHOICE
    renamed = await client.update_graph("g", display_name="e")
    assert (renamed.search_fields, renamed.display_name) == (CHOICE, "e")
    other = SearchFields(properties=["k"])
    with pytest.raises(errors.EtagMismatch):
        await client.update_graph("g", search_fields=other, etag=made.etag)
    changed = await client.update_graph("g", search_fields=other, etag=renamed.etag)
    assert (changed.search_fields, changed.display_name) == (other, "e")
    await client.delete_graph("g")
    assert (await client.undelete_graph("g")).search_fields == other
    assert [graph.search_fields async for graph in client.list_graphs()] == [other]
    assert (await client.get_graph("g")).search_fields == other


@pytest.mark.parametrize(
    ("choice", "field", "error"),
    [
        (SearchFields(properties=[""]), "graph.search_fields.properties[0]", errors.InvalidField),
        (SearchFields(properties=["a", "a"]), "graph.search_fields.properties[1]", errors.InvalidField),
        (SearchFields(properties=["x" * 257]), "graph.search_fields.properties[0]", errors.LimitExceeded),
        (SearchFields(properties=[f"k{n}" for n in range(33)]), "graph.search_fields.properties", errors.LimitExceeded),
        (SearchFields(text_weight=11), "graph.search_fields.text_weight", errors.LimitExceeded),
        (SearchFields(label_weight=-1), "graph.search_fields.label_weight", errors.InvalidField),
    ],
)
async def test_a_bad_choice_is_refused_by_name(
    client: AsyncClient, choice: SearchFields, field: str, error: type[errors.LociError]
) -> None:
    with pytest.raises(error) as refused:
        await client.create_graph("g", search_fields=choice)
    assert field in str(refused.value)
    await client.create_graph("g")
    with pytest.raises(error):
        await client.update_graph("g", search_fields=choice)


async def test_search_as_of_a_revision_ranks_by_the_choice_of_now(client: AsyncClient) -> None:
    await client.create_graph("g", search_fields=CHOICE)
    created = await client.commit("g", [mutations.create_node("a", properties={"title": "zephyr"})])
    await client.update_node("g", "a", properties={"title": "calm"})
    answer = await client.search("g", "zephyr", mode="lexical", as_of=created.revision)
    assert [names.id_of(hit.node.name) for hit in answer.hits] == ["a"]
    assert isinstance(answer.hits[0].node, Node)
