"""The arms: what each asks the database."""

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import asyncpg

from loci_server.embedding import Embedder, Purpose
from loci_server.errors import DimensionMismatch, EmbedderUnavailable, Unavailable
from loci_server.search.analysis import terms
from loci_server.search.fusion import Arm, Candidate
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Items
from loci_server.store.models import Models

CANDIDATES = 1000
"""Documents that an arm ranks, whatever page is asked for."""
EMBED_SECONDS = 5.0
RETRY_SECONDS = 5.0
log = logging.getLogger(__name__)


class State(StrEnum):
    OK = "ok"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ArmResult:
    """What an arm found, best first, and how it fared."""

    arm: Arm
    state: State
    candidates: Sequence[Candidate] = field(default_factory=tuple)
    reason: str = ""
    failure: Unavailable | None = None
    """What to raise if no arm could answer."""

    @property
    def cut(self) -> bool:
        return len(self.candidates) >= CANDIDATES


@dataclass(frozen=True, slots=True)
class QueryVector:
    """A vector of the caller's, in place of the embedded query."""

    model: str
    values: Sequence[float]


Filter = tuple[object, ...] | None


class Arms:
    """The lexical and the semantic arm over one graph."""

    def __init__(self, items: Items, models: Models, embedder: Embedder | None) -> None:
        self._items = items
        self._models = models
        self._embedder = embedder

    @property
    def can_embed(self) -> bool:
        return self._embedder is not None

    async def lexical(self, handle: GraphHandle, query: str, filter: Filter) -> ArmResult:
        tokens = sorted({handle.tokenizer.term(term) for term in terms(query)})
        if not tokens:
            return ArmResult(Arm.LEXICAL, State.SKIPPED, reason="the query has no word to search for")
        rows = await self._items.fetch("search_lexical", handle, tokens, filter, CANDIDATES)
        return ArmResult(Arm.LEXICAL, State.OK, candidates(rows))

    async def semantic(self, handle: GraphHandle, query: str, vector: QueryVector | None, filter: Filter) -> ArmResult:
        """Raises DimensionMismatch for a vector of the caller's."""
        if vector is None:
            if self._embedder is None:
                return ArmResult(Arm.SEMANTIC, State.SKIPPED, reason="this server has no embedder")
            if not query.strip():
                return ArmResult(Arm.SEMANTIC, State.SKIPPED, reason="there is no query")
            model = await self._models.find(handle.tenant_key, self._embedder.model)
            if model is None:
                return ArmResult(Arm.SEMANTIC, State.OK, reason="nothing is embedded yet")
            try:
                async with asyncio.timeout(EMBED_SECONDS):
                    values = (await self._embedder.embed([query], Purpose.QUERY))[0].tolist()
            except (EmbedderUnavailable, TimeoutError) as error:
                detail = "no answer in time" if isinstance(error, TimeoutError) else "it did not answer"
                failure = EmbedderUnavailable(detail=detail, retry_after=RETRY_SECONDS)
                return ArmResult(Arm.SEMANTIC, State.FAILED, reason="the embedder did not answer", failure=failure)
            if len(values) != model[1]:
                reason = "the embedder's vectors have another dimension than those of its model here"
                return ArmResult(Arm.SEMANTIC, State.FAILED, reason=reason)
        else:
            model = await self._models.find(handle.tenant_key, vector.model)
            if model is None:
                return ArmResult(Arm.SEMANTIC, State.OK, reason="there are no vectors of this model")
            values = list(vector.values)
            if len(values) != model[1]:
                raise DimensionMismatch(field="query_embedding.values", expected=model[1], actual=len(values))
        rows = await self._items.fetch("search_semantic", handle, model[0], values, filter, CANDIDATES)
        return ArmResult(Arm.SEMANTIC, State.OK, candidates(rows))


async def guarded(arm: Arm, work: Awaitable[ArmResult]) -> ArmResult:
    """The arm's result; one that breaks says so and takes no other with it."""
    try:
        return await work
    except (Unavailable, asyncpg.PostgresError) as error:
        if getattr(error, "sqlstate", "") == asyncpg.QueryCanceledError.sqlstate:
            return ArmResult(arm, State.FAILED, reason="it took too long")
        log.warning("the %s arm failed: %s", arm, type(error).__name__)
        return ArmResult(arm, State.FAILED, reason="the database did not answer")


def candidates(rows: Sequence[asyncpg.Record]) -> list[Candidate]:
    return [Candidate(row[0], row[1]) for row in rows]
