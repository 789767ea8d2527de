"""The embedders `ollama` and `openai` against stand-ins that follow the published protocols, over real sockets."""

import asyncio
import math
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from loci_server.embedding import Embedder, Purpose
from loci_server.embedding.ollama import Ollama
from loci_server.embedding.openai import OpenAI
from loci_server.embedding.remote import failures
from loci_server.errors import EmbedderUnavailable
from loci_server.model_service import ModelService

from ..stand_in import Answer, Request, StandIn

KEY = "sk-secret-key"
TEXTS = ["canary one", "canary two", "canary three"]
Vectors = list[object]


@dataclass
class Kind:
    """How one protocol is spoken."""

    name: str
    path: str
    make: Callable[[ModelService], Embedder]
    answer: Callable[[Vectors], object]
    pauses: list[float] = field(default_factory=list)

    def embedder(self, url: str, timeout: float = 5) -> Embedder:
        async def pause(seconds: float) -> None:
            self.pauses.append(seconds)

        headers = {"Authorization": f"Bearer {KEY}"}
        service = ModelService(
            url, failures=failures(), timeout=timeout, headers=headers, pause=pause, jitter=lambda: 0.5
        )
        return self.make(service)


def _ollama(service: ModelService) -> Embedder:
    return Ollama(model="all-minilm", url="", timeout=1, service=service)


def _openai(service: ModelService) -> Embedder:
    return OpenAI(model="text-embedding-3-small", url="", timeout=1, dimensions=3, service=service)


@pytest.fixture(params=["ollama", "openai"])
def kind(request: pytest.FixtureRequest) -> Kind:
    if request.param == "ollama":
        return Kind("ollama", "/api/embed", _ollama, lambda vectors: {"model": "m", "embeddings": vectors})
    return Kind(
        "openai",
        "/embeddings",
        _openai,
        lambda vectors: {
            "object": "list",
            "data": [
                {"object": "embedding", "index": index, "embedding": vector} for index, vector in enumerate(vectors)
            ],
        },
    )


def vectors_of(request: Request) -> Vectors:
    """A vector for each text that tells it apart."""
    return [[float(len(text)), 1.0, 2.0] for text in request.body["input"]]


async def refused(embedder: Embedder) -> EmbedderUnavailable:
    """The error of a call, which holds neither texts nor the key, in itself or its causes."""
    with pytest.raises(EmbedderUnavailable) as caught:
        await embedder.embed(TEXTS, Purpose.DOCUMENT)
    await embedder.close()
    error: BaseException | None = caught.value
    while error is not None:
        assert "canary" not in repr(error)
        assert KEY not in repr(error)
        error = error.__cause__
    return caught.value


async def test_vectors_come_back_in_order_and_at_unit_length(kind: Kind, stand_in: StandIn) -> None:
    stand_in.answers(lambda request: Answer(kind.answer(vectors_of(request))))
    embedder = kind.embedder(stand_in.url)
    vectors = await embedder.embed(TEXTS, Purpose.DOCUMENT)
    await embedder.close()
    expected = np.array([[len(text), 1.0, 2.0] for text in TEXTS])
    np.testing.assert_allclose(vectors, expected / np.linalg.norm(expected, axis=1, keepdims=True), atol=1e-6)
    assert vectors.dtype == np.float32
    assert not embedder.local
    [request] = stand_in.requests
    assert request.path == kind.path
    assert request.body["input"] == TEXTS


async def test_the_request_is_that_of_the_protocol(stand_in: StandIn) -> None:
    stand_in.answers(lambda request: Answer({"embeddings": vectors_of(request)}))
    ollama = Ollama(model="all-minilm:latest", url=stand_in.url + "/", timeout=5)
    await ollama.embed(["hello"], Purpose.QUERY)
    await ollama.close()
    assert stand_in.requests[0].body == {"model": "all-minilm:latest", "input": ["hello"], "truncate": True}
    assert ollama.model == "ollama/all-minilm"

    stand_in.answers(lambda request: Answer({"data": [{"index": 0, "embedding": [1, 2]}]}))
    openai = OpenAI(model="m", url=stand_in.url + "/v1", timeout=5, api_key=f" {KEY}\n", dimensions=2)
    await openai.embed(["hello"], Purpose.QUERY)
    await openai.close()
    request = stand_in.requests[1]
    assert request.path == "/v1/embeddings"
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.body == {"model": "m", "input": ["hello"], "encoding_format": "float", "dimensions": 2}
    assert openai.model == "openai/m@2"


async def test_models_that_were_trained_with_prompts_get_them(stand_in: StandIn) -> None:
    stand_in.answers(lambda request: Answer({"embeddings": vectors_of(request)}))
    embedder = Ollama(model="nomic-embed-text", url=stand_in.url, timeout=5)
    await embedder.embed(["a"], Purpose.QUERY)
    await embedder.embed(["b"], Purpose.DOCUMENT)
    await embedder.close()
    assert [request.body["input"] for request in stand_in.requests] == [["search_query: a"], ["search_document: b"]]


async def test_openai_vectors_are_ordered_by_their_index(stand_in: StandIn) -> None:
    items = [{"index": index, "embedding": [float(index == place) for place in range(3)]} for index in (2, 0, 1)]
    stand_in.answers(Answer({"data": items}))
    embedder = OpenAI(model="m", url=stand_in.url, timeout=5)
    np.testing.assert_array_equal(await embedder.embed(TEXTS, Purpose.DOCUMENT), np.eye(3))
    await embedder.close()


async def test_many_texts_go_in_several_requests(kind: Kind, stand_in: StandIn) -> None:
    stand_in.answers(lambda request: Answer(kind.answer(vectors_of(request))))
    embedder = kind.embedder(stand_in.url)
    vectors = await embedder.embed(["x" * length for length in range(70)], Purpose.DOCUMENT)
    await embedder.close()
    assert (np.diff(vectors[:, 0]) > 0).all()
    assert [len(request.body["input"]) for request in stand_in.requests] == [32, 32, 6]


async def test_no_text_asks_nothing(kind: Kind, stand_in: StandIn) -> None:
    embedder = kind.embedder(stand_in.url)
    assert (await embedder.embed([], Purpose.DOCUMENT)).shape == (0, 0)
    await embedder.close()
    assert stand_in.requests == []


async def test_a_lone_surrogate_is_sent_as_a_question_mark(kind: Kind, stand_in: StandIn) -> None:
    stand_in.answers(lambda request: Answer(kind.answer(vectors_of(request))))
    embedder = kind.embedder(stand_in.url)
    await embedder.embed(["a\ud800b"], Purpose.DOCUMENT)
    await embedder.close()
    assert stand_in.requests[0].body["input"] == ["a?b"]


@pytest.mark.parametrize(
    ("vectors", "said"),
    [
        ([[1.0, 2.0]] * 2, "2 vectors for 3 texts"),
        ([[1.0, 2.0]] * 4, "4 vectors for 3 texts"),
        ([], "0 vectors for 3 texts"),
        ([[1.0], [1.0, 2.0], [1.0]], "different lengths"),
        ([[1.0, math.nan]] * 3, "not finite"),
        ([[1.0, math.inf]] * 3, "not finite"),
        ([[1.0, 1e300]] * 3, "not finite"),
        ([[0.0, 0.0]] * 3, "zero"),
        ([[]] * 3, "not a list of numbers"),
        ([["1", "2"]] * 3, "not a list of numbers"),
        ([[None, 1.0]] * 3, "not a list of numbers"),
        ([[[1.0]]] * 3, "not a list of numbers"),
        ([[True, False]] * 3, "not a list of numbers"),
    ],
)
async def test_bad_vectors_are_refused(kind: Kind, stand_in: StandIn, vectors: Vectors, said: str) -> None:
    stand_in.answers(Answer(kind.answer(vectors)))
    assert said in (await refused(kind.embedder(stand_in.url))).message
    assert len(stand_in.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        None,
        {"embeddings": None, "data": None},
        {"embeddings": "canary", "data": "canary"},
        {"data": [{"index": 0, "embedding": [1.0]}] * 3},
        {"data": [{"index": index, "embedding": [1.0]} for index in (1, 2, 3)]},
        {"data": [{"embedding": [1.0]}] * 3},
    ],
)
async def test_another_protocol_is_refused(kind: Kind, stand_in: StandIn, body: object) -> None:
    stand_in.answers(Answer(body))
    assert "protocol" in (await refused(kind.embedder(stand_in.url))).message


@pytest.mark.parametrize("body", [b"{canary", b"", b"\xff\xfe\x00", b"[" * 100_000])
async def test_malformed_json_is_refused(kind: Kind, stand_in: StandIn, body: bytes) -> None:
    stand_in.answers(Answer(body))
    assert "not JSON" in (await refused(kind.embedder(stand_in.url))).message


@pytest.mark.parametrize(
    ("status", "said"), [(400, "HTTP 400"), (401, "credential"), (403, "credential"), (404, "model"), (307, "HTTP 307")]
)
async def test_a_refusal_is_not_tried_again(kind: Kind, stand_in: StandIn, status: int, said: str) -> None:
    stand_in.answers(Answer({"error": "canary"}, status, {"Location": stand_in.url + "/elsewhere"}))
    assert said in (await refused(kind.embedder(stand_in.url))).message
    assert len(stand_in.requests) == 1


async def test_a_limited_service_is_tried_again_when_it_says(kind: Kind, stand_in: StandIn) -> None:
    stand_in.answers(
        Answer(status=429, headers={"Retry-After": "7"}),
        Answer(status=429, headers={"Retry-After": "3600"}),
        lambda request: Answer(kind.answer(vectors_of(request))),
    )
    embedder = kind.embedder(stand_in.url)
    assert (await embedder.embed(TEXTS, Purpose.DOCUMENT)).shape == (3, 3)
    await embedder.close()
    assert kind.pauses == [7.0, 10.0]


async def test_a_failing_service_is_tried_three_times(kind: Kind, stand_in: StandIn) -> None:
    stand_in.answers(Answer({"error": "canary"}, status=500))
    assert "HTTP 500" in (await refused(kind.embedder(stand_in.url))).message
    assert len(stand_in.requests) == 3
    assert kind.pauses == [0.25, 0.5]


async def test_how_long_to_wait_is_passed_on(kind: Kind, stand_in: StandIn) -> None:
    stand_in.answers(Answer(status=429, headers={"Retry-After": "20"}))
    assert (await refused(kind.embedder(stand_in.url))).retry_after == 20


async def test_a_hanging_service_costs_one_time_limit(kind: Kind, stand_in: StandIn) -> None:
    stand_in.answers(stand_in.hangs)
    assert "within 1 s" in (await refused(kind.embedder(stand_in.url, timeout=1.0))).message
    assert len(stand_in.requests) == 1
    assert not kind.pauses


async def test_a_waiting_call_can_be_cancelled(kind: Kind, stand_in: StandIn) -> None:
    stand_in.answers(stand_in.hangs)
    embedder = kind.embedder(stand_in.url, timeout=30)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await embedder.embed(TEXTS, Purpose.DOCUMENT)
    await embedder.close()


async def test_a_refused_connection_is_tried_three_times(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound and not listening: nobody else can take it
        error = await refused(kind.embedder(f"http://127.0.0.1:{unused.getsockname()[1]}"))
    assert "ConnectError" in error.message
    assert len(kind.pauses) == 2


async def test_calls_after_close_are_refused(kind: Kind, stand_in: StandIn) -> None:
    embedder = kind.embedder(stand_in.url)
    await embedder.close()
    assert "closed" in (await refused(embedder)).message


@pytest.mark.parametrize("url", ["localhost:11434", "ftp://127.0.0.1", "", "127.0.0.1", "http://xn--/"])
async def test_a_url_that_cannot_be_asked_is_refused(kind: Kind, url: str) -> None:
    assert "request failed" in (await refused(kind.embedder(url))).message
    assert kind.pauses == []


@pytest.mark.parametrize("url", ["http://host:port", "http://a\x00b"])
def test_a_malformed_url_is_refused_at_once(url: str) -> None:
    with pytest.raises(EmbedderUnavailable, match="malformed"):
        Ollama(model="m", url=url, timeout=1)


@pytest.mark.parametrize("key", ["schlüssel", "a\nb"])
async def test_a_malformed_key_is_refused_and_not_shown(stand_in: StandIn, key: str) -> None:
    stand_in.answers(lambda request: Answer({"data": [{"index": 0, "embedding": [1.0]}]}))
    with pytest.raises(EmbedderUnavailable) as caught:
        await OpenAI(model="m", url=stand_in.url, timeout=1, api_key=key).embed(["hello"], Purpose.QUERY)
    assert key not in repr(caught.value)
    assert stand_in.requests == []
