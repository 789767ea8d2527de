"""The rerankers against stand-ins that follow the three published protocols, over real sockets."""

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from loci_server.model_service import ModelService
from loci_server.reranking import Reranker, RerankerUnavailable
from loci_server.reranking.dialects import COHERE, JINA, TEI, Dialect
from loci_server.reranking.provider import TextsRefused
from loci_server.reranking.remote import FAILURES, RemoteReranker

from ..stand_in import Answer, Request, StandIn

KEY = "co-secret-key"
QUERY = "canary query"
TEXTS = ["canary one", "canary two two", "canary three three three"]
Scores = Mapping[int, object]


@dataclass
class Kind:
    """One protocol, and the pauses that its reranker made."""

    name: str
    dialect: Dialect
    pauses: list[float] = field(default_factory=list)

    def reranker(self, url: str, timeout: float = 5) -> Reranker:
        async def pause(seconds: float) -> None:
            self.pauses.append(seconds)

        service = ModelService(
            url,
            failures=FAILURES,
            timeout=timeout,
            headers={"Authorization": f"Bearer {KEY}"},
            pause=pause,
            jitter=lambda: 0.5,
        )
        return RemoteReranker(self.dialect, model="m", timeout=timeout, service=service)

    def texts(self, request: Request) -> list[str]:
        texts: list[str] = request.body["texts" if self.name == "tei" else "documents"]
        return texts

    def body(self, scores: Scores) -> object:
        """An answer as the protocol has it, best first as services send it."""
        ordered = sorted(scores.items(), key=lambda item: str(item[1]), reverse=True)
        if self.name == "tei":
            return [{"index": index, "score": score} for index, score in ordered]
        results = [{"index": index, "relevance_score": score} for index, score in ordered]
        if self.name == "cohere":
            return {"results": results, "id": "x", "meta": {"api_version": {"version": "2"}}}
        return {"model": "m", "results": results, "usage": {"total_tokens": 9}}

    def answer(self, request: Request) -> Answer:
        """Scores each text by its length."""
        return Answer(self.body({index: len(text) / 100 for index, text in enumerate(self.texts(request))}))


@pytest.fixture(params=["cohere", "jina", "tei"])
def kind(request: pytest.FixtureRequest) -> Kind:
    return Kind(request.param, {"cohere": COHERE, "jina": JINA, "tei": TEI}[request.param])


async def failed(reranker: Reranker) -> RerankerUnavailable:
    """The error of a call, which holds neither texts nor the key, in itself or its causes."""
    with pytest.raises(RerankerUnavailable) as caught:
        await reranker.rerank(QUERY, TEXTS)
    await reranker.close()
    error: BaseException | None = caught.value
    while error is not None:
        assert "canary" not in repr(error)
        assert KEY not in repr(error)
        error = error.__cause__
    return caught.value


async def test_scores_come_back_in_the_order_of_the_texts(kind: Kind, stand_in: StandIn) -> None:
    stand_in.answers(kind.answer)
    reranker = kind.reranker(stand_in.url)
    assert await reranker.rerank(QUERY, TEXTS) == [len(text) / 100 for text in TEXTS]
    await reranker.close()
    [request] = stand_in.requests
    assert request.headers["Authorization"] == f"Bearer {KEY}"


async def test_the_request_is_that_of_the_protocol(kind: Kind, stand_in: StandIn) -> None:
    stand_in.answers(kind.answer)
    reranker = kind.reranker(stand_in.url + "/base")
    await reranker.rerank("q", ["a", "b"])
    await reranker.close()
    expected: dict[str, object] = {
        "cohere": {"model": "m", "query": "q", "documents": ["a", "b"], "top_n": 2},
        "jina": {"model": "m", "query": "q", "documents": ["a", "b"], "top_n": 2, "return_documents": False},
        "tei": {"query": "q", "texts": ["a", "b"], "raw_scores": False, "return_text": False, "truncate": True},
    }
    [request] = stand_in.requests
    assert request.body == expected[kind.name]
    assert request.path == "/base/rerank"


async def test_many_texts_go_in_several_requests(kind: Kind, stand_in: StandIn) -> None:
    stand_in.answers(kind.answer)
    reranker = kind.reranker(stand_in.url)
    batch = {"cohere": 1000, "jina": 512, "tei": 32}[kind.name]
    texts = ["x" * (index % 90 + 1) for index in range(batch + 3)]
    assert await reranker.rerank(QUERY, texts) == [len(text) / 100 for text in texts]
    await reranker.close()
    assert [len(kind.texts(request)) for request in stand_in.requests] == [batch, 3]


async def test_a_text_that_is_left_out_gets_the_lowest_score(kind: Kind, stand_in: StandIn) -> None:
    stand_in.answers(Answer(kind.body({2: 0.9, 0: -0.25})))
    reranker = kind.reranker(stand_in.url)
    assert await reranker.rerank(QUERY, TEXTS) == [-0.25, -0.25, 0.9]
    await reranker.close()


async def test_no_text_asks_nothing(kind: Kind, stand_in: StandIn) -> None:
    reranker = kind.reranker(stand_in.url)
    assert await reranker.rerank(QUERY, []) == []
    await reranker.close()
    assert stand_in.requests == []


@pytest.mark.parametrize(
    "scores",
    [
        {},
        {0: 1.0, 1: 1.0, 2: 1.0, 3: 1.0},
        {3: 1.0},
        {-1: 1.0},
        {0: float("nan")},
        {0: float("inf")},
        {0: 10**400},
        {0: "0.5"},
        {0: None},
        {0: True},
    ],
    ids=str,
)
async def test_bad_scores_are_refused(kind: Kind, stand_in: StandIn, scores: Scores) -> None:
    stand_in.answers(Answer(kind.body(scores)))
    assert "protocol" in str(await failed(kind.reranker(stand_in.url)))
    assert len(stand_in.requests) == 1


@pytest.mark.parametrize("index", [0, "0", 0.0, None, True])
async def test_bad_indexes_are_refused(kind: Kind, stand_in: StandIn, index: object) -> None:
    results = [{"index": found, kind.dialect.score: 0.5} for found in (0, index)]
    stand_in.answers(Answer(results if kind.name == "tei" else {"results": results}))
    assert "protocol" in str(await failed(kind.reranker(stand_in.url)))


@pytest.mark.parametrize(
    "body", [{}, [], None, "canary", {"results": "canary"}, {"results": ["canary"]}, ["canary"], [{"score": 1}], 3]
)
async def test_another_protocol_is_refused(kind: Kind, stand_in: StandIn, body: object) -> None:
    stand_in.answers(Answer(body))
    assert "protocol" in str(await failed(kind.reranker(stand_in.url)))


@pytest.mark.parametrize("body", [b"{canary", b"", b"\xff\xfe\x00", b"[" * 100_000])
async def test_malformed_json_is_refused(kind: Kind, stand_in: StandIn, body: bytes) -> None:
    stand_in.answers(Answer(body))
    assert "not JSON" in str(await failed(kind.reranker(stand_in.url)))


@pytest.mark.parametrize(
    ("status", "said"),
    [(401, "LOCI_RERANKER_API_KEY"), (403, "credential"), (404, "LOCI_RERANKER_MODEL"), (307, "HTTP 307")],
)
async def test_a_refusal_is_not_tried_again(kind: Kind, stand_in: StandIn, status: int, said: str) -> None:
    stand_in.answers(Answer({"error": "canary"}, status, {"Location": stand_in.url + "/elsewhere"}))
    assert said in str(await failed(kind.reranker(stand_in.url)))
    assert len(stand_in.requests) == 1


@pytest.mark.parametrize("status", [400, 413, 422])
async def test_refused_texts_are_told_apart(kind: Kind, stand_in: StandIn, status: int) -> None:
    stand_in.answers(Answer({"error": "canary"}, status))
    assert isinstance(await failed(kind.reranker(stand_in.url)), TextsRefused)
    assert len(stand_in.requests) == 1


async def test_a_limited_service_is_tried_again_when_it_says(kind: Kind, stand_in: StandIn) -> None:
    stand_in.answers(Answer(status=429, headers={"Retry-After": "2"}), Answer(status=503), kind.answer)
    reranker = kind.reranker(stand_in.url)
    assert len(await reranker.rerank(QUERY, TEXTS)) == 3
    await reranker.close()
    assert kind.pauses == [2.0, 0.5]


async def test_how_long_to_wait_is_passed_on(kind: Kind, stand_in: StandIn) -> None:
    stand_in.answers(Answer(status=429, headers={"Retry-After": "20"}))
    assert (await failed(kind.reranker(stand_in.url))).retry_after == 20
    assert len(stand_in.requests) == 3


async def test_a_hanging_service_costs_one_time_limit(kind: Kind, stand_in: StandIn) -> None:
    stand_in.answers(stand_in.hangs)
    assert "within 1 s" in str(await failed(kind.reranker(stand_in.url, timeout=1.0)))
    assert len(stand_in.requests) == 1
    assert not kind.pauses


async def test_the_time_limit_is_for_all_tries_together(stand_in: StandIn) -> None:
    stand_in.answers(Answer(status=429, headers={"Retry-After": "10"}))
    service = ModelService(stand_in.url, failures=FAILURES, timeout=0.2)
    reranker = RemoteReranker(JINA, model="m", timeout=0.2, service=service)
    async with asyncio.timeout(5):
        assert "within 0.2 s" in str(await failed(reranker))


async def test_a_waiting_call_can_be_cancelled(kind: Kind, stand_in: StandIn) -> None:
    stand_in.answers(stand_in.hangs)
    reranker = kind.reranker(stand_in.url, timeout=30)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await reranker.rerank(QUERY, TEXTS)
    await reranker.close()


async def test_a_refused_connection_is_tried_three_times(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound and not listening: nobody else can take it
        error = await failed(kind.reranker(f"http://127.0.0.1:{unused.getsockname()[1]}"))
    assert "ConnectError" in str(error)
    assert len(kind.pauses) == 2


async def test_a_text_that_is_no_unicode_fails_as_a_service_does(kind: Kind, stand_in: StandIn) -> None:
    reranker = kind.reranker(stand_in.url)
    with pytest.raises(RerankerUnavailable):
        await reranker.rerank(QUERY, ["a\ud800b"])
    await reranker.close()
    assert stand_in.requests == []


async def test_calls_after_close_are_refused(kind: Kind, stand_in: StandIn) -> None:
    reranker = kind.reranker(stand_in.url)
    await reranker.close()
    assert "closed" in str(await failed(reranker))
