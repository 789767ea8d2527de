"""Search finds what was written, ranks it as the formula says, and says which arm could not answer."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
import numpy as np
import pytest

from loci import AsyncClient, errors, mutations, names, node, search_request
from loci.v1.search_service_pb2 import (
    ARM_STATE_FAILED,
    ARM_STATE_OK,
    ARM_STATE_SKIPPED,
    SEARCH_ARM_LEXICAL,
    SEARCH_ARM_SEMANTIC,
    SearchResponse,
)
from loci_server.search.analysis import terms
from tests.calls import collect
from tests.server import RunningServer
from tests.waiting import eventually

FRUIT = "apple pear plum cherry grape melon lemon peach berry mango"
OTHERS = "river stone cloud music letter garden"
WORDS = [stem + end for end in ("", "ka", "lo", "mu") for stem in f"{FRUIT} {OTHERS}".split()]
K1, B = 1.2, 0.75


@pytest.fixture(autouse=True)
async def graph(client: AsyncClient) -> str:
    await client.create_graph("g")
    return "g"


def ids(answer: SearchResponse) -> list[str]:
    return [names.id_of(hit.node.name) for hit in answer.hits]


def bm25(texts: Mapping[str, str], query: str) -> dict[str, float]:
    """Robertson and Zaragoza (2009) with the idf of Lucene, in clear."""
    documents = {id: terms(text) for id, text in texts.items()}
    documents = {id: words for id, words in documents.items() if words or texts[id]}
    lengths = np.array([len(words) for words in documents.values()])
    mean = lengths.mean()
    scores = np.zeros(len(documents))
    for term in set(terms(query)):
        counts = np.array([words.count(term) for words in documents.values()])
        holding = np.count_nonzero(counts)
        inverse = np.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
        scores += inverse * counts * (K1 + 1) / (counts + K1 * (1 - B + B * lengths / mean))
    return {id: float(score) for id, score in zip(documents, scores, strict=True) if score > 0}


def sentence(chance: random.Random) -> str:
    weights = [1 / (place + 5) for place in range(len(WORDS))]
    return " ".join(chance.choices(WORDS, weights, k=chance.randint(1, 30)))


async def ranking(client: AsyncClient, query: str, **options: Any) -> dict[str, float]:
    """All hits with their BM25 scores, in order."""
    found: dict[str, float] = {}
    token = ""
    while True:
        answer = await client.search("g", query, mode="lexical", limit=100, explain=True, page_token=token, **options)
        for hit in answer.hits:
            found[names.id_of(hit.node.name)] = hit.arm_scores[0].score
        if not (token := answer.next_page_token):
            return found


async def assert_ranked(client: AsyncClient, texts: Mapping[str, str]) -> None:
    for query in ("apple", "garden", "letter music", "apple pear plum garden garden", "absent", "absent stone"):
        expected = bm25(texts, query)
        found = await ranking(client, query)
        best = sorted(expected.values(), reverse=True)[:1000]
        assert list(found.values()) == pytest.approx(best, rel=1e-9), query
        assert found == pytest.approx({id: expected[id] for id in found}, rel=1e-9), query


async def tail_length(server: RunningServer, client: AsyncClient) -> int:
    key = (await collect(client.list_api_keys()))[0].name.split("/")[1]
    connection = await asyncpg.connect(server.database_url)
    try:
        count: int = await connection.fetchval(
            "SELECT count(*) FROM loci.lexical_tail JOIN loci.tenants USING (tenant_key) WHERE tenant_id = $1", key
        )
    finally:
        await connection.close()
    return count


async def test_the_ranking_is_bm25_before_and_after_the_tail_is_merged(
    server: RunningServer, client: AsyncClient
) -> None:
    chance = random.Random(11)
    texts = {f"n{number:04}": sentence(chance) for number in range(400)}
    await client.import_items("g", [node(id, text=text) for id, text in texts.items()])
    assert await tail_length(server, client) == 400
    await assert_ranked(client, texts)
    for id in chance.sample(sorted(texts), 30):
        texts[id] = sentence(chance)
        await client.update_node("g", id, text=texts[id])
    for id in chance.sample(sorted(texts), 20):
        del texts[id]
        await client.delete_node("g", id)
    await assert_ranked(client, texts)
    more = {f"m{number:04}": sentence(chance) for number in range(800)}
    await client.import_items("g", [node(id, text=text) for id, text in more.items()])
    texts |= more

    async def merged() -> bool:
        return await tail_length(server, client) == 0

    await eventually(merged)
    await assert_ranked(client, texts)
    for id in chance.sample(sorted(texts), 60):
        if chance.random() < 0.5:
            texts[id] = sentence(chance)
            await client.update_node("g", id, text=texts[id])
        else:
            del texts[id]
            await client.delete_node("g", id)
    await client.rename_node("g", sorted(texts)[0], "renamed")
    texts["renamed"] = texts.pop(sorted(texts)[0])
    await assert_ranked(client, texts)


async def test_label_and_aliases_are_found_like_text(client: AsyncClient) -> None:
    await client.commit(
        "g",
        [
            mutations.create_node("label", label="Zephyr"),
            mutations.create_node("alias", aliases=["the zephyr", "x"]),
            mutations.create_node("text", text="a zephyr blew"),
            mutations.create_node("property", properties={"zephyr": "zephyr"}),
        ],
    )
    assert sorted(ids(await client.search("g", "zephyrs"))) == ["alias", "label", "text"]


async def test_filters_hold_in_search(client: AsyncClient) -> None:
    await client.commit(
        "g",
        [
            mutations.create_node("a", type="fact", text="plum", properties={"k": 1}, salience=0.9, valid_to="1990"),
            mutations.create_node("b", type="turn", text="plum plum", properties={"k": "1"}, salience=0.1),
            mutations.create_node("c", type="turn", text="plum pear", properties={"k": 1}, valid_from="1995"),
        ],
    )
    cases: list[tuple[Any, list[str]]] = [
        ({}, ["a", "b", "c"]),
        ({"types": ["turn"]}, ["b", "c"]),
        ({"properties": {"k": 1}}, ["a", "c"]),
        ({"properties": {"k": 1}, "types": ["turn"]}, ["c"]),
        ({"min_salience": 0.5}, ["a", "c"]),
        ({"valid_at": "1985"}, ["a", "b"]),
        ({"properties": {"k": None}}, []),
    ]
    for filter, expected in cases:
        assert sorted(ids(await client.search("g", "plum", filter=filter))) == expected


async def test_pages_and_page_sizes_show_one_order(client: AsyncClient) -> None:
    chance = random.Random(3)
    await client.import_items("g", [node(f"n{number}", text=sentence(chance)) for number in range(150)])
    query = "apple pear stone river plum"
    orders = []
    for size in (100, 7, 50):
        found: list[str] = []
        token = ""
        while True:
            answer = await client.search("g", query, limit=size, page_token=token)
            found += ids(answer)
            if not (token := answer.next_page_token):
                break
        assert len(found) == len(set(found)) > 110, "beyond what is opened and shaped"
        orders.append(found)
    assert orders[0] == orders[1] == orders[2]


async def test_explain_gives_rank_and_score_of_each_arm_and_nothing_unasked(client: AsyncClient) -> None:
    await client.commit(
        "g", [mutations.create_node("a", text="plum"), mutations.create_node("b", text="plum pear fig")]
    )
    plain = await client.search("g", "plum")
    assert not any(hit.arm_scores for hit in plain.hits)
    explained = await client.search("g", "plum", explain=True)
    assert [(hit.arm_scores[0].arm, hit.arm_scores[0].rank) for hit in explained.hits] == [
        (SEARCH_ARM_LEXICAL, 1),
        (SEARCH_ARM_LEXICAL, 2),
    ]
    reports = {arm.arm: arm for arm in explained.arms}
    assert (reports[SEARCH_ARM_LEXICAL].state, reports[SEARCH_ARM_LEXICAL].candidate_count) == (ARM_STATE_OK, 2)
    assert reports[SEARCH_ARM_SEMANTIC].state == ARM_STATE_SKIPPED
    assert reports[SEARCH_ARM_SEMANTIC].reason


async def test_a_query_without_a_word_finds_nothing_and_says_so(client: AsyncClient) -> None:
    await client.create_node("g", "a", text="the of and")
    answer = await client.search("g", "the and", mode="lexical")
    assert not answer.hits
    assert answer.arms[0].state == ARM_STATE_SKIPPED
    with pytest.raises(errors.InvalidField):
        await client.search("g", " ")


async def test_what_is_cut_is_said(client: AsyncClient) -> None:
    await client.import_items("g", [node(f"n{number:04}", text="plum") for number in range(1001)])
    assert (await client.search("g", "plum")).truncated
    await client.delete_node("g", "n0000")
    await client.delete_node("g", "n0001")
    assert not (await client.search("g", "plum")).truncated


async def test_several_searches_fail_alone(client: AsyncClient) -> None:
    await client.create_node("g", "a", text="plum")
    results = await client.batch_search(
        [search_request("g", "plum"), search_request("none", "plum"), search_request("g", "pear")]
    )
    assert ids(results[0].response) == ["a"]
    assert isinstance(errors.from_status(results[1].error), errors.GraphNotFound)
    assert ids(results[2].response) == []


# --- vectors of the caller's -----------------------------------------------------------------------------------------


HALF_PRECISION = 2e-3
"""How far a cosine of two vectors may move when one is kept with 11 bits a component."""


def cosines(vectors: Mapping[str, Sequence[float]], query: Sequence[float]) -> dict[str, float]:
    matrix = np.array(list(vectors.values()))
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    scores = matrix @ (np.array(query) / np.linalg.norm(query))
    return dict(zip(vectors, scores.tolist(), strict=True))


async def test_vectors_of_different_models_never_meet(client: AsyncClient) -> None:
    await client.create_node("g", "one", embedding=("first", [1.0, 0.0]))
    await client.create_node("g", "two", embedding=("second", [1.0, 0.0]))
    for model, expected in (("first", ["one"]), ("second", ["two"]), ("third", [])):
        answer = await client.search("g", mode="semantic", query_embedding=(model, [1.0, 0.0]))
        assert ids(answer) == expected
        assert answer.arms[0].state == ARM_STATE_OK


async def test_another_dimension_is_refused_and_nothing_is_written(client: AsyncClient) -> None:
    await client.create_node("g", "a", embedding=("mine", [1.0, 0.0]))
    with pytest.raises(errors.DimensionMismatch):
        await client.create_node("g", "b", embedding=("mine", [1.0, 0.0, 0.0]))
    with pytest.raises(errors.DimensionMismatch):
        await client.search("g", mode="semantic", query_embedding=("mine", [1.0]))
    with pytest.raises(errors.DimensionMismatch):
        await client.search("g", "hybrid too", query_embedding=("mine", [1.0]))
    assert (await client.get_graph("g")).revision == 1


async def test_a_vector_follows_its_node(client: AsyncClient) -> None:
    await client.create_node("g", "a", embedding=("mine", [1.0, 0.0]))
    await client.rename_node("g", "a", "b")
    query = ("mine", [1.0, 0.0])
    assert ids(await client.search("g", mode="semantic", query_embedding=query)) == ["b"]
    await client.update_node("g", "b", embedding=("other", [1.0, 0.0]))
    assert ids(await client.search("g", mode="semantic", query_embedding=query)) == []
    await client.update_node("g", "b", embedding=("mine", [2.0, 0.0]))
    assert ids(await client.search("g", mode="semantic", query_embedding=query)) == ["b"]
    await client.delete_node("g", "b")
    assert ids(await client.search("g", mode="semantic", query_embedding=query)) == []


async def test_a_small_graph_beside_a_large_one_loses_no_recall(client: AsyncClient) -> None:
    chance = np.random.default_rng(5)
    await client.create_graph("large")
    large = chance.normal(size=(4000, 16))
    await client.import_items("large", [node(text="plum", embedding=("m", row.tolist())) for row in large])
    small = {f"n{number:03}": row.tolist() for number, row in enumerate(chance.normal(size=(200, 16)))}
    await client.import_items("g", [node(id, text=f"plum {id}", embedding=("m", row)) for id, row in small.items()])
    for row in chance.normal(size=(20, 16)):
        answer = await client.search("g", mode="semantic", query_embedding=("m", row.tolist()))
        expected = cosines(small, row.tolist())
        best = sorted(expected.values(), reverse=True)[:10]
        assert [expected[id] for id in ids(answer)] == pytest.approx(best, abs=HALF_PRECISION)
        chosen = await client.search(
            "g", mode="semantic", query_embedding=("m", row.tolist()), filter={"types": ["node"]}
        )
        assert ids(chosen) == ids(answer)


async def test_semantic_search_without_an_embedder_is_refused_and_hybrid_goes_on(client: AsyncClient) -> None:
    with pytest.raises(errors.SemanticSearchUnavailable):
        await client.search("g", "plum", mode="semantic")
    assert (await client.search("g", "plum", mode="hybrid")).arms[1].state == ARM_STATE_SKIPPED
    assert ARM_STATE_FAILED not in {arm.state for arm in (await client.search("g", "plum")).arms}
