"""Search as of a revision: the nodes that stood then and were changed or removed since are in no index. They are read
from the log and ranked here, by the formulas of the arms; what is unchanged since then, the arms find as always.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np

from loci.v1.node_pb2 import Node
from loci_server.domain.items import Kind, has_expired
from loci_server.embedding import Embedders, Purpose
from loci_server.errors import ContentUnreadable, EmbedderUnavailable
from loci_server.search.analysis import terms
from loci_server.search.arms import CANDIDATES, EMBED_SECONDS, ArmResult, QueryEmbedding, State
from loci_server.search.bm25 import K1, B, inverse
from loci_server.search.fusion import Candidate
from loci_server.search.phrase_search import PhraseSearch, node_lines
from loci_server.search.phrases import Phrase, held
from loci_server.search.query import Filter, QueryVector
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Items
from loci_server.store.log import open_change
from loci_server.store.past import Past
from loci_server.store.rows import Terms
from loci_server.writing.documents import counted, document_passages, has_text
from loci_server.writing.fairness import Fairness

MAX_NODES = 1000
"""Changed nodes that one search looks at; those first in order of id."""
MAX_EMBEDDED = 128
"""Passages of their texts that one search embeds; the first ones of the nodes that are lexically best."""


class Earlier(NamedTuple):
    """A node as it was."""

    node: Node
    terms: Terms


@dataclass(frozen=True, slots=True)
class Overlay:
    """The changed nodes that pass. Their documents are numbered from -1 downwards."""

    nodes: Sequence[Earlier] = field(default_factory=tuple)
    cut: bool = False

    def node(self, document: int) -> Node:
        return self.nodes[-1 - document].node


class EarlierNodes:
    """Finds and ranks them."""

    def __init__(self, items: Items, past: Past, embedders: Embedders) -> None:
        self._items = items
        self._past = past
        self._embedders = embedders
        self._phrases = PhraseSearch(items)

    async def read(
        self,
        handle: GraphHandle,
        filter: Filter,
        accepts: Callable[[Node], bool],
        revision: int,
        demanded: Sequence[Phrase] = (),
    ) -> Overlay:
        """Those that hold all phrases that are demanded. Raises GraphNotFound, RevisionCompacted."""
        rows = await self._past.fetch("nodes_changed_since", handle, filter, MAX_NODES + 1, revision)
        found, now, fairness = [], datetime.now(UTC), Fairness()
        for row in rows[:MAX_NODES]:
            await fairness.spend(len(row["image"] or b""))
            try:
                node = open_change(handle, Kind.NODE, row)
            except ContentUnreadable:
                continue
            assert isinstance(node, Node)
            if not accepts(node) or has_expired(node, now):
                continue
            if not demanded or all(held(demanded, await node_lines(node, handle.fields))):
                found.append(Earlier(node, await counted(handle.tokenizer, handle.fields, node)))
        return Overlay(found, len(rows) > MAX_NODES)

    async def lexical(
        self, handle: GraphHandle, query: str, overlay: Overlay, phrases: Sequence[Phrase] = ()
    ) -> list[Candidate]:
        """BM25 by the statistics of the graph as it is now, which those of the arm's scores are."""
        tokens = sorted({handle.tokenizer.term(term) for term in terms(query)})
        if not tokens or not overlay.nodes:
            return []
        rows = await self._items.fetch("lexical_statistics", handle, tokens)
        weights = {row["term"]: inverse(row["documents"], row["holding"]) for row in rows}
        mean = rows[0]["mean_length"] if rows else 1.0
        weighed = await self._phrases.weighed(handle, phrases) if phrases else None
        found = []
        for index, earlier in enumerate(overlay.nodes):
            length = earlier.terms.length
            norm = K1 * (1 - B + B * length / mean)
            score = sum(
                weights[token] * frequency / (frequency + norm)
                for token in tokens
                if (frequency := earlier.terms.frequencies.get(str(token)))
            )
            if weighed is not None:
                score += weighed.score(await node_lines(earlier.node, handle.fields), length)
            if score > 0:
                found.append(Candidate(-1 - index, score))
        return sorted(found, key=lambda candidate: -candidate.score)

    async def semantic(
        self,
        overlay: Overlay,
        embedding: QueryEmbedding | None,
        vector: QueryVector | None,
        order: Sequence[Candidate],
        model: str,
    ) -> tuple[list[Candidate], int]:
        """Cosine similarity of the best passage of each text, and how many nodes were not compared. `embedding`:
        of the query, which the arm has computed. `order`: which come first if not all can be embedded. `model`: by
        which the arm searched what is unchanged."""
        embedder = self._embedders.of(model)
        given = {
            -1 - index: np.asarray(earlier.node.embedding.values, dtype=np.float32)
            for index, earlier in enumerate(overlay.nodes)
            if earlier.node.HasField("embedding") and earlier.node.embedding.model == model
        }
        first = [candidate.document for candidate in order]
        ranked = set(first)
        others = [-1 - index for index in range(len(overlay.nodes)) if -1 - index not in ranked]
        wanted = [
            document
            for document in (*first, *others)
            if document not in given
            and not overlay.node(document).HasField("embedding")
            and has_text(overlay.node(document))
        ]
        if vector is not None or embedder is None or embedding is None:
            against = np.asarray(vector.values, dtype=np.float32) if vector else None
            return scored({document: [values] for document, values in given.items()}, against), len(wanted)
        passages: list[tuple[int, str]] = []
        for document in wanted:
            found = (await document_passages(overlay.node(document)))[: MAX_EMBEDDED - len(passages)]
            passages += [(document, passage) for passage in found]
            if len(passages) >= MAX_EMBEDDED:
                break
        try:
            async with asyncio.timeout(EMBED_SECONDS):
                against = (await embedding.by(embedder))[0]
                texts = [text for _, text in passages]
                embedded = await embedder.embed(texts, Purpose.DOCUMENT) if texts else ()
        except (EmbedderUnavailable, TimeoutError):
            return [], len(wanted) + len(given)
        vectors = {document: [values] for document, values in given.items()}
        for (document, _), values in zip(passages, embedded, strict=True):
            vectors.setdefault(document, []).append(values)
        return scored(vectors, against), len(wanted) - len({document for document, _ in passages})


def scored(vectors: Mapping[int, Sequence[np.ndarray]], against: np.ndarray | None) -> list[Candidate]:
    """Documents by their best vector."""
    if against is None:
        return []
    wanted = against / (np.linalg.norm(against) or 1.0)
    found = [
        Candidate(document, max(float(np.dot(values, wanted) / (np.linalg.norm(values) or 1.0)) for values in several))
        for document, several in vectors.items()
        if all(len(values) == len(wanted) for values in several)
    ]
    return sorted(found, key=lambda candidate: (-candidate.score, candidate.document))


def joined(result: ArmResult, more: Sequence[Candidate]) -> ArmResult:
    """The list of an arm with earlier nodes in it. One that failed stays so."""
    if result.state is State.FAILED or not more:
        return result
    merged = sorted((*result.candidates, *more), key=lambda candidate: (-candidate.score, candidate.document))
    return ArmResult(result.arm, State.OK, merged[:CANDIDATES], result.reason, model=result.model)
