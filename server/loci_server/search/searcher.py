"""A search: the arms side by side, their lists fused, the head shaped, and the hits of one page opened."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import asyncpg

from loci.v1.node_pb2 import Node
from loci_server.domain.limits import PAGE_BYTES
from loci_server.domain.salience import UNUSED, HalfLives, Salience, Uses
from loci_server.errors import ContentUnreadable, DatabaseUnavailable, SearchArmUnavailable, Unavailable
from loci_server.reranking import Reranker
from loci_server.search.arms import ArmResult, Arms, QueryEmbedding, State, guarded, left_out, only
from loci_server.search.concurrency import together
from loci_server.search.earlier import EarlierNodes, Overlay, joined
from loci_server.search.events import event_of, time_of
from loci_server.search.fusion import Arm, Candidate, Place, Range, Ranking, range_of
from loci_server.search.head import Head, Heads
from loci_server.search.profiles import BALANCED
from loci_server.search.query import Query
from loci_server.search.rerank import reranked
from loci_server.search.shaping import USUAL_HALF_LIVES, Boost, Opened
from loci_server.search.times import Period
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Items
from loci_server.store.rows import open_node

OPENED_AT_ONCE = 10
ARMS = (Arm.LEXICAL, Arm.SEMANTIC, Arm.TEMPORAL)
"""That the database answers before anything is opened."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hit:
    """A node, its score, its place in each arm that found it, and what its score was multiplied by."""

    node: Node
    score: float
    places: Mapping[Arm, Place]
    boosts: Mapping[Boost, float] = field(default_factory=dict)
    salience: Salience | None = None
    """What the boost of that name comes of; None: it was not shaped."""
    uses: Uses = UNUSED


@dataclass(frozen=True, slots=True)
class Page:
    """Hits in their order, where the next page begins (None: there is none), and how the arms fared."""

    hits: Sequence[Hit]
    next_offset: int | None
    arms: Sequence[ArmResult]
    unseen: int = 0
    """Earlier versions of nodes that the semantic arm did not see."""
    cut: bool = False
    """There were more of them than a search looks at."""

    @property
    def truncated(self) -> bool:
        return self.cut or any(result.cut for result in self.arms)


class Found(NamedTuple):
    """All that was found: the shaped head, then the other candidates as they were fused."""

    ranking: Ranking
    overlay: Overlay
    head: Sequence[Opened]
    rest: Sequence[int]
    arms: Sequence[ArmResult]
    unseen: int

    @property
    def size(self) -> int:
        return len(self.head) + len(self.rest)


class Searcher:
    """Searches one graph at a time."""

    def __init__(
        self,
        items: Items,
        arms: Arms,
        earlier: EarlierNodes,
        reranker: Reranker | None = None,
        half_lives: HalfLives = USUAL_HALF_LIVES,
    ) -> None:
        self._items = items
        self._reranker = reranker
        self._arms = arms
        self._earlier = earlier
        self._heads = Heads(items, half_lives)

    async def search(self, handle: GraphHandle, query: Query, offset: int, size: int) -> Page:
        """The hits from `offset` on. Raises EmbedderUnavailable or DatabaseUnavailable if no arm could answer,
        DimensionMismatch."""
        (found,) = await self.find([(handle, query)])
        return await self.page(handle, query, found, offset, size)

    async def page(self, handle: GraphHandle, query: Query, found: "Found", offset: int, size: int) -> Page:
        """The hits from `offset` on, of what was found."""
        hits: list[Hit] = []
        room = PAGE_BYTES
        while len(hits) < size and offset < found.size and room > 0:  # what has no room is on the next page
            part = await self._part(handle, query, found, offset, min(size - len(hits), OPENED_AT_ONCE))
            hits.extend(part.hits)
            offset += part.seen
            room -= sum(hit.node.ByteSize() for hit in part.hits)
        following = offset if offset < found.size else None
        return Page(hits, following, found.arms, found.unseen, found.overlay.cut)

    async def find(self, asked: Sequence[tuple[GraphHandle, Query]]) -> list[Found]:
        """All that is found in each of several graphs for one text, with scores that can be compared. Raises as
        `search`."""
        weights = await self._common_weights(asked) if len(asked) > 1 else None
        common = Common(weights, self._arms.embedding(asked[0][1].text))
        ranked = await together(self._rank(handle, query, common) for handle, query in asked)
        return await together(
            self._shape(handle, query, each, ranges)
            for (handle, query), each, ranges in zip(asked, ranked, common_ranges(ranked), strict=True)
        )

    async def time_of_event(self, handle: GraphHandle, query: Query) -> Period | None:
        """The time that a query counts from an event ("two weeks before her birthday trip"), if it does and the graph
        tells when that was. Asked once for a search, whatever its pages: another page may know of another event."""
        event = event_of(query.text) if query.profile is not None and query.profile.temporal else None
        if event is None:
            return None
        assert query.profile is not None
        asked = replace(query.asked, text=event.event, periods=())
        profile = replace(query.profile, temporal=0.0, graph=0.0, diversity=0.0)
        plain = replace(query, asked=asked, profile=profile, vector=None, phrases=(), demanded=False, reranked=False)
        try:
            (found,) = await self.find([(handle, plain)])
        except Unavailable:
            return None
        return time_of(event, [item.node for item in found.head])

    async def _common_weights(self, asked: Sequence[tuple[GraphHandle, Query]]) -> Mapping[str, float] | None:
        """None if the database does not say: each graph then weighs by itself."""
        try:
            return await self._arms.common_weights([handle for handle, _ in asked], asked[0][1].text)
        except (Unavailable, asyncpg.PostgresError) as error:
            log.warning("graphs are weighed apart: %s", type(error).__name__)
            return None

    async def _rank(self, handle: GraphHandle, query: Query, common: "Common") -> "Ranked":
        results = await self._run(handle, query, common)
        check_later(query, results)
        failed = [result for result in results if result.state is State.FAILED]
        if failed and not any(result.state is State.OK for result in results):
            raise failed[0].failure or DatabaseUnavailable(retry_after=1.0)
        overlay, unseen = Overlay(), 0
        if query.revision is not None:
            # After the arms: what changes meanwhile is found twice, and once too often is told from the revision.
            results, overlay, unseen = await self._with_earlier(handle, query, query.revision, results, common)
        return Ranked(results, overlay, unseen)

    async def _shape(self, handle: GraphHandle, query: Query, ranked: "Ranked", ranges: Mapping[Arm, Range]) -> Found:
        ranking = Ranking(ranked.lists, (query.profile or BALANCED).arms, ranges)
        if query.profile is None:
            return Found(ranking, ranked.overlay, (), ranking.documents, ranked.results, ranked.unseen)
        head = await self._heads.of(handle, query, ranking, ranked.overlay)
        check_later(query, [head.graph])
        ranking.add(Arm.GRAPH, head.graph.candidates)
        results, order = [*ranked.results, head.graph], head.items
        if self._reranker is not None and query.reranked:
            order, result = head.items, left_out(Arm.RERANKER)
            if not query.leaves_out(Arm.RERANKER):
                order, result = await reranked(self._reranker, query.text, head.items)
            check_later(query, [result])
            ranking.add(Arm.RERANKER, result.candidates)
            results.append(result)
        return Found(ranking, ranked.overlay, order, rest(ranking, head), results, ranked.unseen)

    async def _with_earlier(
        self, handle: GraphHandle, query: Query, revision: int, results: Sequence[ArmResult], common: "Common"
    ) -> tuple[list[ArmResult], Overlay, int]:
        demanded = query.phrases if query.demanded else ()
        overlay = await self._earlier.read(handle, query.filter, query.accepts, revision, demanded)
        lexical = await self._earlier.lexical(handle, query.text, overlay, query.phrases)
        more: dict[Arm, Sequence[Candidate]] = {Arm.LEXICAL: lexical}
        unseen = 0
        if Arm.SEMANTIC in query.arms:
            model = next((result.model for result in results if result.arm is Arm.SEMANTIC), "")
            more[Arm.SEMANTIC], unseen = await self._earlier.semantic(
                overlay, common.embedding, query.vector, lexical, model
            )
        return [joined(result, more.get(result.arm, ())) for result in results], overlay, unseen

    async def _run(self, handle: GraphHandle, query: Query, common: "Common") -> list[ArmResult]:
        work = []
        if Arm.LEXICAL in query.arms and not query.leaves_out(Arm.LEXICAL):
            lexical = self._arms.lexical(
                handle, query.text, query.filter, common.weights, query.phrases, demanded=query.demanded
            )
            work.append(guarded(Arm.LEXICAL, lexical))
        if Arm.SEMANTIC in query.arms and not query.leaves_out(Arm.SEMANTIC):
            semantic = self._arms.semantic(handle, common.embedding, query.vector, query.filter)
            work.append(guarded(Arm.SEMANTIC, semantic))
        if query.profile is not None and query.profile.temporal and not query.leaves_out(Arm.TEMPORAL):
            temporal = self._arms.temporal(handle, query.asked.periods, query.filter)
            work.append(guarded(Arm.TEMPORAL, temporal))
        results = [*await together(work), *(left_out(arm) for arm in ARMS if query.leaves_out(arm))]
        if query.phrases and query.demanded:
            # All that holds them is in the list of the lexical arm.
            documents = {each.document for result in results if result.arm is Arm.LEXICAL for each in result.candidates}
            results = [only(result, documents) for result in results]
        return results

    async def _part(self, handle: GraphHandle, query: Query, found: Found, offset: int, size: int) -> "Part":
        """Some hits from `offset` on, all of them of the head or none."""
        if offset < len(found.head):
            items = found.head[offset : offset + size]
            hits = [
                Hit(
                    shown(item.node),
                    item.score,
                    found.ranking.places(item.document),
                    item.boosts,
                    item.salience,
                    item.uses,
                )
                for item in items
            ]
            return Part(hits, len(items))
        begin = offset - len(found.head)
        part = found.rest[begin : begin + size]
        rows = await self._items.fetch("get_documents", handle, [number for number in part if number >= 0])
        nodes = {row["doc_no"]: row for row in rows}
        most = found.head[-1].score if found.head else 1.0
        hits = []
        for document in part:
            if document < 0:
                node = found.overlay.node(document)
            else:
                row = nodes.get(document)
                if row is None or (query.revision is not None and row["revision"] > query.revision):
                    continue  # removed or rewritten since the arms ran
                try:
                    node = open_node(handle, row)
                except ContentUnreadable:
                    log.warning("a candidate does not open and is left out")
                    continue
            if query.accepts(node):
                score = min(most, found.ranking.scores[document])
                hits.append(Hit(shown(node), score, found.ranking.places(document)))
        return Part(hits, len(part))


class Common(NamedTuple):
    """What the searches of several graphs for one query share: what its terms weigh, and its vector."""

    weights: Mapping[str, float] | None
    embedding: QueryEmbedding | None


class Ranked(NamedTuple):
    """What the arms found in one graph, with what was changed since where an earlier state is searched."""

    results: Sequence[ArmResult]
    overlay: Overlay
    unseen: int

    @property
    def lists(self) -> dict[Arm, Sequence[Candidate]]:
        return {result.arm: result.candidates for result in self.results if result.state is State.OK}


def common_ranges(ranked: Sequence[Ranked]) -> list[dict[Arm, Range]]:
    """What each arm's scores reach over several graphs, for each of them: cosines of two models are on no one scale, so
    those of each model have their own. Arms that failed in a graph are there, too, as they are in the others."""
    lists: dict[tuple[Arm, str], list[Sequence[Candidate]]] = {}
    for each in ranked:
        for result in each.results:
            if result.state is State.OK:
                lists.setdefault((result.arm, result.model), []).append(result.candidates)
    ranges = {scale: range_of(found) for scale, found in lists.items()}
    all_arms = {arm: reached for (arm, _), reached in ranges.items()}
    return [all_arms | {r.arm: ranges[r.arm, r.model] for r in each.results if r.state is State.OK} for each in ranked]


class Part(NamedTuple):
    """Some hits, and of how many candidates they came."""

    hits: Sequence[Hit]
    seen: int


def check_later(query: Query, results: Sequence[ArmResult]) -> None:
    """Raises SearchArmUnavailable if an arm that answered the first page does not answer a later one."""
    for result in results if query.without is not None else ():
        if result.state is State.FAILED:
            raise SearchArmUnavailable(arm=result.arm, retry_after=1.0)


def rest(ranking: Ranking, head: Head) -> list[int]:
    """The candidates that the head has not looked at."""
    return [document for document in ranking.documents if document not in head.seen]


def shown(node: Node) -> Node:
    node.ClearField("embedding")
    return node
