"""Recall finds memories over several graphs and packs them to a budget."""

from datetime import UTC, datetime

import pytest

from loci import AsyncClient, edge, errors, node
from loci.v1.memory_service_pb2 import RecallResponse
from loci.v1.search_service_pb2 import SEARCH_ARM_LEXICAL, SEARCH_ARM_SEMANTIC

BEGUN = datetime(2030, 5, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def graphs(client: AsyncClient) -> None:
    """A person's graph and a team's."""
    await client.create_graph("ann")
    await client.create_graph("team")
    said = ["Did the kettle arrive?", "It came on Monday, copper as I hoped.", "Then we can have tea."]
    turns = [
        node(f"t{place}", label="Ann", text=text, event_time=BEGUN.replace(minute=place))
        for place, text in enumerate(said)
    ]
    others = [node(f"o{number}", text=f"Rain on day {number}.") for number in range(30)]
    await client.import_items("ann", [*turns, *others, edge("t0", "NEXT", "t1"), edge("t1", "NEXT", "t2")])
    await client.create_node("team", "k", text="The kettle of the office is broken, buy a kettle.", event_time=BEGUN)


def names(answer: RecallResponse) -> list[str]:
    return [hit.node.name for hit in answer.memories]


async def test_memories_of_several_graphs_come_in_one_order(client: AsyncClient) -> None:
    answer = await client.recall(["ann", "team"], "the kettle", explain=True)
    assert set(names(answer)) >= {"graphs/ann/nodes/t0", "graphs/ann/nodes/t1", "graphs/team/nodes/k"}
    scores = [hit.score for hit in answer.memories]
    assert scores == sorted(scores, reverse=True)
    assert [graph.graph for graph in answer.graphs] == ["graphs/ann", "graphs/team"]
    assert {arm.arm for arm in answer.graphs[0].arms} >= {SEARCH_ARM_LEXICAL, SEARCH_ARM_SEMANTIC}
    assert answer.memories[0].boosts
    assert not answer.HasField("context")
    first = await client.recall(["ann", "team"], "the kettle", limit=1)
    assert names(first) == names(answer)[:1]


async def test_a_weak_match_of_one_graph_does_not_pass_for_a_good_one(client: AsyncClient) -> None:
    answer = await client.recall(["ann", "team"], "buy an office kettle")
    alone = await client.recall("ann", "buy an office kettle")
    assert names(answer)[0] == "graphs/team/nodes/k"
    assert alone.memories[0].score > next(hit.score for hit in answer.memories if hit.node.name == names(alone)[0])


async def test_the_context_cites_what_it_holds(client: AsyncClient) -> None:
    answer = await client.recall("ann", "kettle", max_tokens=60)
    assert answer.context.text.startswith("2030-05-01\n[t0] Ann: Did the kettle arrive?\n[t1] Ann: It came on Monday")
    assert list(answer.context.node_names)[:2] == ["graphs/ann/nodes/t0", "graphs/ann/nodes/t1"]
    assert answer.context.token_count == -(-len(answer.context.text) // 4) <= 60
    both = await client.recall(["ann", "team"], "kettle", max_tokens=60)
    assert "[team/k] The kettle of the office" in both.context.text
    nothing = await client.recall("ann", "zeppelin", max_tokens=60)
    assert nothing.HasField("context")
    assert nothing.context.text == ""


async def test_what_carries_no_text_takes_no_place_of_a_memory(client: AsyncClient) -> None:
    await client.import_items("ann", [node(f"k{number}", label=f"Kettle {number}") for number in range(130)])
    answer = await client.recall("ann", "kettle", max_tokens=60)
    assert "[t0] Ann: Did the kettle arrive?" in answer.context.text
    assert names(answer)[0] == "graphs/ann/nodes/t0"


async def test_filters_times_and_states_hold_as_in_search(client: AsyncClient) -> None:
    await client.create_node("ann", "fact", type="fact", text="The kettle whistles.")
    assert names(await client.recall("ann", "kettle", filter={"types": ["fact"]})) == ["graphs/ann/nodes/fact"]
    revision = (await client.get_graph("ann")).revision
    await client.delete_node("ann", "fact")
    assert "graphs/ann/nodes/fact" not in names(await client.recall("ann", "kettle"))
    assert "graphs/ann/nodes/fact" in names(await client.recall("ann", "kettle", as_of=revision))


async def test_one_graph_that_is_not_there_fails_the_recall(client: AsyncClient) -> None:
    with pytest.raises(errors.GraphNotFound):
        await client.recall(["ann", "nobody"], "kettle")


async def test_what_carries_no_text_is_no_memory_and_no_find_by_its_neighbours_alone(client: AsyncClient) -> None:
    await client.create_node("ann", "copper", type="metal", label="Kettle")
    await client.create_edge("ann", "t0", "MADE_OF", "copper")
    await client.create_node("ann", "cupboard", label="Cupboard")
    await client.create_edge("ann", "t0", "STANDS_IN", "cupboard")
    recalled = names(await client.recall("ann", "kettle"))
    assert "graphs/ann/nodes/t1" in recalled
    assert not {"graphs/ann/nodes/copper", "graphs/ann/nodes/cupboard"} & {*recalled}
    found = [hit.node.name for hit in (await client.search("ann", "kettle")).hits]
    assert "graphs/ann/nodes/copper" in found, "it matches by its label"
    assert "graphs/ann/nodes/cupboard" not in found


async def test_large_memories_are_cut_from_the_answer_and_that_is_said(client: AsyncClient) -> None:
    await client.create_graph("large")
    text = "kettle " + "x" * 250_000
    for graph in ("large", "team"):
        await client.import_items(graph, [node(f"big{number}", text=f"{text}{number}") for number in range(25)])
    answer = await client.recall(["large", "team"], "kettle", limit=100, max_tokens=1000)
    assert answer.truncated
    assert 20 < len(answer.memories) < 50
    assert answer.ByteSize() < 9 * 2**20
    assert not (await client.recall(["large", "team"], "kettle", limit=5)).truncated


async def test_eight_graphs_are_recalled_from_and_no_ninth(client: AsyncClient) -> None:
    more = [f"g{number}" for number in range(7)]
    for graph in more:
        await client.create_graph(graph)
        await client.create_node(graph, "k", text=f"A kettle of {graph}.")
    assert len((await client.recall(["team", *more], "kettle")).memories) == 8
    with pytest.raises(errors.LimitExceeded):
        await client.recall(["ann", "team", *more], "kettle")
