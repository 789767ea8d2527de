"""The head of a ranking: its first candidates and what stands beside them, opened and shaped.

How many there are does not depend on the page that is asked for, so the first k hits are the same for every page size.
"""

import asyncio
import logging
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

import asyncpg

from loci_server.domain.limits import PAGE_BYTES
from loci_server.domain.salience import UNUSED, HalfLives
from loci_server.errors import ContentUnreadable, Unavailable
from loci_server.search.activation import DECAY, HOPS, LEAST, Surroundings
from loci_server.search.arms import ArmResult, State, left_out
from loci_server.search.concurrency import both
from loci_server.search.earlier import Overlay
from loci_server.search.fusion import Arm, Candidate, Ranking
from loci_server.search.mentions import names_of, terms_of_names
from loci_server.search.query import Query
from loci_server.search.shaping import (
    SOURCES,
    Asked,
    Opened,
    activated,
    diversified,
    names_a_time_of,
    opened,
    shape,
)
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Items
from loci_server.store.rows import open_node
from loci_server.store.uses import uses_of
from loci_server.writing.fairness import Fairness

HEAD = 100
"""First candidates of the fused ranking that pass."""
LOOKED_AT = 4 * HEAD
"""Candidates that are opened for it at most."""
NEIGHBOURS = 60
"""Documents that no arm ranked so high, with the most activation."""
FAN = 64
"""Edges in one direction beyond which a node passes nothing on that way."""
NAMING = 16
"""First candidates from which the walk goes on to others that name the same."""
NAMED = 0.5
"""What a source passes to a name, of what it would to an edge: two texts may name the same in passing."""
NAMES = 64
"""That the walk goes over."""
NAMES_WITHIN = 400
"""Characters of a text, in which names are looked for."""
FRONTIER = 300
"""Nodes from which the walk goes on in each of its steps."""
READ_AT_LEAST = 10
OPENED_AT_ONCE = 32
"""Opening takes the processor; other calls get their turn in between."""
READ_AT_ONCE = 4
"""The same of reading texts for times."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Head:
    """Hits in their order, the report of the graph arm, and all documents that were looked at, hits or not."""

    items: Sequence[Opened]
    graph: ArmResult
    seen: Set[int]


class Heads:
    """Opens and shapes the heads of rankings."""

    def __init__(self, items: Items, half_lives: HalfLives) -> None:
        self._items = items
        self._half_lives = half_lives

    async def of(self, handle: GraphHandle, query: Query, ranking: Ranking, overlay: Overlay) -> Head:
        """The head of a ranking. What cannot be opened or does not pass the filter is not in it."""
        profile = query.profile
        assert profile is not None
        opening = Opening(self._items, handle, query, ranking, overlay)
        await opening.read(ranking.documents[:HEAD])
        head = await opening.take(ranking.documents[:LOOKED_AT], SOURCES)
        rest = ranking.documents[len(opening.seen) : LOOKED_AT]
        (surroundings, graph), more = await both(
            self._surroundings(handle, query, list(head)), opening.take(rest, HEAD - len(head))
        )
        head += more
        if surroundings is not None:
            active = activated(head, surroundings, ranking.scores, profile)
            fresh = sorted((d for d in active if d not in opening.seen), key=lambda d: (-active[d], d))
            fresh = fresh[: 2 * NEIGHBOURS]
            if query.phrases and query.demanded:
                fresh = [document for document in fresh if document in ranking.scores]
            # What says nothing of itself (a person, a session) is beside everything: it is found by its label only.
            head += await opening.take(fresh, NEIGHBOURS, with_text=True)
            for item in head:
                item.activation = active.get(item.document, 0.0) if item.node.text else 0.0
            graph = report(head, surroundings)
        if query.asked.periods and profile.temporal:
            await find_times(head, query.asked)
        shaped = shape(head, query.asked, profile, self._half_lives)
        if profile.diversity and surroundings is not None:
            shaped = diversified(shaped, surroundings, profile.diversity)
        return Head(shaped, graph, opening.seen)

    async def _surroundings(
        self, handle: GraphHandle, query: Query, sources: Sequence[Opened]
    ) -> tuple[Surroundings | None, ArmResult]:
        """None if the graph arm does not run, with the reason."""
        assert query.profile is not None
        if not query.profile.graph and not query.profile.diversity:
            return None, ArmResult(Arm.GRAPH, State.SKIPPED, reason="the profile does without it")
        if query.leaves_out(Arm.GRAPH):
            return None, left_out(Arm.GRAPH)
        if query.revision is not None:
            return None, ArmResult(Arm.GRAPH, State.SKIPPED, reason="edges are followed as they are now only")
        if not sources:
            return None, ArmResult(Arm.GRAPH, State.SKIPPED, reason="the other arms found nothing to start from")
        try:
            bounds = HOPS, FAN, DECAY, LEAST / DECAY, FRONTIER
            documents = [item.document for item in sources]
            rows, named = await both(
                self._items.fetch("surroundings", handle, documents, *query.validity, *bounds),
                self._named(handle, sources[:NAMING]),
            )
        except (Unavailable, asyncpg.PostgresError) as error:
            log.warning("the graph arm failed: %s", type(error).__name__)
            return None, ArmResult(Arm.GRAPH, State.FAILED, reason="the database did not answer")
        return surroundings_of(rows[0], named), ArmResult(Arm.GRAPH, State.OK)

    async def _named(self, handle: GraphHandle, sources: Sequence[Opened]) -> list["Named"]:
        """What the sources name, as far as others name it, too, and not too many."""
        naming: dict[str, list[int]] = {}
        fairness = Fairness()
        for item in sources:
            await fairness.spend(NAMES_WITHIN)
            for term in terms_of_names(names_of(item.node, NAMES_WITHIN)):
                naming.setdefault(term, []).append(item.document)
        if not naming:
            return []
        terms = list(naming)[:NAMES]
        tokens = {tokenizer.mention(term): place for tokenizer in handle.tokenizers for place, term in enumerate(terms)}
        documents: dict[int, set[int]] = {}
        for row in await self._items.fetch("naming", handle, [*tokens], [*tokens.values()], FAN):
            documents.setdefault(row["thing"], set()).add(row["doc_no"])
        return [Named(naming[terms[place]], sorted(found)) for place, found in documents.items() if len(found) > 1]


class Opening:
    """Opens the documents of one search. `seen`: those that were looked at."""

    def __init__(self, items: Items, handle: GraphHandle, query: Query, ranking: Ranking, overlay: Overlay) -> None:
        self.seen: set[int] = set()
        self._items = items
        self._handle = handle
        self._query = query
        self._scores = ranking.scores
        self._overlay = overlay
        self._rows: dict[int, asyncpg.Record | None] = {}
        """What was read; None: it is gone, or does not pass."""
        self._room = 2 * PAGE_BYTES

    async def take(self, documents: Sequence[int], wanted: int, *, with_text: bool = False) -> list[Opened]:
        """The first `wanted` of the documents that open and pass; those without text, if they are not wanted, count as
        not looked at."""
        found: list[Opened] = []
        for place, document in enumerate(documents):
            if len(found) == wanted:
                break
            if place % OPENED_AT_ONCE == OPENED_AT_ONCE - 1:
                await asyncio.sleep(0)
            if document >= 0 and document not in self._rows:  # so many did not pass
                if self._room <= 0:
                    break
                await self.read(documents[place : place + max(wanted - len(found), READ_AT_LEAST)])
            item = self._open(document)
            if with_text and item is not None and not item.node.text:
                continue
            self.seen.add(document)
            if item is not None and self._query.accepts(item.node):
                found.append(item)
        return found

    async def read(self, documents: Sequence[int]) -> None:
        """Reads them in one go, as many as fit into a page."""
        stored = [document for document in documents if document >= 0]
        rows = await self._items.fetch("head_documents", self._handle, stored, self._query.filter) if stored else []
        size = sum(len(row["content"]) for row in rows)
        if size >= PAGE_BYTES:
            stored = stored[: stored.index(rows[-1]["doc_no"]) + 1]
        self._room -= size
        self._rows |= dict.fromkeys(stored) | {row["doc_no"]: row for row in rows}

    def _open(self, document: int) -> Opened | None:
        score = self._scores.get(document, 0.0)
        if document < 0:
            earlier = self._overlay.nodes[-1 - document]
            return opened(document, earlier.node, earlier.terms.length, score)
        row = self._rows[document]
        if row is None:
            return None
        uses = UNUSED if self._query.revision is not None else uses_of(row)  # they are known of now only
        try:
            return opened(document, open_node(self._handle, row), row["length"], score, uses)
        except ContentUnreadable:
            log.warning("a candidate does not open and is left out")
            return None


async def find_times(items: Sequence[Opened], asked: Asked) -> None:
    """Notes which texts name a time that the question names."""
    for place, item in enumerate(items[:HEAD]):
        if place % READ_AT_ONCE == READ_AT_ONCE - 1:
            await asyncio.sleep(0)
        item.about = names_a_time_of(item, asked)


class Named(NamedTuple):
    """A thing by the documents that name it: those of the sources, and all."""

    sources: Sequence[int]
    documents: Sequence[int]


def surroundings_of(row: asyncpg.Record, named: Sequence[Named]) -> Surroundings:
    """The row of loci.surroundings, which counts nodes from 1; and what is named, each a node with an edge to all
    documents that name it."""
    links: dict[int, list[tuple[int, float]]] = {}
    for origin, other, share in zip(row["origins"], row["others"], row["shares"], strict=True):
        links.setdefault(origin - 1, []).append((other - 1, share))
    documents: list[int] = list(row["documents"])
    places = {document: place for place, document in enumerate(documents) if document}
    names: dict[int, list[int]] = {}
    for name in named:
        place = len(documents)
        documents.append(0)
        for document in name.documents:
            if document not in places:
                places[document] = len(documents)
                documents.append(document)
        links[place] = [(places[document], len(name.documents) ** -0.5) for document in name.documents]
        for source in name.sources:
            if source in places:  # it was there when the walk began
                names.setdefault(places[source], []).append(place)
    for source, things in names.items():
        links[source] = [*links.get(source, ()), *((thing, NAMED * len(things) ** -0.5) for thing in things)]
        links[source].sort(key=lambda link: -link[1])
    return Surroundings(documents, links, cut=row["cut"])


def report(items: Sequence[Opened], surroundings: Surroundings) -> ArmResult:
    """The candidates of the graph arm: documents with activation."""
    found = [Candidate(item.document, item.activation) for item in items if item.activation > 0]
    found.sort(key=lambda candidate: (-candidate.score, candidate.document))
    reason = f"it went on from the {FRONTIER} most active nodes of a step only" if surroundings.cut else ""
    return ArmResult(Arm.GRAPH, State.OK, found, reason, stopped=surroundings.cut)
