"""What stands in quotes is found as it stands there, by every way to read."""

import pytest

from loci import AsyncClient, mutations, names, node, search_request
from loci.v1.search_service_pb2 import SEARCH_MODE_LEXICAL
from tests.integration.test_search import ids

TEXTS = {
    "exact": "She bought a red bicycle yesterday",
    "other": "The bicycle is red, as all of them",
    "forms": "Red bicycles are everywhere",
    "far": "Something red; elsewhere somebody rides a bicycle",
    "none": "Nothing of the sort",
}
DEMANDED = '"red bicycle"'


@pytest.fixture(autouse=True)
async def graph(client: AsyncClient) -> int:
    await client.create_graph("g")
    return (await client.commit("g", [mutations.create_node(id, text=text) for id, text in TEXTS.items()])).revision


async def test_search_by_words_and_the_strict_profile_give_only_what_holds_the_phrase(client: AsyncClient) -> None:
    assert ids(await client.search("g", DEMANDED, mode="lexical")) == ["exact"]
    assert ids(await client.search("g", DEMANDED, profile="strict")) == ["exact"]
    assert ids(await client.search("g", '"red bicycles"', mode="lexical")) == ["forms"]
    assert ids(await client.search("g", '"blue bicycle"', mode="lexical")) == []
    assert ids(await client.search("g", 'yesterday "nothing of"', mode="lexical")) == ["none"]
    assert ids(await client.search("g", '"red bicycle" "of the"', mode="lexical")) == ["exact"], "stop words alone"
    assert ids(await client.search("g", '"red bicycle" "nothing of"', mode="lexical")) == []


async def test_other_profiles_put_the_phrase_first_and_keep_the_rest(client: AsyncClient) -> None:
    found = ids(await client.search("g", f"Who has a {DEMANDED}?"))
    assert found[0] == "exact"
    assert {"other", "forms", "far"} <= set(found)
    explained = await client.search("g", f"Who has a {DEMANDED}?", explain=True)
    plain = await client.search("g", "Who has a red bicycle?", explain=True)
    scores = [{names.id_of(h.node.name): h.arm_scores[0].score for h in each.hits} for each in (explained, plain)]
    assert scores[0]["exact"] > scores[1]["exact"] * 1.3
    assert scores[0]["other"] == pytest.approx(scores[1]["other"])


async def test_a_stray_quote_changes_nothing(client: AsyncClient) -> None:
    for query in ('red " bicycle', 'a 5" red 6" bicycle', 'red bicycle"'):
        plain = await client.search("g", query.replace('"', " "), mode="lexical", explain=True)
        stray = await client.search("g", query, mode="lexical", explain=True)
        assert [(h.node.name, h.score) for h in stray.hits] == [(h.node.name, h.score) for h in plain.hits]


async def test_all_ways_to_read_agree(client: AsyncClient, graph: int) -> None:
    batch = await client.batch_search(
        [search_request("g", DEMANDED, mode="lexical"), search_request("g", DEMANDED, profile="strict")]
    )
    assert [ids(each.response) for each in batch] == [["exact"], ["exact"]]
    recalled = await client.recall(["g"], DEMANDED, profile="strict")
    assert [names.id_of(hit.node.name) for hit in recalled.memories] == ["exact"]
    recalled = await client.recall(["g"], f"Who has a {DEMANDED}?")
    assert names.id_of(recalled.memories[0].node.name) == "exact"
    assert len(recalled.memories) > 1
    await client.update_node("g", "exact", text="She sold it")
    await client.update_node("g", "none", text="The red bicycle is back")
    assert ids(await client.search("g", DEMANDED, mode="lexical")) == ["none"]
    assert ids(await client.search("g", DEMANDED, mode="lexical", as_of=graph)) == ["exact"]
    assert ids(await client.search("g", f"Who has a {DEMANDED}?", as_of=graph))[0] == "exact"
    assert ids(await client.search("g", DEMANDED, profile="strict", as_of=graph)) == ["exact"]


async def test_neighbours_that_lack_the_phrase_are_no_hits_when_it_is_demanded(client: AsyncClient) -> None:
    await client.create_edge("g", "exact", "NEXT", "none")
    assert "none" in ids(await client.search("g", f"Who has a {DEMANDED}?", weights={"graph": 5.0}))
    assert ids(await client.search("g", DEMANDED, profile="strict", weights={"graph": 5.0})) == ["exact"]


async def test_what_another_arm_finds_is_no_hit_without_a_phrase_that_is_demanded(client: AsyncClient) -> None:
    for id, values in (("exact", [0.0, 1.0]), ("none", [1.0, 0.0])):
        await client.update_node("g", id, embedding=("m", values))
    near = ("m", [1.0, 0.1])
    assert "none" in ids(await client.search("g", f"Who has a {DEMANDED}?", query_embedding=near))
    assert ids(await client.search("g", DEMANDED, profile="strict", query_embedding=near)) == ["exact"]


async def test_none_is_missing_up_to_the_bound_and_beyond_it_the_answer_says_so(client: AsyncClient) -> None:
    words = "bicycle bicycle red"  # ranks above what holds the phrase
    await client.import_items("g", [node(f"n{number:04}", text=words) for number in range(990)])
    answer = await client.search("g", DEMANDED, mode="lexical")
    assert (ids(answer), answer.truncated) == (["exact"], False)
    await client.import_items("g", [node(f"m{number:04}", text=words) for number in range(20)])
    answer = await client.search("g", DEMANDED, mode="lexical")
    assert answer.truncated
    assert (await client.search("g", f"Who has a {DEMANDED}?")).truncated


async def test_a_filter_holds_beside_a_phrase(client: AsyncClient) -> None:
    await client.update_node("g", "exact", salience=0.1)
    assert ids(await client.search("g", DEMANDED, mode="lexical", filter={"min_salience": 0.4})) == []
    request = search_request("g", DEMANDED, mode="lexical", filter={"max_salience": 0.4})
    assert request.mode == SEARCH_MODE_LEXICAL
    assert ids((await client.batch_search([request]))[0].response) == ["exact"]


async def test_an_asterisk_is_no_operator_and_does_no_harm(client: AsyncClient) -> None:
    plain = ids(await client.search("g", "red bicycle", mode="lexical"))
    assert ids(await client.search("g", "red* *bicycle* *", mode="lexical")) == plain
    assert ids(await client.search("g", "bicyc*", mode="lexical")) == []
