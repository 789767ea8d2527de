"""Which reranker the settings give, and what is loaded for it."""

import subprocess
import sys
from typing import Literal

import pytest
from pydantic import SecretStr

from loci_server.reranking import RerankerUnavailable, make_reranker
from loci_server.reranking.dialects import COHERE, JINA, TEI
from loci_server.settings import Settings

from ..stand_in import Answer, StandIn


def test_none_is_the_default() -> None:
    assert make_reranker(Settings()) is None


@pytest.mark.parametrize(
    ("name", "answer", "model"),
    [
        ("cohere", {"results": [{"index": 0, "relevance_score": 0.5}]}, "rerank-v3.5"),
        ("jina", {"results": [{"index": 0, "relevance_score": 0.5}]}, "jina-reranker-v2-base-multilingual"),
        ("tei", [{"index": 0, "score": 0.5}], None),
    ],
)
async def test_each_setting_gives_its_reranker(
    stand_in: StandIn, name: Literal["cohere", "jina", "tei"], answer: object, model: str | None
) -> None:
    stand_in.answers(Answer(answer))
    for asked in (None, "other"):
        reranker = make_reranker(
            Settings(
                reranker=name, reranker_url=stand_in.url, reranker_model=asked, reranker_api_key=SecretStr(" key\n")
            )
        )
        assert reranker is not None
        assert await reranker.rerank("q", ["a"]) == [0.5]
        await reranker.close()
    first, second = stand_in.requests
    assert first.headers["Authorization"] == "Bearer key"
    assert first.body.get("model") == model
    assert second.body.get("model") == (model and "other")


def test_requests_go_to_the_addresses_that_the_services_publish() -> None:
    assert [dialect.url + "/rerank" for dialect in (COHERE, JINA, TEI)] == [
        "https://api.cohere.com/v2/rerank",
        "https://api.jina.ai/v1/rerank",
        "http://127.0.0.1:8080/rerank",
    ]


@pytest.mark.parametrize(
    ("url", "key"), [("http://host:port", "secret"), ("http://a\x00b", "secret"), ("http://a", "schlüssel")]
)
def test_what_cannot_be_sent_is_refused_at_once(url: str, key: str) -> None:
    settings = Settings(reranker="jina", reranker_api_key=SecretStr(key)).model_copy(update={"reranker_url": url})
    with pytest.raises(RerankerUnavailable, match="malformed") as caught:
        make_reranker(settings)
    assert key not in repr(caught.value)


@pytest.mark.parametrize(("reranker", "loaded"), [("none", ""), ("tei", "httpx")])
def test_no_http_client_is_loaded_before_one_is_needed(reranker: str, loaded: str) -> None:
    code = (
        "import sys\n"
        "from loci_server.reranking import make_reranker\n"
        "from loci_server.settings import Settings\n"
        f"make_reranker(Settings(reranker={reranker!r}))\n"
        "print(*[name for name in ('httpx',) if name in sys.modules])\n"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == loaded
