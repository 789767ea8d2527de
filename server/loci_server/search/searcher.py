"""A search: the arms side by side, their lists fused, and the hits of one page opened."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from loci.v1.node_pb2 import Node
from loci_server.domain.limits import PAGE_BYTES
from loci_server.errors import DatabaseUnavailable, LociError
from loci_server.search.arms import ArmResult, Arms, Filter, QueryVector, State, guarded
from loci_server.search.earlier import EarlierNodes, Overlay, joined
from loci_server.search.fusion import Arm, Candidate, Place, Ranking
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Items
from loci_server.store.rows import open_node

OPENED_AT_ONCE = 10
WEIGHTS = {Arm.LEXICAL: 1.0, Arm.SEMANTIC: 1.0}


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked. `vector` stands in for the embedded text; `accepts` proves on opened nodes what the filter selects
    by hashes."""

    text: str
    arms: frozenset[Arm]
    filter: Filter = None
    accepts: Callable[[Node], bool] = field(default=lambda node: True)
    vector: QueryVector | None = None
    revision: int | None = None
    """As of which the graph is searched; the filter holds it, too. None: as it is now."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A node, its fused score, and its place in each arm that found it."""

    node: Node
    score: float
    places: Mapping[Arm, Place]


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


class Searcher:
    """Searches one graph at a time."""

    def __init__(self, items: Items, arms: Arms, earlier: EarlierNodes) -> None:
        self._items = items
        self._arms = arms
        self._earlier = earlier

    async def search(self, handle: GraphHandle, query: Query, offset: int, size: int) -> Page:
        """The hits from `offset` on. Raises EmbedderUnavailable or DatabaseUnavailable if no arm could answer,
        DimensionMismatch."""
        results = await self._run(handle, query)
        if results and all(result.state is State.FAILED for result in results):
            raise results[0].failure or DatabaseUnavailable(retry_after=1.0)
        overlay, unseen = Overlay(), 0
        if query.revision is not None:
            # After the arms: what changes meanwhile is found twice, and once too often is told from the revision.
            results, overlay, unseen = await self._with_earlier(handle, query, query.revision, results)
        lists: dict[Arm, Sequence[Candidate]] = {
            result.arm: result.candidates for result in results if result.state is State.OK
        }
        ranking = Ranking(lists, WEIGHTS)
        hits: list[Hit] = []
        room = PAGE_BYTES
        while len(hits) < size and offset < len(ranking.documents):
            part = ranking.documents[offset : offset + min(size - len(hits), OPENED_AT_ONCE)]
            found = await self._open(handle, query, ranking, part, overlay)
            hits.extend(found)
            offset += len(part)
            room -= sum(hit.node.ByteSize() for hit in found)
            if room <= 0:
                break  # the rest is on the next page: an answer has an end
        following = offset if offset < len(ranking.documents) else None
        return Page(hits, following, results, unseen, overlay.cut)

    async def _with_earlier(
        self, handle: GraphHandle, query: Query, revision: int, results: Sequence[ArmResult]
    ) -> tuple[list[ArmResult], Overlay, int]:
        overlay = await self._earlier.read(handle, query.filter, query.accepts, revision)
        lexical = await self._earlier.lexical(handle, query.text, overlay)
        more: dict[Arm, Sequence[Candidate]] = {Arm.LEXICAL: lexical}
        unseen = 0
        if Arm.SEMANTIC in query.arms:
            more[Arm.SEMANTIC], unseen = await self._earlier.semantic(overlay, query.text, query.vector, lexical)
        return [joined(result, more[result.arm]) for result in results], overlay, unseen

    async def _run(self, handle: GraphHandle, query: Query) -> list[ArmResult]:
        tasks = []
        try:
            async with asyncio.TaskGroup() as group:
                if Arm.LEXICAL in query.arms:
                    work = self._arms.lexical(handle, query.text, query.filter)
                    tasks.append(group.create_task(guarded(Arm.LEXICAL, work)))
                if Arm.SEMANTIC in query.arms:
                    work = self._arms.semantic(handle, query.text, query.vector, query.filter)
                    tasks.append(group.create_task(guarded(Arm.SEMANTIC, work)))
        except* LociError as refused:
            raise refused.exceptions[0] from None
        return [task.result() for task in tasks]

    async def _open(
        self, handle: GraphHandle, query: Query, ranking: Ranking, part: Sequence[int], overlay: Overlay
    ) -> list[Hit]:
        rows = await self._items.fetch("get_documents", handle, [number for number in part if number >= 0])
        nodes = {row["doc_no"]: row for row in rows}
        hits = []
        for document in part:
            if document < 0:
                node = overlay.node(document)
            else:
                row = nodes.get(document)
                if row is None or (query.revision is not None and row["revision"] > query.revision):
                    continue  # removed or rewritten since the arms ran
                node = open_node(handle, row)
            if query.accepts(node):
                node.ClearField("embedding")
                hits.append(Hit(node, ranking.scores[document], ranking.places(document)))
        return hits
