"""The search for phrases in a graph.

Terms are keyed, so the index knows of no places. It is asked for the documents that hold all words of a phrase; these
are opened, and their texts tell.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from loci.v1.node_pb2 import Node
from loci_server.domain.fields import Fields
from loci_server.errors import ContentUnreadable
from loci_server.search.analysis import terms
from loci_server.search.bm25 import inverse
from loci_server.search.fusion import Candidate
from loci_server.search.lexical import ranked, statistics_of
from loci_server.search.phrases import Lines, Phrase, Weighed, held, lines_of
from loci_server.search.query import Filter
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Items
from loci_server.store.rows import open_node

MAX_LOOKED_AT: Final = 1000
"""Documents that are opened for a phrase: of those that hold its words the best by all words of the query."""
OPENED_AT_ONCE = 32
LONG_TEXT = 16_000
"""Characters; some milliseconds of work."""
log = logging.getLogger(__name__)


class Held(NamedTuple):
    """Documents that hold phrases, with their scores; whether there may be more."""

    candidates: Sequence[Candidate]
    cut: bool


class PhraseSearch:
    """Finds what holds phrases in one graph."""

    def __init__(self, items: Items) -> None:
        self._items = items

    async def weighed(
        self, handle: GraphHandle, phrases: Sequence[Phrase], weights: Mapping[str, float] | None = None
    ) -> Weighed:
        """`weights`: of the terms, in place of those by the graph's own statistics."""
        known = sorted({term for phrase in phrases for term in phrase.terms})
        told = await statistics_of(self._items, handle, known)
        own = {term: inverse(told.documents, told.holding[term]) for term in known}
        used = own if weights is None else weights
        summed = [(phrase, sum(used.get(term, 0.0) for term in phrase.terms)) for phrase in phrases]
        return Weighed(summed, told.mean_length)

    async def find(
        self,
        handle: GraphHandle,
        query: str,
        phrases: Sequence[Phrase],
        filter: Filter,
        weights: Mapping[str, float] | None,
        demanded: bool,
    ) -> Held:
        """What holds any of the phrases; if they are demanded, all of them. Best first."""
        known = sorted(set(terms(query)))
        wanted = [{term for phrase in phrases for term in phrase.terms}] if demanded else [p.terms for p in phrases]
        scores: dict[int, float] = {}
        cut = False
        for group in wanted:
            holding = await ranked(self._items, handle, known, weights, filter, MAX_LOOKED_AT, [*group])
            cut |= len(holding) >= MAX_LOOKED_AT
            scores |= dict(holding)
        if not scores:
            return Held((), cut)
        weighed = await self.weighed(handle, phrases, weights)
        found = await self._looked_at(handle, scores, weighed, demanded)
        return Held(sorted(found, key=lambda candidate: (-candidate.score, candidate.document)), cut)

    async def _looked_at(
        self, handle: GraphHandle, scores: Mapping[int, float], weighed: Weighed, demanded: bool
    ) -> list[Candidate]:
        documents = list(scores)
        found = []
        for start in range(0, len(documents), OPENED_AT_ONCE):
            rows = await self._items.fetch("get_documents", handle, documents[start : start + OPENED_AT_ONCE])
            for row in rows:
                try:
                    node = open_node(handle, row)
                except ContentUnreadable:
                    log.warning("a candidate does not open and is left out")
                    continue
                parts = await node_lines(node, handle.fields)
                which = held([phrase for phrase, _ in weighed.phrases], parts)
                if all(which) if demanded else any(which):
                    score = scores[row["doc_no"]] + weighed.score(parts, row["length"])
                    found.append(Candidate(row["doc_no"], score))
        return found


async def node_lines(node: Node, fields: Fields) -> list[Lines]:
    """As `lines_of`, but what is long is taken apart beside the loop."""
    if node.ByteSize() < LONG_TEXT:
        return lines_of(node, fields)
    return await asyncio.to_thread(lines_of, node, fields)
