"""Search as of a revision: the nodes that stood then and were changed or removed since are in no index. They are read
from the log and ranked here, by the formulas of the arms; what is unchanged since then, the arms find as always.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log1p
from typing import NamedTuple

import numpy as np

from loci.v1.node_pb2 import Node
from loci_server.domain.items import Kind
from loci_server.embedding import Embedder, Purpose
from loci_server.embedding.chunking import chunks
from loci_server.errors import ContentUnreadable, EmbedderUnavailable
from loci_server.search.analysis import terms
from loci_server.search.arms import CANDIDATES, EMBED_SECONDS, ArmResult, Filter, QueryVector, State
from loci_server.search.fusion import Candidate
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Items
from loci_server.store.log import open_change
from loci_server.store.past import Past
from loci_server.writing.documents import document_terms, searchable_text

MAX_NODES = 1000
"""Changed nodes that one search looks at; those first in order of id."""
MAX_EMBEDDED = 64
"""Pieces of their texts that one search embeds; the first ones of the nodes that are lexically best."""
K1, B = 1.2, 0.75


class Earlier(NamedTuple):
    """A node as it was."""

    node: Node
    frequencies: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Overlay:
    """The changed nodes that pass. Their documents are numbered from -1 downwards."""

    nodes: Sequence[Earlier] = field(default_factory=tuple)
    cut: bool = False

    def node(self, document: int) -> Node:
        return self.nodes[-1 - document].node


class EarlierNodes:
    """Finds and ranks them."""

    def __init__(self, items: Items, past: Past, embedder: Embedder | None) -> None:
        self._items = items
        self._past = past
        self._embedder = embedder

    async def read(
        self, handle: GraphHandle, filter: Filter, accepts: Callable[[Node], bool], revision: int
    ) -> Overlay:
        """Raises GraphNotFound, RevisionCompacted."""
        rows = await self._past.fetch("nodes_changed_since", handle, filter, MAX_NODES + 1, revision)
        found = []
        for row in rows[:MAX_NODES]:
            try:
                node = open_change(handle, Kind.NODE, row)
            except ContentUnreadable:
                continue
            assert isinstance(node, Node)
            if accepts(node):
                found.append(Earlier(node, await document_terms(handle.tokenizer, searchable_text(node))))
        return Overlay(found, len(rows) > MAX_NODES)

    async def lexical(self, handle: GraphHandle, query: str, overlay: Overlay) -> list[Candidate]:
        """BM25 by the statistics of the graph as it is now, which those of the arm's scores are."""
        tokens = sorted({handle.tokenizer.term(term) for term in terms(query)})
        if not tokens or not overlay.nodes:
            return []
        rows = await self._items.fetch("lexical_statistics", handle, tokens)
        weights = {row["term"]: inverse(row["documents"], row["holding"]) for row in rows}
        mean = rows[0]["mean_length"] if rows else 1.0
        found = []
        for index, earlier in enumerate(overlay.nodes):
            norm = K1 * (1 - B + B * sum(earlier.frequencies.values()) / mean)
            score = sum(
                weights[token] * frequency / (frequency + norm)
                for token in tokens
                if (frequency := earlier.frequencies.get(token))
            )
            if score > 0:
                found.append(Candidate(-1 - index, score))
        return sorted(found, key=lambda candidate: -candidate.score)

    async def semantic(
        self, overlay: Overlay, query: str, vector: QueryVector | None, order: Sequence[Candidate]
    ) -> tuple[list[Candidate], int]:
        """Cosine similarity of the best piece of each text, and how many nodes were not compared. `order`: which come
        first if not all can be embedded."""
        model = vector.model if vector else self._embedder.model if self._embedder else None
        given = {
            -1 - index: np.asarray(earlier.node.embedding.values, dtype=np.float32)
            for index, earlier in enumerate(overlay.nodes)
            if earlier.node.HasField("embedding") and earlier.node.embedding.model == model
        }
        first = [candidate.document for candidate in order]
        others = [-1 - index for index in range(len(overlay.nodes)) if -1 - index not in set(first)]
        wanted = [
            document
            for document in (*first, *others)
            if document not in given
            and not overlay.node(document).HasField("embedding")
            and searchable_text(overlay.node(document)).strip()
        ]
        if vector is not None or self._embedder is None:
            against = np.asarray(vector.values, dtype=np.float32) if vector else None
            return scored({document: [values] for document, values in given.items()}, against), len(wanted)
        pieces: list[tuple[int, str]] = []
        for document in wanted:
            text = searchable_text(overlay.node(document))
            pieces += [(document, text[start:end]) for start, end in chunks(text)[: MAX_EMBEDDED - len(pieces)]]
            if len(pieces) >= MAX_EMBEDDED:
                break
        try:
            async with asyncio.timeout(EMBED_SECONDS):
                against = (await self._embedder.embed([query], Purpose.QUERY))[0]
                texts = [text for _, text in pieces]
                embedded = await self._embedder.embed(texts, Purpose.DOCUMENT) if texts else ()
        except (EmbedderUnavailable, TimeoutError):
            return [], len(wanted) + len(given)
        vectors = {document: [values] for document, values in given.items()}
        for (document, _), values in zip(pieces, embedded, strict=True):
            vectors.setdefault(document, []).append(values)
        return scored(vectors, against), len(wanted) - len({document for document, _ in pieces})


def inverse(documents: float, holding: float) -> float:
    """The weight of a term, as loci.search_lexical has it."""
    return (K1 + 1) * log1p((max(documents - holding, 0.0) + 0.5) / (holding + 0.5))


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
    return ArmResult(result.arm, State.OK, merged[:CANDIDATES], result.reason)
