"""A reranker behind a service: batches, one time limit for all of them, and the check of what comes back."""

import asyncio
import math
from collections.abc import Sequence

from loci_server.model_service import Failures, ModelService
from loci_server.reranking.dialects import Dialect
from loci_server.reranking.provider import RerankerUnavailable, TextsRefused

FAILURES = Failures(unavailable=RerankerUnavailable, refused=TextsRefused, settings="LOCI_RERANKER")


class RemoteReranker:
    """Asks `service` in its `dialect`. `timeout` bounds a whole `rerank`, in seconds: a search waits for it."""

    def __init__(self, dialect: Dialect, *, model: str, timeout: float, service: ModelService) -> None:
        self._dialect = dialect
        self._model = model
        self._timeout = timeout
        self._service = service

    async def rerank(self, query: str, texts: Sequence[str]) -> list[float]:
        batch = self._dialect.batch
        found: list[float | None] = []
        try:
            async with asyncio.timeout(self._timeout):
                for start in range(0, len(texts), batch):
                    found += await self._scores(query, texts[start : start + batch])
        except TimeoutError:
            raise RerankerUnavailable(detail=f"no answer within {self._timeout:g} s") from None
        lowest = min((score for score in found if score is not None), default=0.0)
        return [lowest if score is None else score for score in found]

    async def close(self) -> None:
        await self._service.close()

    async def _scores(self, query: str, texts: Sequence[str]) -> list[float | None]:
        answer = await self._service.post("rerank", self._dialect.request(self._model, query, texts))
        results = self._dialect.results(answer)
        if not isinstance(results, list) or not results:
            raise malformed()
        scores: list[float | None] = [None] * len(texts)
        for result in results:
            match result:
                case {"index": int(index), self._dialect.score: int() | float() as score}:
                    pass
                case _:
                    raise malformed()
            if isinstance(index, bool) or not 0 <= index < len(texts) or scores[index] is not None:
                raise malformed()
            scores[index] = _finite(score)
        return scores


def _finite(score: float) -> float:
    try:
        number = float(score)
    except OverflowError:
        raise malformed() from None
    if isinstance(score, bool) or not math.isfinite(number):
        raise malformed()
    return number


def malformed() -> RerankerUnavailable:
    """The error for an answer that is JSON but does not follow the protocol."""
    return RerankerUnavailable(
        detail="its answer does not follow its protocol; check LOCI_RERANKER and LOCI_RERANKER_URL"
    )
