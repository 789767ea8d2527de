"""The three published shapes of a rerank request: `POST {url}/rerank` with JSON, each with names of its own.

Cohere's: https://docs.cohere.com/reference/rerank. Jina's, which vLLM, Infinity and LiteLLM serve too:
https://api.jina.ai/redoc. That of Hugging Face's text-embeddings-inference (TEI):
https://huggingface.github.io/text-embeddings-inference.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one kind of service is spoken to."""

    url: str
    """Where it is unless told otherwise; requests go to `rerank` below it."""
    model: str
    """What it is asked for unless told otherwise; empty where the service has one model."""
    batch: int
    """Most texts in one request."""
    request: Callable[[str, str, Sequence[str]], Mapping[str, object]]
    """The body for a model, a query and texts."""
    results: Callable[[object], object]
    """The list of results in an answer, or something else if there is none."""
    score: str
    """The field of a result that holds its score."""


def _cohere(model: str, query: str, texts: Sequence[str]) -> Mapping[str, object]:
    return {"model": model, "query": query, "documents": list(texts), "top_n": len(texts)}


def _jina(model: str, query: str, texts: Sequence[str]) -> Mapping[str, object]:
    return {**_cohere(model, query, texts), "return_documents": False}


def _tei(model: str, query: str, texts: Sequence[str]) -> Mapping[str, object]:
    return {"query": query, "texts": list(texts), "raw_scores": False, "return_text": False, "truncate": True}


def _under_results(answer: object) -> object:
    return answer.get("results") if isinstance(answer, dict) else None


COHERE = Dialect("https://api.cohere.com/v2", "rerank-v3.5", 1000, _cohere, _under_results, "relevance_score")
JINA = Dialect(
    "https://api.jina.ai/v1", "jina-reranker-v2-base-multilingual", 512, _jina, _under_results, "relevance_score"
)
TEI = Dialect("http://127.0.0.1:8080", "", 32, _tei, lambda answer: answer, "score")
"""32 is the `--max-client-batch-size` that a server has unless told otherwise; it refuses more."""
