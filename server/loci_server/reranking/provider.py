"""The protocol that each reranker satisfies, and the one way in which it fails."""

from collections.abc import Sequence
from typing import Protocol


class RerankerUnavailable(Exception):
    """The reranker cannot be used.

    No error of the contract: a search goes on in the order that it had. `retry_after` are the seconds that the
    service asked to be left alone. The message holds neither texts nor secrets.
    """

    def __init__(self, *, detail: str, retry_after: float | None = None) -> None:
        super().__init__(f"The reranker cannot be used: {detail}")
        self.retry_after = retry_after


class TextsRefused(RerankerUnavailable):
    """The service will not take these texts; others it may."""


class Reranker(Protocol):
    """Says how well texts answer a query. One instance serves many tasks at once, of one event loop."""

    async def rerank(self, query: str, texts: Sequence[str]) -> list[float]:
        """A finite score for each text, in their order; more is better.

        Scores of one call compare with each other only. A text that the service left out of its answer gets the lowest
        score of the call. No text gives no score and asks nothing.

        Raises:
            RerankerUnavailable: no whole answer within the time limit, or not the one that was asked for.
        """

    async def close(self) -> None:
        """Let go of connections. A later `rerank` raises RerankerUnavailable."""
