"""A server with a reranker: its order is taken, what it cannot do is said, and no search waits for it in vain."""

from collections.abc import AsyncIterator, Iterator

import pytest

from loci import AsyncClient, errors, mutations, names
from loci.v1.search_service_pb2 import (
    ARM_STATE_FAILED,
    ARM_STATE_OK,
    ARM_STATE_SKIPPED,
    SEARCH_ARM_RERANKER,
    SEARCH_MODE_HYBRID,
    SearchRequest,
    SearchResponse,
)
from loci.v1.search_service_pb2_grpc import SearchServiceStub
from tests.calls import bare_calls
from tests.server import RunningServer, new_tenant, running_server
from tests.unit.stand_in import Answer, Request, StandIn


@pytest.fixture
def reranker() -> Iterator[StandIn]:
    service = StandIn()
    yield service
    service.stop()


@pytest.fixture
async def server(database_url: str, reranker: StandIn) -> AsyncIterator[RunningServer]:
    settings = {"LOCI_RERANKER": "tei", "LOCI_RERANKER_URL": reranker.url, "LOCI_RERANKER_TIMEOUT": "1"}
    async with running_server(database_url, **settings) as server:
        yield server


@pytest.fixture
async def client(server: RunningServer) -> AsyncIterator[AsyncClient]:
    async with new_tenant(server) as client:
        await client.create_graph("g")
        texts = {"a": "A plum.", "b": "A plum and a pear.", "c": "Many a plum, and a pear, and a fig."}
        await client.commit("g", [mutations.create_node(id, text=text) for id, text in texts.items()])
        yield client


def longest_first(request: Request) -> Answer:
    texts = request.body["texts"]
    return Answer([{"index": place, "score": len(text) / 100} for place, text in enumerate(texts)])


def ids(answer: SearchResponse) -> list[str]:
    return [names.id_of(hit.node.name) for hit in answer.hits]


async def test_its_order_is_taken_and_explained(client: AsyncClient, reranker: StandIn) -> None:
    reranker.answers(longest_first)
    answer = await client.search("g", "plum", explain=True)
    assert ids(answer) == ["c", "b", "a"]
    scores = [hit.score for hit in answer.hits]
    assert scores == sorted(scores, reverse=True)
    ranks = [{score.arm: score.rank for score in hit.arm_scores} for hit in answer.hits]
    assert [rank[SEARCH_ARM_RERANKER] for rank in ranks] == [1, 2, 3]
    assert {arm.arm: arm.state for arm in answer.arms}[SEARCH_ARM_RERANKER] == ARM_STATE_OK


@pytest.mark.parametrize("failure", ["refuses", "hangs"])
async def test_without_it_a_search_answers_and_says_so(client: AsyncClient, reranker: StandIn, failure: str) -> None:
    reranker.answers(Answer({"error": "no"}, status=403) if failure == "refuses" else reranker.hangs)
    answer = await client.search("g", "plum")
    assert sorted(ids(answer)) == ["a", "b", "c"]
    assert {arm.arm: arm.state for arm in answer.arms}[SEARCH_ARM_RERANKER] == ARM_STATE_FAILED


async def test_a_search_by_one_arm_does_not_ask_it(client: AsyncClient, reranker: StandIn) -> None:
    reranker.answers(longest_first)
    await client.search("g", "plum", mode="lexical")
    assert not reranker.requests


async def test_a_page_behind_one_that_it_ordered_is_not_shown_in_another_order(
    server: RunningServer, client: AsyncClient, reranker: StandIn
) -> None:
    reranker.answers(longest_first)
    reader = (await client.create_api_key(["read"])).secret
    first = await client.search("g", "plum", limit=2)
    reranker.answers(Answer({"error": "no"}, status=403))
    request = SearchRequest(
        parent="graphs/g", query="plum", mode=SEARCH_MODE_HYBRID, page_size=2, page_token=first.next_page_token
    )
    async with bare_calls(server, reader) as bare:  # the client would try again and again
        with pytest.raises(errors.SearchArmUnavailable):
            await bare.unary(SearchServiceStub, "Search", request)
    reranker.answers(longest_first)
    second = await client.search("g", "plum", limit=2, page_token=first.next_page_token)
    assert ids(first) + ids(second) == ["c", "b", "a"]


async def test_pages_behind_one_that_it_did_not_order_go_on_without_it(client: AsyncClient, reranker: StandIn) -> None:
    reranker.answers(Answer({"error": "no"}, status=403))
    whole = await client.search("g", "plum")
    first = await client.search("g", "plum", limit=2)
    reranker.answers(longest_first)
    second = await client.search("g", "plum", limit=2, page_token=first.next_page_token)
    assert ids(first) + ids(second) == ids(whole) != ["c", "b", "a"]
    assert {arm.arm: arm.state for arm in second.arms}[SEARCH_ARM_RERANKER] == ARM_STATE_SKIPPED
