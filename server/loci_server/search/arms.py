"""The arms: what each asks the database."""

import asyncio
import logging
from collections.abc import Awaitable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice, zip_longest

import asyncpg
import numpy as np
from numpy.typing import NDArray

from loci_server.embedding import Embedder, Embedders, Purpose
from loci_server.errors import DimensionMismatch, EmbedderUnavailable, Unavailable
from loci_server.search.analysis import terms
from loci_server.search.bm25 import inverse
from loci_server.search.concurrency import both
from loci_server.search.fusion import Arm, Candidate
from loci_server.search.lexical import best, candidates, merged, ranked, statistics_of
from loci_server.search.mentions import terms_of_times
from loci_server.search.phrase_search import Held, PhraseSearch
from loci_server.search.phrases import Phrase
from loci_server.search.query import Filter, QueryVector
from loci_server.search.times import Period
from loci_server.store.graph_models import GraphModel, GraphModels
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Items, ModelReplaced
from loci_server.store.models import Models

CANDIDATES = 1000
"""Documents that an arm ranks, whatever page is asked for."""
EMBED_SECONDS = 5.0
RETRY_SECONDS = 5.0
SWITCHES = 3
"""How often a search begins anew because its graph got another model under it."""
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
    stopped: bool = False
    """It did not look at all that it could have."""
    model: str = ""
    """Of the semantic arm, that the query was embedded by it: scores of another one cannot stand beside these."""

    @property
    def cut(self) -> bool:
        return self.stopped or len(self.candidates) >= CANDIDATES


class QueryEmbedding:
    """The vectors of a query, computed once by each model for all graphs that are searched."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lock = asyncio.Lock()
        self._vectors: dict[str, NDArray[np.float32]] = {}

    async def by(self, embedder: Embedder) -> NDArray[np.float32]:
        """One row. Raises EmbedderUnavailable, TimeoutError."""
        async with asyncio.timeout(EMBED_SECONDS), self._lock:
            if embedder.model not in self._vectors:
                self._vectors[embedder.model] = await embedder.embed([self._text], Purpose.QUERY)
            return self._vectors[embedder.model]


class Arms:
    """The lexical and the semantic arm over one graph."""

    def __init__(self, items: Items, models: Models, graph_models: GraphModels, embedders: Embedders) -> None:
        self._items = items
        self._models = models
        self._graph_models = graph_models
        self._embedders = embedders
        self._phrases = PhraseSearch(items)

    @property
    def can_embed(self) -> bool:
        return self._embedders.current is not None

    def embedding(self, text: str) -> QueryEmbedding | None:
        """None if there is nothing to embed, or nothing that embeds."""
        return QueryEmbedding(text) if self.can_embed and text.strip() else None

    async def lexical(
        self,
        handle: GraphHandle,
        query: str,
        filter: Filter,
        weights: Mapping[str, float] | None = None,
        phrases: Sequence[Phrase] = (),
        demanded: bool = False,
    ) -> ArmResult:
        """`weights`: of the query's terms, in place of those by the graph's own statistics. What holds the phrases of
        the query gains; if they are demanded nothing else is found."""
        words = sorted(set(terms(query)))
        if not words:
            return ArmResult(Arm.LEXICAL, State.SKIPPED, reason="the query has no word to search for")
        if weights is None and len(handle.tokenizers) > 1:
            weights = await self.common_weights([handle], query)
        held = Held((), cut=False)
        if phrases:
            held = await self._phrases.find(handle, query, phrases, filter, weights, demanded)
        if phrases and demanded:
            return ArmResult(Arm.LEXICAL, State.OK, held.candidates, stopped=held.cut)
        found = await ranked(self._items, handle, words, weights, filter, CANDIDATES)
        return ArmResult(Arm.LEXICAL, State.OK, lifted(found, held.candidates), stopped=held.cut)

    async def temporal(self, handle: GraphHandle, periods: Sequence[Period], filter: Filter) -> ArmResult:
        """What was said in any of these times or names one of them, the latest first; of one worth."""
        if not periods:
            return ArmResult(Arm.TEMPORAL, State.SKIPPED, reason="the query names no time")
        lower, upper = [period.lower for period in periods], [period.upper for period in periods]
        named = terms_of_times(periods)
        tokens = [tokenizer.mention(term) for tokenizer in handle.tokenizers for term in named]
        said, about = await both(
            self._items.fetch("search_times", handle, lower, upper, filter, CANDIDATES),
            self._items.fetch("search_mentions", handle, tokens, filter, CANDIDATES),
        )
        found = dict.fromkeys(row["doc_no"] for pair in zip_longest(said, about) for row in pair if row is not None)
        return ArmResult(Arm.TEMPORAL, State.OK, [Candidate(document, 1.0) for document in islice(found, CANDIDATES)])

    async def common_weights(self, handles: Sequence[GraphHandle], query: str) -> dict[str, float]:
        """What each term of a query weighs in several graphs taken together: a word that is rare in all of them is not
        a common one because a graph is small."""
        words = sorted(set(terms(query)))
        documents, holding = 0.0, dict.fromkeys(words, 0.0)
        for handle in handles if words else ():
            statistics = await statistics_of(self._items, handle, words)
            documents += statistics.documents
            for word in words:
                holding[word] += statistics.holding[word]
        return {word: inverse(documents, count) for word, count in holding.items()}

    async def semantic(
        self, handle: GraphHandle, embedding: QueryEmbedding | None, vector: QueryVector | None, filter: Filter
    ) -> ArmResult:
        """By the vector of the caller's, if there is one. Raises DimensionMismatch for it."""
        if vector is not None:
            return await self._by_vector(handle, vector, filter)
        if not self.can_embed:
            return ArmResult(Arm.SEMANTIC, State.SKIPPED, reason="this server has no embedder")
        if embedding is None:
            return ArmResult(Arm.SEMANTIC, State.SKIPPED, reason="there is no query")
        for attempt in range(SWITCHES):
            found = await self._graph_models.find(handle, fresh=attempt > 0)
            if found is None:
                return ArmResult(Arm.SEMANTIC, State.OK, reason="nothing is embedded yet", model=self._embedders.target)
            embedder = self._embedders.of(found.model)
            if embedder is None:
                return await self._without_embedder(handle)
            try:
                return await self._by_text(handle, found, embedder, embedding, filter)
            except ModelReplaced:
                self._graph_models.forget(handle)
        return ArmResult(Arm.SEMANTIC, State.FAILED, reason="the embedding model changed meanwhile")

    async def _by_text(
        self, handle: GraphHandle, found: GraphModel, embedder: Embedder, embedding: QueryEmbedding, filter: Filter
    ) -> ArmResult:
        """Raises ModelReplaced if the graph is not searched by that model, or no more."""
        try:
            wanted = await embedding.by(embedder)
        except (EmbedderUnavailable, TimeoutError) as error:
            detail = "no answer in time" if isinstance(error, TimeoutError) else "it did not answer"
            failure = EmbedderUnavailable(detail=detail, retry_after=RETRY_SECONDS)
            return ArmResult(Arm.SEMANTIC, State.FAILED, reason="the embedder did not answer", failure=failure)
        if wanted.shape[1] != found.dimension:
            reason = "the embedder's vectors have another dimension than those of its model here"
            return ArmResult(Arm.SEMANTIC, State.FAILED, reason=reason)
        nearest = await self._nearest(handle, found.number, wanted, filter, True)
        return ArmResult(Arm.SEMANTIC, State.OK, nearest, model=found.model)

    async def _by_vector(self, handle: GraphHandle, vector: QueryVector, filter: Filter) -> ArmResult:
        model = await self._models.find(handle.tenant_key, vector.model)
        if model is None:
            return ArmResult(Arm.SEMANTIC, State.OK, reason="there are no vectors of this model", model=vector.model)
        wanted = np.array([vector.values], dtype=np.float32)
        if wanted.shape[1] != model[1]:
            raise DimensionMismatch(field="query_embedding.values", expected=model[1], actual=wanted.shape[1])
        nearest = await self._nearest(handle, model[0], wanted, filter, False)
        found = await self._graph_models.find(handle)
        reason = ""
        if found is not None and found.replaced and found.next_model == vector.model:
            reason = f"the graph is being embedded by this model: {found.progress}"
        return ArmResult(Arm.SEMANTIC, State.OK, nearest, reason, model=vector.model)

    async def _nearest(
        self, handle: GraphHandle, model: int, wanted: NDArray[np.float32], filter: Filter, searched: bool
    ) -> list[Candidate]:
        """The query is rotated as what is stored: the angles are the same."""
        found: list[list[Candidate]] = []
        for rotation in handle.rotations:  # in their order: what changes over meanwhile is found by both
            generation = rotation.generation if len(handle.rotations) > 1 else None
            arguments = model, rotation.apply(wanted)[0].tolist(), filter, CANDIDATES, searched, generation
            found.append(candidates(await self._items.fetch("search_semantic", handle, *arguments)))
        return merged(found, CANDIDATES)

    async def _without_embedder(self, handle: GraphHandle) -> ArmResult:
        """The graph has vectors of an embedder that this server has not."""
        found = await self._graph_models.find(handle, fresh=True)
        reason = "the graph is to be embedded anew, as this server has no embedder for its vectors"
        if found is not None and found.replaced:
            reason = (
                f"the graph is being embedded anew ({found.progress}), and this server has no embedder for its vectors"
            )
        failure = EmbedderUnavailable(detail=f"{reason}.", retry_after=RETRY_SECONDS)
        return ArmResult(Arm.SEMANTIC, State.FAILED, reason=reason, failure=failure)

    async def pending(self, handle: GraphHandle, arms: Collection[Arm]) -> int:
        """Documents that the semantic arm cannot see yet, if it is one of these."""
        if Arm.SEMANTIC not in arms or not self.can_embed:
            return 0
        rows = await self._items.fetch("count_pending", handle)
        pending: int = rows[0]["pending"]
        found = await self._graph_models.find(handle)
        if found is not None and found.replaced and self._embedders.of(found.model) is None:
            pending = max(pending, found.total - found.done)  # it sees none of them before it sees all
        return pending


async def guarded(arm: Arm, work: Awaitable[ArmResult]) -> ArmResult:
    """The arm's result; one that breaks says so and takes no other with it."""
    try:
        return await work
    except (Unavailable, asyncpg.PostgresError) as error:
        if getattr(error, "sqlstate", "") == asyncpg.QueryCanceledError.sqlstate:
            return ArmResult(arm, State.FAILED, reason="it took too long")
        log.warning("the %s arm failed: %s", arm, type(error).__name__)
        return ArmResult(arm, State.FAILED, reason="the database did not answer")


def left_out(arm: Arm) -> ArmResult:
    return ArmResult(arm, State.SKIPPED, reason="it did not answer when the first page was asked for")


def lifted(found: Sequence[Candidate], held: Sequence[Candidate]) -> Sequence[Candidate]:
    """The candidates of the lexical arm, with those that hold a phrase at the scores that they have by it."""
    if not held:
        return found
    return best(dict((*found, *held)), CANDIDATES)


def only(result: ArmResult, documents: Collection[int]) -> ArmResult:
    """What an arm found, as far as it is among these documents."""
    return replace(result, candidates=[each for each in result.candidates if each.document in documents])
